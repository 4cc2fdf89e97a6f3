/**
 * Where tokens are registered, looked up and taken away: the gateway that runs, or the token file when none does.
 *
 * Which of the two is decided by connecting. Only a refused connection means that no gateway runs; whatever else is there
 * is an error, so that a gateway with another token file is never passed by.
 */
import type { Config } from '../../config.ts';
import type { FilterMode } from '../../tokens/token.ts';
import { UsageError } from '../command.ts';
import { gatewayBase } from './address.ts';
import { openFileDesk } from './file-desk.ts';
import { openGatewayDesk } from './gateway-desk.ts';
import { whoIsThere } from './gateway-call.ts';

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
  readonly mode: FilterMode;
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
      return openGatewayDesk(base, config.gatewayKey);
    case 'nobody':
      if (url !== undefined) throw new UsageError(`no gateway runs at ${base}`);
      return openFileDesk(config, base);
    case 'other':
      throw new UsageError(`what answers at ${base} is not AegisGate (${there.what}); nothing was done. Set AEGIS_HOST and AEGIS_PORT as the gateway has them, or give its address with --url; aegisgate doctor tells who holds the port`);
    case 'unknown':
      throw new UsageError(`whether a gateway runs at ${base} can't be said (${there.what}); nothing was done. Set AEGIS_HOST and AEGIS_PORT as the gateway has them, or give its address with --url`);
  }
}
