// The user's own: values from files, rules of their own, exceptions; and the same placeholders on every replica.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { runToExit } from '../support/process.ts';
import { startRecorder } from '../support/recorder.ts';
import { SECRETS } from '../support/redaction.ts';
import { until } from '../support/until.ts';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'aegis-own-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A gateway with these settings; `send` gives what the upstream saw of a text. */
async function sender(t: TestContext, env: Record<string, string>): Promise<{ send(text: string): Promise<string>; log(): string; tokensPath: string }> {
  const upstream = await startRecorder(t);
  const gateway = await startGateway(t, { env });
  const token = await gateway.register(upstream.url);
  return {
    log: () => gateway.log(),
    tokensPath: gateway.tokensPath,
    async send(text) {
      const response = await fetch(`${gateway.url}/v1/__gw__/t/${token}/x`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text }) });
      await response.text();
      return upstream.last().body.toString();
    },
  };
}

test('values of AEGIS_SECRET_FILES are redacted wherever they stand, plain ones are not, and a change is taken over', async (t) => {
  const file = join(folder(t), '.env');
  writeFileSync(file, 'PORT=3000\nDEBUG=true\nINTERNAL_NAME="zebra crossing 77"\n');
  const { send, log } = await sender(t, { AEGIS_SECRET_FILES: file });
  assert.match(await send('say zebra crossing 77, port 3000, true'), /"say aegis-secret-[a-z2-7]{12}, port 3000, true"/);
  writeFileSync(file, 'INTERNAL_NAME="giraffe parking 88"\n');
  await until('the change to be taken over', () => log().includes('files of secrets taken over'));
  assert.match(await send('say giraffe parking 88'), /"say aegis-secret-[a-z2-7]{12}"/);
  rmSync(file);
  await until('the loss to be told', () => log().includes('files of secrets not taken over'));
  assert.match(await send('say giraffe parking 88'), /aegis-secret-/, 'the last good values stay in force');
  assert.ok(!log().includes('giraffe') && !log().includes('zebra'));
});

test('AEGIS_RULES_PATH adds rules, lets values pass and switches rules off', async (t) => {
  const path = join(folder(t), 'rules.json');
  writeFileSync(path, JSON.stringify({
    rules: [{ id: 'acme-key', pattern: 'ACME-[0-9]{8}', matches: ['ACME-12345678'], ignores: ['ACME-123'] }],
    allow: [SECRETS.github],
    disable: ['anthropic-key'],
  }));
  const { send } = await sender(t, { AEGIS_RULES_PATH: path });
  const seen = await send(`ACME-87654321 and ${SECRETS.github}`);
  assert.ok(!seen.includes('ACME-87654321'));
  assert.ok(seen.includes(SECRETS.github));
});

test('a rule of the user\'s that fails its own example, or could take for ever, keeps the gateway from starting and is named', async (t) => {
  const home = folder(t);
  for (const [rule, named] of [
    [{ id: 'acme-key', pattern: 'ACME-[0-9]{8}', matches: ['ACME-1'], ignores: [] }, /acme-key|rules\[0\]/],
    [{ id: 'slow-rule', pattern: '(?:a+)+b', matches: ['aab'], ignores: [] }, /slow-rule|rules\[0\]/],
  ] as const) {
    const path = join(home, 'rules.json');
    writeFileSync(path, JSON.stringify({ rules: [rule] }));
    const { exit, stderr } = await runToExit(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: join(home, 't.json'), AEGIS_AUDIT_LOG_PATH: '', AEGIS_RULES_PATH: path });
    assert.equal(exit, 2);
    assert.match(stderr, /AEGIS_RULES_PATH/);
    assert.match(stderr, named);
  }
});

test('a file of secrets that is not there keeps the gateway from starting', async (t) => {
  const home = folder(t);
  const { exit, stderr } = await runToExit(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: join(home, 't.json'), AEGIS_AUDIT_LOG_PATH: '', AEGIS_SECRET_FILES: join(home, 'none.env') });
  assert.equal(exit, 2);
  assert.match(stderr, /AEGIS_SECRET_FILES.*none\.env/);
});

test('the placeholder key is made once, readable by its owner alone, and gives two gateways the same placeholders', async (t) => {
  const key = join(folder(t), 'deep', 'placeholder.key');
  const [one, two] = await Promise.all([sender(t, { AEGIS_PLACEHOLDER_KEY: key }), sender(t, { AEGIS_PLACEHOLDER_KEY: key })]);
  const text = `token ${SECRETS.github}`;
  assert.equal(await one.send(text), await two.send(text));
  assert.match(readFileSync(key, 'utf8'), /^[0-9a-f]{64}\n$/);
  if (process.platform !== 'win32') assert.equal(statSync(key).mode & 0o777, 0o600);
  const other = await sender(t, {});
  assert.notEqual(await other.send(text), await one.send(text), 'another key, other placeholders');
});

test('a placeholder key that is none keeps the gateway from starting', async (t) => {
  const home = folder(t);
  writeFileSync(join(home, 'placeholder.key'), 'not a key');
  const { exit, stderr } = await runToExit(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: join(home, 't.json'), AEGIS_AUDIT_LOG_PATH: '' });
  assert.equal(exit, 2);
  assert.match(stderr, /AEGIS_PLACEHOLDER_KEY.*64 hexadecimal/);
  assert.ok(!stderr.includes('not a key'));
});
