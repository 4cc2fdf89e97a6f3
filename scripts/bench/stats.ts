/** The little statistics that the benchmark needs. */

/** The value below which `share` of the sorted values lie; the values must not be empty. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value, or the mean of the two middle ones; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** The median of what each round's value was in ratio to `bare` in that round; null without it. */
  readonly ratioToBare: number | null;
  readonly ratioToDirect: number | null;
  readonly rounds: number;
  /** One a round, in order: a trend here is a leak or a warm-up that was too short. */
  readonly values: readonly number[];
}

/** One value a round; undefined where the round has none. */
export type Rounds = readonly (number | undefined)[];

/** Ratios are taken within a round and then summed up, since the machine's pace drifts from round to round. */
export function summarise(own: Rounds, bare: Rounds | undefined, direct: Rounds | undefined): Summary | undefined {
  const values = own.filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    ratioToBare: ratio(own, bare),
    ratioToDirect: ratio(own, direct),
    rounds: values.length,
    values,
  };
}

function ratio(own: Rounds, other: Rounds | undefined): number | null {
  const ratios: number[] = [];
  own.forEach((value, round) => {
    const base = other?.[round];
    if (value !== undefined && base !== undefined && base > 0) ratios.push(value / base);
  });
  return ratios.length > 0 ? median(ratios) : null;
}
