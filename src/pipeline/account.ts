/** What is told of an exchange that is over: its figures, and one line of the log. */
import type { ExchangeFigures } from '../observe/metrics.ts';
import type { Call } from './exchange.ts';
import type { PipelineParts } from './pipeline.ts';

export interface ExchangeEnd extends Omit<ExchangeFigures, 'method' | 'status'> {
  /** Code of the error that the client was told. */
  readonly code: string | undefined;
  readonly retried: boolean;
}

export function account({ metrics, log }: PipelineParts, { req, res, requestId, entry }: Call, { code, retried, ...figures }: ExchangeEnd): void {
  const status = res.headersSent ? res.statusCode : 0;
  const method = req.method ?? '';
  metrics.exchangeEnded({ ...figures, method, status });
  if (!log.writesInfo) return;
  const { wire, outcome, requestBytes, responseBytes, firstByteMs, durationMs } = figures;
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
