/**
 * Programs that only turn one text into another: `rev`, `tr`, `base64 -d`, `xxd -r`, a plain `sed`. What they print is
 * known when their input is, so that a command spelt through them is read as it would run.
 */
import { decodeBase64, decodeEscapes, decodeHex } from './decode.ts';

export interface Filtered {
  readonly text: string;
  /** Whether an encoding had to be undone. */
  readonly decoded: boolean;
}

const MAX_CHARS = 65_536;
const MAX_SET_CHARS = 512;
const NAMED_SETS: ReadonlyMap<string, string> = new Map([['[:lower:]', 'a-z'], ['[:upper:]', 'A-Z'], ['[:digit:]', '0-9'], ['[:alpha:]', 'A-Za-z'], ['[:alnum:]', '0-9A-Za-z'], ['[:space:]', ' \t\n'], ['[:blank:]', ' \t']]);

/** What `echo` and `printf` print. */
export function printedBy(name: string, texts: readonly string[]): Filtered {
  const values = [...texts];
  let escapes = name === 'printf';
  while (name === 'echo' && /^-[neE]+$/.test(values[0] ?? '')) escapes = values.shift()?.includes('e') === true || escapes;
  let text = values.join(' ').slice(0, MAX_CHARS);
  if (name === 'printf') text = filled(values).slice(0, MAX_CHARS);
  if (!escapes || !text.includes('\\')) return { text, decoded: false };
  return { text: decodeEscapes(text), decoded: /\\(?:x[0-9a-f]|[0-7]{3})/i.test(text) };
}

/** The format of `printf` with its arguments, used again as long as there are some (POSIX.1-2024, printf). */
function filled(values: readonly string[]): string {
  const format = values[0] ?? '';
  if (!format.includes('%')) return format;
  const rest = values.slice(1, 257);
  let text = '';
  do {
    const before = rest.length;
    text += format.replace(/%(?:%|[-0-9.]{0,8}([sbcdq]))/g, (_whole, kind: string | undefined) => {
      if (kind === undefined) return '%';
      const value = rest.shift() ?? '';
      return kind === 'c' ? value.slice(0, 1) : value;
    });
    if (rest.length === before) break;
  } while (rest.length > 0 && text.length < MAX_CHARS);
  return text;
}

function decoded(text: string | undefined): Filtered | undefined {
  return text === undefined ? undefined : { text, decoded: true };
}

function has(texts: readonly string[], letters: RegExp): boolean {
  return texts.some((text) => letters.test(text));
}

/** What a filter prints for an input; undefined when the program is no filter or its words can't be followed. */
export function filterText(name: string, texts: readonly string[], input: string): Filtered | undefined {
  switch (name) {
    case 'cat': case 'tee': case 'sort': case 'uniq': case 'head': case 'tail': case 'nl':
      return input.includes('\n') && name !== 'cat' && name !== 'tee' ? undefined : { text: input, decoded: false };
    case 'base64': case 'gbase64': case 'base64url':
      return has(texts, /^(?:-\w*[dD]\w*|--decode)$/) ? decoded(decodeBase64(input)) : undefined;
    case 'openssl':
      return has(texts, /^(?:base64|-base64|-a)$/) && texts.includes('-d') ? decoded(decodeBase64(input)) : undefined;
    case 'xxd':
      return has(texts, /^-\w*r/) ? decoded(decodeHex(input)) : undefined;
    case 'rev':
      return decoded(input.slice(0, MAX_CHARS).split('\n').map((line) => [...line].reverse().join('')).join('\n'));
    case 'tr':
      return decoded(translated(texts, input.slice(0, MAX_CHARS)));
    case 'sed':
      return substituted(texts, input.slice(0, MAX_CHARS));
    case 'cut':
      return decoded(cut(texts, input.slice(0, MAX_CHARS)));
    default:
      return undefined;
  }
}

/** The characters of a set of `tr`, ranges written out. */
function setOf(text: string): string[] {
  const named = text.slice(0, MAX_SET_CHARS).replace(/\[:\w{5}:\]/g, (whole) => NAMED_SETS.get(whole) ?? whole);
  const characters = [...decodeEscapes(named)];
  const found: string[] = [];
  for (let at = 0; at < characters.length && found.length < MAX_SET_CHARS; at += 1) {
    const from = characters[at] ?? '';
    const to = characters[at + 2];
    const low = from.codePointAt(0) ?? 0;
    const high = to?.codePointAt(0) ?? 0;
    if (characters[at + 1] === '-' && to !== undefined && high >= low && high - low < 128) {
      for (let code = low; code <= high; code += 1) found.push(String.fromCodePoint(code));
      at += 2;
    } else {
      found.push(from);
    }
  }
  return found;
}

function translated(texts: readonly string[], input: string): string | undefined {
  const deletes = has(texts, /^-\w*d/);
  const [from, to] = texts.filter((text) => !/^-[cCdst]{1,4}$/.test(text));
  if (from === undefined || has(texts, /^-\w*[cC]/)) return undefined;
  const source = setOf(from);
  if (deletes) return [...input].filter((character) => !source.includes(character)).join('');
  if (to === undefined) return has(texts, /^-\w*s/) ? input : undefined;
  const target = setOf(to);
  const map = new Map(source.map((character, index) => [character, target[Math.min(index, target.length - 1)] ?? '']));
  return [...input].map((character) => map.get(character) ?? character).join('');
}

/** `s/a/b/g` with a plain text to look for. */
function substituted(texts: readonly string[], input: string): Filtered | undefined {
  let text = input;
  for (const script of texts.filter((word) => !word.startsWith('-')).slice(0, 8)) {
    for (const step of script.slice(0, 1024).split(';').slice(0, 8)) {
      const found = /^\s{0,8}s([/|#,:@!_])([^\\\n]{0,64}?)\1([^\\\n]{0,64}?)\1(g?)$/.exec(step);
      const [, , search = '', put = '', all] = found ?? [];
      if (!found || search === '' || /[[\]*.^$+?(){}]/.test(search)) return undefined;
      text = (all === 'g' ? text.replaceAll(search, () => put) : text.split('\n').map((line) => line.replace(search, () => put)).join('\n')).slice(0, MAX_CHARS);
    }
  }
  return text === input ? { text, decoded: false } : { text, decoded: true };
}

/** `cut -c 3-9` and `cut -d x -f 2`, of one line. */
function cut(texts: readonly string[], input: string): string | undefined {
  const words = texts.join(' ').slice(0, 128);
  const characters = /(?:^|\s)-[cb]\s?(\d{0,4})(-?)(\d{0,4})(?:\s|$)/.exec(words);
  if (characters) {
    const from = Number(characters[1] || 1);
    const to = characters[2] === '' ? from : characters[3] === '' ? undefined : Number(characters[3]);
    return input.split('\n').map((line) => line.slice(Math.max(0, from - 1), to)).join('\n');
  }
  const field = /(?:^|\s)-f\s?(\d{1,3})(?:\s|$)/.exec(words);
  const delimiter = /(?:^|\s)-d\s?(\S)/.exec(words)?.[1];
  if (!field || delimiter === undefined) return undefined;
  return input.split('\n').map((line) => line.split(delimiter)[Number(field[1]) - 1] ?? '').join('\n');
}
