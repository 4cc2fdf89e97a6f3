/** The admin calls. What comes in is unknown until it is narrowed here. */
import { LEVELS, type SecurityLevel } from '../guards/policy.ts';
import { GatewayError } from '../errors.ts';
import type { Caller } from '../http/caller.ts';
import type { UpstreamPolicy } from '../http/upstream-policy.ts';
import { parseUpstreamBase, type Upstream } from '../http/upstream-url.ts';
import { UNUSED, type UsesByToken } from '../observe/uses.ts';
import { TOKEN_PREFIX, type AdminCall } from '../router.ts';
import type { TokenStore } from '../tokens/store.ts';
import type { TokenChange, TokenEntry, TokenSettings } from '../tokens/table.ts';
import { FILTER_MODES, maskedToken, type FilterMode } from '../tokens/token.ts';

const MAX_NOTE_CHARS = 200;

type Fields = Readonly<Record<string, unknown>>;

export interface AdminEndpoints {
  /** @returns the body of the 200 answer. @throws GatewayError */
  call(name: AdminCall, fields: Fields, caller: Caller): Promise<Record<string, unknown>>;
}

/** @param uses how much each token has been used since the start of the gateway. */
export function createAdminEndpoints(store: TokenStore, policy: UpstreamPolicy, uses: () => Promise<UsesByToken>): AdminEndpoints {
  const answer = (token: string, caller: Caller): { token: string; baseUrl: string } => ({
    token,
    baseUrl: `${caller.publicBase()}${TOKEN_PREFIX}${token}`,
  });

  async function register(fields: Fields, caller: Caller): Promise<Record<string, unknown>> {
    const upstream = upstreamField(fields);
    const settings = settingsFields(fields);
    await policy.checkResolved(upstream);
    const { entry, alreadyRegistered } = await store.register(upstream, settings);
    return alreadyRegistered ? { ...answer(entry.token, caller), already_registered: true } : answer(entry.token, caller);
  }

  async function lookup(fields: Fields, caller: Caller): Promise<Record<string, unknown>> {
    const entry = await store.findByUpstream(upstreamField(fields));
    if (entry === undefined) throw new GatewayError('not_found', 'No token is registered for this upstream_base.', 'upstream_base');
    return answer(entry.token, caller);
  }

  async function unregister(fields: Fields): Promise<Record<string, unknown>> {
    const token = textField(fields, 'token');
    if (!(await store.unregister(token))) throw new GatewayError('token_not_found', 'This token is not registered.', 'token');
    return { ok: true };
  }

  async function tokens(): Promise<Record<string, unknown>> {
    const [entries, used] = await Promise.all([store.all(), uses()]);
    return { tokens: entries.map((entry) => describe(entry, used)) };
  }

  async function update(fields: Fields): Promise<Record<string, unknown>> {
    const name = textField(fields, 'token');
    const entry = await store.update(name, changeFields(fields));
    if (entry === undefined) throw new GatewayError('token_not_found', 'This token is not registered.', 'token');
    return describe(entry, await uses());
  }

  return {
    call(name, fields, caller) {
      switch (name) {
        case 'register':
          return register(fields, caller);
        case 'lookup':
          return lookup(fields, caller);
        case 'unregister':
          return unregister(fields);
        case 'tokens':
          return tokens();
        case 'update':
          return update(fields);
      }
    },
  };
}

/** A token as it may be shown: never the whole of it. */
function describe({ token, fingerprint, upstream, mode, level, note }: TokenEntry, uses: UsesByToken): Record<string, unknown> {
  const { requests, findings, lastUsedMs } = uses[fingerprint] ?? UNUSED;
  return {
    token: maskedToken(token),
    fingerprint,
    upstream_base: upstream.base,
    mode,
    level: level ?? null,
    note,
    requests,
    findings,
    last_used: lastUsedMs === 0 ? null : new Date(lastUsedMs).toISOString(),
  };
}

function textField(fields: Fields, name: string): string {
  const value = fields[name];
  if (value === undefined || value === null || value === '') throw new GatewayError('missing_params', `The field "${name}" is missing.`, name);
  if (typeof value !== 'string') throw new GatewayError('invalid_parameters', `The field "${name}" must be a text.`, name);
  return value;
}

function upstreamField(fields: Fields): Upstream {
  return parseUpstreamBase(textField(fields, 'upstream_base'));
}

/** Like settings, but `"level": null` takes the token's own level away. */
function changeFields(fields: Fields): TokenChange {
  if (fields['level'] !== null) return settingsFields(fields);
  return { ...settingsFields({ ...fields, level: undefined }), level: null };
}

function settingsFields(fields: Fields): TokenSettings {
  const settings: { mode?: FilterMode; level?: SecurityLevel; note?: string } = {};
  if (fields['mode'] !== undefined) {
    const mode = FILTER_MODES.find((known) => known === fields['mode']);
    if (mode === undefined) throw new GatewayError('invalid_filter_mode', `The field "mode" takes ${FILTER_MODES.join(', ')}.`, 'mode');
    settings.mode = mode;
  }
  if (fields['level'] !== undefined) {
    const level = LEVELS.find((known) => known === fields['level']);
    if (level === undefined) throw new GatewayError('invalid_parameters', `The field "level" takes ${LEVELS.join(', ')}.`, 'level');
    settings.level = level;
  }
  if (fields['note'] !== undefined) {
    const note = fields['note'];
    if (typeof note !== 'string' || note.length > MAX_NOTE_CHARS) {
      throw new GatewayError('invalid_parameters', `The field "note" must be a text of at most ${MAX_NOTE_CHARS} characters.`, 'note');
    }
    settings.note = note;
  }
  return settings;
}
