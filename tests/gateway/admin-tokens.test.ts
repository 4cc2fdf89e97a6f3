// The admin calls that people look after tokens with: list, change, take away by fingerprint.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { tokenFingerprint } from '../../src/tokens/token.ts';
import { checkEnvelope } from '../support/envelope.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { untilAsync } from '../support/until.ts';
import { startFleet } from '../support/worker-fleet.ts';

const KEY = { gateway_key: 'agent' };
const SECRET = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fG3hJ4'}`;

async function listed(gateway: TestGateway): Promise<Record<string, unknown>[]> {
  const { status, body } = await gateway.admin('tokens', KEY);
  assert.equal(status, 200);
  return body['tokens'] as Record<string, unknown>[];
}

test('tokens are listed masked, with their settings and what was done with them', async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url, { note: 'Claude', level: 'high' });
  const other = await gateway.register('https://api.openai.com/v1', { mode: 'redact' });
  const unused = { requests: 0, findings: 0, last_used: null };
  const first = { token: `${token.slice(0, 4)}…${token.slice(-4)}`, fingerprint: tokenFingerprint(token), upstream_base: upstream.url, mode: 'full', level: 'high', note: 'Claude' };
  const second = { token: `${other.slice(0, 4)}…${other.slice(-4)}`, fingerprint: tokenFingerprint(other), upstream_base: 'https://api.openai.com/v1', mode: 'redact', level: null, note: '' };
  assert.deepEqual(await listed(gateway), [{ ...first, ...unused }, { ...second, ...unused }]);

  const before = Date.now();
  const body = JSON.stringify({ messages: [{ role: 'user', content: `my key ${SECRET}, again ${SECRET}` }] });
  await (await fetch(`${gateway.url}/v1/__gw__/t/${token}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
  await untilAsync('the findings to be counted', async () => (await listed(gateway))[0]?.['findings'] === 2);
  const [used, idle] = await listed(gateway);
  const lastUsed = Date.parse(String(used?.['last_used']));
  assert.ok(lastUsed >= before && lastUsed <= Date.now());
  assert.deepEqual({ ...used, last_used: 0 }, { ...first, requests: 1, findings: 2, last_used: 0 });
  assert.deepEqual(idle, { ...second, ...unused });
});

test('settings are changed by the token or by its fingerprint, and nothing else of the file is', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('https://api.anthropic.com/v1', { note: 'a', level: 'low' });
  const fingerprint = tokenFingerprint(token);
  const entryInFile = async (): Promise<unknown> => (JSON.parse(await readFile(gateway.tokensPath, 'utf8')) as { tokens: Record<string, unknown> }).tokens[token];
  await writeFile(gateway.tokensPath, (await readFile(gateway.tokensPath, 'utf8')).replace('"note"', '"owner": "me", "note"'));

  const changed = await gateway.admin('update', { token, note: 'b', mode: 'redact', ...KEY });
  assert.equal(changed.status, 200);
  assert.deepEqual(
    changed.body,
    { token: `${token.slice(0, 4)}…${token.slice(-4)}`, fingerprint, upstream_base: 'https://api.anthropic.com/v1', mode: 'redact', level: 'low', note: 'b', requests: 0, findings: 0, last_used: null },
  );
  assert.deepEqual(await entryInFile(), { upstream_base: 'https://api.anthropic.com/v1', owner: 'me', note: 'b', level: 'low', mode: 'redact' });

  const reset = await gateway.admin('update', { token: fingerprint, level: null, ...KEY });
  assert.deepEqual([reset.status, reset.body['level'], reset.body['note']], [200, null, 'b']);
  assert.deepEqual(await entryInFile(), { upstream_base: 'https://api.anthropic.com/v1', owner: 'me', note: 'b', mode: 'redact' });

  const file = await readFile(gateway.tokensPath, 'utf8');
  assert.equal((await gateway.admin('update', { token, ...KEY })).status, 200);
  for (const [fields, status, code] of [
    [{ token: 'nobody', note: 'x' }, 404, 'token_not_found'],
    [{ token, mode: 'off' }, 400, 'invalid_filter_mode'],
    [{ token, mode: null }, 400, 'invalid_filter_mode'],
    [{ token, level: 'max' }, 400, 'invalid_parameters'],
    [{ token, note: 5 }, 400, 'invalid_parameters'],
    [{ note: 'x' }, 400, 'missing_params'],
  ] as const) {
    const { status: got, body } = await gateway.admin('update', { ...fields, ...KEY });
    assert.equal(got, status, JSON.stringify(fields));
    checkEnvelope(body, code);
  }
  assert.equal(await readFile(gateway.tokensPath, 'utf8'), file);
});

test('a token is taken away by its fingerprint', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('https://api.anthropic.com/v1');
  assert.deepEqual(await gateway.admin('unregister', { token: tokenFingerprint(token), ...KEY }), { status: 200, body: { ok: true } });
  assert.deepEqual(await listed(gateway), []);
  assert.equal((await gateway.admin('unregister', { token: tokenFingerprint(token), ...KEY })).status, 404);
});

test('of a short token that somebody wrote by hand nothing is shown', async (t) => {
  const gateway = await startGateway(t);
  await gateway.register('https://api.anthropic.com/v1');
  await writeFile(gateway.tokensPath, '{"tokens": {"Ab3k9Qx7": {"upstream_base": "https://api.anthropic.com"}}}');
  await untilAsync('the file to be taken over', async () => (await listed(gateway))[0]?.['token'] === '…');
  assert.equal((await listed(gateway))[0]?.['fingerprint'], tokenFingerprint('Ab3k9Qx7'));
});

test('both calls ask for the key', async (t) => {
  const gateway = await startGateway(t);
  for (const call of ['tokens', 'update']) {
    const { status, body } = await gateway.admin(call, { token: 'x', gateway_key: 'wrong' });
    assert.equal(status, 403);
    checkEnvelope(body, 'gateway_key_invalid');
  }
});

test('the counts are those of all workers, also of one that has ended', async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const fleet = await startFleet(t, 2);
  const token = await fleet.register(upstream.url);
  const lines = await fleet.lines(2);
  for (const line of lines) assert.equal((await line.ask(`/v1/__gw__/t/${token}/messages`, { messages: [{ role: 'user', content: SECRET }] })).status, 200);
  type Entry = { requests: number; findings: number };
  const counts = async (): Promise<number[]> => {
    const { tokens: [entry] } = JSON.parse((await fleet.ask('/__gw__/tokens', KEY)).text) as { tokens: Entry[] };
    return [entry?.requests ?? -1, entry?.findings ?? -1];
  };
  await untilAsync('both to be counted', async () => (await counts()).join() === '2,2');
  process.kill(fleet.pids()[0] ?? 0, 'SIGKILL');
  for (let i = 0; i < 5; i++) assert.deepEqual(await counts(), [2, 2]);
});
