/** The containers that are open around a place in a JSON text, and the keys that lead to it; bounded in memory. */
import type { ObjectPath } from './key-path.ts';

/** Keys of deeper levels are not remembered: there a string simply has no name. */
const NAMED_LEVELS = 128;
/** One bit a level; deeper texts are refused, since a parser that follows them would fail as well. */
export const MAX_LEVELS = 1_000_000;

export class KeyStack implements ObjectPath {
  readonly #names: (string | undefined)[] = [];
  /** How many objects had been opened before each open one, itself included. */
  readonly #numbers: number[] = [];
  #opened = 0;
  /** One bit a level: set for an object. */
  #kinds = new Uint8Array(64);
  #levels = 0;
  #objects = 0;

  get levels(): number {
    return this.#levels;
  }

  get depth(): number {
    return this.#objects;
  }

  at(fromEnd: number): string | undefined {
    const index = this.#objects - 1 - fromEnd;
    return index >= 0 && index < NAMED_LEVELS ? this.#names[index] : undefined;
  }

  objectAt(level: number): number {
    return level < this.#objects ? (this.#numbers[level] ?? 0) : 0;
  }

  /** Whether the innermost container is an object. */
  get inObject(): boolean {
    const top = this.#levels - 1;
    return top >= 0 && ((this.#kinds[top >> 3] ?? 0) & (1 << (top & 7))) !== 0;
  }

  /** False when this would be too deep. */
  open(object: boolean): boolean {
    if (this.#levels === MAX_LEVELS) return false;
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
      this.#opened++;
      if (this.#objects <= NAMED_LEVELS) this.#numbers[this.#objects - 1] = this.#opened;
      this.name(undefined);
    }
    return true;
  }

  close(): void {
    if (this.inObject) this.#objects--;
    this.#levels--;
  }

  /** Names the value that comes next in the innermost object. */
  name(key: string | undefined): void {
    const index = this.#objects - 1;
    if (index >= 0 && index < NAMED_LEVELS) this.#names[index] = key;
  }
}
