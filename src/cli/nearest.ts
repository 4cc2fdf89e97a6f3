/** The known word that somebody meant who has written another one. */

/** Farther than this it is a guess. */
const MOST_EDITS = 2;
/** Longer words are nobody's slip of the finger; the table below grows with their length. */
const MOST_CHARS = 40;

/** The nearest of the known words, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > MOST_CHARS) return undefined;
  let best: string | undefined;
  let least = MOST_EDITS + 1;
  for (const candidate of known) {
    // Half of a short word changed is another word.
    const edits = distance(word.toLowerCase(), candidate);
    if (edits < least && edits * 2 <= candidate.length) {
      best = candidate;
      least = edits;
    }
  }
  return best ?? known.find((candidate) => word.length >= 3 && candidate.startsWith(word.toLowerCase()));
}

/** Letters added, left out, changed or swapped with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = at(rows, i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(changed, at(rows, i - 1, j) + 1, (row[j - 1] ?? Infinity) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, at(rows, i - 2, j - 2) + 1);
      row.push(edits);
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

function at(rows: readonly (readonly number[])[], i: number, j: number): number {
  return rows[i]?.[j] ?? Infinity;
}
