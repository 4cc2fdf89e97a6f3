// Tokens and clients' settings from the console.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENTS } from '../../src/connect/clients.ts';
import { tokenFingerprint } from '../../src/tokens/token.ts';
import { askConsole, type ConsoleAnswer } from '../support/console.ts';
import { checkEnvelope } from '../support/envelope.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const post = (gateway: TestGateway, path: string, body: unknown): Promise<ConsoleAnswer> => askConsole(gateway.url, path, { body, headers: { origin: gateway.url } });

test('an upstream is registered, described, changed and taken away, and the token is in the base URL alone', async (t) => {
  const gateway = await startGateway(t);
  const registered = await post(gateway, '/register', { upstream_base: 'https://api.anthropic.com/v1/', note: 'Claude', level: 'high' });
  assert.equal(registered.status, 200);
  const { baseUrl, ...described } = registered.body;
  assert.match(String(baseUrl), new RegExp(`^${gateway.url}/v1/__gw__/t/[0-9A-Za-z]{24}$`));
  const token = String(baseUrl).slice(-24);
  const fingerprint = tokenFingerprint(token);
  const entry = { token: `${token.slice(0, 4)}…${token.slice(-4)}`, fingerprint, upstream_base: 'https://api.anthropic.com/v1', mode: 'full', level: 'high', note: 'Claude', requests: 0, findings: 0, last_used: null };
  assert.deepEqual(described, { ...entry, already_registered: false });
  const again = await post(gateway, '/register', { upstream_base: 'https://api.anthropic.com/v1' });
  assert.deepEqual([again.body['baseUrl'], again.body['already_registered']], [baseUrl, true]);

  assert.deepEqual((await askConsole(gateway.url, '/tokens')).body, { tokens: [entry] });
  assert.deepEqual((await askConsole(gateway.url, `/tokens/${fingerprint}/base`)).body, { baseUrl });
  assert.deepEqual((await post(gateway, '/update', { token: fingerprint, note: 'Work', level: null })).body, { ...entry, note: 'Work', level: null });
  assert.deepEqual((await post(gateway, '/unregister', { token: fingerprint })).body, { ok: true });
  assert.deepEqual((await askConsole(gateway.url, '/tokens')).body, { tokens: [] });
  for (const path of [`/tokens/${fingerprint}/base`, `/clients/claude-code?fingerprint=${fingerprint}`, '/clients/claude-code']) {
    const gone = await askConsole(gateway.url, path);
    assert.equal(gone.status, 404, path);
    checkEnvelope(gone.body, 'token_not_found');
  }
  // What the calls changed is in the log, and what they were given is not.
  assert.equal(gateway.log().match(/"msg":"admin".*"from":"console"/g)?.length, 4);
  assert.ok(!gateway.log().includes(token));
});

test('what is wrong with an upstream or a setting is said as the admin calls say it', async (t) => {
  const gateway = await startGateway(t);
  for (const [path, body, status, code] of [
    ['/register', { upstream_base: 'http://169.254.169.254/' }, 400, 'invalid_upstream'],
    ['/register', {}, 400, 'missing_params'],
    ['/update', { token: 'x', note: 'n' }, 404, 'token_not_found'],
    ['/unregister', {}, 400, 'missing_params'],
    ['/register', '{"upstream_base":', 400, 'invalid_json'],
    ['/register', `{"note":"${'x'.repeat(70_000)}"}`, 413, 'request_body_too_large'],
  ] as const) {
    const answer = await post(gateway, path, body);
    assert.equal(answer.status, status, code);
    checkEnvelope(answer.body, code);
  }
});

test('every client\'s settings come with the token\'s base URL, as connect writes them', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('https://api.anthropic.com/v1');
  const baseUrl = `${gateway.url}/v1/__gw__/t/${token}`;
  assert.deepEqual((await askConsole(gateway.url, '/clients')).body, { clients: CLIENTS.map(({ id, title }) => ({ id, title })) });
  for (const client of CLIENTS) {
    const { status, body } = await askConsole(gateway.url, `/clients/${client.id}?fingerprint=${tokenFingerprint(token)}`);
    assert.equal(status, 200, client.id);
    assert.deepEqual(body, { id: client.id, title: client.title, snippets: client.snippets(baseUrl, 'https://api.anthropic.com/v1'), key: client.key, notes: client.notes, remote: client.remote ?? false });
    assert.ok(JSON.stringify(body).includes(baseUrl), client.id);
  }
  assert.equal((await askConsole(gateway.url, `/clients/nobody?fingerprint=${tokenFingerprint(token)}`)).status, 404);
});
