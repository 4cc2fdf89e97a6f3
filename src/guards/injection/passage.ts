/** The stretches a text is made of: what is hidden from a reader's eye, and the passage around a finding. */

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The longest comment or element that is looked through. */
const HIDDEN_CHARS = 4000;
/** How far the passage goes beyond the signs, at most, to both sides. */
const AROUND_CHARS = 400;

const COMMENT = /<!--|\[\/\/\]: # \(|\[comment\]: (?:<>|#) \(|\{\/\*|\{#-?\s/g;
const COMMENT_END: Readonly<Record<string, string>> = { '<!--': '-->', '[//]: # (': ')\n', '[comment]: <> (': ')\n', '[comment]: # (': ')\n', '{/*': '*/}', '{# ': '#}', '{#- ': '#}' };
/** Styles by which a page keeps text from its reader (CSS 2.2, sections 9.2.4, 11.2 and 15). */
const INVISIBLE_STYLE =
  /<(?:span|div|p|font|section|td|li|a|label|small|b|i|em|article|aside|template|noscript|h\d|pre|body|details|text)\b[^<>]{0,240}?(?:display\s{0,2}:\s{0,2}none|visibility\s{0,2}:\s{0,2}hidden|font-size\s{0,2}:\s{0,2}(?:0|1px|0?\.\d)|opacity\s{0,2}:\s{0,2}(?:0(?![.\d])|0?\.0)|(?:[;"'\s]|^)color\s{0,2}:\s{0,2}(?:#fff(?:fff)?\b|white|transparent|rgba\([^)]{0,24},\s{0,2}0\))|color\s?=\s?["']?(?:white|#fff)|(?:left|top|text-indent|margin-left)\s{0,2}:\s{0,2}-\d{3,6}|height\s{0,2}:\s{0,2}0|\shidden(?=[\s>=])|class\s?=\s?["'](?:sr-only|visually-hidden|hidden)\b|aria-hidden\s?=\s?["']true|clip\s{0,2}:\s{0,2}rect\(0)[^<>]{0,160}>/g;

/** Comments and invisible elements of a folded text, in order, not overlapping. */
export function hiddenStretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  if (!text.includes('<') && !text.includes('[') && !text.includes('{')) return found;
  let done = 0;
  for (const match of text.matchAll(COMMENT)) {
    if (match.index < done) continue;
    const close = COMMENT_END[match[0].replace(/\s$/, ' ')] ?? '*/}';
    done = endOf(text, close, match.index + match[0].length);
    found.push({ start: match.index, end: done });
  }
  for (const match of text.matchAll(INVISIBLE_STYLE)) {
    const name = /^<(\w{1,8})/.exec(match[0])?.[1] ?? 'div';
    found.push({ start: match.index, end: endOf(text, `</${name}>`, match.index + match[0].length) });
  }
  found.sort((a, b) => a.start - b.start);
  return found.filter((stretch, i) => i === 0 || stretch.start >= (found[i - 1]?.end ?? 0));
}

/** The index of the last stretch that begins at or before `at`; -1 for none. */
function lastBefore(stretches: readonly Stretch[], at: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.start ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether a part of a text lies in one of its hidden stretches. */
export function liesIn(stretches: readonly Stretch[], start: number, end: number): boolean {
  const stretch = stretches[lastBefore(stretches, start)];
  return stretch !== undefined && end <= stretch.end + 1;
}

/** Where a stretch ends that `close` ends; it may be cut off. */
function endOf(text: string, close: string, from: number): number {
  const slice = text.slice(from, from + HIDDEN_CHARS);
  const at = slice.indexOf(close);
  return at < 0 ? from + slice.length : from + at + close.length;
}

const BLANK_LINE = /\n[ \t]{0,8}\n/g;

/** The passage around some signs: the paragraph, or its lines or sentences where it is long; a hidden stretch as a whole. */
export function passageAround(text: string, start: number, end: number, hidden: readonly Stretch[]): Stretch {
  const first = hidden[lastBefore(hidden, start)];
  const last = hidden[lastBefore(hidden, end - 1)];
  if (first !== undefined && first.end > start) start = first.start;
  if (last !== undefined && last.end > end) end = last.end;
  return { start: leftEdge(text, start), end: rightEdge(text, end) };
}

function leftEdge(text: string, start: number): number {
  const from = Math.max(0, start - AROUND_CHARS);
  const before = text.slice(from, start);
  let paragraph = -1;
  for (const match of before.matchAll(BLANK_LINE)) paragraph = match.index + match[0].length;
  if (paragraph >= 0) return from + paragraph;
  if (from === 0) return 0;
  const line = before.lastIndexOf('\n');
  if (line >= 0) return from + line + 1;
  const sentence = Math.max(before.lastIndexOf('. '), before.lastIndexOf('! '), before.lastIndexOf('? '), before.lastIndexOf('。'), before.lastIndexOf('" '));
  return sentence >= 0 ? from + sentence + 1 : start;
}

function rightEdge(text: string, end: number): number {
  const after = text.slice(end, end + AROUND_CHARS);
  const paragraph = /\n[ \t]{0,8}\n/.exec(after);
  if (paragraph !== null) return end + paragraph.index;
  if (end + AROUND_CHARS >= text.length) return text.length;
  const line = after.indexOf('\n');
  if (line >= 0) return end + line;
  const sentence = /[.!?](?=\s)|[。！？]/.exec(after);
  return sentence !== null ? end + sentence.index + 1 : end;
}
