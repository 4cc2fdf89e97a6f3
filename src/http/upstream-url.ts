/** The upstream's base as registered, and the request target made of it and the client's path. */
import { GatewayError } from '../errors.ts';
import { canonicalHost } from './host-list.ts';

export interface Upstream {
  /** Normal form, without trailing slashes: what is stored and compared. */
  readonly base: string;
  readonly protocol: 'http:' | 'https:';
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Value of the Host header: RFC 9110 section 7.2. */
  readonly hostHeader: string;
  /** Path of the base without a trailing slash; empty for the root. */
  readonly path: string;
  /** `path` less its last segment, where that is a version segment; otherwise undefined. */
  readonly pathAboveVersion: string | undefined;
}

/** The host of the documentation's examples, refused at registration: nobody means it. */
export const EXAMPLE_UPSTREAM_HOST = 'your-upstream.example.com';

/** `v1`, `v1beta`, `v4`, `v1alpha2`, `v2.1`: a segment that names a version of an API. */
const VERSION_SEGMENT = /^v\d+(?:\.\d+)*(?:(?:alpha|beta|rc|preview|p)\d*)*$/i;

/**
 * Reads an `upstream_base`.
 * @throws GatewayError `invalid_upstream` or `example_upstream_forbidden`.
 */
export function parseUpstreamBase(text: string): Upstream {
  const invalid = (why: string): GatewayError => new GatewayError('invalid_upstream', `upstream_base ${why}`, 'upstream_base');
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw invalid('must be a URL such as https://api.anthropic.com/v1');
  }
  const { protocol } = url;
  if (protocol !== 'http:' && protocol !== 'https:') throw invalid('must begin with http:// or https://');
  if (url.username !== '' || url.password !== '') {
    throw invalid('must not hold credentials; the client sends its own key');
  }
  // The URL class drops an empty query or fragment, so the text itself is asked.
  if (/[?#]/.test(text)) throw invalid('must not have a query or a fragment');
  const hostname = canonicalHost(url.hostname);
  if (hostname === '') throw invalid('must name a host');
  // Node takes port 0 for "none given" and would connect to the scheme's own.
  if (url.port === '0') throw invalid('must not have port 0');
  if (hostname === EXAMPLE_UPSTREAM_HOST) {
    throw new GatewayError(
      'example_upstream_forbidden',
      `upstream_base is the example of the documentation; put in the base URL of your own provider, such as https://api.anthropic.com/v1`,
      'upstream_base',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  const bracketed = hostname.includes(':') ? `[${hostname}]` : hostname;
  const hostHeader = url.port === '' ? bracketed : `${bracketed}:${url.port}`;
  // What stands before dots at the end may be another host, or none: in `http://0..` an address.
  const again = `${protocol}//${hostHeader}`;
  if (!URL.canParse(again) || canonicalHost(new URL(again).hostname) !== hostname) throw invalid('must name a host');
  const lastSlash = path.lastIndexOf('/');
  return {
    base: `${protocol}//${hostHeader}${path}`,
    protocol,
    hostname,
    port: url.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(url.port),
    hostHeader,
    path,
    pathAboveVersion: VERSION_SEGMENT.test(path.slice(lastSlash + 1)) ? path.slice(0, lastSlash) : undefined,
  };
}

/**
 * The request target at the upstream. The client's bytes are kept as they are; only where base and client both
 * name a version (`…/v1` + `/v1/messages`) does the client's replace the base's.
 *
 * @param rest the client's path after the token, with its leading slash, or empty.
 * @param query with its leading `?`, or empty.
 */
export function upstreamTarget(upstream: Upstream, rest: string, query: string): string {
  if (upstream.pathAboveVersion !== undefined && rest.length > 1) {
    const end = rest.indexOf('/', 1);
    const first = rest.slice(1, end === -1 ? rest.length : end);
    if (VERSION_SEGMENT.test(first)) return upstream.pathAboveVersion + rest + query;
  }
  const path = upstream.path + rest;
  return (path === '' ? '/' : path) + query;
}

/**
 * Whether a path could climb out of the base it is put under. Segments are looked at as a lax upstream might read
 * them: percent-decoded (also twice), split at backslashes, without path parameters (`..;x`).
 */
export function leavesPrefix(rest: string): boolean {
  // Neither two dots nor an escaped dot: nothing to look for, which is nearly always so.
  if (!rest.includes('..') && !/%(?:25)*2e/i.test(rest)) return false;
  let decoded = rest;
  for (let round = 0; round < 4; round++) {
    if (decoded.split(/[/\\]/).some((segment) => /^\.\.(?:;|$)/.test(segment))) return true;
    const next = decoded.replace(/%(2e|2f|5c|3b|25)/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    if (next === decoded) return false;
    decoded = next;
  }
  return true;
}
