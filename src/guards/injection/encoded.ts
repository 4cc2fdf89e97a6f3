/** Instructions in another writing: base64 (RFC 4648), hex, escaped hex, letters turned by thirteen, letters in reverse. */

export interface Decoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The longest run that is decoded; more of it tells nothing new. */
const RUN_CHARS = 4096;
const SHORTEST_RUN = 24;
const HEX_ONLY = /^[0-9a-fA-F]{32,4096}$/;
const ESCAPED_HEX = /(?:\\x[0-9a-fA-F]{2}){10,1000}/g;
const SPACED_HEX = /(?:[0-9a-fA-F]{2} ){15,1000}[0-9a-fA-F]{2}/g;
const SPACED_HEX_HINT = /[4-7][0-9a-f] [2-7][0-9a-f] [2-7][0-9a-f] [2-7][0-9a-f] /i;

/** 1 for the letters of base64 and of its form for addresses. */
const ALPHABET = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-') ALPHABET[letter.charCodeAt(0)] = 1;

/** `instructions`, `ignore`, `prompt`, `previous` as they stand when turned or reversed. */
const TURNED_OR_REVERSED = /vafge|vtabe|cebzc|ceriv|qvfer|snoit|erong|tpmor|suoiv|drage/i;
const TURNED = /vafgehpgvba|vtaber\b|cebzcg|cerivbhf|qvfertneq/i;
const REVERSED = /snoitcurtsni|erongi\b|tpmorp\b|suoiverp\b|drager?sid/i;
const TURNED_RUN = /[A-Za-z][^\n]{11,2000}/g;
const FIRST_CHARS = 48;
/** Of a hundred characters so many must be letters and spaces for a decoded run to be a text. */
const TEXT_SHARE = 0.85;

function isText(text: string): boolean {
  if (text.length < 12) return false;
  let plain = 0;
  for (const character of text) if (/[\p{L}\s.,!?'"]/u.test(character)) plain += character.length;
  return plain / text.length >= TEXT_SHARE && /[\s\u3000-\u9fff]/.test(text);
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
function letterRuns(text: string, found: Decoded[]): void {
  let start = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) : 0;
    if (code < 128 && ALPHABET[code] === 1 && i - start < RUN_CHARS) continue;
    if (i - start >= SHORTEST_RUN) {
      const run = text.slice(start, i);
      const writing = HEX_ONLY.test(run) ? 'hex' : 'base64';
      const first = Buffer.from(run.slice(0, FIRST_CHARS), writing).toString('utf8');
      // The last character may be cut in two.
      if (isText(first.slice(0, -2))) {
        const decoded = Buffer.from(run, writing).toString('utf8');
        if (isText(decoded)) found.push({ start, end: i + padding(text, i), text: decoded });
      }
    }
    start = code < 128 && ALPHABET[code] === 1 ? i : i + 1;
  }
}

function hexRuns(text: string, pattern: RegExp, found: Decoded[]): void {
  for (const match of text.matchAll(pattern)) {
    const decoded = Buffer.from(match[0].replace(/\\x| /g, ''), 'hex').toString('utf8');
    if (isText(decoded)) found.push({ start: match.index, end: match.index + match[0].length, text: decoded });
  }
}

/** Every run of a text that is another text in another writing. Linear in the text. */
export function decodedRuns(text: string): Decoded[] {
  const found: Decoded[] = [];
  letterRuns(text, found);
  if (text.includes('\\x')) hexRuns(text, ESCAPED_HEX, found);
  if (SPACED_HEX_HINT.test(text)) hexRuns(text, SPACED_HEX, found);
  if (TURNED_OR_REVERSED.test(text)) {
    for (const [sign, read] of [[TURNED, turn], [REVERSED, (line: string): string => [...line].reverse().join('')]] as const) {
      if (!sign.test(text)) continue;
      for (const match of text.matchAll(TURNED_RUN)) {
        if (sign.test(match[0])) found.push({ start: match.index, end: match.index + match[0].length, text: read(match[0]) });
      }
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
