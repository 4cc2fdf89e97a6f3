/** The masked form of a value: enough to be recognised by whoever has it before them, too little to be of use. */

/** Shorter values show nothing of themselves. */
const LEAST_CHARS = 12;
const SHOWN_CHARS = 2;
/** Ends of longer values are looked at only: a character is two units at the most. */
const END_UNITS = 2 * SHOWN_CHARS;
/** What a page can't show as a character of its own: controls, white space, what has no width, halves of pairs. */
const UNSHOWN = /[\p{C}\p{Z}\p{M}]/gu;

/** Such as `gh…Xy (40)`: the first and last two characters and the length in UTF-16 units; `… (8)` of a short one. */
export function shapeOf(value: string): string {
  const { length } = value;
  if (length < LEAST_CHARS) return `… (${length})`;
  // As nearly all secrets: what follows is dear.
  if (isPlain(value, 0) && isPlain(value, 1) && isPlain(value, length - 2) && isPlain(value, length - 1)) return `${value.slice(0, SHOWN_CHARS)}…${value.slice(-SHOWN_CHARS)} (${length})`;
  const first = [...value.slice(0, END_UNITS)].slice(0, SHOWN_CHARS).join('');
  const last = [...value.slice(-END_UNITS)].slice(-SHOWN_CHARS).join('');
  return `${shown(first)}…${shown(last)} (${length})`;
}

/** A visible character of ASCII. */
function isPlain(value: string, at: number): boolean {
  const code = value.charCodeAt(at);
  return code > 0x20 && code < 0x7f;
}

function shown(text: string): string {
  return text.replace(UNSHOWN, '·');
}
