/** Lists of host names as the settings name them: exact names, `*.suffix`, addresses; ports optional. */
import { BlockList, isIP } from 'node:net';

export interface HostList {
  /** @param hostname without brackets; compared without case and without a trailing dot. */
  has(hostname: string, port: number): boolean;
}

/** A host and an optional port, taken apart. IPv6 in brackets or, without a port, bare. */
export interface HostPort {
  readonly hostname: string;
  readonly port: number | undefined;
}

/** Splits `host`, `host:port`, `[v6]` and `[v6]:port` (RFC 3986 section 3.2.2); undefined when it is none of these. */
export function splitHostPort(text: string): HostPort | undefined {
  // Two colons at least: a look at the text is cheaper than at all forms of IPv6.
  if (text.indexOf(':') !== text.lastIndexOf(':') && isIP(text) === 6) return { hostname: text.toLowerCase(), port: undefined };
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/?#@[\]\\]+))(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const [, v6, name, portText] = match;
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && port > 65535) return undefined;
  if (v6 !== undefined && isIP(v6) !== 6) return undefined;
  return { hostname: canonicalHost(v6 ?? name ?? ''), port };
}

/** Lower case, and without the dot that marks a name as absolute. */
export function canonicalHost(hostname: string): string {
  const lower = hostname.toLowerCase();
  if (!lower.endsWith('.') && !lower.startsWith('[')) return lower;
  return lower.replace(/^\[(.*)\]\.*$/, '$1').replace(/\.+$/, '');
}

/**
 * Reads a comma-separated list of hosts: `api.example.com`, `*.example.com` (any depth below, not the name itself),
 * `10.0.0.0/8`, each but the blocks with an optional `:port`. An empty text is an empty list.
 * @throws Error whose message says what is allowed.
 */
export function parseHostList(text: string): HostList {
  const exact: HostPort[] = [];
  const suffixes: HostPort[] = [];
  const blocks = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const block = /^\[?([0-9A-Fa-f:.]+)\]?\/(\d{1,3})$/.exec(entry);
    const address = block?.[1];
    if (address !== undefined && isIP(address) !== 0) {
      const version = isIP(address);
      const length = Number(block?.[2]);
      if (length <= (version === 6 ? 128 : 32)) {
        blocks.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
        continue;
      }
    }
    const wildcard = entry.startsWith('*.');
    const host = splitHostPort(wildcard ? entry.slice(2) : entry);
    if (host === undefined || host.hostname.includes('*')) {
      throw new Error('host names separated by commas, such as api.example.com, *.example.com or 127.0.0.1:8080');
    }
    (wildcard ? suffixes : exact).push(host);
  }
  return {
    has(hostname, port) {
      const name = canonicalHost(hostname);
      const onPort = (entry: HostPort): boolean => entry.port === undefined || entry.port === port;
      if (exact.some((entry) => entry.hostname === name && onPort(entry))) return true;
      if (suffixes.some((entry) => name.endsWith(`.${entry.hostname}`) && onPort(entry))) return true;
      const version = isIP(name);
      return version !== 0 && blocks.check(name, version === 6 ? 'ipv6' : 'ipv4');
    },
  };
}
