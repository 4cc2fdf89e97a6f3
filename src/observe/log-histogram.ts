/**
 * A histogram of times over fixed bounds, four to a doubling: from 10 microseconds to three hours, each time known to
 * within a tenth of itself. Adding is one step in an array, and histograms of the same bounds add up.
 */

const LEAST_MS = 0.01;
const PER_DOUBLING = 4;
export const HISTOGRAM_BUCKETS = 121;

/** As many counts as there are buckets. */
export type Counts = Uint32Array | readonly number[];

export function bucketOf(ms: number): number {
  if (!(ms > LEAST_MS)) return 0;
  return Math.min(HISTOGRAM_BUCKETS - 1, Math.ceil(Math.log2(ms / LEAST_MS) * PER_DOUBLING));
}

/** The middle of a bucket, by its logarithm. */
function middleOf(bucket: number): number {
  return bucket === 0 ? LEAST_MS : LEAST_MS * 2 ** ((bucket - 0.5) / PER_DOUBLING);
}

/**
 * The time below which the share of all lies; null where there are none.
 * @param share from 0 to 1.
 */
export function percentile(counts: Counts, share: number): number | null {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil(total * share));
  for (let bucket = 0; bucket < counts.length; bucket++) {
    left -= counts[bucket] ?? 0;
    if (left <= 0) return middleOf(bucket);
  }
  return middleOf(counts.length - 1);
}

export function addCounts(sum: number[], counts: Counts): void {
  for (let i = 0; i < HISTOGRAM_BUCKETS; i++) sum[i] = (sum[i] ?? 0) + (counts[i] ?? 0);
}
