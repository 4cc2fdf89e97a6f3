/** The numbers behind the charts. Pure. */

export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The least of 1, 2, 5, 10, 20, 50, … that is not below a value, so that an axis ends on a round number. */
export function roundMax(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10;
  // Counts are whole.
  return Math.max(1, step * power);
}

/** A bar for each value, standing on the lower edge. A value above nothing is seen: a pixel at least. */
export function bars(values: readonly number[], max: number, width: number, height: number, gap = 1): readonly Bar[] {
  const slot = width / Math.max(1, values.length);
  return values.map((value, index) => {
    const tall = value > 0 ? Math.max(1, (Math.min(value, max) / max) * height) : 0;
    return { x: index * slot + gap / 2, y: height - tall, width: Math.max(0.5, slot - gap), height: tall };
  });
}

/** The share of a bar's length that a value takes, 0 to 1. */
export function share(value: number, max: number): number {
  if (!(max > 0) || !(value > 0)) return 0;
  return Math.min(1, value / max);
}

/** The greatest few of a tally, greatest first and by name where they are even; what is left is summed up under `rest`. */
export function topOf(tally: readonly (readonly [name: string, count: number])[], most: number, rest: string): readonly (readonly [name: string, count: number])[] {
  const sorted = tally.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (sorted.length <= most) return sorted;
  const others = sorted.slice(most - 1).reduce((sum, [, count]) => sum + count, 0);
  return [...sorted.slice(0, most - 1), [rest, others]];
}
