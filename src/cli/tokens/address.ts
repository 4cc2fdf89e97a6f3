/** Where the gateway of these settings listens, as one on the same machine calls it. */
import { isIP } from 'node:net';
import type { Config } from '../../config.ts';
import { UsageError } from '../command.ts';

/** A listener on all addresses is called by loopback. */
const WILDCARDS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** `http://host:port` without a trailing slash. */
export function localBase({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const called = WILDCARDS[host] ?? host;
  return `http://${isIP(called) === 6 ? `[${called}]` : called}:${port}`;
}

/**
 * The base of the gateway that a command is to talk to.
 * @param url the value of --url, or undefined for the gateway of the settings
 * @throws UsageError for a --url that is none
 */
export function gatewayBase(config: Pick<Config, 'host' | 'port'>, url: string | undefined): string {
  if (url === undefined) {
    if (config.port === 0) throw new UsageError('AEGIS_PORT is 0, so that nobody knows the port that the gateway took; give its address with --url');
    return localBase(config);
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '' || /[?#]/.test(url)) {
    throw new UsageError('--url takes the address of a gateway, such as http://127.0.0.1:18080');
  }
  return parsed.href.replace(/\/+$/, '');
}
