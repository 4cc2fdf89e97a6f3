/** The calls of the console's server side. Nothing goes anywhere else. */
import { fieldsOf, listOf, numberOf, textOf } from './records.ts';
import { overviewOf, type Overview } from './overview-data.ts';
import { trialOf, type Trial } from './trial-data.ts';

const CALL_DEADLINE_MS = 20_000;

/** An answer that is not 2xx, or none: then the status is 0. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number;

  constructor(status: number, code: string, message: string, retryAfterSeconds = 0) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export type Level = 'low' | 'medium' | 'high';
export const LEVELS: readonly Level[] = ['low', 'medium', 'high'];
export const MODES = ['full', 'redact', 'passthrough'] as const;

export interface Session {
  readonly login: 'not-needed' | 'needed' | 'in';
  readonly level: Level;
  readonly version: string;
  readonly workers: number;
  /** When the gateway started; another one means that it was started anew. */
  readonly started: string;
}

export interface Token {
  readonly fingerprint: string;
  readonly masked: string;
  readonly upstream: string;
  readonly mode: string;
  /** Null: the gateway's own. */
  readonly level: Level | null;
  readonly note: string;
  readonly requests: number;
  readonly findings: number;
  readonly lastUsedMs: number | null;
}

export interface ClientName {
  readonly id: string;
  readonly title: string;
}

export interface Snippet {
  readonly title: string;
  readonly where: string;
  readonly language: string;
  readonly text: string;
  readonly wire: string;
}

export interface ClientSettings {
  readonly snippets: readonly Snippet[];
  /** Where the API key stays; may be empty. */
  readonly key: string;
  /** One sentence each. */
  readonly notes: readonly string[];
  /** Its calls come from its vendor's servers. */
  readonly remote: boolean;
}

export interface Api {
  url(path: string): string;
  session(): Promise<Session>;
  login(key: string): Promise<void>;
  logout(): Promise<void>;
  overview(): Promise<Overview>;
  tokens(): Promise<readonly Token[]>;
  /** @returns the fingerprint of the upstream's token, and whether it had one already. */
  register(upstream: string, settings: Readonly<Record<string, unknown>>): Promise<{ fingerprint: string; already: boolean }>;
  update(fingerprint: string, settings: Readonly<Record<string, unknown>>): Promise<void>;
  unregister(fingerprint: string): Promise<void>;
  baseUrl(fingerprint: string): Promise<string>;
  clients(): Promise<readonly ClientName[]>;
  settings(client: string, fingerprint: string): Promise<ClientSettings>;
  tryText(text: string): Promise<Trial>;
}

export interface ApiOptions {
  /** Address of the console with a slash at its end. */
  readonly base: string;
  /** Called when an answer says that nobody is logged in. */
  onLoginNeeded(): void;
  readonly fetch?: typeof fetch;
}

export function levelOf(value: unknown): Level | null {
  return LEVELS.find((level) => level === value) ?? null;
}

function tokenOf(value: unknown): Token {
  const fields = fieldsOf(value);
  const lastUsed = Date.parse(textOf(fields['last_used']));
  return {
    fingerprint: textOf(fields['fingerprint']),
    masked: textOf(fields['token']),
    upstream: textOf(fields['upstream_base']),
    mode: textOf(fields['mode']) || 'full',
    level: levelOf(fields['level']),
    note: textOf(fields['note']),
    requests: numberOf(fields['requests']),
    findings: numberOf(fields['findings']),
    lastUsedMs: Number.isNaN(lastUsed) ? null : lastUsed,
  };
}

function snippetOf(value: unknown): Snippet {
  const fields = fieldsOf(value);
  return { title: textOf(fields['title']), where: textOf(fields['where']), language: textOf(fields['language']), text: textOf(fields['text']), wire: textOf(fields['wire']) };
}

export function createApi({ base, onLoginNeeded, fetch: send = fetch }: ApiOptions): Api {
  const url = (path: string): string => `${base}${path}`;

  async function call(path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
    const signal = AbortSignal.timeout(CALL_DEADLINE_MS);
    const init: RequestInit = { signal, credentials: 'same-origin' };
    let response: Response;
    let answer: unknown;
    try {
      response = await send(url(path), body === undefined ? init : { ...init, method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      const text = await response.text();
      answer = text === '' ? {} : (JSON.parse(text) as unknown);
    } catch {
      throw new ApiError(0, 'unreachable', '');
    }
    if (response.ok) return fieldsOf(answer);
    const error = fieldsOf(fieldsOf(answer)['error']);
    const code = textOf(error['code']);
    if (response.status === 401) onLoginNeeded();
    throw new ApiError(response.status, code, textOf(error['message']), Number(response.headers.get('retry-after') ?? 0));
  }

  return {
    url,
    async session() {
      const fields = await call('session');
      const login = textOf(fields['login']);
      return {
        login: login === 'needed' || login === 'in' ? login : 'not-needed',
        level: levelOf(fields['level']) ?? 'medium',
        version: textOf(fields['version']),
        workers: numberOf(fields['workers']),
        started: String(fields['started'] ?? ''),
      };
    },
    async login(key) {
      await call('login', { gateway_key: key });
    },
    async logout() {
      await call('logout', {});
    },
    overview: async () => overviewOf(await call('overview')),
    tokens: async () => listOf((await call('tokens'))['tokens']).map(tokenOf),
    async register(upstream, settings) {
      const answer = await call('register', { upstream_base: upstream, ...settings });
      return { fingerprint: textOf(answer['fingerprint']), already: answer['already_registered'] === true };
    },
    async update(fingerprint, settings) {
      await call('update', { token: fingerprint, ...settings });
    },
    async unregister(fingerprint) {
      await call('unregister', { token: fingerprint });
    },
    baseUrl: async (fingerprint) => textOf((await call(`tokens/${encodeURIComponent(fingerprint)}/base`))['baseUrl']),
    async clients() {
      return listOf((await call('clients'))['clients']).map((value) => ({ id: textOf(fieldsOf(value)['id']), title: textOf(fieldsOf(value)['title']) }));
    },
    async settings(client, fingerprint) {
      const fields = await call(`clients/${encodeURIComponent(client)}?fingerprint=${encodeURIComponent(fingerprint)}`);
      return { snippets: listOf(fields['snippets']).map(snippetOf), key: textOf(fields['key']), notes: listOf(fields['notes']).map(textOf), remote: fields['remote'] === true };
    },
    tryText: async (text) => trialOf(await call('try', { text })),
  };
}
