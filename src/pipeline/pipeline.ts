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
import type { TokenRoute } from '../router.ts';
import type { TokenEntry } from '../tokens/table.ts';
import { Exchange } from './exchange.ts';
import type { FilterSource } from './filter.ts';

/** What every exchange stands on. */
export interface PipelineParts {
  readonly config: Config;
  readonly upstreams: UpstreamClient;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly filterSources: readonly FilterSource[];
  /** The gateway is shutting down: connections are not kept. */
  draining(): boolean;
  /** Called once when an exchange of the token is over. */
  ended(token: string): void;
}

export interface Pipeline {
  /**
   * Carries one request to the token's upstream and its answer back.
   * @throws GatewayError when it is refused before it begins.
   */
  forward(req: IncomingMessage, res: ServerResponse, call: ForwardCall): void;
}

export interface ForwardCall {
  readonly requestId: string;
  readonly route: TokenRoute;
  readonly entry: TokenEntry;
  readonly caller: Caller;
  readonly expectsContinue: boolean;
}

export function createPipeline(parts: Omit<PipelineParts, 'ended'>, policy: UpstreamPolicy): Pipeline {
  const { maxConcurrentPerToken } = parts.config;
  const running = new Map<string, number>();
  const own: PipelineParts = {
    ...parts,
    ended(token) {
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
      new Exchange(own, { req, res, requestId, route, entry, mode, expectsContinue }).start();
    },
  };
}
