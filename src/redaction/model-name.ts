/** Reads the model that a request's body names at its top, off the strings that the scanner walks by anyway. */
import type { KeyPath } from '../json/key-path.ts';

const MAX_CHARS = 100;
/** Only what can be a model's name: it is shown to people. */
const MODEL = /^[\w.:/@-]+$/;

/** The model's name in one request. */
export class ModelReader {
  readonly #found: (model: string) => void;
  #read = false;
  #model = '';

  /** @param found is called once at the most. */
  constructor(found: (model: string) => void) {
    this.#found = found;
  }

  /** Whether the string that begins here is the model's name; never again once it has been read. */
  isAt(path: KeyPath): boolean {
    return !this.#read && path.depth === 1 && path.at(0) === 'model';
  }

  /** A piece of that string. */
  read(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.#model.length <= MAX_CHARS) this.#model += bytes.toString('latin1', start, Math.min(end, start + MAX_CHARS + 1));
    if (!last) return;
    this.#read = true;
    if (this.#model.length <= MAX_CHARS && MODEL.test(this.#model)) this.#found(this.#model);
  }
}
