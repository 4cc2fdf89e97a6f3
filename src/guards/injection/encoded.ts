/** Instructions in another writing: base64 (RFC 4648), hex, escaped hex, letters turned by thirteen, letters in reverse. */

import { TELLING_WORDS } from './fold-tables.ts';
import { SHORTEST_RUN } from './sight.ts';
import type { Sight } from './sight.ts';

export interface Decoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The longest run that is decoded; more of it tells nothing new. */
const RUN_CHARS = 4096;
const HEX_ONLY = /^[0-9a-fA-F]{32,4096}$/;
const ESCAPED_HEX = /(?:\\x[0-9a-fA-F]{2}){10,1000}/g;
const SPACED_HEX = /(?:[0-9a-fA-F]{2} ){15,1000}[0-9a-fA-F]{2}/g;

/** Telling words as they stand when turned or reversed. */
const turned = (word: string): string => word.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));
const LONG_WORDS = TELLING_WORDS.filter((word) => word.length >= 6);
const TURNED = new RegExp(`\\b(?:${LONG_WORDS.map(turned).join('|')})\\b`, 'i');
const REVERSED = new RegExp(`\\b(?:${LONG_WORDS.map((word) => [...word].reverse().join('')).join('|')})\\b`, 'i');
const TURNED_RUN = /[A-Za-z][^\n]{11,2000}/g;
const FIRST_CHARS = 48;
/** Of a hundred characters so many must be letters and spaces for a decoded run to be a text. */
const TEXT_SHARE = 0.85;

/** In ideographs fewer characters say as much. */
const SHORTEST_TEXT = 12;
const SHORTEST_IDEOGRAPHIC_TEXT = 4;

function isText(text: string): boolean {
  const ideographic = /[\u3000-\u9fff]/.test(text);
  if (text.length < (ideographic ? SHORTEST_IDEOGRAPHIC_TEXT : SHORTEST_TEXT)) return false;
  let plain = 0;
  for (const character of text) if (/[\p{L}\s.,!?'"]/u.test(character)) plain += character.length;
  return plain / text.length >= TEXT_SHARE && (ideographic || /\s/.test(text));
}

const turn = (text: string): string =>
  text.replace(/[A-Za-z]/g, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

/** How many characters of padding follow a run. */
function padding(text: string, at: number): number {
  if (text.charAt(at) !== '=') return 0;
  return text.charAt(at + 1) === '=' ? 2 : 1;
}

/** Runs of the letters of base64, hex among them; a run too long is taken in pieces. */
function letterRuns(text: string, runs: readonly number[], found: Decoded[]): void {
  for (let k = 0; k < runs.length; k += 2) {
    const last = runs[k + 1] ?? 0;
    for (let start = runs[k] ?? 0; last - start >= SHORTEST_RUN; start += RUN_CHARS) {
      const end = Math.min(last, start + RUN_CHARS);
      const run = text.slice(start, end);
      const writing = HEX_ONLY.test(run) ? 'hex' : 'base64';
      const first = Buffer.from(run.slice(0, FIRST_CHARS), writing).toString('utf8');
      // The last character may be cut in two.
      if (!isText(first.slice(0, -2))) continue;
      const decoded = Buffer.from(run, writing).toString('utf8');
      if (isText(decoded)) found.push({ start, end: end + padding(text, end), text: decoded });
    }
  }
}

function hexRuns(text: string, pattern: RegExp, found: Decoded[]): void {
  for (const match of text.matchAll(pattern)) {
    const decoded = Buffer.from(match[0].replace(/\\x| /g, ''), 'hex').toString('utf8');
    if (isText(decoded)) found.push({ start: match.index, end: match.index + match[0].length, text: decoded });
  }
}

/** Every run of a text that is another text in another writing. Linear in the text. */
export function decodedRuns(text: string, sight: Sight): Decoded[] {
  const found: Decoded[] = [];
  if (sight.runs.length > 0) letterRuns(text, sight.runs, found);
  if (sight.backslashes && text.includes('\\x')) hexRuns(text, ESCAPED_HEX, found);
  if (sight.spacedHex) hexRuns(text, SPACED_HEX, found);
  if (sight.reversed || sight.turned) {
    for (const [sign, read] of [[TURNED, turn], [REVERSED, (line: string): string => [...line].reverse().join('')]] as const) {
      if (!sign.test(text)) continue;
      for (const match of text.matchAll(TURNED_RUN)) {
        if (sign.test(match[0])) found.push({ start: match.index, end: match.index + match[0].length, text: read(match[0]) });
      }
    }
  }
  return found.length > 1 ? found.sort((a, b) => a.start - b.start) : found;
}
