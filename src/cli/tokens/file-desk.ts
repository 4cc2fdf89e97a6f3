/** Tokens on the token file, while no gateway runs: by the gateway's own endpoints, so that what is checked is the same. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createAdminEndpoints } from '../../admin/endpoints.ts';
import type { Config } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import type { Caller } from '../../http/caller.ts';
import { createUpstreamPolicy } from '../../http/upstream-policy.ts';
import { parseUpstreamBase } from '../../http/upstream-url.ts';
import type { Log } from '../../observe/log.ts';
import type { AdminCall } from '../../router.ts';
import { openTokenStore, type TokenStore } from '../../tokens/store.ts';
import { findByUpstream, parseDocument, parseTable, type TokenTable } from '../../tokens/table.ts';
import { tokenFingerprint } from '../../tokens/token.ts';
import { UsageError } from '../command.ts';
import type { ListedToken, Registered, TokenDesk } from './desk.ts';
import { maskToken, readTokenName } from './names.ts';

/** @param base what a base URL begins with where AEGIS_PUBLIC_URL says nothing. */
export async function openFileDesk(config: Config, base: string): Promise<TokenDesk> {
  const path = resolve(config.tokensPath);
  const faults: string[] = [];
  const store = await openStore(path, faultLog(faults));
  const endpoints = createAdminEndpoints(store, createUpstreamPolicy(config, () => config.port));
  const publicBase = config.publicUrl ?? base;
  const caller: Caller = { address: '127.0.0.1', publicBase: () => publicBase, isOwnOrigin: () => false };

  async function call(name: AdminCall, fields: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    try {
      return await endpoints.call(name, fields, caller);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'not_found' || error.code === 'token_not_found') throw error;
      // The gateway keeps the file's fault for its log; here nobody else is told.
      if (error.code === 'token_store_failed') throw new UsageError(`the token file ${path} could not be changed and was left as it was: ${faults.at(-1) ?? 'unknown fault'}`);
      throw new UsageError(error.message);
    }
  }

  async function table(): Promise<TokenTable> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
      throw error;
    }
    return text.trim() === '' ? new Map() : parseTable(parseDocument(text));
  }

  return {
    through: 'file',
    where: path,
    told: `no gateway runs at ${base}: in the token file ${path}`,
    async register(upstreamBase, settings) {
      return registered(await call('register', { upstream_base: upstreamBase, ...settings }));
    },
    async lookup(upstreamBase) {
      try {
        return registered(await call('lookup', { upstream_base: upstreamBase }));
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'not_found') return undefined;
        throw error;
      }
    },
    async list() {
      return [...(await table()).values()].map(({ token, fingerprint, upstream, mode, level, note }): ListedToken => ({
        token: maskToken(token), fingerprint, upstreamBase: upstream.base, mode, level: level ?? null, note, requests: null, findings: null, lastUsed: null,
      }));
    },
    async unregister(name) {
      const token = tokenOf(name, await table());
      if (token === undefined) return false;
      try {
        await call('unregister', { token });
        return true;
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'token_not_found') return false;
        throw error;
      }
    },
  };
}

/** A token of the table by any of its names. */
function tokenOf(name: string, table: TokenTable): string | undefined {
  const meant = readTokenName(name);
  if ('upstreamBase' in meant) {
    try {
      return findByUpstream(table, parseUpstreamBase(meant.upstreamBase))?.token;
    } catch (error) {
      throw error instanceof GatewayError ? new UsageError(error.message) : error;
    }
  }
  if (table.has(meant.token)) return meant.token;
  return [...table.values()].find(({ fingerprint }) => fingerprint === meant.token)?.token;
}

async function openStore(path: string, log: Log): Promise<TokenStore> {
  try {
    return await openTokenStore(path, log);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function registered(body: Record<string, unknown>): Registered {
  // As the endpoint has just made it.
  const { token, baseUrl } = body as { token: string; baseUrl: string };
  return { baseUrl, fingerprint: tokenFingerprint(token), alreadyRegistered: body['already_registered'] === true };
}

/** A log of which only what went wrong is kept. */
function faultLog(faults: string[]): Log {
  const keep: Log['error'] = (message, fields) => {
    faults.push(String(fields?.['fault'] ?? message));
  };
  return { debug() {}, info() {}, warn() {}, error: keep, writesInfo: false, flush() {} };
}
