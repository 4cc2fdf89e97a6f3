/** An exchange as the page gets it: JSON of names and numbers, and of masked forms. */
import type { NumberedExchange } from '../observe/exchange-ring.ts';
import { whyOf } from './why.ts';

export function printExchange({ atMs, firstByteMs, durationMs, addedMs, findings, ...rest }: NumberedExchange): string {
  return JSON.stringify({
    ...rest,
    time: new Date(atMs).toISOString(),
    firstByteMs: firstByteMs === null ? null : tenths(firstByteMs),
    durationMs: tenths(durationMs),
    // Most filters are done within a tenth of a millisecond.
    addedMs: Math.round(addedMs * 1000) / 1000,
    findings: findings.map((finding) => ({ ...finding, why: whyOf(finding.rule, finding.topic) })),
  });
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
