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
import { AddressDeniedError, createGuardedLookup, isDeniedHost, type Resolve } from './address-guard.ts';
import type { ProxyServer, ProxySettings } from './proxy-settings.ts';
import { joinedHeader } from './raw-headers.ts';
import type { Upstream } from './upstream-url.ts';

/** An idle connection is kept so long unless the upstream's Keep-Alive header says less. Below the common 60 s of balancers. */
const FREE_SOCKET_TIMEOUT_MS = 55_000;
const MAX_FREE_SOCKETS = 128;
/** A connection is given up so long before the upstream says that it will. */
const HINT_MARGIN_MS = 1_000;
/** First probe of an idle connection, as Node's Agent has it. */
const TCP_KEEP_ALIVE_MS = 1_000;
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
  /** Resolves names; node:dns where none is given. */
  readonly resolve?: Resolve | undefined;
  /** Whether what listens at an address is the gateway itself. */
  isOwn?(address: string, port: number): boolean;
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
  readonly via: ProxyServer | undefined;
  readonly kept: http.Agent;
  readonly fresh: http.Agent;
}

type AgentOptions = http.AgentOptions & { readonly lookup: ReturnType<typeof createGuardedLookup> };
/** What an Agent hands to createConnection: the agent's and the request's options in one. */
type ConnectOptions = { host?: string; port?: number | string; servername?: string };
type Connected = (error: Error | null, socket?: Socket) => void;
/** Agent's method of making a socket, which the type definitions leave out. */
type CreateConnection = (options: ConnectOptions, connected: Connected) => Socket | undefined;

export function createUpstreamClient({ proxy, connectTimeoutMs, resolve, isOwn = () => false }: UpstreamClientOptions): UpstreamClient {
  const origins = new Map<string, Origin>();
  /** The same by the token table's objects, which spares most requests the key. */
  const seenOrigins = new WeakMap<Upstream, Origin>();

  function createAgent(upstream: Upstream, via: ProxyServer | undefined, keepAlive: boolean): http.Agent {
    const options: AgentOptions = {
      keepAlive,
      maxFreeSockets: MAX_FREE_SOCKETS,
      // The one used last is the least likely to have gone stale.
      scheduling: 'lifo',
      lookup: createGuardedLookup(resolve, (address) => isOwn(address, upstream.port)),
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

  function originOf(upstream: Upstream): Origin {
    const seen = seenOrigins.get(upstream);
    if (seen !== undefined) return seen;
    const key = `${upstream.protocol}//${upstream.hostHeader}`;
    let origin = origins.get(key);
    if (origin === undefined) {
      const via = proxy.proxyFor(upstream.protocol, upstream.hostname, upstream.port);
      origin = { via, kept: forOneOrigin(createAgent(upstream, via, true)), fresh: forOneOrigin(createAgent(upstream, via, false)) };
      origins.set(key, origin);
    }
    seenOrigins.set(upstream, origin);
    return origin;
  }

  return {
    request(upstream, { method, target, rawHeaders, fresh }) {
      const origin = originOf(upstream);
      const { via } = origin;
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
        // Node would look for it in the headers, which it can't read in this form.
        servername: upstream.protocol === 'http:' ? '' : undefined,
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

/** What an Agent asks about a socket that falls idle; the type definitions leave out the request it was last used by. */
type IdleSocket = Socket & { readonly _httpMessage?: { readonly res?: http.IncomingMessage } | null };

const NAME = 'origin';

/** How many bytes each kept connection had read when it fell idle. */
const idleReads = new WeakMap<Socket, number>();

/** Whether bytes have come that may be this request's answer. Its socket may be closed by now. */
export function hasBeenAnswered({ socket }: http.ClientRequest): boolean {
  return socket !== null && socket.bytesRead !== (idleReads.get(socket) ?? 0);
}

/** Whether an idle connection is still good: open, and nothing has come on it that nobody had asked for. */
function isUsable(socket: Socket): boolean {
  return !socket.destroyed && socket.writable && socket.bytesRead === idleReads.get(socket);
}

/** What an Agent keeps and does, as far as the type definitions leave it out. */
interface Pool {
  readonly freeSockets: Record<string, Socket[] | undefined>;
  readonly sockets: Record<string, Socket[] | undefined>;
  addRequest(request: http.ClientRequest, options: unknown): void;
}

/**
 * Spares the agent of a single origin what Node does for many: a name built of a request's options, a header object
 * built of each answer to look for Keep-Alive, and a time limit set and taken back for each request.
 */
function forOneOrigin(agent: http.Agent): http.Agent {
  agent.getName = () => NAME;
  const pool = agent as unknown as Pool;
  const addRequest = pool.addRequest.bind(agent);
  pool.addRequest = (request, options) => {
    const free = pool.freeSockets[NAME];
    let socket = free?.pop();
    while (socket !== undefined && !isUsable(socket)) {
      socket.destroy();
      socket = free?.pop();
    }
    if (socket === undefined) {
      addRequest(request, options);
      return;
    }
    agent.reuseSocket(socket, request);
    request.onSocket(socket);
    (pool.sockets[NAME] ??= []).push(socket);
  };
  agent.keepSocketAlive = (socket: IdleSocket) => {
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    socket.unref();
    idleReads.set(socket, socket.bytesRead);
    const idleMs = idleLimitMs(joinedHeader(socket._httpMessage?.res?.rawHeaders ?? [], 'keep-alive'));
    // Of idle connections: the Agent lets those in use be, whose silence is the exchange's to judge.
    if (socket.timeout !== idleMs) socket.setTimeout(idleMs);
    return idleMs > 0;
  };
  return agent;
}

/** How long a connection may be kept: less than the upstream's hint, so that it is not closed just when it is used. */
function idleLimitMs(keepAlive: string | undefined): number {
  const hintedSeconds = keepAlive === undefined ? undefined : /^timeout=(\d+)/.exec(keepAlive)?.[1];
  if (hintedSeconds === undefined) return FREE_SOCKET_TIMEOUT_MS;
  return Math.max(0, Math.min(FREE_SOCKET_TIMEOUT_MS, Number(hintedSeconds) * 1000 - HINT_MARGIN_MS));
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
