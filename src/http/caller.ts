/** Who is calling and under which name: address, Host, Origin. Forwarding headers are believed from trusted proxies only. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../config.ts';
import { GatewayError, MessageError } from '../errors.ts';
import { plainAddress } from './address-list.ts';
import { canonicalHost, splitHostPort } from './host-list.ts';
import { countHeader, firstHeader, joinedHeader, lengthsOf } from './raw-headers.ts';

export interface Caller {
  /** undefined = it came through a proxy that is not trusted, so that nobody can say. Never allowed anything by address. */
  readonly address: string | undefined;
  /** The public base as the caller sees it, without a trailing slash. */
  publicBase(): string;
  /** Whether an Origin is the gateway's own: its public one, or the one that this request came to. */
  isOwnOrigin(origin: string): boolean;
}

/**
 * What a reverse proxy adds. Unless they are X-Forwarded-For from a trusted peer, they prove only that the peer's
 * address is not the caller's.
 */
const FORWARDING_HEADERS = new Set(['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto', 'via']);
const FORWARDING_LENGTHS = lengthsOf(FORWARDING_HEADERS);

type CallerConfig = Pick<Config, 'trustedProxies' | 'publicUrl'>;

export function readCaller(req: IncomingMessage, config: CallerConfig, authority: string | undefined): Caller {
  const peer = req.socket.remoteAddress;
  const trusted = !config.trustedProxies.empty && config.trustedProxies.has(peer);
  const requestBase = (): string => {
    const host = (trusted ? lastOf(joinedHeader(req.rawHeaders, 'x-forwarded-host')) : undefined) ?? authority ?? firstHeader(req.rawHeaders, 'host') ?? '';
    const protocol = trusted && lastOf(joinedHeader(req.rawHeaders, 'x-forwarded-proto'))?.toLowerCase() === 'https' ? 'https' : 'http';
    // Whatever stands in the header ends up in somebody's configuration: only a well-formed host does.
    const known = splitHostPort(host) === undefined ? `127.0.0.1:${req.socket.localPort ?? ''}` : host;
    return `${protocol}://${known}`;
  };
  return {
    address: callerAddress(req, peer, trusted, config),
    publicBase: () => config.publicUrl ?? requestBase(),
    isOwnOrigin: (origin) => origin === requestBase() || (config.publicUrl !== undefined && origin === new URL(config.publicUrl).origin),
  };
}

function callerAddress(req: IncomingMessage, peer: string | undefined, trusted: boolean, config: CallerConfig): string | undefined {
  const forwardedFor = (trusted ? joinedHeader(req.rawHeaders, 'x-forwarded-for') : undefined) ?? '';
  const hops = forwardedFor === '' ? [] : forwardedFor.split(',').map((hop) => hop.trim()).filter((hop) => hop !== '');
  if (hops.length === 0) return isForwarded(req.rawHeaders) ? undefined : peer && plainAddress(peer);
  // Each proxy appends its peer: from the right, the first that is no trusted proxy is the caller.
  let address = '';
  for (const hop of hops.reverse()) {
    address = splitHostPort(hop)?.hostname ?? hop;
    if (!config.trustedProxies.has(address)) break;
  }
  return plainAddress(address);
}

function isForwarded(rawHeaders: readonly string[]): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const key = rawHeaders[i] ?? '';
    if (FORWARDING_LENGTHS[key.length] === true && FORWARDING_HEADERS.has(key.toLowerCase())) return true;
  }
  return false;
}

function lastOf(text: string | undefined): string | undefined {
  return text?.split(',').pop()?.trim() || undefined;
}

/**
 * Refuses what Node's parser lets through and HTTP does not: versions other than 1.0 and 1.1, in 1.1 no Host or several
 * (RFC 9112 section 3.2), codings of transfer other than chunked, and any in 1.0 (section 6.1). Another reader on the
 * way may have seen such a request end elsewhere.
 * @throws MessageError `invalid_parameters`.
 */
export function checkMessage(req: IncomingMessage): void {
  const { httpVersion, rawHeaders } = req;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw new MessageError('The request is not HTTP/1.1.');
  const hosts = countHeader(rawHeaders, 'host');
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    throw new MessageError('HTTP/1.1 asks for one Host header, no more and no less.', 'Host');
  }
  const coding = joinedHeader(rawHeaders, 'transfer-encoding');
  if (coding === undefined) return;
  if (httpVersion === '1.0') throw new MessageError('HTTP/1.0 knows no Transfer-Encoding.', 'Transfer-Encoding');
  if (coding !== 'chunked' && coding.trim().toLowerCase() !== 'chunked') throw new MessageError('The only Transfer-Encoding taken is chunked.', 'Transfer-Encoding');
}

/** The Host that each connection's last accepted request named: clients name the same each time. */
const acceptedHosts = new WeakMap<Socket, string>();
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Refuses a request whose Host names somebody else: the defence against DNS rebinding, where a web page's own name
 * resolves to this machine. An address literal that is the one connected to can't be rebound.
 * @throws GatewayError `host_not_allowed`.
 */
export function checkHost(req: IncomingMessage, authority: string | undefined, config: Pick<Config, 'allowedHosts' | 'publicUrl' | 'host'>): void {
  const header = authority ?? firstHeader(req.rawHeaders, 'host');
  // Only HTTP/1.0 may come without; browsers always send it.
  if (header === undefined || acceptedHosts.get(req.socket) === header) return;
  if (isOwnHost(header, req.socket.localAddress, config)) {
    acceptedHosts.set(req.socket, header);
    return;
  }
  throw new GatewayError(
    'host_not_allowed',
    'The Host of this request is not one of the gateway\'s. Use 127.0.0.1 or localhost, or add the name to AEGIS_ALLOWED_HOSTS.',
    'Host',
  );
}

function isOwnHost(header: string, localAddress: string | undefined, config: Pick<Config, 'allowedHosts' | 'publicUrl' | 'host'>): boolean {
  const host = splitHostPort(header);
  if (host === undefined) return false;
  const { hostname } = host;
  if (LOCAL_HOSTS.has(hostname) || hostname === canonicalHost(config.host)) return true;
  if (hostname === plainAddress(localAddress ?? '')) return true;
  if (config.allowedHosts.has(hostname, host.port ?? 80)) return true;
  return config.publicUrl !== undefined && canonicalHost(new URL(config.publicUrl).hostname) === hostname;
}

/**
 * Refuses what a web page of another origin may have caused: its Origin is not the gateway's own, or the browser
 * says so in Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/).
 * @throws GatewayError `admin_endpoint_network_restricted`.
 */
export function checkOrigin(req: IncomingMessage, caller: Caller): void {
  // Several are told from one: joined, they are nobody's own.
  const origin = joinedHeader(req.rawHeaders, 'origin');
  const site = joinedHeader(req.rawHeaders, 'sec-fetch-site');
  const foreign = (origin !== undefined && !caller.isOwnOrigin(origin)) || (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (foreign) {
    throw new GatewayError('admin_endpoint_network_restricted', 'Admin calls are not taken from web pages of another origin.', 'Origin');
  }
}
