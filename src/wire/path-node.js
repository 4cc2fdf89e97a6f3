import { restoreDepth } from './opaque.js';
/** Paths beyond this number, or with a longer key, are not remembered: they are somebody's data, not a protocol's. */
const REMEMBERED_MAX = 4096;
const KEY_MAX_CHARS = 64;
let remembered = 0;
export class PathNode {
    parent;
    /** The nearest key; an array level has that of its array. */
    key;
    /** How many keys there are from the root on. */
    depth;
    /** The keys from the root on, `[]` for an array level: `choices[].delta.content`. */
    path;
    /** How often a value restored here must be escaped; 0 where nothing is restored. */
    restoreDepth;
    #isKey;
    #members = new Map();
    #element;
    constructor(parent, key) {
        this.parent = parent;
        this.#isKey = parent !== undefined && key !== undefined;
        this.key = key ?? parent?.key;
        this.depth = (parent?.depth ?? 0) + (this.#isKey ? 1 : 0);
        const before = parent?.path ?? '';
        if (parent === undefined)
            this.path = '';
        else if (key === undefined)
            this.path = `${before}[]`;
        else
            this.path = before === '' ? key : `${before}.${key}`;
        this.restoreDepth = restoreDepth(this);
    }
    at(fromEnd) {
        let left = fromEnd;
        for (let node = this; node !== undefined; node = node.parent) {
            if (!node.#isKey)
                continue;
            if (left === 0)
                return node.key;
            left--;
        }
        return undefined;
    }
    /** The path of the member `key` of the object here. */
    member(key) {
        const known = this.#members.get(key);
        if (known !== undefined)
            return known;
        const node = new PathNode(this, key);
        if (remembered < REMEMBERED_MAX && key.length <= KEY_MAX_CHARS) {
            remembered++;
            this.#members.set(key, node);
        }
        return node;
    }
    /** The path of the elements of the array here. */
    element() {
        this.#element ??= new PathNode(this, undefined);
        return this.#element;
    }
}
export const ROOT_PATH = new PathNode(undefined, undefined);
