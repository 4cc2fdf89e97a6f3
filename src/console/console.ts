/**
 * The console's side of the server: its page's files, and what the page asks. Everything but the page, the state of the
 * session and the login needs a session where a login is needed.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFields } from '../admin/boundary.ts';
import type { AdminEndpoints } from '../admin/endpoints.ts';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import type { Caller } from '../http/caller.ts';
import { REQUEST_ID_HEADER, sendText } from '../http/error-response.ts';
import { joinedHeader } from '../http/raw-headers.ts';
import type { Log } from '../observe/log.ts';
import { together, type Question, type Seen } from '../observe/observer.ts';
import type { Trial } from '../protection/trial.ts';
import { CONSOLE_PATH, type ConsoleRoute } from '../router.ts';
import { readVersion } from '../version.ts';
import { createAccess } from './access.ts';
import { sendAsset, setCommonHeaders } from './answer.ts';
import { readAssets, type Assets } from './assets.ts';
import { ATTEMPT_LIMITS } from './attempts.ts';
import { clientList, settingsOf } from './clients.ts';
import { createFeed } from './feed.ts';
import { overviewOf } from './overview.ts';
import { printExchange } from './record.ts';
import { createSessions, type Session, type Sessions } from './sessions.ts';
import { createTry, MAX_TRY_BYTES } from './try.ts';

/** A single process is asked for nothing. */
const ALONE_INTERVAL_MS = 250;
const SHARED_INTERVAL_MS = 1_000;

/** What is known once the gateway listens. */
export interface ConsoleStart {
  /** For signing, drawn anew at each start: the same in all processes. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
}

export interface ConsoleParts {
  readonly config: Pick<Config, 'adminAllow' | 'gatewayKey' | 'host' | 'securityLevel' | 'workers'>;
  readonly log: Log;
  readonly admin: AdminEndpoints;
  readonly trial: Trial;
  ask(question: Question): Promise<readonly Seen[]>;
  start(): ConsoleStart;
  /** Tells the other processes that a session was ended. */
  sessionEnded(nonce: string): void;
  readonly pingMs?: number | undefined;
}

export interface ConsoleCall extends Pick<ConsoleRoute, 'rest' | 'query'> {
  readonly requestId: string;
  readonly caller: Caller;
  readonly expectsContinue: boolean;
}

export interface Console {
  /** @throws GatewayError */
  answer(req: IncomingMessage, res: ServerResponse, call: ConsoleCall): Promise<void>;
  /** Another process has ended a session. */
  endSession(nonce: string): void;
  /** Ends the streams of all who watch. */
  close(): void;
  readonly watchers: number;
}

interface Visit extends ConsoleCall {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly session: Session | undefined;
  /** The parts of the path that the endpoint's pattern leaves open. */
  readonly names: readonly string[];
}

interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** Whether it is answered without a session. */
  readonly open?: true;
  run(visit: Visit): Promise<void> | void;
}

