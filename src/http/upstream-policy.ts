/** Which upstreams may be used at all, asked at registration and again before each request. */
import { lookup as dnsLookup } from 'node:dns';
import { networkInterfaces } from 'node:os';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { isDeniedAddress, isDeniedHost, type Resolve } from './address-guard.ts';
import { isLoopback, plainAddress } from './address-list.ts';
import type { Upstream } from './upstream-url.ts';

/** Registration waits so long for DNS; a name that can't be resolved now is judged when it is connected to. */
const RESOLVE_LIMIT_MS = 2_000;

export interface UpstreamPolicy {
  /** By name and literal address; no I/O. @throws GatewayError `invalid_upstream` */
  check(upstream: Upstream): void;
  /** The same, and the addresses that the name resolves to now. @throws GatewayError `invalid_upstream` */
  checkResolved(upstream: Upstream): Promise<void>;
  /** Whether what listens at an address and port is this gateway, or may be. */
  isOwn(address: string, port: number): boolean;
}

/** @param ownPort the port that this gateway listens on, asked anew each time. */
export function createUpstreamPolicy(config: Pick<Config, 'upstreamAllow' | 'proxy' | 'host'>, ownPort: () => number, resolve: Resolve = dnsLookup): UpstreamPolicy {
  const refuse = (why: string): GatewayError => new GatewayError('invalid_upstream', why, 'upstream_base');

  const itself = (): GatewayError => refuse('The upstream is this gateway itself; give the base URL of the provider.');
  const isOwn = (address: string, port: number): boolean => port === ownPort() && isThisMachine(address, config.host);

  /** The settings don't change while the process runs, so an upstream that was allowed stays so. */
  const allowed = new WeakSet<Upstream>();

  function check(upstream: Upstream): void {
    if (allowed.has(upstream)) return;
    const { hostname, port } = upstream;
    if (isDeniedHost(hostname)) {
      throw refuse('The upstream is a link-local, cloud metadata or unspecified address, which is never allowed.');
    }
    if (config.upstreamAllow !== undefined && !config.upstreamAllow.has(hostname, port)) {
      throw refuse('The upstream\'s host is not among those that AEGIS_UPSTREAM_ALLOW names.');
    }
    if (isOwn(hostname, port)) throw itself();
    allowed.add(upstream);
  }

  return {
    check,
    isOwn,
    async checkResolved(upstream) {
      check(upstream);
      const { protocol, hostname, port } = upstream;
      // A proxy resolves the name itself, and what this machine would get may be another thing.
      if (config.proxy.proxyFor(protocol, hostname, port) !== undefined) return;
      const addresses = await resolveWithin(hostname, resolve);
      if (addresses.some((address) => isDeniedAddress(address))) {
        throw refuse('The upstream\'s name resolves to a link-local, cloud metadata or unspecified address, which is never allowed.');
      }
      if (addresses.some((address) => isOwn(address, port))) throw itself();
    },
  };
}

function isThisMachine(hostname: string, listenHost: string): boolean {
  if (hostname === 'localhost' || isLoopback(hostname) || hostname === listenHost) return true;
  const plain = plainAddress(hostname);
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === plain));
}

function resolveWithin(hostname: string, resolve: Resolve): Promise<string[]> {
  return new Promise((done) => {
    const timer = setTimeout(() => done([]), RESOLVE_LIMIT_MS).unref();
    resolve(hostname, { all: true }, (error, addresses) => {
      clearTimeout(timer);
      done(error ? [] : addresses.map(({ address }) => address));
    });
  });
}
