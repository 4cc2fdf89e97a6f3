/**
 * Sessions of the console as signed cookies: `<expiry>.<nonce>.<HMAC>`. Nothing is kept of a session but that it was
 * ended, so that every process that has the secret knows every session.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { CONSOLE_PATH } from '../router.ts';

export const COOKIE_NAME = 'aegis_console';
export const COOKIE_PATH = CONSOLE_PATH;
export const SESSION_MS = 12 * 3_600_000;
/** Sessions that were ended before their time and are remembered until it; the oldest go. */
export const MAX_ENDED = 1_000;
const FORM = /^(\d{1,16})\.([0-9a-f]{32})\.([\w-]{43})$/;

export interface Session {
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly expiresMs: number;
}

export interface Sessions {
  /** A new session's cookie value. */
  open(): string;
  /** The session of a Cookie header (RFC 6265 section 5.4); undefined without a valid one. */
  find(cookieHeader: string | undefined): Session | undefined;
  /** Whether it still holds. */
  isOpen(session: Session): boolean;
  end(nonce: string): void;
}

/** @param secret drawn anew at each start, the same in all processes of a gateway. @param gatewayKey with another key no old session holds. */
export function createSessions(secret: string, gatewayKey: string, nowMs: () => number = Date.now): Sessions {
  const key = createHmac('sha256', secret).update(`console session\n${gatewayKey}`).digest();
  const ended = new Set<string>();
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest();

  function isOpen({ nonce, expiresMs }: Session): boolean {
    return expiresMs > nowMs() && !ended.has(nonce);
  }

  function verified(value: string): Session | undefined {
    const [, expiry, nonce, given] = FORM.exec(value) ?? [];
    if (expiry === undefined || nonce === undefined || given === undefined) return undefined;
    const right = sign(`${expiry}.${nonce}`);
    const told = Buffer.from(given, 'base64url');
    if (told.length !== right.length || !timingSafeEqual(told, right)) return undefined;
    const session = { nonce, expiresMs: Number(expiry) };
    return isOpen(session) ? session : undefined;
  }

  return {
    open() {
      const text = `${nowMs() + SESSION_MS}.${randomBytes(16).toString('hex')}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    find(cookieHeader) {
      // Of several of one name all are looked at: another service of this host may have set one.
      for (const pair of (cookieHeader ?? '').split(';')) {
        const at = pair.indexOf('=');
        if (at === -1 || pair.slice(0, at).trim() !== COOKIE_NAME) continue;
        const session = verified(pair.slice(at + 1).trim());
        if (session !== undefined) return session;
      }
      return undefined;
    },
    isOpen,
    end(nonce) {
      ended.delete(nonce);
      ended.add(nonce);
      const [oldest] = ended;
      if (ended.size > MAX_ENDED && oldest !== undefined) ended.delete(oldest);
    },
  };
}
