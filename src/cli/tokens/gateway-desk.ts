/** Tokens through the gateway that runs, by its admin calls. */
import { FILTER_MODES, tokenFingerprint } from '../../tokens/token.ts';
import { UsageError } from '../command.ts';
import type { ListedToken, Registered, TokenDesk } from './desk.ts';
import { callAdmin, envelopeOf, isObject, type Answer } from './gateway-call.ts';
import { readTokenName } from './names.ts';

/** What the answer to a refused call tells beyond the gateway's own words. */
const HINTS: Readonly<Record<string, string>> = {
  gateway_key_invalid: 'Set AEGIS_GATEWAY_KEY here as the gateway has it.',
  not_found: 'The gateway that runs is an older one; restart it with this version.',
};

export function openGatewayDesk(base: string, gatewayKey: string): TokenDesk {
  async function call(name: string, fields: Readonly<Record<string, unknown>>): Promise<Answer> {
    try {
      return await callAdmin(base, name, { ...fields, gateway_key: gatewayKey });
    } catch (error) {
      throw new UsageError(`the gateway at ${base} did not answer (${(error as NodeJS.ErrnoException).code ?? 'no answer'}); whether it has done what it was asked for is not known`);
    }
  }

  async function lookup(upstreamBase: string): Promise<(Registered & { readonly token: string }) | undefined> {
    const answer = await call('lookup', { upstream_base: upstreamBase });
    if (answer.status === 404 && envelopeOf(answer.body)?.code === 'not_found') return undefined;
    return registered(answer, base);
  }

  return {
    through: 'gateway',
    where: base,
    told: `through the gateway at ${base}`,
    async register(upstreamBase, { mode, level, note }) {
      const settings = { ...(mode === undefined ? {} : { mode }), ...(level === undefined ? {} : { level }), ...(note === undefined ? {} : { note }) };
      return registered(await call('register', { upstream_base: upstreamBase, ...settings }), base);
    },
    lookup,
    async list() {
      const answer = await call('tokens', {});
      const listed = answer.status === 200 && isObject(answer.body) ? answer.body['tokens'] : undefined;
      if (!Array.isArray(listed)) throw refused(answer, base);
      return listed.filter(isObject).map(listedToken);
    },
    async unregister(name) {
      const meant = readTokenName(name);
      const token = 'token' in meant ? meant.token : (await lookup(meant.upstreamBase))?.token;
      if (token === undefined) return false;
      const answer = await call('unregister', { token });
      if (answer.status === 200) return true;
      if (envelopeOf(answer.body)?.code === 'token_not_found') return false;
      throw refused(answer, base);
    },
  };
}

function registered(answer: Answer, base: string): Registered & { readonly token: string } {
  const { status, body } = answer;
  if (status !== 200 || !isObject(body)) throw refused(answer, base);
  const { token, baseUrl } = body;
  if (typeof token !== 'string' || typeof baseUrl !== 'string') throw refused(answer, base);
  return { token, baseUrl, fingerprint: tokenFingerprint(token), alreadyRegistered: body['already_registered'] === true };
}

function refused({ status, body }: Answer, base: string): UsageError {
  const told = envelopeOf(body);
  if (told === undefined) return new UsageError(`the gateway at ${base} answered with something unexpected (HTTP ${status})`);
  const hint = HINTS[told.code];
  return new UsageError(`the gateway at ${base} refused: ${told.message}${hint === undefined ? '' : ` ${hint}`}`);
}

function listedToken(entry: Record<string, unknown>): ListedToken {
  const text = (name: string): string => (typeof entry[name] === 'string' ? entry[name] : '');
  const count = (name: string): number | null => (typeof entry[name] === 'number' ? entry[name] : null);
  return {
    token: text('token'),
    fingerprint: text('fingerprint'),
    upstreamBase: text('upstream_base'),
    mode: FILTER_MODES.find((known) => known === entry['mode']) ?? 'full',
    level: text('level') === '' ? null : text('level'),
    note: text('note'),
    requests: count('requests'),
    findings: count('findings'),
    lastUsed: text('last_used') === '' ? null : text('last_used'),
  };
}
