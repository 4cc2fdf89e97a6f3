/** createGateway(config): builds the parts and owns the http.Server. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { checkAdminAddress, readAdminCall } from './admin/boundary.ts';
import { createAdminEndpoints } from './admin/endpoints.ts';
import type { Config } from './config.ts';
import { createConsole, type ConsoleStart } from './console/console.ts';
import { GatewayError, MessageError, safeTrace } from './errors.ts';
import type { Resolve } from './http/address-guard.ts';
import { checkHost, checkMessage, readCaller, type Caller } from './http/caller.ts';
import { mostConnections } from './http/descriptors.ts';
import { sendError, sendJson, sendText, writeRawError } from './http/error-response.ts';
import { withoutForwarding } from './http/forwarding.ts';
import { joinedHeader } from './http/raw-headers.ts';
import { RequestMessage } from './http/request-message.ts';
import { createUpstreamClient, MAX_HEADER_BYTES } from './http/upstream.ts';
import { createUpstreamPolicy } from './http/upstream-policy.ts';
import { openAudit } from './observe/audit.ts';
import type { Log } from './observe/log.ts';
import { createMetrics } from './observe/metrics.ts';
import { printProcessMetrics } from './observe/process-metrics.ts';
import { createObserver, together, type Question, type Seen } from './observe/observer.ts';
import type { FilterSource } from './pipeline/filter.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { createRequestIds } from './pipeline/request-ids.ts';
import { openProtection } from './protection/open.ts';
import { route, splitTarget, type AdminCall, type TokenRoute } from './router.ts';
import { openTokenStore } from './tokens/store.ts';
import type { TokenEntry } from './tokens/table.ts';
import { readVersion } from './version.ts';
import { createPlaces } from './workers/places.ts';
import type { Shared } from './workers/shared.ts';

/** Clients reuse connections across a tool's run; Node's default of 5 s would make them meet closed ones. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const HEADERS_TIMEOUT_MS = 60_000;
/** Finds clients that are gone without a word. */
const TCP_KEEP_ALIVE_MS = 60_000;
/** What goes on is said once in so long. */
const TELL_AGAIN_MS = 60_000;
const SERVICE = { service: 'aegisgate', status: 'ok' };

export interface Gateway {
  /** Starts to listen; resolves with the address, e.g. `http://127.0.0.1:18080`. */
  listen(): Promise<string>;
  /**
   * Stops accepting, lets running exchanges finish and resolves; true when none had to be cut.
   * @param graceMs how long they may take; then they are cut.
   */
  drain(graceMs: number): Promise<boolean>;
  /**
   * Stops accepting for good while another process goes on: what comes on connections that are open is still served,
   * each answer closes its connection. Resolves when the last one is over.
   */
  retire(): Promise<void>;
  /** Cuts everything at once. */
  cut(): void;
  /** The metrics of this process, as Prometheus text. */
  metrics(): string;
  /** Looks at the token file now. */
  refreshTokens(): void;
  /** Another process has ended a session of the console. */
  endConsoleSession(nonce: string): void;
  readonly tokenCount: number;
  readonly tokensPath: string;
}

export interface GatewayParts {
  readonly log: Log;
  /** Further filters, after the gateway's own. */
  readonly filterSources?: readonly FilterSource[];
  /** What it has in common with other processes; undefined when it is the only one. */
  readonly shared?: Shared | undefined;
  /** Resolves upstreams' names; node:dns where none is given. */
  readonly resolve?: Resolve;
  /** How often those who watch the console hear that the gateway is there; 15 s unless said. */
  readonly consolePingMs?: number;
}

