/** What is told of an exchange that is over: its figures, one line of the log, and a record for those who watch. */
import { firstHeader } from '../http/raw-headers.ts';
import { createClientNames } from '../observe/client-name.ts';
import { shownMethod, type ExchangeFigures } from '../observe/metrics.ts';
import type { ExchangeNotes } from '../observe/notes.ts';
import { modelInPath, shownPath } from '../observe/shown-path.ts';
import type { Call } from './exchange.ts';
import type { PipelineParts } from './pipeline.ts';

export interface ExchangeEnd extends ExchangeFigures {
  /** Code of the error that the client was told. */
  readonly code: string | undefined;
  readonly retried: boolean;
  /** Undefined where no filter was asked. */
  readonly notes: ExchangeNotes | undefined;
}

const clientName = createClientNames();

export function account(parts: PipelineParts, call: Call, end: ExchangeEnd): void {
  const { metrics, log } = parts;
  const { req, requestId, entry } = call;
  metrics.exchangeEnded(end);
  const { wire, method, status, outcome, code, retried, notes, requestBytes, responseBytes, firstByteMs, durationMs, filterMs } = end;
  parts.observer.ended({
    id: requestId,
    atMs: Date.now() - durationMs,
    client: clientName(firstHeader(req.rawHeaders, 'user-agent')),
    token: { fingerprint: entry.fingerprint, name: entry.note },
    upstream: entry.upstream.hostHeader,
    wire,
    method: shownMethod(method),
    path: shownPath(call.route.rest),
    model: notes?.model ?? modelInPath(call.route.rest),
    status,
    outcome,
    code: code ?? null,
    firstByteMs: firstByteMs ?? null,
    durationMs,
    addedMs: filterMs,
    bytesIn: requestBytes,
    bytesOut: responseBytes,
    findings: notes?.findings ?? [],
    findingCount: notes?.count ?? 0,
  }, notes?.redactions ?? 0);
  if (!log.writesInfo) return;
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
