/**
 * Where tokens are registered, looked up and taken away: the gateway that runs, or the token file when none does.
 *
 * Which of the two is decided by connecting. Only a refused connection means that no gateway runs; whatever else is there
 * is an error, so that a gateway with another token file is never passed by.
 */
import type { Config } from '../../config.ts';
import { tokenFingerprint } from '../../tokens/token.ts';
import { UsageError } from '../command.ts';
import { gatewayBase } from './address.ts';
import { callsOfGateway, callsOnFile, RefusedError, type AdminCalls } from './admin-calls.ts';
import { isObject, whoIsThere } from './gateway-call.ts';
import { readTokenName } from './token-name.ts';

/** What a registration may set. Checked by whoever registers. */
export interface RegisterSettings {
  readonly mode?: string;
  readonly level?: string;
  readonly note?: string;
}

export interface Registered {
  readonly baseUrl: string;
  readonly fingerprint: string;
  readonly alreadyRegistered: boolean;
}

/** A token as it may be shown. */
export interface ListedToken {
  /** The first and last characters. */
  readonly token: string;
  readonly fingerprint: string;
  readonly upstreamBase: string;
  readonly mode: string;
  /** null: the gateway's own. */
  readonly level: string | null;
  readonly note: string;
  /** Since the gateway's start; null where no gateway runs that has counted. */
  readonly requests: number | null;
  readonly findings: number | null;
  /** ISO time; null = not since the start, or not known. */
  readonly lastUsed: string | null;
}

export interface TokenDesk {
  readonly through: 'gateway' | 'file';
  /** The gateway's address, or the token file's path. */
  readonly where: string;
  /** One line for people: through which of the two. */
  readonly told: string;
  /** @throws UsageError with what is wrong with the upstream or a setting. */
  register(upstreamBase: string, settings: RegisterSettings): Promise<Registered>;
  /** undefined: not registered. */
  lookup(upstreamBase: string): Promise<Registered | undefined>;
  list(): Promise<readonly ListedToken[]>;
  /** @param name a token, its fingerprint, its base URL or its upstream_base. False when there is no such token. */
  unregister(name: string): Promise<boolean>;
}

/**
 * @param url the value of --url: that gateway, and no file in its place
 * @throws UsageError when something else answers, or nobody can say what is there
 */
export async function openDesk(config: Config, url: string | undefined): Promise<TokenDesk> {
  const base = gatewayBase(config, url);
  const there = await whoIsThere(base);
  switch (there.kind) {
    case 'gateway':
      return createDesk(callsOfGateway(base, config.gatewayKey), `through the gateway at ${base}`);
    case 'nobody':
      if (url !== undefined) throw new UsageError(`no gateway runs at ${base}`);
      return onFile(config, base);
    case 'other':
      throw new UsageError(`what answers at ${base} is not AegisGate (${there.what}); nothing was done. Set AEGIS_HOST and AEGIS_PORT as the gateway has them, or give its address with --url; aegisgate doctor tells who holds the port`);
    case 'unknown':
      throw new UsageError(`whether a gateway runs at ${base} can't be said (${there.what}); nothing was done. Set AEGIS_HOST and AEGIS_PORT as the gateway has them, or give its address with --url`);
  }
}

async function onFile(config: Config, base: string): Promise<TokenDesk> {
  const calls = await callsOnFile(config, base);
  return createDesk(calls, `no gateway runs at ${base}: in the token file ${calls.where}`);
}

/** @param told one line for people: through which of the two. */
export function createDesk({ through, where, call }: AdminCalls, told: string): TokenDesk {
  /** What one of these codes says is an answer; other refusals are the user's to mend. */
  async function ask(name: Parameters<typeof call>[0], fields: Readonly<Record<string, unknown>>, ...answers: readonly string[]): Promise<Record<string, unknown> | undefined> {
    try {
      return await call(name, fields);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (answers.includes(error.code)) return undefined;
      throw new UsageError(error.message);
    }
  }

  async function lookup(upstreamBase: string): Promise<(Registered & { readonly token: string }) | undefined> {
    const body = await ask('lookup', { upstream_base: upstreamBase }, 'not_found');
    return body && registered(body);
  }

  return {
    through,
    where,
    told,
    async register(upstreamBase, settings) {
      return registered((await ask('register', { upstream_base: upstreamBase, ...settings })) ?? {});
    },
    lookup,
    async list() {
      const body = await ask('tokens', {}, 'not_found');
      const listed = body?.['tokens'];
      if (!Array.isArray(listed)) throw new UsageError(`the gateway at ${where} is an older one that does not list its tokens; restart it with this version`);
      return listed.filter(isObject).map((entry) => listedToken(entry, through === 'gateway'));
    },
    async unregister(name) {
      const meant = readTokenName(name);
      const token = 'token' in meant ? meant.token : (await lookup(meant.upstreamBase))?.token;
      return token !== undefined && (await ask('unregister', { token }, 'token_not_found')) !== undefined;
    },
  };
}

function registered(body: Record<string, unknown>): Registered & { readonly token: string } {
  const { token, baseUrl } = body;
  if (typeof token !== 'string' || typeof baseUrl !== 'string') throw new UsageError('what the gateway answered names no token');
  return { token, baseUrl, fingerprint: tokenFingerprint(token), alreadyRegistered: body['already_registered'] === true };
}

function listedToken(entry: Record<string, unknown>, counted: boolean): ListedToken {
  const text = (name: string): string => (typeof entry[name] === 'string' ? entry[name] : '');
  const count = (name: string): number | null => (counted && typeof entry[name] === 'number' ? entry[name] : null);
  return {
    token: text('token'),
    fingerprint: text('fingerprint'),
    upstreamBase: text('upstream_base'),
    mode: text('mode'),
    level: text('level') === '' ? null : text('level'),
    note: text('note'),
    requests: count('requests'),
    findings: count('findings'),
    lastUsed: text('last_used') === '' ? null : text('last_used'),
  };
}
