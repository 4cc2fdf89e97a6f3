/**
 * One upstream, step by step: its name, the connection, TLS, and an answer to a GET without a body and without a key.
 *
 * It goes the way that the gateway goes (the same agents, proxy and guard of addresses), so that what works here works
 * there.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Config } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import type { Resolve } from '../../http/address-guard.ts';
import { createUpstreamClient } from '../../http/upstream.ts';
import { errorCode, upstreamError } from '../../http/upstream-error.ts';
import { createUpstreamPolicy } from '../../http/upstream-policy.ts';
import { upstreamTarget, type Upstream } from '../../http/upstream-url.ts';
import { printable } from '../style.ts';
import { certificateOf, unacceptedCertificate, type CertificateFacts } from './certificate.ts';
import type { Finding } from './finding.ts';

const SLOW_DNS_MS = 1_000;
const SLOW_ANSWER_MS = 3_000;
/** Renewal is by then overdue for those who renew as Let's Encrypt advises: at a third of the time. */
const EXPIRES_SOON_DAYS = 14;
/** Connecting and answering together. */
const LIMIT_MS = 15_000;
const CONNECT_LIMIT_MS = 10_000;
const DAY_MS = 86_400_000;

export interface UpstreamCheck {
  readonly findings: readonly Finding[];
  /** How far this machine's clock is ahead of the upstream's, in milliseconds; its Date header knows seconds. */
  readonly clockAheadMs: number | undefined;
}

export interface UpstreamCheckOptions {
  readonly config: Pick<Config, 'proxy' | 'upstreamAllow' | 'host' | 'port' | 'upstreamConnectTimeoutMs'>;
  /** Resolves names; node:dns where none is given. */
  readonly resolve?: Resolve;
  readonly limitMs?: number;
  readonly userAgent: string;
}

/** Milliseconds since the check began, of what has come about. */
interface Times {
  resolved?: number;
  connected?: number;
  secured?: number;
  sent?: number;
  answered?: number;
}

interface Outcome {
  readonly times: Times;
  readonly address: string | undefined;
  readonly tls: { readonly protocol: string | null; readonly certificate: CertificateFacts | undefined } | undefined;
  readonly response: Pick<IncomingMessage, 'statusCode' | 'headers'> | undefined;
  readonly error: unknown;
}

export async function checkUpstream(upstream: Upstream, options: UpstreamCheckOptions): Promise<UpstreamCheck> {
  const { config, resolve } = options;
  const about = { check: 'upstream', subject: upstream.base };
  const policy = createUpstreamPolicy(config, () => config.port, resolve);
  try {
    policy.check(upstream);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { findings: [{ ...about, status: 'problem', message: error.message, advice: 'the gateway refuses it: unregister it, or change AEGIS_UPSTREAM_ALLOW' }], clockAheadMs: undefined };
  }
  const via = config.proxy.proxyFor(upstream.protocol, upstream.hostname, upstream.port);
  const outcome = await attempt(upstream, options, policy.isOwn);
  const through = via === undefined ? 'no proxy' : `by the proxy ${via.hostname}:${via.port}`;
  const { times, response, error } = outcome;
  const facts = {
    proxy: via === undefined ? null : `${via.protocol}//${via.hostname}:${via.port}`,
    address: outcome.address ?? null,
    dns_ms: rounded(times.resolved),
    connect_ms: rounded(between(times.resolved ?? 0, times.connected)),
    tls_ms: rounded(between(times.connected ?? 0, times.secured)),
    first_byte_ms: rounded(between(times.sent ?? 0, times.answered)),
    tls_protocol: outcome.tls?.protocol ?? null,
    certificate_expires: outcome.tls?.certificate?.expires ?? null,
    status: response?.statusCode ?? null,
  };
  if (response === undefined) {
    return { findings: [await unreached(upstream, outcome, via !== undefined, about, facts, resolve)], clockAheadMs: undefined };
  }
  const steps = [
    times.resolved === undefined ? undefined : `DNS ${facts.dns_ms} ms`,
    times.connected === undefined ? undefined : `TCP ${facts.connect_ms} ms`,
    times.secured === undefined ? undefined : `TLS ${facts.tls_ms} ms`,
    `first byte ${facts.first_byte_ms} ms`,
    through,
  ].filter((step) => step !== undefined);
  const findings: Finding[] = [{ ...about, status: 'ok', message: `reached, HTTP ${response.statusCode ?? 0} without a key; ${steps.join(', ')}`, facts }];
  if (error !== undefined) findings.push({ ...about, status: 'warning', message: `its answer broke off (${errorCode(error) ?? 'unknown'})` });
  findings.push(...oddities(outcome).map((oddity): Finding => ({ ...about, ...oddity })));
  return { findings, clockAheadMs: clockAhead(response.headers.date, Date.now()) };
}

