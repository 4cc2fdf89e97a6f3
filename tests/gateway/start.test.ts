import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startProcess, type GatewayProcess } from '../support/compiled-process.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-start-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Expects a start that fails before anything listens; returns what was told. */
async function refusal(gateway: GatewayProcess): Promise<string> {
  assert.deepEqual(await gateway.ended(), { code: 2, signal: null }, gateway.stderr());
  assert.equal(gateway.stdout(), '');
  return gateway.stderr();
}

test('it prints one line with address, level, tokens and the token file\'s path', async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, 'tokens.json'), '{"tokens":{"Canary4711":{"upstream_base":"http://h"},"b":{"upstream_base":"http://h"}}}');
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: 'tokens.json', AEGIS_SECURITY_LEVEL: 'High' }, folder);
  const url = await gateway.url();
  const { port } = new URL(url);
  assert.ok(Number(port) > 0);
  assert.equal(gateway.stdout(), `AegisGate listens on http://127.0.0.1:${port} · security level high · 2 tokens · ${join(folder, 'tokens.json')}\n`);
  assert.equal((await fetch(`${url}/health`)).status, 200);
  assert.equal((await fetch(`${url}/ready`)).status, 200);
  assert.ok(!gateway.stderr().includes('Canary4711'));
});

test('with no settings at all its token file is below the working folder, and made with the first token', async (t) => {
  const folder = folderOf(t);
  // The port apart: another gateway may well run on this machine.
  const gateway = await startProcess(t, { AEGIS_PORT: '0' }, folder);
  const path = join(folder, 'config', 'gw_tokens.json');
  await gateway.url();
  assert.ok(gateway.stdout().endsWith(` · security level medium · 0 tokens · ${path}\n`), gateway.stdout());
  assert.ok(!existsSync(path));
  assert.equal((await gateway.admin('register', { upstream_base: 'http://127.0.0.1:9', gateway_key: 'agent' })).status, 200);
  assert.ok(readFileSync(path, 'utf8').includes('http://127.0.0.1:9'));
});

test('settings that are not allowed are told all at once, with exit code 2 and without their secrets', async (t) => {
  const gateway = await startProcess(t, {
    AEGIS_PORT: '70000', AEGIS_GATEWAY_KEY: ' ', AEGIS_LOG_LEVEL: 'loud', AEGIS_GATEWAY_KEYY: 'canary-4711', AEGIS_UPSTREAM_PROXY: 'socks5://u:canary-4711@h', AEGIS_PUBLIC_URL: 'https://u:canary-4711@h',
  });
  const told = await refusal(gateway);
  const lines = told.trimEnd().split('\n');
  assert.equal(lines.length, 6, told);
  assert.ok(lines.every((line) => line.startsWith('aegisgate: ')));
  assert.match(told, /AEGIS_PORT: "70000" is not allowed; it takes a whole number from 0 to 65535/);
  assert.match(told, /AEGIS_GATEWAY_KEY: its value is not allowed; it takes a non-empty text/);
  assert.match(told, /AEGIS_LOG_LEVEL: "loud" is not allowed; it takes one of debug, info, warn, error, silent/);
  assert.match(told, /AEGIS_GATEWAY_KEYY is not a setting; known are AEGIS_HOST, /);
  assert.match(told, /AEGIS_UPSTREAM_PROXY: its value is not allowed/);
  assert.match(told, /AEGIS_PUBLIC_URL: its value is not allowed/);
  assert.ok(!told.includes('canary'));
});

test('the default key is refused where other machines can reach it', async (t) => {
  const told = await refusal(await startProcess(t, { AEGIS_HOST: '0.0.0.0', AEGIS_PORT: '0' }));
  assert.match(told, /AEGIS_GATEWAY_KEY: the default key is refused because AEGIS_HOST="0\.0\.0\.0"/);
});

test('a port that is taken is told with its setting and number', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const told = await refusal(await startProcess(t, { AEGIS_PORT: String(port) }, folderOf(t)));
  assert.match(told, new RegExp(`^aegisgate: AEGIS_PORT: the port ${port} is taken`));
});

test('an address that is not this machine\'s is told with its setting', async (t) => {
  for (const host of ['192.0.2.1', 'no-such-host.invalid']) {
    const told = await refusal(await startProcess(t, { AEGIS_HOST: host, AEGIS_GATEWAY_KEY: 'canary-4711', AEGIS_PORT: '0' }, folderOf(t)));
    assert.match(told, /^aegisgate: AEGIS_HOST: /);
    assert.ok(told.includes(host) && !told.includes('canary'), told);
  }
});

test('a token file that can not be used is told with its path, its fault and no token', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'tokens.json');
  for (const text of ['{"tokens":{"Canary4711":{"upstream_base":"ftp://x"}}}', '{"tokens":{"Canary4711":', '{"tokens":{"Canary4711":5,}}']) {
    writeFileSync(path, text);
    const told = await refusal(await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: path }));
    assert.ok(told.startsWith(`aegisgate: The token file ${path} can't be used: `), told);
    assert.ok(!told.includes('Canary4711'), told);
    assert.equal(readFileSync(path, 'utf8'), text, 'it is left as it was');
  }
});

test('a token file that may not be read is told as such', { skip: process.getuid?.() === 0 ? 'root may read anything' : false }, async (t) => {
  const path = join(folderOf(t), 'tokens.json');
  writeFileSync(path, '{}');
  chmodSync(path, 0);
  assert.match(await refusal(await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: path })), /EACCES/);
});
