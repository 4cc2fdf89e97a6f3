/**
 * Connections to upstreams: one keep-alive agent per origin, every address judged before it is connected to, a limit
 * on connecting, and HTTP proxies (absolute form for http, a CONNECT tunnel for https: RFC 9110 section 9.3.6).
 *
 * TLS is Node's own with its defaults; a private CA comes by NODE_EXTRA_CA_CERTS.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import { AddressDeniedError, createGuardedLookup, isDeniedHost } from './address-guard.ts';
import type { ProxyServer, ProxySettings } from './proxy-settings.ts';
import type { Upstream } from './upstream-url.ts';

/** An idle connection is kept so long unless the upstream's Keep-Alive header says less. Below the common 60 s of balancers. */
const FREE_SOCKET_TIMEOUT_MS = 55_000;
const MAX_FREE_SOCKETS = 128;
/** Long header values are in use (`x-codex-turn-metadata`); Node's default of 16 KiB would cut them off. */
export const MAX_HEADER_BYTES = 131_072;

export interface UpstreamRequestOptions {
  readonly method: string;
  /** Path and query, as they are to stand in the request line. */
  readonly target: string;
  readonly rawHeaders: string[];
  /** A new connection instead of a kept one: for the retry after a kept one had gone stale. */
  readonly fresh: boolean;
}

export interface UpstreamClient {
  /**
   * Opens a request; its body is the caller's to write. Errors come as the request's `error` event, those of
   * malformed input are thrown.
   */
  request(upstream: Upstream, options: UpstreamRequestOptions): http.ClientRequest;
  close(): void;
}

export interface UpstreamClientOptions {
  readonly proxy: ProxySettings;
  readonly connectTimeoutMs: number;
}

/** Connecting took longer than AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS. */
export class ConnectTimeoutError extends Error {
  readonly code = 'ECONNECTTIMEOUT';

  constructor() {
    super('connecting took too long');
    this.name = 'ConnectTimeoutError';
  }
}

/** The proxy answered CONNECT with something else than 2xx. */
export class ProxyRefusedError extends Error {
  readonly code = 'EPROXYREFUSED';
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answered CONNECT with ${status}`);
    this.name = 'ProxyRefusedError';
    this.status = status;
  }
}

interface Origin {
  readonly kept: http.Agent;
  readonly fresh: http.Agent;
}

type AgentOptions = http.AgentOptions & { readonly lookup: ReturnType<typeof createGuardedLookup> };
/** What an Agent hands to createConnection: the agent's and the request's options in one. */
type ConnectOptions = { host?: string; port?: number | string; servername?: string };
type Connected = (error: Error | null, socket?: Socket) => void;
/** Agent's method of making a socket, which the type definitions leave out. */
type CreateConnection = (options: ConnectOptions, connected: Connected) => Socket | undefined;

export function createUpstreamClient({ proxy, connectTimeoutMs }: UpstreamClientOptions): UpstreamClient {
  const origins = new Map<string, Origin>();
  const lookup = createGuardedLookup();

  function createAgent(upstream: Upstream, via: ProxyServer | undefined, keepAlive: boolean): http.Agent {
    const options: AgentOptions = {
      keepAlive,
      maxFreeSockets: MAX_FREE_SOCKETS,
      // The one used last is the least likely to have gone stale.
      scheduling: 'lifo',
      // Of idle connections: the Agent lets those in use be, whose silence is the exchange's to judge.
      timeout: FREE_SOCKET_TIMEOUT_MS,
      lookup,
    };
    if (upstream.protocol === 'https:') {
      const agent = new https.Agent(options);
      return via === undefined ? direct(agent, 'secureConnect', connectTimeoutMs) : tunnelled(agent, via, connectTimeoutMs);
    }
    // The proxy's own address is the operator's choice and not judged; the upstream's is, by name, with each request.
    if (via === undefined) return direct(new http.Agent(options), 'connect', connectTimeoutMs);
    const { lookup: _unused, ...plain } = options;
    const toProxy = via.protocol === 'https:' ? new https.Agent(plain) : new http.Agent(plain);
    return direct(toProxy, via.protocol === 'https:' ? 'secureConnect' : 'connect', connectTimeoutMs, false);
  }

  function originOf(upstream: Upstream, via: ProxyServer | undefined): Origin {
    const key = `${upstream.protocol}//${upstream.hostHeader}`;
    let origin = origins.get(key);
    if (origin === undefined) {
      origin = { kept: createAgent(upstream, via, true), fresh: createAgent(upstream, via, false) };
      origins.set(key, origin);
    }
    return origin;
  }

  return {
    request(upstream, { method, target, rawHeaders, fresh }) {
      const via = proxy.proxyFor(upstream.protocol, upstream.hostname, upstream.port);
      const origin = originOf(upstream, via);
      const absolute = via !== undefined && upstream.protocol === 'http:';
      if (absolute && isDeniedHost(upstream.hostname)) throw new AddressDeniedError();
      if (absolute && via.authorization !== undefined) rawHeaders.push('Proxy-Authorization', via.authorization);
      const send = (absolute ? via.protocol : upstream.protocol) === 'https:' ? https.request : http.request;
      const request = send({
        method,
        host: absolute ? via.hostname : upstream.hostname,
        port: absolute ? via.port : upstream.port,
        path: absolute ? `http://${upstream.hostHeader}${target}` : target,
        // Node sends a flat array as it is: no case, order or repetition is lost.
        headers: rawHeaders as unknown as http.OutgoingHttpHeaders,
        setHost: false,
        agent: fresh ? origin.fresh : origin.kept,
        maxHeaderSize: MAX_HEADER_BYTES,
      });
      // Node would silently drop what lies beyond 1,000; the size limit is bound enough.
      request.maxHeadersCount = 0;
      return request;
    },
    close() {
      for (const { kept, fresh } of origins.values()) {
        kept.destroy();
        fresh.destroy();
      }
      origins.clear();
    },
  };
}

