// docs/command-line.md against what the commands print.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dispatch } from '../../src/cli/dispatch.ts';
import { COMMANDS } from '../../src/cli/index.ts';
import { startLine } from '../../src/start-report.ts';
import { folderOf } from '../support/cli-process.ts';
import { memoryIo } from '../support/command-io.ts';
import { freePort } from '../support/doctor.ts';
import { SECRETS } from '../support/redaction.ts';

const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');

/** The keys that the page's table has for a command. */
function keysOf(row: string): string[] {
  const line = page.split('\n').find((text) => text.startsWith(`| ${row} |`));
  assert.ok(line !== undefined, `the page has a row for ${row}`);
  return [...line.slice(line.indexOf('|', 2)).matchAll(/`([A-Za-z_]+)`/g)].map(([, key = '']) => key);
}

test('the page names the keys that are printed, in their order', async (t) => {
  const folder = folderOf(t);
  const env = { AEGIS_PORT: await freePort(), AEGIS_GW_TOKENS_PATH: join(folder, 'tokens.json'), AEGIS_AUDIT_LOG_PATH: '' };
  writeFileSync(join(folder, '.env'), `TOKEN=${SECRETS.github}\n`);
  async function printed(code: number, ...args: string[]): Promise<Record<string, unknown>> {
    const io = memoryIo({ env, cwd: folder });
    assert.equal(await dispatch([...args, '--json'], io, COMMANDS), code, `${args.join(' ')}: ${io.err()}`);
    assert.equal(io.out().trimEnd().split('\n').length, 1);
    return JSON.parse(io.out()) as Record<string, unknown>;
  }
  const upstream = 'http://127.0.0.1:1/v1';
  assert.deepEqual(Object.keys(await printed(0, 'register', upstream)), keysOf('`register`'));
  const list = await printed(0, 'tokens');
  assert.deepEqual(Object.keys(list), keysOf('`tokens`'));
  assert.deepEqual(Object.keys((list['tokens'] as object[])[0] ?? {}), keysOf('one of `tokens`'));
  assert.deepEqual(Object.keys(await printed(0, 'lookup', upstream)), keysOf('`lookup`'));
  const report = await printed(1, 'doctor');
  assert.deepEqual(Object.keys(report), keysOf('`doctor`'));
  const known = keysOf('one of `findings`');
  const findings = report['findings'] as object[];
  for (const finding of findings) assert.ok(Object.keys(finding).every((key) => known.includes(key)), JSON.stringify(finding));
  assert.ok(known.every((key) => findings.some((finding) => key in finding)), 'each of them is somewhere');
  assert.deepEqual(Object.keys(await printed(0, 'unregister', upstream)), keysOf('`unregister`'));
  assert.deepEqual(Object.keys(await printed(1, 'scan', '.env')), keysOf('`scan`'));
  assert.deepEqual(Object.keys(await printed(0, 'policy')), keysOf('`policy`'));
  assert.deepEqual(Object.keys(await printed(0, 'help')), keysOf('`help`'));
  assert.deepEqual(Object.keys(await printed(0, '--version')), keysOf('`--version`'));
  const started = startLine({ address: 'http://127.0.0.1:1', level: 'medium', tokens: 0, tokensPath: '/x', workers: 1 }, 'json');
  assert.deepEqual(Object.keys(JSON.parse(started) as object), keysOf('`serve`'));
});
