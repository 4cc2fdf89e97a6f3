/** The module that token routes are handed to: checks what may be known before a byte is read, then starts the exchange. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { isLoopback } from '../http/address-list.ts';
import type { Caller } from '../http/caller.ts';
import type { UpstreamClient } from '../http/upstream.ts';
import type { UpstreamPolicy } from '../http/upstream-policy.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Observer } from '../observe/observer.ts';
import type { TokenRoute } from '../router.ts';
import type { TokenEntry } from '../tokens/table.ts';
import { Exchange } from './exchange.ts';
import type { FilterSource } from './filter.ts';

/** Silence begins with the first look that finds nothing: the idle timeout is kept to within two looks, a tenth of itself. */
const MAX_SWEEP_INTERVAL_MS = 2_500;
const SWEEPS_PER_TIMEOUT = 20;

/** What every exchange stands on. */
export interface PipelineParts {
  readonly config: Config;
  readonly upstreams: UpstreamClient;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly observer: Observer;
  readonly filterSources: readonly FilterSource[];
  /** The gateway is shutting down: connections are not kept. */
  draining(): boolean;
  /** Called once when an exchange of the token is over. */
  ended(exchange: Exchange, token: string): void;
}

export interface Pipeline {
  /**
   * Carries one request to the token's upstream and its answer back.
   * @throws GatewayError when it is refused before it begins.
   */
  forward(req: IncomingMessage, res: ServerResponse, call: ForwardCall): void;
  close(): void;
}

export interface ForwardCall {
  readonly requestId: string;
  readonly route: TokenRoute;
  readonly entry: TokenEntry;
  readonly caller: Caller;
  readonly expectsContinue: boolean;
}

export function createPipeline(parts: Omit<PipelineParts, 'ended'>, policy: UpstreamPolicy): Pipeline {
  const { maxConcurrentPerToken, upstreamIdleTimeoutMs } = parts.config;
  const running = new Map<string, number>();
  /**
   * Those under way, in no order. An array and not a Set: a Set that grows and shrinks leaves a chain of dead tables
   * behind, each of which keeps the exchanges that were in it from being collected young.
   */
  const open: Exchange[] = [];
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const exchange of [...open]) exchange.endIfIdle(now, upstreamIdleTimeoutMs);
  }, Math.min(MAX_SWEEP_INTERVAL_MS, Math.ceil(upstreamIdleTimeoutMs / SWEEPS_PER_TIMEOUT))).unref();
  const own: PipelineParts = {
    ...parts,
    ended(exchange, token) {
      const last = open.pop();
      if (last !== undefined && last !== exchange) {
        open[exchange.place] = last;
        last.place = exchange.place;
      }
      const left = (running.get(token) ?? 1) - 1;
      if (left === 0) running.delete(token);
      else running.set(token, left);
    },
  };

  return {
    forward(req, res, { requestId, route, entry, caller, expectsContinue }) {
      const mode = route.mode ?? entry.mode;
      // The operator who writes the mode into the token file has allowed it; a suffix anybody can write.
      if (mode === 'passthrough' && entry.mode !== 'passthrough' && !isLoopback(caller.address)) {
        throw new GatewayError(
          'invalid_filter_mode',
          'The suffix __passthrough is only taken from the gateway\'s own machine. Set "mode": "passthrough" for the token to allow it.',
          'token',
        );
      }
      policy.check(entry.upstream);
      const { token } = entry;
      const now = running.get(token) ?? 0;
      if (maxConcurrentPerToken > 0 && now >= maxConcurrentPerToken) {
        throw new GatewayError('too_many_requests', `This token has ${now} requests under way, the most that AEGIS_MAX_CONCURRENT_PER_TOKEN allows.`);
      }
      running.set(token, now + 1);
      const exchange = new Exchange(own, { req, res, requestId, route, entry, mode, expectsContinue });
      exchange.place = open.push(exchange) - 1;
      exchange.start();
    },
    close: () => clearInterval(sweep),
  };
}
