/**
 * Who may use the console. It is for the admin addresses only, and not for pages of another origin. Where the key is the
 * default one and nobody but this machine can reach the gateway, that is all; otherwise the key is asked for once.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { checkAdminAddress, sameKey } from '../admin/boundary.ts';
import { DEFAULT_GATEWAY_KEY, isLoopbackHost, type Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { isLoopback } from '../http/address-list.ts';
import { checkOrigin, type Caller } from '../http/caller.ts';
import { joinedHeader } from '../http/raw-headers.ts';
import type { Log } from '../observe/log.ts';
import { createAttempts, type AttemptLimits } from './attempts.ts';
import { COOKIE_NAME, COOKIE_PATH, SESSION_MS, type Session, type Sessions } from './sessions.ts';

export type Login = 'not-needed' | 'needed' | 'in';

/** Too many wrong keys: tells how long to wait. */
class LoginLimitError extends GatewayError {
  readonly #seconds: number;

  constructor(waitMs: number) {
    super('too_many_requests', 'Too many wrong keys; try again later.', 'gateway_key');
    this.#seconds = Math.ceil(waitMs / 1000);
  }

  override get retryAfterSeconds(): number {
    return this.#seconds;
  }
}

export interface Access {
  /**
   * Lets pass what comes from an allowed address and from no foreign page.
   * @throws GatewayError
   */
  check(req: IncomingMessage, caller: Caller): void;
  /**
   * A change must come from the console's own page: the browser has to say so.
   * @throws GatewayError `admin_endpoint_network_restricted`
   */
  checkChange(req: IncomingMessage): void;
  login(req: IncomingMessage, caller: Caller): Login;
  /**
   * The session of a request, where one is needed.
   * @throws GatewayError `console_login_required`
   */
  require(req: IncomingMessage, caller: Caller): Session | undefined;
  /** Opens a session for whoever has the key; returns its Set-Cookie header. @throws GatewayError */
  enter(key: unknown, requestId: string, caller: Caller): string;
  /** Ends the session of a request, if it has one; returns the Set-Cookie header that takes the cookie away. */
  leave(req: IncomingMessage, caller: Caller): string;
}

export interface AccessOptions {
  readonly config: Pick<Config, 'adminAllow' | 'gatewayKey' | 'host'>;
  readonly log: Log;
  /** Known when the first request comes. */
  sessions(): Sessions;
  readonly limits: AttemptLimits;
  /** Tells the other processes that a session was ended. */
  ended(nonce: string): void;
}

export function createAccess({ config, log, sessions, limits, ended }: AccessOptions): Access {
  const attempts = createAttempts(limits);
  const guarded = config.gatewayKey !== DEFAULT_GATEWAY_KEY || !isLoopbackHost(config.host);
  const needsLogin = (caller: Caller): boolean => guarded || !isLoopback(caller.address);
  const sessionOf = (req: IncomingMessage): Session | undefined => sessions().find(joinedHeader(req.rawHeaders, 'cookie', '; '));

  function cookie(value: string, ageSeconds: number, caller: Caller): string {
    const secure = caller.publicBase().startsWith('https:') ? '; Secure' : '';
    return `${COOKIE_NAME}=${value}; Path=${COOKIE_PATH}; Max-Age=${ageSeconds}; HttpOnly; SameSite=Strict${secure}`;
  }

  return {
    check(req, caller) {
      checkAdminAddress(caller, config);
      checkOrigin(req, caller);
    },
    checkChange(req) {
      // Foreign ones are refused already; here at least one of the two has to be there.
      if (joinedHeader(req.rawHeaders, 'origin') !== undefined || joinedHeader(req.rawHeaders, 'sec-fetch-site') === 'same-origin') return;
      throw new GatewayError('admin_endpoint_network_restricted', 'The console\'s calls are taken from its own page; programs call /__gw__/register and its like.', 'Origin');
    },
    login(req, caller) {
      if (!needsLogin(caller)) return 'not-needed';
      return sessionOf(req) === undefined ? 'needed' : 'in';
    },
    require(req, caller) {
      if (!needsLogin(caller)) return undefined;
      const session = sessionOf(req);
      if (session === undefined) throw new GatewayError('console_login_required', 'Log in to the console with the gateway\'s key first.');
      return session;
    },
    enter(key, requestId, caller) {
      // Whatever a trusted proxy has written there: only an address is told and counted.
      const address = caller.address !== undefined && isIP(caller.address) !== 0 ? caller.address : 'unknown';
      const waitMs = attempts.waitMs(address);
      if (waitMs > 0) {
        log.warn('console login refused: too many wrong keys', { id: requestId, address });
        throw new LoginLimitError(waitMs);
      }
      if (key === undefined) throw new GatewayError('missing_params', 'The field "gateway_key" is missing.', 'gateway_key');
      if (typeof key !== 'string' || !sameKey(key, config.gatewayKey)) {
        attempts.failed(address);
        log.warn('console login failed', { id: requestId, address });
        throw new GatewayError('gateway_key_invalid', 'gateway_key is not the gateway\'s key (AEGIS_GATEWAY_KEY).', 'gateway_key');
      }
      log.info('console login', { id: requestId, address });
      return cookie(sessions().open(), SESSION_MS / 1000, caller);
    },
    leave(req, caller) {
      const session = sessionOf(req);
      if (session !== undefined) {
        sessions().end(session.nonce);
        ended(session.nonce);
      }
      return cookie('', 0, caller);
    },
  };
}