export async function createGateway(config: Config, { log, filterSources = [], shared, resolve, consolePingMs }: GatewayParts): Promise<Gateway> {
  const metrics = createMetrics();
  const store = await openTokenStore(config.tokensPath, log, shared?.tokensChanged);
  const audit = shared?.audit ?? openAudit({ path: config.auditLogPath, log });
  const protection = await openProtection(config, { log, audit, count: metrics.found, remember: shared?.remember });
  shared?.useVault(protection.vault);
  const places = shared?.places ?? createPlaces();
  const server: Server = createServer({
    IncomingMessage: RequestMessage,
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    // A large body over a slow line takes as long as it takes; one that stands still is ended by the exchange.
    requestTimeout: 0,
    // Node's own refusal of a request without Host has no envelope; checkMessage's has.
    requireHostHeader: false,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    noDelay: true,
  });
  // Node would silently drop headers beyond its count; the size limit is bound enough.
  server.maxHeadersCount = 0;
  const most = mostConnections();
  if (most !== undefined) server.maxConnections = most;
  let toldAtMs = -Infinity;
  server.on('drop', () => {
    metrics.refused('gateway_busy');
    if (performance.now() - toldAtMs < TELL_AGAIN_MS) return;
    toldAtMs = performance.now();
    log.warn('file descriptors are short: connections are closed until others end; raise the limit (ulimit -n)', { connections: most });
  });

  const newRequestId = createRequestIds();
  let listeningPort = 0;
  const ownPort = (): number => listeningPort;
  const policy = createUpstreamPolicy(config, ownPort, resolve);
  const observer = createObserver();
  shared?.useObserver(observer);
  /** What this process and the others have seen. */
  const ask = async (question: Question): Promise<readonly Seen[]> => [observer.answer(question), ...((await shared?.ask(question)) ?? [])];
  const admin = createAdminEndpoints(store, policy, async () => together(await ask({ of: 'uses' })).uses);
  const alone: ConsoleStart = { secret: randomBytes(32).toString('hex'), startedMs: Date.now() };
  const consolePages = createConsole({
    config,
    log,
    admin,
    trial: protection.trial,
    ask,
    start: () => shared?.consoleStart() ?? alone,
    sessionEnded: (nonce) => shared?.sessionEnded(nonce),
    pingMs: consolePingMs,
  });
  const upstreams = createUpstreamClient({
    proxy: config.proxy,
    connectTimeoutMs: config.upstreamConnectTimeoutMs,
    resolve,
    isOwn: policy.isOwn,
  });
  let draining = false;
  /** Another process goes on: connections are not kept, but what comes on those that are open is served. */
  let retiring = false;
  const pipeline = createPipeline({ config, upstreams, log, metrics, observer, filterSources: [protection.source, ...filterSources], draining: () => draining || retiring }, policy);

  const printMetrics = (): string => metrics.print() + printProcessMetrics();
  const connections = new Set<Socket>();
  /** Connections beyond the limit: told so and closed, rather than left to wonder. They take nobody's place. */
  const surplus = new WeakSet<Socket>();
  /** Connections of which it is not known yet whether there is a place for them. */
  const waiting = new WeakMap<Socket, Promise<void>>();
  metrics.gauge('aegis_client_connections', 'Connections from clients.', () => connections.size);
  metrics.gauge('aegis_tokens', 'Registered tokens.', () => store.size);
  metrics.gauge('aegis_console_watchers', 'Open pages of the console that follow the exchanges.', () => consolePages.watchers);
  metrics.info('aegis_build_info', 'The version that runs, and of Node.', { version: readVersion(), node: process.version });

  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    if (config.maxConnections === 0) return;
    const free = places.take('connections', config.maxConnections);
    if (typeof free === 'boolean') seat(socket, free);
    else waiting.set(socket, free.then((known) => seat(socket, known)));
  });

  function seat(socket: Socket, free: boolean): void {
    waiting.delete(socket);
    if (!free) surplus.add(socket);
    else if (socket.destroyed) places.give('connections');
    else socket.once('close', () => places.give('connections'));
  }

  /** Answers in the same tick where nothing has to be waited for. */
  function answer(req: IncomingMessage, res: ServerResponse, requestId: string, expectsContinue: boolean): Promise<void> | undefined {
    const seated = config.maxConnections === 0 ? undefined : waiting.get(req.socket);
    if (seated !== undefined) return seated.then(() => answer(req, res, requestId, expectsContinue));
    if (surplus.has(req.socket)) {
      throw new GatewayError('gateway_busy', 'The gateway has as many connections as AEGIS_MAX_CONNECTIONS allows.');
    }
    const method = req.method ?? '';
    const { authority, path } = splitTarget(req.url ?? '');
    checkMessage(req);
    checkHost(req, authority, config);
    const caller = readCaller(req, config, authority);
    const found = route(method, path, () => caller.publicBase());
    switch (found.kind) {
      case 'health':
        sendJson(res, 200, SERVICE, requestId);
        return undefined;
      case 'ready':
        sendJson(res, draining ? 503 : 200, { service: 'aegisgate', status: draining ? 'draining' : 'ready' }, requestId);
        return undefined;
      default:
    }
    if (found.kind === 'metrics') {
      checkAdminAddress(caller, config);
      const print = (text: string): void => sendText(res, 200, 'text/plain; version=0.0.4; charset=utf-8', text);
      if (shared !== undefined) return shared.metrics().then(print);
      print(printMetrics());
      return undefined;
    }
    if (draining) throw new GatewayError('gateway_draining', 'The gateway is shutting down; try again in a moment.');
    if (found.kind === 'console') return consolePages.answer(req, res, { rest: found.rest, query: found.query, requestId, caller, expectsContinue });
    if (found.kind === 'admin') return administer(req, res, requestId, found.call, caller, expectsContinue);
    return tokenRoute(req, res, requestId, found, caller, expectsContinue);
  }

  async function administer(req: IncomingMessage, res: ServerResponse, requestId: string, call: AdminCall, caller: Caller, expectsContinue: boolean): Promise<void> {
    if (expectsContinue) res.writeContinue();
    const fields = await readAdminCall(req, caller, config);
    const body = await admin.call(call, fields, caller);
    log.info('admin', { id: requestId, call });
    sendJson(res, 200, body, requestId);
  }

  function tokenRoute(req: IncomingMessage, res: ServerResponse, requestId: string, found: TokenRoute, caller: Caller, expectsContinue: boolean): Promise<void> | undefined {
    const entry = store.get(found.token);
    const go = (known: typeof entry): void => {
      if (known === undefined) {
        throw new GatewayError('token_not_found', 'This token is not registered here. Register the upstream again with POST /__gw__/register and use the baseUrl it returns.', 'token');
      }
      if (joinedHeader(req.rawHeaders, 'upgrade')?.trim().toLowerCase() === 'websocket') {
        throw new GatewayError('websocket_not_supported', 'WebSocket is not supported on token routes; use HTTP.', 'Upgrade');
      }
      if (found.kind === 'probe') sendJson(res, 200, SERVICE, requestId);
      // Gone while the token was looked for or a place was waited for: nobody is there to close what would be opened.
      else if (!res.destroyed) {
        if (!config.trustedProxies.empty && config.trustedProxies.has(req.socket.remoteAddress)) req.rawHeaders = withoutForwarding(req.rawHeaders);
        pipeline.forward(req, res, { requestId, route: found, entry: known, caller, expectsContinue });
      }
    };
    if (entry === undefined) return store.find(found.token).then((known) => (known === undefined ? go(known) : seatRequest(res, known, go)));
    return seatRequest(res, entry, go);
  }

  /** The limit of a token's requests is the pipeline's, but where several processes keep it together. */
  function seatRequest(res: ServerResponse, entry: TokenEntry, go: (entry: TokenEntry) => void): Promise<void> | undefined {
    const most = config.maxConcurrentPerToken;
    if (shared === undefined || most === 0) {
      go(entry);
      return undefined;
    }
    const kind = `token ${entry.token}`;
    return Promise.resolve(places.take(kind, most)).then((free) => {
      if (!free) throw new GatewayError('too_many_requests', `This token has ${most} requests under way, the most that AEGIS_MAX_CONCURRENT_PER_TOKEN allows.`);
      if (res.destroyed) places.give(kind);
      else res.once('close', () => places.give(kind));
      go(entry);
    });
  }

  /** Connections on which a message was none: what still comes on them is nobody's request. */
  const distrusted = new WeakSet<Socket>();

  function handle(req: IncomingMessage, res: ServerResponse, expectsContinue: boolean): void {
    // Pipelined behind another request, and begun when its turn has come: what is sent ahead costs nothing but its head.
    if (res.socket === null) {
      res.once('socket', () => handle(req, res, expectsContinue));
      return;
    }
    // Node has read on by the time that the answer closes the connection.
    if (distrusted.has(req.socket)) return;
    const requestId = newRequestId();
    try {
      const waited = answer(req, res, requestId, expectsContinue);
      waited?.catch((error: unknown) => refuse(req, res, requestId, error, expectsContinue));
    } catch (error) {
      refuse(req, res, requestId, error, expectsContinue);
    }
  }

  /** The answer to whatever kept a request from becoming an exchange. */
  function refuse(req: IncomingMessage, res: ServerResponse, requestId: string, error: unknown, expectsContinue: boolean): void {
    req.on('error', () => {});
    res.on('error', () => {});
    if (res.headersSent || res.destroyed) {
      res.destroy();
      return;
    }
    if (!(error instanceof GatewayError)) {
      const { name, code, at } = safeTrace(error);
      log.error('request failed', { id: requestId, error: name, code, at });
    }
    const told = error instanceof GatewayError ? error : new GatewayError('internal_error', 'The gateway failed on this request; its log has the place under this request id.');
    if (told instanceof MessageError) distrusted.add(req.socket);
    metrics.refused(told.code);
    log.info('refused', { id: requestId, code: told.code, status: told.status });
    const extra: string[] = [];
    if (told.code === 'websocket_not_supported') extra.push('Connection', 'close, Upgrade', 'Upgrade', 'HTTP/1.1');
    else if (!(told instanceof MessageError) && (expectsContinue || surplus.has(req.socket) || draining || retiring)) extra.push('Connection', 'close');
    sendError(res, told, requestId, extra);
  }

  server.on('request', (req, res) => handle(req, res, false));
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => handle(req, res, true));
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => handle(req, res, false));
  server.on('connect', (_req: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {});
    writeRawError(socket, new GatewayError('method_not_allowed', 'CONNECT is not supported: this is a gateway, not a forward proxy.'), newRequestId());
  });
  /** Connections whose parser has failed: it says so again with whatever still comes. */
  const failed = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (failed.has(socket) || distrusted.has(socket)) return;
    failed.add(socket);
    const open = openResponse(socket);
    // An answer that has begun to a request that now fails can't be taken back; a second one would pass for its rest.
    if (error.code === 'ECONNRESET' || !socket.writable || (open !== undefined && !open.req.complete && open.headersSent)) {
      socket.destroy();
      return;
    }
    if (open?.req.complete === true) {
      // What failed came behind a request whose answer is under way: that one is not to be replaced.
      open.once('close', () => socket.destroySoon());
      return;
    }
    const told =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? new GatewayError('request_headers_too_large', `The request's headers are larger than ${MAX_HEADER_BYTES} bytes.`)
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? new GatewayError('request_timeout', 'The request\'s headers did not arrive in time.')
          : new GatewayError('invalid_parameters', 'The request is not valid HTTP/1.1.');
    metrics.refused(told.code);
    writeRawError(socket, told, newRequestId());
  });

  let closed: Promise<void> | undefined;
  /** Resolves when the last connection is closed. */
  function stopAccepting(): Promise<void> {
    consolePages.close();
    closed ??= new Promise((resolve) => {
      // A connection that falls idle meanwhile is closed by its answer's Connection: close; one whose client sends
      // nothing more is found here.
      const sweep = setInterval(() => server.closeIdleConnections(), 100);
      server.close(() => {
        clearInterval(sweep);
        resolve();
      });
      server.closeIdleConnections();
    });
    return closed;
  }

  function close(): void {
    pipeline.close();
    store.close();
    upstreams.close();
    protection.close();
  }

  return {
    get tokenCount() {
      return store.size;
    },
    tokensPath: store.path,
    async listen() {
      const address = await listen(server, config);
      listeningPort = (server.address() as AddressInfo).port;
      return address;
    },
    async drain(graceMs) {
      draining = true;
      const closed = stopAccepting();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), graceMs);
      });
      const whole = await Promise.race([closed.then(() => true), late]);
      clearTimeout(timer);
      if (!whole) server.closeAllConnections();
      close();
      await audit.flush();
      return whole;
    },
    async retire() {
      retiring = true;
      await stopAccepting();
      // A drain that came meanwhile ends it.
      if (draining) return;
      close();
      await audit.flush();
    },
    metrics: printMetrics,
    refreshTokens: () => void store.refresh(),
    endConsoleSession: (nonce) => consolePages.endSession(nonce),
    cut() {
      draining = true;
      consolePages.close();
      server.close();
      for (const socket of connections) socket.destroy();
      close();
      void audit.flush();
    },
  };
}

/** Node keeps the response that a socket is being written by on the socket itself. */
function openResponse(socket: Socket): ServerResponse | undefined {
  return '_httpMessage' in socket ? ((socket._httpMessage as ServerResponse | null) ?? undefined) : undefined;
}

function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const { address, family, port: taken } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}