function connectionMaker(agent: http.Agent): { createConnection: CreateConnection } {
  return agent as unknown as { createConnection: CreateConnection };
}

/** Destroys a socket that is not connected (and secured) within the limit. */
function limitConnecting(socket: Socket, event: 'connect' | 'secureConnect', limitMs: number): Socket {
  const timer = setTimeout(() => socket.destroy(new ConnectTimeoutError()), limitMs);
  const clear = (): void => clearTimeout(timer);
  socket.once(event, clear);
  socket.once('close', clear);
  return socket;
}

function direct(agent: http.Agent, event: 'connect' | 'secureConnect', limitMs: number, judged = true): http.Agent {
  const maker = connectionMaker(agent);
  const create = maker.createConnection.bind(agent);
  maker.createConnection = (options, connected) => {
    // A literal address never passes the lookup.
    if (judged && isDeniedHost(options.host ?? '')) {
      process.nextTick(connected, new AddressDeniedError());
      return undefined;
    }
    const socket = create(options, connected);
    return socket && limitConnecting(socket, event, limitMs);
  };
  return agent;
}

function tunnelled(agent: https.Agent, via: ProxyServer, limitMs: number): http.Agent {
  connectionMaker(agent).createConnection = (options, connected) => {
    const host = options.host ?? '';
    const port = Number(options.port);
    if (isDeniedHost(host)) {
      process.nextTick(connected, new AddressDeniedError());
      return undefined;
    }
    const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    const headers: Record<string, string> = { Host: authority };
    if (via.authorization !== undefined) headers['Proxy-Authorization'] = via.authorization;
    const send = via.protocol === 'https:' ? https.request : http.request;
    const connect = send({ host: via.hostname, port: via.port, method: 'CONNECT', path: authority, headers, agent: false });
    const timer = setTimeout(() => connect.destroy(new ConnectTimeoutError()), limitMs);
    connect.once('error', (error) => {
      clearTimeout(timer);
      connected(error);
    });
    connect.once('response', (response) => {
      // Not every proxy's refusal is seen as the answer to CONNECT (a 4xx with a body is).
      clearTimeout(timer);
      response.destroy();
      connected(new ProxyRefusedError(response.statusCode ?? 0));
    });
    connect.once('connect', (response, socket) => {
      clearTimeout(timer);
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) {
        socket.destroy();
        connected(new ProxyRefusedError(status));
        return;
      }
      const secured = tlsConnect({ ...(options as ConnectionOptions), socket, servername: isIP(host) === 0 ? host : '' });
      connected(null, limitConnecting(secured, 'secureConnect', limitMs));
    });
    connect.end();
    return undefined;
  };
  return agent;
}
