/** Turns the raw bytes of object keys into text. The same few keys come again and again in one body. */

/** Bytes of a key that are remembered; a longer one is nobody's field name. */
export const KEY_MAX_BYTES = 256;

/** Names that are kept, each under a slot that later ones may take. The same few come in every body. */
const SLOTS = 1024;
/** Longer ones, and what is no plain name, are decoded each time: they may be somebody's data. */
const KEPT_NAME = /^[A-Za-z_$][\w$-]{0,47}$/;

const kept: string[] = Array.from({ length: SLOTS }, () => '');

/** The name written as `bytes[start, end)`, escapes and all; undefined when it is too long to be one. */
export function keyName(bytes: Buffer, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > KEY_MAX_BYTES) return undefined;
  if (length === 0) return '';
  // In bounds: there is at least one byte.
  const slot = ((bytes[start] as number) * 7 + (bytes[start + (length >> 1)] as number) * 5 + (bytes[end - 1] as number) * 3 + length) % SLOTS;
  const known = kept[slot];
  if (known !== undefined && stands(known, bytes, start, length)) return known;
  const raw = bytes.toString('latin1', start, end);
  if (KEPT_NAME.test(raw)) kept[slot] = raw;
  else if (/[\\\x80-\xff]/.test(raw)) return decoded(bytes.toString('utf8', start, end));
  return raw;
}

function stands(name: string, bytes: Buffer, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) if (name.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

function decoded(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}