/** One request; what comes of it is gathered until its headers are there, or it fails. Its body is not waited for. */
function attempt(upstream: Upstream, { config, resolve, limitMs = LIMIT_MS, userAgent }: UpstreamCheckOptions, isOwn: (address: string, port: number) => boolean): Promise<Outcome> {
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const times: Times = {};
  let address: string | undefined;
  const client = createUpstreamClient({ proxy: config.proxy, connectTimeoutMs: Math.min(config.upstreamConnectTimeoutMs, CONNECT_LIMIT_MS, limitMs), resolve, isOwn });
  return new Promise((done) => {
    let socket: Socket | undefined;
    let over = false;
    let request: ClientRequest | undefined;
    const late = setTimeout(() => end(undefined, new LateError()), limitMs);
    const end = (response: IncomingMessage | undefined, error: unknown): void => {
      if (over) return;
      over = true;
      clearTimeout(late);
      const tls = socket instanceof TLSSocket && !socket.destroyed ? { protocol: socket.getProtocol(), certificate: certificateOf(socket) } : undefined;
      done({ times, address, tls, response, error });
      request?.destroy();
      client.close();
    };
    try {
      const rawHeaders = ['Host', upstream.hostHeader, 'User-Agent', userAgent, 'Accept', '*/*', 'Accept-Encoding', 'identity', 'Connection', 'close'];
      request = client.request(upstream, { method: 'GET', target: upstreamTarget(upstream, '', ''), rawHeaders, fresh: true });
    } catch (error) {
      end(undefined, error);
      return;
    }
    request.on('error', (error) => end(undefined, error));
    request.once('socket', (taken) => {
      socket = taken;
      taken.once('lookup', (_error: Error | null, found: string) => {
        times.resolved = now();
        address = found;
      });
      taken.once('connect', () => {
        times.connected = now();
        if (!(taken instanceof TLSSocket)) times.sent = now();
      });
      taken.once('secureConnect', () => {
        times.secured = now();
        times.sent = now();
      });
    });
    request.once('response', (response) => {
      times.answered = now();
      end(response, undefined);
    });
    request.end();
  });
}

class LateError extends Error {
  readonly code = 'ELATE';
}

async function unreached(upstream: Upstream, { error, times }: Outcome, proxied: boolean, about: Pick<Finding, 'check' | 'subject'>, facts: NonNullable<Finding['facts']>, resolve: Resolve | undefined): Promise<Finding> {
  const code = errorCode(error) ?? 'unknown';
  const withCode = { ...facts, error: code };
  if (code === 'ELATE' || code === 'ECONNECTTIMEOUT') {
    const step = stepReached(upstream, times, proxied);
    return { ...about, status: 'problem', message: `${step.what} in time`, advice: step.advice, facts: withCode };
  }
  const told = upstreamError(error, upstream.hostname).message;
  const certificate = proxied ? undefined : await unacceptedCertificate(upstream, code, resolve);
  if (certificate !== undefined) {
    return {
      ...about, status: 'problem', message: `${told} It is issued by ${printable(certificate.issuer)} for ${printable(certificate.subject)}, and holds from ${certificate.begins} to ${certificate.expires}.`,
      advice: certificateAdvice(code), facts: { ...withCode, certificate_issuer: certificate.issuer, certificate_expires: certificate.expires },
    };
  }
  return { ...about, status: 'problem', message: told, advice: adviceOn(code, proxied), facts: withCode };
}

function stepReached(upstream: Upstream, times: Times, proxied: boolean): { what: string; advice: string } {
  const firewall = 'a firewall may drop it; where there is an HTTP proxy, name it in AEGIS_UPSTREAM_PROXY or HTTPS_PROXY';
  if (proxied && times.secured === undefined) return { what: 'the proxy made no connection', advice: 'check AEGIS_UPSTREAM_PROXY or HTTPS_PROXY, and the proxy\'s own log' };
  if (times.resolved === undefined && times.connected === undefined) return { what: `DNS did not answer for ${upstream.hostname}`, advice: 'check this machine\'s network and its resolver' };
  if (times.connected === undefined) return { what: `${upstream.hostname}:${upstream.port} took no connection`, advice: firewall };
  if (upstream.protocol === 'https:' && times.secured === undefined) return { what: 'the connection was made, but TLS did not come about', advice: 'something between may hold TLS up; does it speak https on this port?' };
  return { what: 'the connection was made, but no answer came', advice: 'ask the provider\'s status page, or look at the upstream\'s own log' };
}

