/**
 * Tokens in a query or a form, where some of their characters are percent-encoded (RFC 3986 section 2.1): `%2B` in
 * base64, `%3A` in a pair of id and key.
 */

/** A run of text as it reads once percent-decoded, with the way back. */
export interface PercentView {
  readonly text: string;
  /** The offset in the encoded text of each character of `text`, and of its end. */
  readonly offsets: readonly number[];
}

/** The longest run looked at, in characters. */
const RUN_CHARS = 1024;
const PERCENT = 0x25;
const ENCODED = /%[2-7][0-9A-Fa-f]/;

/** What ends a run: white space, quotes, the brackets around links, the sign between fields. */
function endsRun(code: number): boolean {
  return code <= 0x20 || code === 0x22 || code === 0x26 || code === 0x27 || code === 0x3c || code === 0x3e || code === 0x60 || code > 0x7e;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/**
 * The run of `text` that begins at `from`, percent-decoded; undefined when nothing in it is percent-encoded. Only
 * printable ASCII is decoded, and nothing twice.
 */
export function percentView(text: string, from: number): PercentView | undefined {
  const limit = Math.min(text.length, from + RUN_CHARS);
  let end = from;
  while (end < limit && !endsRun(text.charCodeAt(end))) end += 1;
  const run = text.slice(from, end);
  if (!ENCODED.test(run)) return undefined;
  let decoded = '';
  const offsets: number[] = [];
  for (let i = 0; i < run.length; i += 1) {
    offsets.push(from + i);
    const code = run.charCodeAt(i);
    const byte = code === PERCENT ? hexDigit(run.charCodeAt(i + 1)) * 16 + hexDigit(run.charCodeAt(i + 2)) : -1;
    if (byte > 0x20 && byte < 0x7f) {
      decoded += String.fromCharCode(byte);
      i += 2;
    } else {
      decoded += run.charAt(i);
    }
  }
  offsets.push(end);
  return { text: decoded, offsets };
}
