/**
 * Which HTTP proxy, if any, an upstream is reached through.
 *
 * The variables are a convention, not a standard; this follows curl (https://curl.se/docs/manpage.html, ENVIRONMENT)
 * with one addition that Go's and Python's clients make too: loopback upstreams are never proxied, since a local
 * model can't be reached from the proxy.
 */
import { BlockList, isIP } from 'node:net';
import { isLoopback } from './address-list.ts';
import { canonicalHost, splitHostPort } from './host-list.ts';

export interface ProxyServer {
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  /** Value of Proxy-Authorization; never logged. */
  readonly authorization: string | undefined;
}

export interface ProxySettings {
  /** The proxy for an upstream, or undefined to reach it directly. */
  proxyFor(protocol: 'http:' | 'https:', hostname: string, port: number): ProxyServer | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param own the value of AEGIS_UPSTREAM_PROXY, which stands for both schemes and wins over the environment's.
 * @throws Error that names the variable at fault; never shows its value, which may hold a password.
 */
export function parseProxySettings(own: string | undefined, env: Environment): ProxySettings {
  const ownProxy = parseProxy('AEGIS_UPSTREAM_PROXY', own);
  const forHttps = ownProxy ?? fromEnvironment(env, 'HTTPS_PROXY');
  const forHttp = ownProxy ?? fromEnvironment(env, 'HTTP_PROXY');
  const bypass = parseNoProxy(env['no_proxy'] ?? env['NO_PROXY'] ?? '');
  return {
    proxyFor(protocol, hostname, port) {
      const proxy = protocol === 'https:' ? forHttps : forHttp;
      if (proxy === undefined) return undefined;
      const name = canonicalHost(hostname);
      if (name === 'localhost' || name.endsWith('.localhost') || isLoopback(name)) return undefined;
      return bypass(name, port) ? undefined : proxy;
    },
  };
}

function fromEnvironment(env: Environment, name: string): ProxyServer | undefined {
  const lower = name.toLowerCase();
  return env[lower] ? parseProxy(lower, env[lower]) : parseProxy(name, env[name]);
}

function parseProxy(name: string, text: string | undefined): ProxyServer | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return undefined;
  const allowed = `${name}: its value is not allowed; it takes an http or https URL of a proxy, such as http://proxy.example.com:3128`;
  let url: URL;
  try {
    url = new URL(trimmed.includes('://') ? trimmed : `http://${trimmed}`);
  } catch {
    throw new Error(allowed);
  }
  const { protocol } = url;
  if ((protocol !== 'http:' && protocol !== 'https:') || url.hostname === '') throw new Error(allowed);
  let authorization: string | undefined;
  if (url.username !== '' || url.password !== '') {
    try {
      const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      authorization = `Basic ${Buffer.from(user).toString('base64')}`;
    } catch {
      throw new Error(allowed);
    }
  }
  const port = url.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { protocol, hostname: canonicalHost(url.hostname), port, authorization };
}

/** Entries: `*`, a name (itself and all below it, with or without a leading dot), an address, a CIDR block; each with an optional port. */
function parseNoProxy(text: string): (hostname: string, port: number) => boolean {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.includes('*')) return () => true;
  const blocks = new BlockList();
  const names: { hostname: string; port: number | undefined }[] = [];
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    if (version !== 0 && prefix !== undefined && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32)) {
      blocks.addSubnet(address, Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
      continue;
    }
    const host = splitHostPort(entry.replace(/^\*?\./, ''));
    if (host !== undefined) names.push(host);
  }
  return (hostname, port) => {
    const version = isIP(hostname);
    if (version !== 0 && blocks.check(hostname, version === 6 ? 'ipv6' : 'ipv4')) return true;
    return names.some(
      (entry) =>
        (entry.port === undefined || entry.port === port) &&
        (hostname === entry.hostname || (version === 0 && hostname.endsWith(`.${entry.hostname}`))),
    );
  };
}
