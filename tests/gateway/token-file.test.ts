import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { checkError } from '../support/envelope.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

const base = (gateway: TestGateway, token: string): string => `${gateway.url}/v1/__gw__/t/${token}`;
const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

/** Asks until a token answers with this status. */
async function untilStatus(gateway: TestGateway, token: string, status: number): Promise<void> {
  let seen = 0;
  const look = setInterval(() => void statusOf(base(gateway, token)).then((now) => { seen = now; }), 25);
  try {
    await until(`the token to answer ${status}`, () => seen === status);
  } finally {
    clearInterval(look);
  }
}

test('a token written by hand is in force, without a restart', async (t) => {
  const gateway = await startGateway(t);
  assert.equal(await statusOf(base(gateway, 'Hand-1')), 404);
  await writeFile(gateway.tokensPath, '{"tokens":{"Hand-1":{"upstream_base":"http://127.0.0.1:9/v1","note":"by hand"}}}');
  // The first request with it finds it, whether or not the file was looked at since.
  assert.equal(await statusOf(base(gateway, 'Hand-1')), 200);
  const { body } = await gateway.admin('lookup', { upstream_base: 'http://127.0.0.1:9/v1', gateway_key: 'agent' });
  assert.equal(body['token'], 'Hand-1');
});

test('a token taken out by hand is in force no more', async (t) => {
  const gateway = await startGateway(t);
  const [kept, taken] = [await gateway.register('http://127.0.0.1:9/a'), await gateway.register('http://127.0.0.1:9/b')];
  const file = JSON.parse(await readFile(gateway.tokensPath, 'utf8')) as { tokens: Record<string, unknown> };
  delete file.tokens[taken];
  await writeFile(gateway.tokensPath, JSON.stringify(file));
  await untilStatus(gateway, taken, 404);
  assert.equal(await statusOf(base(gateway, kept)), 200);
});

test('a broken edit keeps the last good table, says why, and shows no token', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  const good = await readFile(gateway.tokensPath, 'utf8');
  await writeFile(gateway.tokensPath, good.replace('http://', 'ftp://'));
  await until('the fault to be logged', () => gateway.log().includes('not taken over'));
  assert.equal(await statusOf(base(gateway, token)), 200);
  assert.match(gateway.log(), /bad \\"upstream_base\\"/);
  const refused = await gateway.admin('register', { upstream_base: 'http://127.0.0.1:10', gateway_key: 'agent' });
  assert.equal(refused.status, 500);
  assert.ok(!JSON.stringify(refused.body).includes(gateway.folder));
  await writeFile(gateway.tokensPath, good);
  await until('the mended file to be logged', () => gateway.log().includes('good again'));
  assert.ok(!gateway.log().includes(token));
});

test('without its file a token is not found, and only the log names the path', async (t) => {
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  await rm(gateway.tokensPath);
  await untilStatus(gateway, token, 404);
  const { error } = await checkError(await fetch(base(gateway, token)), { status: 404, code: 'token_not_found', type: 'invalid_request_error' });
  assert.ok(!error.message.includes(gateway.folder) && !error.message.includes(token));
  assert.match(error.message, /__gw__\/register/);
  assert.ok(gateway.log().includes(gateway.tokensPath));
});

test('a registration leaves unknown fields, and file and folder for their owner only', async (t) => {
  const gateway = await startGateway(t);
  await writeFile(gateway.tokensPath, '{"version":1,"tokens":{"Hand-1":{"upstream_base":"http://127.0.0.1:9","team":["a"]}}}', { mode: 0o644 });
  await gateway.register('http://127.0.0.1:10');
  const file = JSON.parse(await readFile(gateway.tokensPath, 'utf8')) as { version: number; tokens: Record<string, unknown> };
  assert.equal(file.version, 1);
  assert.deepEqual(file.tokens['Hand-1'], { upstream_base: 'http://127.0.0.1:9', team: ['a'] });
  assert.equal((await stat(gateway.tokensPath)).mode & 0o777, 0o600);
  assert.equal((await stat(dirname(gateway.tokensPath))).mode & 0o077, 0);
});
