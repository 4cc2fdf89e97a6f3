/** What the raw content of a JSON string stands for (RFC 8259 section 7), one level of escapes at a time. */

/**
 * Takes escapes off, `levels` times; stops where a level is not the content of a JSON string, since then it was none.
 */
export function unescapeContent(bytes: Buffer, start: number, end: number, levels: number): string {
  let text = bytes.toString('utf8', start, end);
  for (let level = 0; level < levels; level++) {
    if (!text.includes('\\')) return text;
    try {
      text = JSON.parse(`"${text}"`) as string;
    } catch {
      return text;
    }
  }
  return text;
}

/** Every way in which a text may stand in JSON strings up to `depth` levels deep, without repetitions. */
export function escapedForms(text: string, depth: number): string[] {
  const forms = new Set<string>([text]);
  let plain = text;
  let ascii = text;
  for (let level = 0; level < depth; level++) {
    plain = JSON.stringify(plain).slice(1, -1);
    // As Python's json.dumps writes it by default.
    ascii = JSON.stringify(ascii).slice(1, -1).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    forms.add(plain).add(ascii);
    // As PHP's json_encode and others do.
    if (plain.includes('/')) forms.add(plain.replaceAll('/', '\\/'));
  }
  return [...forms];
}

/** A copy of raw content in which characters stand plainly that need no escape, with the way back. */
export interface PlainCopy {
  readonly bytes: Buffer;
  /** For each byte of the copy, and one past its end, where it stands in the original. */
  readonly offsets: Uint32Array;
}

const NEEDLESS_ESCAPE = Buffer.from('\\u00');
const BACKSLASH = 0x5c;

/**
 * Takes off `\u00xx` escapes of printable ASCII characters, at any depth of JSON in JSON (one, two or four
 * backslashes); undefined when there is none, which is nearly always so. The copy is for looking only.
 */
export function plainCopy(bytes: Buffer, start: number, end: number): PlainCopy | undefined {
  if (!bytes.subarray(start, end).includes(NEEDLESS_ESCAPE)) return undefined;
  const copy = Buffer.allocUnsafe(end - start);
  const offsets = new Uint32Array(end - start + 1);
  let length = 0;
  let at = start;
  while (at < end) {
    offsets[length] = at;
    const stop = bytes[at] === BACKSLASH ? escapeEnd(bytes, at, end) : 0;
    if (stop > 0) {
      copy[length++] = parseInt(bytes.toString('latin1', stop - 2, stop), 16);
      at = stop;
    } else {
      copy[length++] = bytes[at++] as number;
    }
  }
  offsets[length] = end;
  return { bytes: copy.subarray(0, length), offsets };
}

/** The offset behind a needless escape that begins at `at`; 0 when none does. */
function escapeEnd(bytes: Buffer, at: number, end: number): number {
  let digits = at;
  while (digits < end && bytes[digits] === BACKSLASH) digits++;
  const run = digits - at;
  if ((run !== 1 && run !== 2 && run !== 4) || digits + 5 > end) return 0;
  const code = /^u00([2-7][0-9a-f])$/i.exec(bytes.toString('latin1', digits, digits + 5))?.[1];
  // A quote and a backslash do need theirs, and 7f is no character to print.
  return code === undefined || /^(?:22|5c|7f)$/i.test(code) ? 0 : digits + 5;
}
