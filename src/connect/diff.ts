/**
 * The lines that differ between two texts, for somebody to look at before they are written.
 *
 * Nothing but these lines is shown, and of a line that holds other members too only the part that changes: beside it may
 * stand an API key.
 */

/** Above it the whole region between the first and the last difference is one change. */
const MAX_COMPARED_LINES = 2000;

interface Region {
  /** From 1, in the new text. */
  readonly line: number;
  readonly gone: readonly string[];
  readonly put: readonly string[];
}

/** @returns lines that begin with "@@", "-" or "+"; none for equal texts */
export function diffLines(before: string, after: string): readonly string[] {
  return regions(split(before), split(after)).flatMap(({ line, gone, put }) => {
    const pair = gone.length === 1 && put.length === 1 ? elided(gone[0] ?? '', put[0] ?? '') : undefined;
    const [old, now] = pair ?? [gone, put];
    return [`@@ line ${line}`, ...old.map((text) => `-${withoutUser(text)}`), ...now.map((text) => `+${withoutUser(text)}`)];
  });
}

const split = (text: string): readonly string[] => {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** A line that only got a comma is no change to look at, and what is in it may be a key. */
const gist = (line: string | undefined): string | undefined => line?.replace(/[,\s]/g, '');

function regions(before: readonly string[], after: readonly string[]): readonly Region[] {
  let [start, end] = [0, 0];
  while (start < before.length && start < after.length && gist(before[start]) === gist(after[start])) start++;
  while (end < before.length - start && end < after.length - start && gist(before[before.length - 1 - end]) === gist(after[after.length - 1 - end])) end++;
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  if (old.length === 0 && now.length === 0) return [];
  if (old.length > MAX_COMPARED_LINES || now.length > MAX_COMPARED_LINES) return [{ line: start + 1, gone: old, put: now }];

  const [oldGists, nowGists] = [old.map(gist), now.map(gist)];
  const isSame = (i: number, j: number): boolean => i < old.length && j < now.length && oldGists[i] === nowGists[j];
  // Longest common subsequence: how long it is from each pair of lines on.
  const width = now.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) longest[i * width + j] = isSame(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const found: Region[] = [];
  for (let i = 0, j = 0; i < old.length || j < now.length; ) {
    if (isSame(i, j)) {
      i++;
      j++;
      continue;
    }
    const [fromOld, fromNow] = [i, j];
    while ((i < old.length || j < now.length) && !isSame(i, j)) {
      if (j >= now.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) i++;
      else j++;
    }
    found.push({ line: start + fromNow + 1, gone: old.slice(fromOld, i), put: now.slice(fromNow, j) });
  }
  return found;
}

/** Both lines without the members beside the one that differs; what is only put in, or only taken out, stands alone. */
function elided(old: string, now: string): readonly [readonly string[], readonly string[]] {
  let [start, end] = [0, 0];
  const least = Math.min(old.length, now.length);
  while (start < least && old[start] === now[start]) start++;
  while (end < least - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const middle = (line: string): string => line.slice(start, line.length - end);
  if (middle(old) === '') return [[], [`…${middle(now)}…`]];
  if (middle(now) === '') return [[`…${middle(old)}…`], []];
  const from = Math.max(old.lastIndexOf('{', start - 1), old.lastIndexOf(',', start - 1)) + 1;
  const tail = old.slice(old.length - end);
  const close = tail.search(/[,}]/);
  const kept = close === -1 ? tail.length : close + 1;
  const shown = (line: string): string => `${from > 0 ? '…' : ''}${line.slice(from, line.length - end)}${tail.slice(0, kept)}${kept < tail.length ? '…' : ''}`;
  return [[shown(old)], [shown(now)]];
}

/** A URL's user and password are nobody's to see. */
const withoutUser = (line: string): string => line.replace(/:\/\/[^\s/@"']{1,500}@/g, '://…@');