export function createConsole({ config, log, admin, trial, ask, start, sessionEnded, pingMs }: ConsoleParts): Console {
  const version = readVersion();
  let assets: Assets | undefined;
  let sessions: Sessions | undefined;
  const theSessions = (): Sessions => (sessions ??= createSessions(start().secret, config.gatewayKey));
  const share = (limit: number): number => Math.max(1, Math.floor(limit / config.workers));
  const access = createAccess({
    config,
    log,
    sessions: theSessions,
    limits: { perAddress: share(ATTEMPT_LIMITS.perAddress), inAll: share(ATTEMPT_LIMITS.inAll) },
    ended: sessionEnded,
  });
  const feed = createFeed({ ask, intervalMs: config.workers > 1 ? SHARED_INTERVAL_MS : ALONE_INTERVAL_MS, print: printExchange, pingMs });
  const tryText = createTry(trial);

  const send = ({ res, requestId }: Visit, body: unknown, headers: readonly string[] = []): void => {
    sendText(res, 200, 'application/json', JSON.stringify(body), [REQUEST_ID_HEADER, requestId, ...headers]);
  };

  /** One of the admin calls, with the session in the key's stead. */
  async function administer(visit: Visit, name: 'tokens' | 'register' | 'update' | 'unregister'): Promise<void> {
    const fields = name === 'tokens' ? {} : await readFields(visit.req);
    const body = await admin.call(name, fields, visit.caller);
    if (name !== 'tokens') log.info('admin', { id: visit.requestId, call: name, from: 'console' });
    if (name !== 'register') {
      send(visit, body);
      return;
    }
    // The token itself is in the base URL and nowhere else.
    const { token, baseUrl, already_registered: known = false } = body;
    send(visit, { ...(await admin.call('update', { token }, visit.caller)), baseUrl, already_registered: known });
  }

  function login({ req, caller }: Visit): Record<string, unknown> {
    return { login: access.login(req, caller), level: config.securityLevel, version, workers: config.workers, started: new Date(start().startedMs).toISOString() };
  }

  function page({ req, res, names: [name = ''] }: Visit): void {
    assets ??= readAssets();
    if (assets === undefined) {
      sendText(res, 503, 'text/plain; charset=utf-8', 'The console has not been built: run `npm run build` and load this page again.\n');
      return;
    }
    const asset = assets.get(name);
    if (asset === undefined) throw nothingHere();
    sendAsset(req, res, asset);
  }

  const endpoints: readonly Endpoint[] = [
    { method: 'GET', path: /^\/?$/, open: true, run: page },
    { method: 'GET', path: /^\/([\w-]{1,64}(?:\.[\w-]{1,16}){1,3})$/, open: true, run: page },
    { method: 'GET', path: /^\/session$/, open: true, run: (visit) => send(visit, login(visit)) },
    {
      method: 'POST',
      path: /^\/login$/,
      open: true,
      async run(visit) {
        const { gateway_key: key } = await readFields(visit.req);
        const cookie = access.enter(key, visit.requestId, visit.caller);
        send(visit, { ...login(visit), login: 'in' }, ['Set-Cookie', cookie]);
      },
    },
    { method: 'POST', path: /^\/logout$/, open: true, run: (visit) => send(visit, { ok: true }, ['Set-Cookie', access.leave(visit.req, visit.caller)]) },
    {
      method: 'GET',
      path: /^\/exchanges$/,
      run({ req, res, query, session }) {
        if (req.method === 'HEAD') throw new GatewayError('method_not_allowed', 'This takes GET.', null, ['Allow', 'GET']);
        const after = Number((joinedHeader(req.rawHeaders, 'last-event-id') ?? new URLSearchParams(query).get('after')) || NaN);
        return feed.watch(res, {
          after: Number.isSafeInteger(after) && after >= 0 ? after : undefined,
          mayStay: () => session === undefined || theSessions().isOpen(session),
        });
      },
    },
    { method: 'GET', path: /^\/overview$/, run: async (visit) => send(visit, overviewOf(together(await ask({ of: 'hour' })).hour, Date.now())) },
    { method: 'GET', path: /^\/tokens$/, run: (visit) => administer(visit, 'tokens') },
    { method: 'POST', path: /^\/register$/, run: (visit) => administer(visit, 'register') },
    { method: 'POST', path: /^\/update$/, run: (visit) => administer(visit, 'update') },
    { method: 'POST', path: /^\/unregister$/, run: (visit) => administer(visit, 'unregister') },
    { method: 'GET', path: /^\/tokens\/([0-9a-f]{8})\/base$/, run: async (visit) => send(visit, { baseUrl: (await admin.base(visit.names[0] ?? '', visit.caller)).baseUrl }) },
    { method: 'GET', path: /^\/clients$/, run: (visit) => send(visit, { clients: clientList() }) },
    {
      method: 'GET',
      path: /^\/clients\/([a-z0-9-]{1,40})$/,
      async run(visit) {
        const fingerprint = new URLSearchParams(visit.query).get('fingerprint') ?? '';
        const { baseUrl, upstream } = await admin.base(fingerprint, visit.caller);
        const client = settingsOf(visit.names[0] ?? '', baseUrl, upstream);
        if (client === undefined) throw new GatewayError('not_found', 'There is no client of this name.');
        send(visit, client);
      },
    },
    {
      method: 'POST',
      path: /^\/try$/,
      run: async (visit) => send(visit, await tryText(await readFields(visit.req, MAX_TRY_BYTES))),
    },
  ];

  return {
    async answer(req, res, call) {
      setCommonHeaders(res);
      access.check(req, call.caller);
      const here = endpoints.flatMap((endpoint) => {
        const found = endpoint.path.exec(call.rest);
        return found === null ? [] : [{ endpoint, names: found.slice(1) }];
      });
      const method = req.method === 'HEAD' ? 'GET' : req.method;
      const chosen = here.find(({ endpoint }) => endpoint.method === method);
      if (chosen === undefined) {
        const [other] = here;
        if (other === undefined) throw nothingHere();
        throw new GatewayError('method_not_allowed', `This takes ${other.endpoint.method}.`, null, ['Allow', other.endpoint.method]);
      }
      const { endpoint, names } = chosen;
      if (endpoint.method === 'POST') access.checkChange(req);
      const session = endpoint.open === true ? undefined : access.require(req, call.caller);
      if (call.expectsContinue) res.writeContinue();
      await endpoint.run({ ...call, req, res, session, names });
    },
    endSession: (nonce) => theSessions().end(nonce),
    close: () => feed.close(),
    get watchers() {
      return feed.watchers;
    },
  };
}

function nothingHere(): GatewayError {
  return new GatewayError('not_found', `Nothing is here; the console is at ${CONSOLE_PATH}.`);
}
