/** The token file's text as a table, and changes to it that leave what people wrote by hand. */
import { parseUpstreamBase, type Upstream } from '../http/upstream-url.ts';
import { FILTER_MODES, isToken, tokenFingerprint, type FilterMode } from './token.ts';
import { LEVELS, type SecurityLevel } from '../guards/policy.ts';

export interface TokenSettings {
  readonly mode?: FilterMode;
  readonly level?: SecurityLevel;
  readonly note?: string;
}

/** What is to be another way in an entry; `level: null` takes the token's own level away. */
export interface TokenChange extends Omit<TokenSettings, 'level'> {
  readonly level?: SecurityLevel | null;
}

/** One registered token, ready for use by a request. */
export interface TokenEntry {
  readonly token: string;
  readonly fingerprint: string;
  readonly upstream: Upstream;
  readonly mode: FilterMode;
  readonly level: SecurityLevel | undefined;
  readonly note: string;
}

export type TokenTable = ReadonlyMap<string, TokenEntry>;

/** A file's content as parsed, kept whole so that unknown fields survive a change. */
export interface TokenDocument {
  readonly root: Record<string, unknown>;
  readonly tokens: Record<string, unknown>;
}


function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object that a key such as `__proto__` can't reach into. */
function bare(source: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, source);
}

export function emptyDocument(): TokenDocument {
  return documentOf(bare({}), bare({}));
}

function documentOf(root: Record<string, unknown>, tokens: Record<string, unknown>): TokenDocument {
  root['tokens'] = tokens;
  return { root, tokens };
}

/**
 * Reads a token file's text: `{"tokens": {"<token>": {"upstream_base": "…", "mode"?, "level"?, "note"?}}}`.
 * @throws Error that names the token by its fingerprint and the field at fault.
 */
export function parseDocument(text: string): TokenDocument {
  let value: unknown;
  const json = text.replace(/^\uFEFF/, '');
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(jsonFault(json, (error as Error).message));
  }
  if (!isObject(value)) throw new Error('its top level must be an object with the field "tokens"');
  const tokens = value['tokens'] ?? {};
  if (!isObject(tokens)) throw new Error('its field "tokens" must be an object from token to settings');
  return documentOf(bare(value), bare(tokens));
}

/** V8 quotes the text around the fault, which may hold a token: only the place is passed on, where V8 tells it. */
function jsonFault(text: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (/end of JSON input/.test(message) || Number(position) === text.length) return 'it is not complete JSON';
  if (position === undefined) return 'it is not JSON';
  const before = text.slice(0, Number(position)).split('\n');
  return `it is not JSON: fault in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

export function parseTable(document: TokenDocument): TokenTable {
  const table = new Map<string, TokenEntry>();
  for (const [token, settings] of Object.entries(document.tokens)) table.set(token, parseEntry(token, settings));
  return table;
}

function parseEntry(token: string, settings: unknown): TokenEntry {
  const fingerprint = tokenFingerprint(token);
  const fault = (why: string): Error => new Error(`the entry of token ${fingerprint}… ${why}`);
  if (!isToken(token)) throw fault('has a name that can not stand in a URL: use letters, digits, "-" and single "_"');
  if (!isObject(settings)) throw fault('must be an object with "upstream_base"');
  const { upstream_base: base, mode = 'full', level, note = '' } = settings;
  if (typeof base !== 'string') throw fault('lacks the text field "upstream_base"');
  const knownMode = FILTER_MODES.find((known) => known === mode);
  if (knownMode === undefined) throw fault(`has an unknown "mode"; it takes ${FILTER_MODES.join(', ')}`);
  const knownLevel = LEVELS.find((known) => known === level);
  if (level !== undefined && knownLevel === undefined) throw fault(`has an unknown "level"; it takes ${LEVELS.join(', ')}`);
  if (typeof note !== 'string') throw fault('has a "note" that is not a text');
  let upstream: Upstream;
  try {
    upstream = parseUpstreamBase(base);
  } catch (error) {
    throw fault(`has a bad "upstream_base": ${(error as Error).message}`);
  }
  return { token, fingerprint, upstream, mode: knownMode, level: knownLevel, note };
}

/** The first token of an upstream, in the file's order. */
export function findByUpstream(table: TokenTable, upstream: Upstream): TokenEntry | undefined {
  for (const entry of table.values()) if (entry.upstream.base === upstream.base) return entry;
  return undefined;
}

/**
 * The tokens that a text names: the token itself, or those of a fingerprint. The fingerprint is short: two tokens may
 * share one.
 */
export function tokensNamed(table: TokenTable, name: string): readonly TokenEntry[] {
  const exact = table.get(name);
  if (exact !== undefined) return [exact];
  return [...table.values()].filter((entry) => entry.fingerprint === name);
}

/** Adds an entry or changes the named settings of one; fields that are not named stay. */
export function putEntry(document: TokenDocument, token: string, base: string, settings: TokenSettings): void {
  const old = document.tokens[token];
  const entry = isObject(old) ? old : { upstream_base: base };
  document.tokens[token] = { ...entry, ...settings };
}

/** Changes the named settings of an entry that is there; a level that is null goes, so that the gateway's own holds. */
export function changeEntry(document: TokenDocument, token: string, { level, ...settings }: TokenChange): void {
  const old = document.tokens[token];
  const entry: Record<string, unknown> = { ...(isObject(old) ? old : {}), ...settings };
  if (level === null) delete entry['level'];
  else if (level !== undefined) entry['level'] = level;
  document.tokens[token] = entry;
}

export function removeEntry(document: TokenDocument, token: string): boolean {
  if (!Object.hasOwn(document.tokens, token)) return false;
  delete document.tokens[token];
  return true;
}

export function printDocument(document: TokenDocument): string {
  return `${JSON.stringify(document.root, null, 2)}\n`;
}
