import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../src/cli/command.ts';
import type { ListedToken, TokenDesk } from '../../../src/cli/tokens/desk.ts';
import { createResolver, type Wish } from '../../../src/connect/base-url.ts';
import { findClient } from '../../../src/connect/clients.ts';
import { tokenFingerprint } from '../../../src/tokens/token.ts';

/** A desk over a table of upstream → token. */
function deskOver(table: Record<string, string>): TokenDesk & { readonly registered: string[] } {
  const registered: string[] = [];
  const answer = (upstream: string, alreadyRegistered: boolean): { baseUrl: string; fingerprint: string; alreadyRegistered: boolean } => {
    const token = table[upstream] ?? '';
    return { baseUrl: `http://gw/v1/__gw__/t/${token}`, fingerprint: tokenFingerprint(token), alreadyRegistered };
  };
  return {
    registered,
    through: 'gateway',
    where: 'http://gw',
    told: 'through the gateway',
    async register(upstream) {
      const known = upstream in table;
      if (!known) {
        table[upstream] = `New${registered.length}`;
        registered.push(upstream);
      }
      return answer(upstream, known);
    },
    lookup: async (upstream) => (upstream in table ? answer(upstream, true) : undefined),
    list: async () =>
      Object.entries(table).map(([upstreamBase, token]): ListedToken => ({ token: '…', fingerprint: tokenFingerprint(token), upstreamBase, mode: 'full', level: null, note: '', requests: 0, findings: 0, lastUsed: null })),
    unregister: async () => false,
  };
}

const ANTHROPIC = 'https://api.anthropic.com/v1';
const OPENAI = 'https://api.openai.com/v1';

async function resolved(table: Record<string, string>, id: string, wish: Wish = {}): Promise<{ token: string; wire: string; registered: readonly string[] }> {
  const desk = deskOver({ ...table });
  const client = findClient(id);
  assert.ok(client);
  const { baseUrl, wire } = await createResolver({ env: {} }, async () => desk)(client, wish);
  return { token: baseUrl.split('/t/')[1] ?? '', wire, registered: desk.registered };
}

test('without a wish the only fitting token is taken', async () => {
  const table = { [ANTHROPIC]: 'A', [OPENAI]: 'O', 'https://corp.example/v1': 'C' };
  assert.deepEqual(await resolved(table, 'claude-code'), { token: 'A', wire: 'anthropic', registered: [] });
  assert.deepEqual(await resolved(table, 'codex'), { token: 'O', wire: 'openai', registered: [] });
  assert.deepEqual(await resolved(table, 'opencode'), { token: 'A', wire: 'anthropic', registered: [] });
  assert.deepEqual(await resolved({ [OPENAI]: 'O' }, 'opencode'), { token: 'O', wire: 'openai', registered: [] });
});

test('with none that fits the vendor\'s own upstream is registered', async () => {
  assert.deepEqual(await resolved({ [OPENAI]: 'O' }, 'claude-code'), { token: 'New0', wire: 'anthropic', registered: [ANTHROPIC] });
  assert.deepEqual((await resolved({}, 'gemini-cli')).registered, ['https://generativelanguage.googleapis.com/v1beta']);
  assert.deepEqual((await resolved({}, 'opencode', { wire: 'openai' })).registered, [OPENAI]);
});

test('several that fit are named by their fingerprints', async () => {
  const table = { [ANTHROPIC]: 'A', 'https://api.anthropic.com': 'B' };
  await assert.rejects(resolved(table, 'claude-code'), (error: unknown) => error instanceof UsageError && error.message.includes(`--token ${tokenFingerprint('B')} (https://api.anthropic.com)`));
});

test('what is no URL is not taken for one, whoever gave it', async () => {
  for (const token of ['x\nrm', 'x y', '\u001b[2J', 'é']) await assert.rejects(resolved({ [ANTHROPIC]: token }, 'claude-code'), /base URL is none/);
});

test('a token is named by itself, its fingerprint or its base URL', async () => {
  const table = { [ANTHROPIC]: 'A', 'https://corp.example/v1': 'C' };
  for (const token of ['C', tokenFingerprint('C'), 'http://gw/v1/__gw__/t/C', 'http://gw/v1/__gw__/t/C__redact']) {
    assert.equal((await resolved(table, 'claude-code', { token })).token, 'C', token);
  }
});

test('an upstream of another vendor\'s is refused, one of nobody\'s is not', async () => {
  await assert.rejects(resolved({}, 'claude-code', { upstream: OPENAI }), UsageError);
  assert.equal((await resolved({}, 'qwen-code', { upstream: 'https://dashscope.example/v1' })).wire, 'openai');
  assert.equal((await resolved({}, 'cline', { upstream: OPENAI })).wire, 'openai');
  // A host that only ends alike is no vendor's.
  assert.equal((await resolved({}, 'codex', { upstream: 'https://notanthropic.com/v1' })).wire, 'openai');
});
