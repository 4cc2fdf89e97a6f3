/**
 * Files of secrets: their values are redacted exactly wherever they stand. A file is in `.env` format, or holds one
 * value a line; both may mix. Nothing here writes a value into a message.
 */
import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Values shorter than this would be found everywhere. */
const LEAST_CHARS = 8;
/** A file larger than this is surely not one of secrets. */
const MOST_FILE_BYTES = 4 * 1024 * 1024;
const POLL_MS = 1000;

/** A file of secrets that can't be used: `file` and, where it is known, `line` (from 1) say where. */
export class SecretFileError extends Error {
  readonly file: string;
  readonly line: number | undefined;

  constructor(file: string, line: number | undefined, problem: string) {
    super(line === undefined ? `${file}: ${problem}` : `${file}:${line}: ${problem}`);
    this.name = 'SecretFileError';
    this.file = file;
    this.line = line;
  }
}

const NAME = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/;
/** Settings, not secrets: switches, levels, places, words. */
const PLAIN_WORD = /^[A-Za-z]+(?:[-_ ][A-Za-z]+)*$/;
const PLAIN_NUMBER = /^[+-]?[0-9]+(?:[.,:][0-9]+)*(?:ms|s|m|h|d|kb|mb|gb|k|g)?$/i;
const PATH = /^(?:~|\.{1,2})?\/[\w./ -]*$|^[A-Za-z]:[\\/][\w.\\/ -]*$|^\.{1,2}[\\/]/;
const BARE_URL = /^[a-z][a-z0-9+.-]*:\/\/(?![^/?#]*@)[^?#]*$/i;
const HOST = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::[0-9]+)?\/?$/;
const REFERENCE = /^\$[{(]?[A-Za-z_]|^<[^<>]*>$|^\{\{.*\}\}$|^(?:op|vault|secret|ref|arn|aws|gcp|azure)[:+]/i;

/**
 * Whether a value is worth redacting wherever it stands. Short ones, words, numbers, paths, addresses without a
 * password and references are not: they stand in ordinary text as well.
 */
export function isSecretValue(value: string): boolean {
  if (value.length < LEAST_CHARS || new Set(value).size < 4) return false;
  if (PLAIN_WORD.test(value)) return isLongMixedWord(value);
  if (PLAIN_NUMBER.test(value)) return /^[0-9]{12,}$/.test(value);
  return !PATH.test(value) && !BARE_URL.test(value) && !(HOST.test(value) && value.includes('.') && !/[0-9a-f]{16}/.test(value)) && !REFERENCE.test(value);
}

/** Letters alone may be a secret when they are many and their case goes up and down as no identifier's does. */
function isLongMixedWord(value: string): boolean {
  if (value.length < 16 || /[-_ ]/.test(value)) return false;
  let changes = 0;
  for (let i = 1; i < value.length; i += 1) {
    const before = value.charCodeAt(i - 1) & 32;
    if ((value.charCodeAt(i) & 32) !== before) changes += 1;
  }
  return changes * 3 >= value.length;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$', '`': '`' };

interface Quoted {
  readonly value: string;
  /** Where the text goes on behind the closing quote. */
  readonly end: number;
}

/** Reads a quoted value that begins at `open`, over as many lines as it takes; undefined when it never ends. */
function readQuoted(text: string, open: number): Quoted | undefined {
  const quote = text.charAt(open);
  let value = '';
  for (let i = open + 1; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === quote) return { value, end: i + 1 };
    if (character === '\\' && quote === '"') {
      i += 1;
      const next = text.charAt(i);
      value += ESCAPES[next] ?? `\\${next}`;
    } else {
      value += character;
    }
  }
  return undefined;
}

/**
 * The values of a file of secrets, in order, without those {@link isSecretValue} leaves out. Lines are
 * `NAME=value` (with `export`, quotes, a comment behind a space, quoted values over several lines) or a value alone;
 * `#` begins a comment line.
 *
 * @param file only for messages
 * @throws SecretFileError for a quote that never ends
 */
export function parseSecretFile(text: string, file: string): string[] {
  const values: string[] = [];
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let line = 1;
  let at = 0;
  while (at < bare.length) {
    const lineEnd = endOfLine(bare, at);
    const content = bare.slice(at, lineEnd);
    const start = at + (/^[ \t]*/.exec(content)?.[0].length ?? 0);
    const trimmed = bare.slice(start, lineEnd);
    let next = lineEnd + 1;
    if (trimmed !== '' && trimmed.trim() !== '' && !trimmed.startsWith('#')) {
      const name = NAME.exec(trimmed);
      const from = start + (name?.[0].length ?? 0);
      const first = bare.charAt(from);
      if (from < lineEnd && (first === '"' || first === "'" || (first === '`' && name !== null))) {
        const quoted = readQuoted(bare, from);
        if (quoted === undefined) throw new SecretFileError(file, line, 'the quote that begins here never ends');
        add(values, quoted.value);
        // A value of several lines may stand elsewhere line by line.
        next = endOfLine(bare, quoted.end) + 1;
      } else if (from < lineEnd) {
        const raw = bare.slice(from, lineEnd);
        add(values, (name === null ? raw : raw.replace(/[ \t]+#.*$/, '')).trim());
      }
    }
    for (let i = at; i < next && i < bare.length; i += 1) if (bare.charCodeAt(i) === 10) line += 1;
    at = next;
  }
  return [...new Set(values)];
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function add(values: string[], value: string): void {
  if (isSecretValue(value)) values.push(value);
}

/**
 * Reads files of secrets and gives their values, each once.
 *
 * @throws SecretFileError naming the file, and the line where there is one, never a value
 */
export function loadSecretFiles(paths: readonly string[]): readonly string[] {
  const values = new Set<string>();
  for (const path of paths) for (const value of loadOne(path)) values.add(value);
  return [...values];
}

function loadOne(path: string): string[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SecretFileError(path, undefined, `can't be read (${code})`);
  }
  if (bytes.length > MOST_FILE_BYTES) throw new SecretFileError(path, undefined, `is larger than ${MOST_FILE_BYTES} bytes`);
  if (bytes.includes(0)) throw new SecretFileError(path, undefined, 'is not a text file');
  return parseSecretFile(bytes.toString('utf8'), path);
}

export interface SecretFileWatcher {
  close(): void;
}

/**
 * Watches files of secrets and loads all of them again when one changes. It does not keep the process alive.
 *
 * @param changed gets the new set of values
 * @param failed gets the error when they can't be loaded; the set given last stays good
 * @param pollMs how often the files are looked at, in milliseconds
 */
export function watchSecretFiles(
  paths: readonly string[],
  changed: (values: readonly string[]) => void,
  failed: (error: SecretFileError) => void,
  pollMs: number = POLL_MS,
): SecretFileWatcher {
  let last = paths.map((path) => {
    try {
      return signature(statSync(path));
    } catch {
      return '';
    }
  });
  const reload = (): void => {
    let values: readonly string[];
    try {
      values = loadSecretFiles(paths);
    } catch (error) {
      if (!(error instanceof SecretFileError)) throw error;
      failed(error);
      return;
    }
    changed(values);
  };
  let looking = false;
  let closed = false;
  // Polling sees what editors do (write aside, then rename) and what a mounted volume does, on every system alike.
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    const now = await Promise.all(paths.map((path) => stat(path).then(signature, () => '')));
    looking = false;
    if (closed || now.every((one, index) => one === last[index])) return;
    last = now;
    reload();
  };
  const timer = setInterval(() => void look(), pollMs);
  timer.unref();
  return {
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}

/** What changes when a file is written or replaced. */
function signature(stats: { readonly mtimeMs: number; readonly size: number; readonly ino: number }): string {
  return `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}
