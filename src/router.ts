/**
 * (method, request target) → Route. Pure: no I/O, and nothing is decoded, since what is forwarded must stay byte for byte.
 */
import { GatewayError } from './errors.ts';
import { leavesPrefix } from './http/upstream-url.ts';
import { parseTokenSegment, type FilterMode } from './tokens/token.ts';

export type AdminCall = 'register' | 'lookup' | 'unregister' | 'tokens' | 'update';

export type Route =
  | { readonly kind: 'health' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'admin'; readonly call: AdminCall }
  | TokenRoute;

/** A request below `/v1/__gw__/t/<TOKEN>`. */
export interface TokenRoute {
  /** `probe`: clients ask the base URL, or Claude Code `/api/hello`, whether anybody is there. */
  readonly kind: 'probe' | 'forward';
  readonly token: string;
  readonly mode: FilterMode | undefined;
  /** The path after the token with its leading slash, or empty; as it came. */
  readonly rest: string;
  /** With its leading `?`, or empty; as it came. */
  readonly query: string;
}

export const TOKEN_PREFIX = '/v1/__gw__/t/';

/** A request target of absolute form taken apart: RFC 9112 section 3.2.2. */
export interface RequestTarget {
  /** The authority of an absolute-form target, which stands in for Host; otherwise undefined. */
  readonly authority: string | undefined;
  /** Path and query. */
  readonly path: string;
}

export function splitTarget(rawUrl: string): RequestTarget {
  if (rawUrl.startsWith('/')) return { authority: undefined, path: rawUrl };
  const absolute = /^https?:\/\/([^/?#]*)([^]*)$/i.exec(rawUrl);
  if (absolute === null) return { authority: undefined, path: rawUrl };
  const [, authority = '', path = ''] = absolute;
  return { authority, path: path.startsWith('/') ? path : `/${path}` };
}

const FIXED: Readonly<Record<string, Route & { methods: readonly string[] }>> = {
  '/health': { kind: 'health', methods: ['GET', 'HEAD'] },
  '/ready': { kind: 'ready', methods: ['GET', 'HEAD'] },
  '/metrics': { kind: 'metrics', methods: ['GET', 'HEAD'] },
  '/__gw__/register': { kind: 'admin', call: 'register', methods: ['POST'] },
  '/__gw__/lookup': { kind: 'admin', call: 'lookup', methods: ['POST'] },
  '/__gw__/unregister': { kind: 'admin', call: 'unregister', methods: ['POST'] },
  '/__gw__/tokens': { kind: 'admin', call: 'tokens', methods: ['POST'] },
  '/__gw__/update': { kind: 'admin', call: 'update', methods: ['POST'] },
};

/**
 * @param path path and query of the target, as it came.
 * @param publicBase the gateway's base as the caller sees it, for the message to one who has left out the token.
 * @throws GatewayError for a path that is no route, or a method that the route does not take.
 */
export function route(method: string, path: string, publicBase = (): string => 'http://<gateway>'): Route {
  const queryAt = path.indexOf('?');
  const pathname = queryAt === -1 ? path : path.slice(0, queryAt);
  const query = queryAt === -1 ? '' : path.slice(queryAt);

  if (pathname.startsWith(TOKEN_PREFIX)) return tokenRoute(method, pathname, query);

  const fixed = Object.hasOwn(FIXED, pathname) ? FIXED[pathname] : undefined;
  if (fixed !== undefined) {
    if (!fixed.methods.includes(method)) {
      // RFC 9110 section 15.5.6: a 405 tells what is allowed.
      throw new GatewayError('method_not_allowed', `${pathname} takes ${fixed.methods.join(' or ')}.`, null, ['Allow', fixed.methods.join(', ')]);
    }
    return fixed;
  }
  if (pathname.startsWith('/__gw__/') || pathname === '/') {
    throw new GatewayError(
      'not_found',
      'Nothing is here. Admin calls are POST /__gw__/register, /__gw__/lookup, /__gw__/tokens, /__gw__/update and /__gw__/unregister; clients use the base URL that register returns.',
    );
  }
  throw new GatewayError(
    'invalid_parameters',
    `This path names no token. Set the client's base URL to ${publicBase()}${TOKEN_PREFIX}<TOKEN>, as POST /__gw__/register returns it.`,
  );
}

function tokenRoute(method: string, pathname: string, query: string): TokenRoute {
  const slash = pathname.indexOf('/', TOKEN_PREFIX.length);
  const segment = pathname.slice(TOKEN_PREFIX.length, slash === -1 ? pathname.length : slash);
  const rest = slash === -1 ? '' : pathname.slice(slash);
  if (segment === '') {
    throw new GatewayError('invalid_parameters', `The token is missing after ${TOKEN_PREFIX} in the base URL.`, 'token');
  }
  const { token, mode } = parseTokenSegment(segment);
  if (leavesPrefix(rest)) {
    throw new GatewayError('invalid_parameters', 'The path climbs out of the upstream base ("..").', 'path');
  }
  const asks = method === 'GET' || method === 'HEAD';
  const probe = asks && (rest === '' || rest === '/' || rest === '/api/hello');
  return { kind: probe ? 'probe' : 'forward', token, mode, rest, query };
}
