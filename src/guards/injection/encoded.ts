/** Instructions in another writing: base64 (RFC 4648), hex, escaped hex, letters turned by thirteen, letters in reverse. */

export interface Decoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The longest run that is decoded; more of it tells nothing new. */
const RUN_CHARS = 4096;
const BASE64_RUN = /[A-Za-z0-9+/_-]{24,4096}={0,2}/g;
const HEX_RUN = /(?:[0-9a-fA-F]{2}){16,2048}|(?:\\x[0-9a-fA-F]{2}){10,1000}|(?:[0-9a-fA-F]{2} ){16,1000}/g;
/** `instructions`, `ignore`, `prompt`, `previous` as they stand when turned or reversed. */
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

/** Every run of a text that is another text in another writing. Linear in the text. */
export function decodedRuns(text: string): Decoded[] {
  const found: Decoded[] = [];
  for (const match of text.matchAll(HEX_RUN)) {
    const decoded = Buffer.from(match[0].replace(/\\x| /g, ''), 'hex').toString('utf8');
    if (isText(decoded)) found.push({ start: match.index, end: match.index + match[0].length, text: decoded });
  }
  for (const match of text.matchAll(BASE64_RUN)) {
    const run = match[0];
    if (!isText(Buffer.from(run.slice(0, FIRST_CHARS), 'base64').toString('utf8').slice(0, -2))) continue;
    const decoded = Buffer.from(run.slice(0, RUN_CHARS), 'base64').toString('utf8');
    if (isText(decoded)) found.push({ start: match.index, end: match.index + run.length, text: decoded });
  }
  for (const [sign, read] of [[TURNED, turn], [REVERSED, (line: string): string => [...line].reverse().join('')]] as const) {
    if (!sign.test(text)) continue;
    for (const match of text.matchAll(TURNED_RUN)) {
      if (sign.test(match[0])) found.push({ start: match.index, end: match.index + match[0].length, text: read(match[0]) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
