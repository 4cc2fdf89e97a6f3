/** Admin calls, wherever they are answered: by the gateway that runs, or here on the token file. */
import { resolve } from 'node:path';
import { createAdminEndpoints } from '../../admin/endpoints.ts';
import type { Config } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import type { Caller } from '../../http/caller.ts';
import { errorCode } from '../../http/upstream-error.ts';
import { createUpstreamPolicy } from '../../http/upstream-policy.ts';
import type { Log } from '../../observe/log.ts';
import type { AdminCall } from '../../router.ts';
import { openTokenStore, type TokenStore } from '../../tokens/store.ts';
import { UsageError } from '../command.ts';
import { callAdmin, envelopeOf, isObject } from './gateway-call.ts';

/** The call was understood and refused. */
export class RefusedError extends Error {
  /** One of the codes of the error envelope. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
  }
}

export interface AdminCalls {
  readonly through: 'gateway' | 'file';
  /** The gateway's address, or the token file's path. */
  readonly where: string;
  /**
   * @returns the body of the 200 answer
   * @throws RefusedError, or UsageError when there is no answer that could be understood
   */
  call(name: AdminCall, fields: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
}

/** What helps beyond the gateway's own words. */
const HINTS: Readonly<Record<string, string>> = {
  gateway_key_invalid: ' Set AEGIS_GATEWAY_KEY here as the gateway has it.',
};

export function callsOfGateway(base: string, gatewayKey: string): AdminCalls {
  return {
    through: 'gateway',
    where: base,
    async call(name, fields) {
      let answer;
      try {
        answer = await callAdmin(base, name, { ...fields, gateway_key: gatewayKey });
      } catch (error) {
        throw new UsageError(`the gateway at ${base} did not answer (${errorCode(error) ?? 'no answer'}); whether it has done what it was asked for is not known`);
      }
      const { status, body } = answer;
      if (status === 200 && isObject(body)) return body;
      const told = envelopeOf(body);
      if (told === undefined) throw new UsageError(`the gateway at ${base} answered with something unexpected (HTTP ${status})`);
      throw new RefusedError(told.code, `the gateway at ${base} refused: ${told.message}${HINTS[told.code] ?? ''}`);
    },
  };
}

/**
 * By the gateway's own endpoints, so that what is checked is the same.
 * @param base what a base URL begins with where AEGIS_PUBLIC_URL says nothing
 * @throws UsageError when the file is there and can't be used
 */
export async function callsOnFile(config: Config, base: string): Promise<AdminCalls> {
  const path = resolve(config.tokensPath);
  const faults: string[] = [];
  const store = await openStore(path, faultLog(faults));
  // Nobody has counted.
  const endpoints = createAdminEndpoints(store, createUpstreamPolicy(config, () => config.port), async () => ({}));
  const publicBase = config.publicUrl ?? base;
  const caller: Caller = { address: '127.0.0.1', publicBase: () => publicBase, isOwnOrigin: () => false };
  return {
    through: 'file',
    where: path,
    async call(name, fields) {
      try {
        return await endpoints.call(name, fields, caller);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        // A gateway keeps the file's fault for its log; here nobody else is told.
        if (error.code === 'token_store_failed') throw new UsageError(`the token file ${path} could not be changed and was left as it was: ${faults.at(-1) ?? 'unknown fault'}`);
        throw new RefusedError(error.code, error.message);
      }
    },
  };
}

async function openStore(path: string, log: Log): Promise<TokenStore> {
  try {
    return await openTokenStore(path, log);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A log of which only what went wrong is kept. */
function faultLog(faults: string[]): Log {
  const keep: Log['error'] = (message, fields) => {
    faults.push(String(fields?.['fault'] ?? message));
  };
  return { debug() {}, info() {}, warn() {}, error: keep, writesInfo: false, flush() {} };
}
