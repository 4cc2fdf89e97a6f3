/** This machine's clock against those of the upstreams that were reached. */
import type { Finding } from './finding.ts';

const MOST_SKEW_MS = 60_000;

export interface ClockReading {
  readonly upstream: string;
  /** Positive: this machine is ahead. */
  readonly aheadMs: number;
}

/** A wrong clock differs from all of them; a wrong upstream from some: the nearest counts. */
export function judgeClock(readings: readonly ClockReading[]): Finding {
  const about = { check: 'clock' };
  const [first, ...rest] = readings;
  if (first === undefined) return { ...about, status: 'skipped', message: 'no upstream was reached that tells the time' };
  const nearest = rest.reduce((best, one) => (Math.abs(one.aheadMs) < Math.abs(best.aheadMs) ? one : best), first);
  const skewSeconds = Math.round(nearest.aheadMs / 1000);
  const facts = { ahead_seconds: skewSeconds, against: nearest.upstream };
  if (Math.abs(nearest.aheadMs) <= MOST_SKEW_MS) return { ...about, status: 'ok', message: `within a minute of ${nearest.upstream}`, facts };
  return {
    ...about, status: 'problem', message: `this machine's clock is ${duration(Math.abs(skewSeconds))} ${skewSeconds > 0 ? 'ahead of' : 'behind'} ${nearest.upstream}`,
    advice: 'set it by NTP: certificates and signed logins fail by a wrong clock', facts,
  };
}

function duration(seconds: number): string {
  if (seconds < 600) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
