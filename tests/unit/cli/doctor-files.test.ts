import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { checkFiles, type FileChecks } from '../../../src/cli/doctor/files.ts';
import { readConfig } from '../../../src/config.ts';

const WINDOWS = process.platform === 'win32' ? 'Windows has no such modes' : false;
const uid = process.getuid?.();

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function check(folder: string, env: Record<string, string> = {}, user = uid): Promise<FileChecks> {
  return checkFiles(readConfig({ AEGIS_GW_TOKENS_PATH: join(folder, 'tokens.json'), AEGIS_AUDIT_LOG_PATH: join(folder, 'logs', 'audit.jsonl'), ...env }), '/nowhere', user);
}

function about({ findings }: FileChecks, name: string): string[] {
  return findings.filter((finding) => finding.check === name).map(({ status, message }) => `${status} ${message}`);
}

function write(path: string, text: string, mode = 0o600): void {
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
}

test('where nothing is yet, that is well, and nothing is made', async (t) => {
  const folder = folderOf(t);
  const checks = await check(folder);
  assert.ok(checks.findings.every(({ status }) => status === 'ok'), JSON.stringify(checks.findings));
  assert.match(about(checks, 'token file')[0] ?? '', /not there yet/);
  assert.match(about(checks, 'placeholder key')[0] ?? '', /not there yet/);
  assert.deepEqual(readdirSync(folder), []);
});

test('a good token file is counted, and its tokens handed on', async (t) => {
  const folder = folderOf(t);
  write(join(folder, 'tokens.json'), '{"tokens":{"Canary4711":{"upstream_base":"https://api.anthropic.com/v1"}}}');
  const checks = await check(folder);
  assert.match(about(checks, 'token file')[0] ?? '', /^ok .*tokens\.json: 1 token$/);
  assert.deepEqual(checks.tokens.map(({ upstream }) => upstream.base), ['https://api.anthropic.com/v1']);
  assert.ok(!JSON.stringify(checks.findings).includes('Canary4711'));
});

test('a broken token file is a problem with its place, and shows no token', async (t) => {
  const folder = folderOf(t);
  for (const [text, fault] of [
    ['{"tokens":{"Canary4711":', /not complete JSON/],
    ['{"tokens":{"Canary4711":{"upstream_base":"ftp://x"}}}', /bad "upstream_base"/],
    ['[]', /top level must be an object/],
  ] as const) {
    write(join(folder, 'tokens.json'), text);
    const checks = await check(folder);
    const [line = ''] = about(checks, 'token file');
    assert.match(line, /^problem .*tokens\.json can't be used: /);
    assert.match(line, fault);
    assert.ok(!line.includes('Canary4711'));
  }
});

test('files that others may read or change, or that are another user\'s, are told with what mends it', { skip: WINDOWS }, async (t) => {
  const folder = folderOf(t);
  write(join(folder, 'tokens.json'), '{"tokens":{}}', 0o644);
  write(join(folder, 'placeholder.key'), `${'ab'.repeat(32)}\n`, 0o666);
  const checks = await check(folder);
  assert.match(about(checks, 'token file')[1] ?? '', /^warning others on this machine may read .*tokens\.json \(mode 0644\)/);
  assert.match(about(checks, 'placeholder key')[1] ?? '', /^warning others on this machine may read or change .*placeholder\.key \(mode 0666\)/);
  assert.ok(checks.findings.some(({ advice }) => advice === `chmod 600 ${join(folder, 'tokens.json')}`));
  assert.ok(!JSON.stringify(checks.findings).includes('abab'));
  const another = about(await check(folder, {}, 4711), 'token file');
  assert.ok(another.some((line) => /^warning .* belongs to another user/.test(line)), another.join('\n'));
});

test('relative paths begin in the folder that the gateway was started in', async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, 'config'));
  write(join(folder, 'config', 'gw_tokens.json'), '{"tokens":{}}');
  write(join(folder, 'own.env'), 'A=canary-4711-with-length\n');
  const checks = await checkFiles(readConfig({ AEGIS_SECRET_FILES: 'own.env' }), folder, uid);
  assert.match(about(checks, 'token file')[0] ?? '', /^ok .*gw_tokens\.json: 0 tokens$/);
  assert.match(about(checks, 'secret file')[0] ?? '', /^ok .*own\.env: 1 value$/);
  assert.equal(checks.findings.find(({ check }) => check === 'audit log')?.subject, join(folder, 'logs', 'audit.jsonl'));
});

test('a link is followed, as the gateway follows it', { skip: WINDOWS }, async (t) => {
  const folder = folderOf(t);
  write(join(folder, 'real.json'), '{"tokens":{}}');
  symlinkSync('real.json', join(folder, 'tokens.json'));
  assert.deepEqual(about(await check(folder), 'token file').length, 1);
});

test('a folder that is none is told before the first registration fails in it', async (t) => {
  const folder = folderOf(t);
  write(join(folder, 'file'), '');
  const checks = await check(folder, { AEGIS_GW_TOKENS_PATH: join(folder, 'file', 'tokens.json'), AEGIS_AUDIT_LOG_PATH: join(folder, 'file', 'audit.jsonl') });
  assert.match(about(checks, 'token file')[0] ?? '', /^problem /);
  assert.match(about(checks, 'audit log')[0] ?? '', /^warning .*can't be written/);
});

test('a placeholder key that is none is a problem that does not show it', async (t) => {
  const folder = folderOf(t);
  write(join(folder, 'placeholder.key'), 'canary-4711\n');
  const [line = ''] = about(await check(folder), 'placeholder key');
  assert.match(line, /^problem AEGIS_PLACEHOLDER_KEY: .*must hold 64 hexadecimal digits/);
  assert.ok(!line.includes('canary'));
});

test('secret files, the rules file and the audit log are looked at', async (t) => {
  const folder = folderOf(t);
  write(join(folder, 'good.env'), 'A=canary-4711-with-length\nPORT=3000\n');
  write(join(folder, 'plain.env'), 'PORT=3000\n');
  write(join(folder, 'rules.json'), '{"policy":{"injection":"flag"}}');
  mkdirSync(join(folder, 'audit'));
  const checks = await check(folder, {
    AEGIS_SECRET_FILES: ['good.env', 'plain.env', 'gone.env'].map((name) => join(folder, name)).join(','),
    AEGIS_RULES_PATH: join(folder, 'rules.json'), AEGIS_AUDIT_LOG_PATH: join(folder, 'audit'),
  });
  assert.deepEqual(about(checks, 'secret file').map((line) => line.split(' ')[0]), ['ok', 'warning', 'problem']);
  assert.match(about(checks, 'secret file')[0] ?? '', /good\.env: 1 value$/);
  assert.match(about(checks, 'rules file')[0] ?? '', /^ok .*0 of your own rules, 1 actions set$/);
  assert.match(about(checks, 'audit log')[0] ?? '', /^warning .*it is not a file/);
  assert.ok(!JSON.stringify(checks.findings).includes('canary'));
  write(join(folder, 'rules.json'), '{"policy":{"injection":"sing"}}');
  const broken = await check(folder, { AEGIS_RULES_PATH: join(folder, 'rules.json') });
  assert.match(about(broken, 'rules file')[0] ?? '', /^problem AEGIS_RULES_PATH: .*must be one of/);
  assert.match(about(await check(folder, { AEGIS_AUDIT_LOG_PATH: '' }), 'audit log')[0] ?? '', /^ok off/);
  assert.ok(!existsSync(join(folder, 'logs')));
});
