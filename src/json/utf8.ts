/**
 * How many bytes one character takes where bytes become text. Malformed bytes count as Buffer.toString decodes them: each
 * longest beginning of a character that does not go on is one U+FFFD (Unicode section 3.9, WHATWG Encoding section 8.1.1).
 */

/** Bytes of the character at `at`, 1 to 4, none of them beyond `end`. */
export function characterBytes(bytes: Buffer, at: number, end: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // Overlong forms, surrogates and what lies beyond U+10FFFF end with their first byte.
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  const second = at + 1 < end ? (bytes[at + 1] ?? 0) : 0;
  if (second < least || second > most) return 1;
  let count = 2;
  while (count < length && at + count < end && ((bytes[at + count] ?? 0) & 0xc0) === 0x80) count++;
  return count;
}

/** Whether a character of so many bytes is two units of a string. */
export function isPair(count: number): boolean {
  return count === 4;
}
