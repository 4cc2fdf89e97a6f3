/** Which token a client is to use, and its base URL. */
import { readConfig } from '../config.ts';
import { UsageError } from '../cli/command.ts';
import { openDesk, type ListedToken, type TokenDesk } from '../cli/tokens/desk.ts';
import { TOKEN_PREFIX } from '../router.ts';
import { tokenFingerprint } from '../tokens/token.ts';
import { VENDOR_UPSTREAMS, wireOfUpstream, type Client, type ClientWire, type Surroundings } from './client.ts';

/** What the call says about it. */
export interface Wish {
  /** A token, its fingerprint, or its base URL. */
  readonly token?: string | undefined;
  readonly upstream?: string | undefined;
  readonly wire?: string | undefined;
  /** The gateway's address. */
  readonly url?: string | undefined;
}

export interface Base {
  readonly baseUrl: string;
  readonly upstream: string;
  readonly wire: ClientWire;
  /** It was registered by this call. */
  readonly isNew: boolean;
  /** A gateway runs that answered. */
  readonly running: boolean;
  /** For people: through what it was found. */
  readonly told: string;
}

export type ResolveBase = (client: Client, wish: Wish) => Promise<Base>;

/** Asks the gateway that runs, or the token file when none does. */
/** @param open for tests: another desk */
export function createResolver({ env }: Pick<Surroundings, 'env'>, open: typeof openDesk = openDesk): ResolveBase {
  const resolve: ResolveBase = async (client, wish) => {
    const wires = wiresOf(client, wish.wire);
    if (wish.token !== undefined && wish.upstream !== undefined) throw new UsageError('--token and --upstream exclude each other');
    const desk = await open(readConfig(env), wish.url);
    const place = { running: desk.through === 'gateway', told: desk.told };
    if (wish.upstream !== undefined) return { ...(await register(desk, client, wish.upstream, wireFor(client, wires, wish.upstream))), ...place };
    const listed = await desk.list();
    if (wish.token !== undefined) {
      const entry = named(listed, wish.token);
      return { ...(await existing(desk, entry, wireFor(client, wires, entry.upstreamBase), wish.token)), ...place };
    }
    for (const wire of wires) {
      const fitting = listed.filter((entry) => wireOfUpstream(entry.upstreamBase) === wire);
      const [entry, another] = fitting;
      if (another !== undefined) {
        const names = fitting.map(({ fingerprint, upstreamBase }) => `--token ${fingerprint} (${upstreamBase})`).join(', ');
        throw new UsageError(`several tokens fit ${client.id}; say which: ${names}`);
      }
      if (entry !== undefined) return { ...(await existing(desk, entry, wire)), ...place };
    }
    const [wire] = wires;
    if (wire === undefined) throw new UsageError(`${client.id} speaks no API that is known`);
    return { ...(await register(desk, client, VENDOR_UPSTREAMS[wire], wire)), ...place };
  };
  return async (client, wish) => checked(await resolve(client, wish));
}

/** What comes back goes into shells and files: it is a URL and nothing else, whoever answered. */
function checked(base: Base): Base {
  const url = URL.canParse(base.baseUrl) ? new URL(base.baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[^!-~]/.test(base.baseUrl)) throw new UsageError('what the gateway gave as base URL is none');
  return base;
}

function wiresOf(client: Client, wish: string | undefined): readonly ClientWire[] {
  if (wish === undefined) return client.wires;
  const wire = client.wires.find((known) => known === wish);
  if (wire === undefined) throw new UsageError(`--api takes ${client.wires.join(' or ')} for ${client.id}`);
  return [wire];
}

/** An upstream of a vendor's speaks that vendor's API; any other may speak what the client does. */
function wireFor(client: Client, wires: readonly ClientWire[], upstream: string): ClientWire {
  const known = wireOfUpstream(upstream);
  const wire = known === undefined ? wires[0] : wires.find((spoken) => spoken === known);
  if (wire === undefined) throw new UsageError(`${upstream} speaks the ${known} API, and ${client.id} is to speak ${wires.join(' or ')}`);
  return wire;
}

async function register(desk: TokenDesk, client: Client, upstream: string, wire: ClientWire): Promise<Omit<Base, 'running' | 'told'>> {
  const found = await desk.lookup(upstream);
  // A name given before stays.
  const { baseUrl, alreadyRegistered } = await desk.register(upstream, found === undefined ? { note: client.title } : {});
  return { baseUrl, upstream, wire, isNew: !alreadyRegistered };
}

function named(listed: readonly ListedToken[], name: string): ListedToken {
  const at = name.indexOf(TOKEN_PREFIX);
  const token = (at === -1 ? name : name.slice(at + TOKEN_PREFIX.length)).split(/__|[/?#]/, 1)[0] ?? '';
  const entry = listed.find(({ fingerprint }) => fingerprint === token || fingerprint === tokenFingerprint(token));
  if (entry === undefined) throw new UsageError('--token: no such token is registered; aegisgate tokens lists them, aegisgate register makes one');
  return entry;
}

async function existing(desk: TokenDesk, entry: ListedToken, wire: ClientWire, name?: string): Promise<Omit<Base, 'running' | 'told'>> {
  const found = await desk.lookup(entry.upstreamBase);
  if (found === undefined) throw new UsageError(`the token for ${entry.upstreamBase} has just been taken away`);
  // A file that was edited by hand may have two tokens for one upstream; the whole token that was given is then the one.
  const at = found.baseUrl.indexOf(TOKEN_PREFIX) + TOKEN_PREFIX.length;
  const isOther = found.fingerprint !== entry.fingerprint;
  if (isOther && (name === undefined || tokenFingerprint(name) !== entry.fingerprint)) {
    throw new UsageError(`two tokens lead to ${entry.upstreamBase}; give the whole token with --token`);
  }
  return { baseUrl: isOther ? found.baseUrl.slice(0, at) + String(name) : found.baseUrl, upstream: entry.upstreamBase, wire, isNew: false };
}
