/** Keys of deeper levels are not remembered: there a string simply has no name. */
const NAMED_LEVELS = 128;
/** One bit a level; deeper texts are refused, since a parser that follows them would fail as well. */
export const MAX_LEVELS = 1_000_000;
export class KeyStack {
    #names = [];
    /** One bit a level: set for an object. */
    #kinds = new Uint8Array(64);
    #levels = 0;
    #objects = 0;
    get levels() {
        return this.#levels;
    }
    get depth() {
        return this.#objects;
    }
    at(fromEnd) {
        const index = this.#objects - 1 - fromEnd;
        return index >= 0 && index < NAMED_LEVELS ? this.#names[index] : undefined;
    }
    /** Whether the innermost container is an object. */
    get inObject() {
        const top = this.#levels - 1;
        return top >= 0 && ((this.#kinds[top >> 3] ?? 0) & (1 << (top & 7))) !== 0;
    }
    /** False when this would be too deep. */
    open(object) {
        if (this.#levels === MAX_LEVELS)
            return false;
        const index = this.#levels >> 3;
        if (index === this.#kinds.length) {
            const larger = new Uint8Array(this.#kinds.length * 2);
            larger.set(this.#kinds);
            this.#kinds = larger;
        }
        const bit = 1 << (this.#levels & 7);
        this.#kinds[index] = object ? (this.#kinds[index] ?? 0) | bit : (this.#kinds[index] ?? 0) & ~bit;
        this.#levels++;
        if (object) {
            this.#objects++;
            this.name(undefined);
        }
        return true;
    }
    close() {
        if (this.inObject)
            this.#objects--;
        this.#levels--;
    }
    /** Names the value that comes next in the innermost object. */
    name(key) {
        const index = this.#objects - 1;
        if (index >= 0 && index < NAMED_LEVELS)
            this.#names[index] = key;
    }
}
