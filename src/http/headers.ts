/**
 * Which headers pass, in which order and case. Headers stay in Node's raw form, a flat array of names and values,
 * so that case, order and repetitions survive; nothing here builds an object of them.
 *
 * Hop-by-hop headers: RFC 9110 section 7.6.1 (those named by Connection, and the fixed list).
 */
import { lengthsOf } from './raw-headers.ts';

/** The fixed list. `Trailer` is decided with the framing, since trailers do pass where the framing can carry them. */
const HOP_BY_HOP = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info',
  'te', 'transfer-encoding', 'upgrade', 'trailer',
]);

/** The gateway's own headers: a client's are not passed on. */
const OWN_PREFIX = 'x-aegis-';

/** Lengths of all names that anything is done about; a header of another length passes as it is. */
const NOTED_LENGTHS = lengthsOf([...HOP_BY_HOP, 'host', 'content-length', 'accept-encoding', 'content-encoding', 'expect']);

/** Whether anything but passing could become of a header, by a look that makes no string. */
function isNoted(key: string): boolean {
  return NOTED_LENGTHS[key.length] === true || (key.charCodeAt(1) === 0x2d && key.length >= OWN_PREFIX.length && key.slice(0, OWN_PREFIX.length).toLowerCase() === OWN_PREFIX);
}

/** How a message's end is told: RFC 9112 section 6. `none` = it has no body. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' };

/** The names that the Connection headers list, in lower case; undefined when they list none beyond the usual. */
function namedByConnection(rawHeaders: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const key = rawHeaders[i];
    if (key === undefined || key.length !== 10 || key.toLowerCase() !== 'connection') continue;
    const options = rawHeaders[i + 1] ?? '';
    if (options === 'keep-alive') continue;
    for (const option of options.split(',')) {
      const name = option.trim().toLowerCase();
      if (name !== '' && name !== 'keep-alive' && name !== 'close' && !NEVER_NAMED.has(name)) (named ??= new Set()).add(name);
    }
  }
  return named;
}

/** What a Connection header can't take away: it would let a client strip what the exchange stands on. */
const NEVER_NAMED = new Set(['host', 'content-length', 'content-type', 'content-encoding']);

export interface RequestHeaderPlan {
  readonly host: string;
  readonly framing: Framing;
  /** Ask for an answer without content coding, since it will be read. */
  readonly identity: boolean;
  /** The body's content coding has been taken off. */
  readonly decoded: boolean;
}

/**
 * The raw headers that go upstream. Host and the framing keep the place and case the client gave them.
 * `Expect` has been answered by the gateway (RFC 9110 section 10.1.1) and goes no further.
 */
export function requestHeaders(rawHeaders: readonly string[], plan: RequestHeaderPlan): string[] {
  const named = namedByConnection(rawHeaders);
  const out: string[] = [];
  let framed = false;
  let hosted = false;
  let encoded = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const key = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (named === undefined && !isNoted(key)) {
      out.push(key, value);
      continue;
    }
    const name = key.toLowerCase();
    switch (name) {
      case 'host':
        if (!hosted) out.push(key, plan.host);
        hosted = true;
        continue;
      case 'content-length':
      case 'transfer-encoding':
        if (!framed) pushFraming(out, plan.framing, name === 'content-length' ? key : 'Content-Length');
        framed = true;
        continue;
      case 'trailer':
        if (plan.framing.kind === 'chunked') out.push(key, value);
        continue;
      case 'accept-encoding':
        if (!plan.identity) break;
        if (!encoded) out.push(key, 'identity');
        encoded = true;
        continue;
      case 'content-encoding':
        if (plan.decoded) continue;
        break;
      case 'expect':
        continue;
      default:
    }
    if (HOP_BY_HOP.has(name) || name.startsWith(OWN_PREFIX) || named?.has(name) === true) continue;
    out.push(key, value);
  }
  if (!hosted) out.unshift('Host', plan.host);
  if (!framed) pushFraming(out, plan.framing, 'Content-Length');
  if (plan.identity && !encoded) out.push('Accept-Encoding', 'identity');
  return out;
}

function pushFraming(out: string[], framing: Framing, lengthName: string): void {
  if (framing.kind === 'length') out.push(lengthName, String(framing.bytes));
  else if (framing.kind === 'chunked') out.push('Transfer-Encoding', 'chunked');
}

export interface ResponseHeaderPlan {
  /** What becomes of the upstream's Content-Length: kept, left out since the length is not known, or this number. */
  readonly length: 'keep' | 'omit' | number;
  /** The body's content coding has been taken off. */
  readonly decoded: boolean;
  /** Trailers can be carried to the client. */
  readonly trailers: boolean;
  /** The gateway's own, name and value in turn. */
  readonly added: readonly string[];
}

/** The raw headers that go to the client. */
export function responseHeaders(rawHeaders: readonly string[], plan: ResponseHeaderPlan): string[] {
  const named = namedByConnection(rawHeaders);
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const key = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    if (named === undefined && NOTED_LENGTHS[key.length] !== true) {
      out.push(key, value);
      continue;
    }
    const name = key.toLowerCase();
    if (name === 'trailer') {
      if (plan.trailers) out.push(key, value);
      continue;
    }
    if (HOP_BY_HOP.has(name) || named?.has(name) === true) continue;
    if (name === 'content-length' && plan.length !== 'keep') {
      if (plan.length !== 'omit') out.push(key, String(plan.length));
      continue;
    }
    if (plan.decoded && name === 'content-encoding') continue;
    out.push(key, value);
  }
  for (const text of plan.added) out.push(text);
  return out;
}

/** Raw trailers as Node's addTrailers takes them: RFC 9110 section 6.5. */
export function trailerPairs(rawTrailers: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawTrailers.length; i += 2) {
    const key = rawTrailers[i] as string;
    const name = key.toLowerCase();
    // Section 6.5.1: framing, routing and authentication must not come as trailers.
    if (HOP_BY_HOP.has(name) || name === 'content-length' || name === 'host' || name.startsWith(OWN_PREFIX)) continue;
    pairs.push([key, rawTrailers[i + 1] as string]);
  }
  return pairs;
}
