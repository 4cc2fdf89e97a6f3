/** What is told of an exchange that is over: its figures, and one line of the log. */
import type { ExchangeFigures } from '../observe/metrics.ts';
import type { Call } from './exchange.ts';
import type { PipelineParts } from './pipeline.ts';

export interface ExchangeEnd extends ExchangeFigures {
  /** Code of the error that the client was told. */
  readonly code: string | undefined;
  readonly retried: boolean;
}

export function account({ metrics, log }: PipelineParts, { requestId, entry }: Call, end: ExchangeEnd): void {
  metrics.exchangeEnded(end);
  if (!log.writesInfo) return;
  const { wire, method, status, outcome, code, retried, requestBytes, responseBytes, firstByteMs, durationMs } = end;
  log.info('exchange', {
    id: requestId, token: entry.fingerprint, wire, method, status, outcome, code,
    bytesIn: requestBytes, bytesOut: responseBytes,
    firstByteMs: firstByteMs === undefined ? undefined : tenths(firstByteMs), ms: tenths(durationMs),
    retried: retried ? true : undefined,
  });
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
