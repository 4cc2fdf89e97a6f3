/** Reads the model that a request's body names at its top, off the strings that the scanner walks by anyway. */
import type { KeyPath } from '../json/key-path.ts';

const MAX_CHARS = 100;
/** Only what can be a model's name: it is shown to people. */
const MODEL = /^[\w.:/@-]+$/;

export interface ModelReader {
  /** Whether the string that begins here is the model's name; never again once it has been read. */
  isAt(path: KeyPath): boolean;
  /** A piece of that string. */
  read(bytes: Buffer, start: number, end: number, last: boolean): void;
}

/** @param found is called once at the most. */
export function createModelReader(found: (model: string) => void): ModelReader {
  let read = false;
  let model = '';
  return {
    isAt: (path) => !read && path.depth === 1 && path.at(0) === 'model',
    read(bytes, start, end, last) {
      if (model.length <= MAX_CHARS) model += bytes.toString('latin1', start, Math.min(end, start + MAX_CHARS + 1));
      if (!last) return;
      read = true;
      if (model.length <= MAX_CHARS && MODEL.test(model)) found(model);
    },
  };
}