function certificateAdvice(code: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'it has to be renewed by the upstream\'s owner; if it is not expired by your watch, set this machine\'s clock';
  if (code === 'CERT_NOT_YET_VALID') return 'this machine\'s clock may be behind: set it';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'the certificate is another host\'s: check the upstream_base';
  return 'where the issuer is your company\'s or your own, start the gateway with NODE_EXTRA_CA_CERTS=/path/to/ca.pem; where you don\'t know it, somebody may be reading along';
}

function adviceOn(code: string, proxied: boolean): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return 'check the name in the upstream_base (aegisgate unregister takes a wrong one away) and this machine\'s network; where names are a proxy\'s to resolve, name it in HTTPS_PROXY or AEGIS_UPSTREAM_PROXY';
    case 'ECONNREFUSED':
      return proxied ? 'nothing listens at the proxy\'s address: check AEGIS_UPSTREAM_PROXY or HTTPS_PROXY' : 'start the upstream, or register it with the port that it has';
    case 'EPROXYREFUSED':
      return 'the proxy does not let it through: check its rules, and the name and password in AEGIS_UPSTREAM_PROXY or HTTPS_PROXY';
    case 'EADDRDENIED':
      return 'check what the name resolves to: such addresses are never connected to';
    default:
      return 'check the network, the upstream_base and, where there is one, the proxy';
  }
}

/** What is odd about an upstream that answers. */
function oddities({ times, tls, response }: Outcome): Pick<Finding, 'status' | 'message' | 'advice'>[] {
  const odd: Pick<Finding, 'status' | 'message' | 'advice'>[] = [];
  const firstByteMs = between(times.sent ?? 0, times.answered) ?? 0;
  if ((times.resolved ?? 0) > SLOW_DNS_MS) odd.push({ status: 'warning', message: `DNS took ${rounded(times.resolved)} ms`, advice: 'the first of the machine\'s name servers may be dead: look at its resolver' });
  if (firstByteMs > SLOW_ANSWER_MS) odd.push({ status: 'warning', message: `its first byte took ${rounded(firstByteMs)} ms`, advice: 'the upstream or the way to it is slow; the gateway adds none of it' });
  const expires = tls?.certificate?.expiresAtMs;
  if (expires !== undefined) {
    const days = Math.floor((expires - Date.now()) / DAY_MS);
    if (days < EXPIRES_SOON_DAYS) odd.push({ status: 'warning', message: `its certificate expires in ${days} ${days === 1 ? 'day' : 'days'}, on ${tls?.certificate?.expires ?? ''}`, advice: 'the upstream\'s owner has to renew it' });
  }
  const status = response?.statusCode ?? 0;
  const target = response?.headers.location;
  if (status >= 300 && status < 400) {
    odd.push({ status: 'warning', message: `it redirects${target === undefined ? '' : ` to ${shownTarget(target)}`}, which clients of an API do not follow`, advice: 'register the base URL that it redirects to' });
  } else if (status === 407) {
    odd.push({ status: 'problem', message: 'the proxy asks for a name and a password', advice: 'put them into AEGIS_UPSTREAM_PROXY: http://NAME:PASSWORD@proxy.example.com:3128' });
  } else if (status >= 500) {
    odd.push({ status: 'warning', message: `it answers with a server's error (HTTP ${status})`, advice: 'ask the provider\'s status page, or look at the upstream\'s own log' });
  }
  return odd;
}

/** Without the query, which may hold anything. */
function shownTarget(location: string): string {
  return printable(location.split(/[?#]/)[0] ?? '').slice(0, 120);
}

/** How far the clock is ahead of a Date header (RFC 9110 section 6.6.1); undefined where it can't be read. */
export function clockAhead(date: string | undefined, nowMs: number): number | undefined {
  const theirs = Date.parse(date ?? '');
  // The header was true for a whole second.
  return Number.isNaN(theirs) ? undefined : nowMs - theirs - 500;
}

function between(from: number, to: number | undefined): number | undefined {
  return to === undefined ? undefined : Math.max(0, to - from);
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}

