import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { UsageError } from '../../../src/cli/command.ts';
import { backUp, readConfigFile, removeFile, replaceFile } from '../../../src/connect/file.ts';
import { createConnectionStore } from '../../../src/connect/state.ts';

const isPosix = process.platform !== 'win32';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'aegis-file-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('somebody else\'s change in the meantime is noticed, and nothing is written', (t) => {
  const path = join(folder(t), 'a.json');
  writeFileSync(path, 'one');
  const file = readConfigFile(path);
  writeFileSync(path, 'two');
  assert.throws(() => replaceFile(file, 'three'), (error: unknown) => error instanceof UsageError && /changed by another program/.test(error.message));
  assert.throws(() => removeFile(file), UsageError);
  assert.equal(readFileSync(path, 'utf8'), 'two');
  assert.deepEqual(readdirSync(join(path, '..')), ['a.json'], 'nothing is left beside it');
});

test('a file that has come in the meantime, or gone, is noticed too', (t) => {
  const path = join(folder(t), 'a.json');
  const missing = readConfigFile(path);
  writeFileSync(path, 'theirs');
  assert.throws(() => replaceFile(missing, 'ours'), UsageError);
  const there = readConfigFile(path);
  rmSync(path);
  assert.throws(() => replaceFile(there, 'ours'), UsageError);
  assert.ok(!existsSync(path));
});

test('a file is replaced in one step: who has it open reads the old one to its end', { skip: !isPosix && 'files that are open can\'t be replaced there' }, (t) => {
  const path = join(folder(t), 'a');
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  replaceFile(readConfigFile(path), 'new');
  assert.notEqual(statSync(path).ino, before);
  assert.equal(readFileSync(path, 'utf8'), 'new');
});

test('copies take the first free number and the file\'s mode', { skip: !isPosix && 'no such modes' }, (t) => {
  const path = join(folder(t), 'a');
  writeFileSync(path, 'text');
  chmodSync(path, 0o604);
  const file = readConfigFile(path);
  assert.equal(backUp(file), `${path}.aegis-backup-1`);
  assert.equal(backUp(file), `${path}.aegis-backup-2`);
  assert.equal(statSync(`${path}.aegis-backup-2`).mode & 0o777, 0o604);
  assert.equal(readFileSync(`${path}.aegis-backup-1`, 'utf8'), 'text');
});

test('links are followed, also to a file that is not there yet, and never around in a circle', { skip: !isPosix && 'links need rights' }, (t) => {
  const home = folder(t);
  mkdirSync(join(home, 'real'));
  symlinkSync('real/b', join(home, 'a'));
  replaceFile(readConfigFile(join(home, 'a')), 'made');
  assert.equal(readFileSync(join(home, 'real', 'b'), 'utf8'), 'made');
  assert.ok(lstatSync(join(home, 'a')).isSymbolicLink());
  symlinkSync('loop', join(home, 'loop'));
  assert.throws(() => readConfigFile(join(home, 'loop')), /in a circle/);
});

test('what is no text file is told', (t) => {
  const home = folder(t);
  assert.throws(() => readConfigFile(home), /is not a file/);
  writeFileSync(join(home, 'a'), Buffer.from([0x7b, 0xff, 0x7d]));
  assert.throws(() => readConfigFile(join(home, 'a')), /not UTF-8/);
  writeFileSync(join(home, 'b'), '\ufeff{}');
  assert.equal(readConfigFile(join(home, 'b')).text, '\ufeff{}');
});

test('what connect has set is kept for its owner alone, and a damaged record is told', { skip: !isPosix && 'no such modes' }, (t) => {
  const home = folder(t);
  const store = createConnectionStore({ env: {}, home, platform: 'linux' });
  assert.deepEqual(store.read('codex'), []);
  const connection = { file: '/f', format: 'toml', created: true, backups: [], changes: [{ path: ['a', { field: 'b', value: 'c' }], after: '"x"', trace: { keep: -1, glue: '' }, api: 'openai' }] } as const;
  store.write('codex', [connection]);
  assert.deepEqual(store.read('codex'), [connection]);
  const path = join(home, '.local', 'state', 'aegisgate', 'connect', 'codex.json');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  for (const damaged of ['{', '{"version":2,"connections":[]}', '{"version":1,"connections":[{"file":1}]}', '{"version":1,"connections":[{"file":"/f","format":"toml","created":true,"backups":[1],"changes":[]}]}', '{"version":1,"connections":[{"file":"/f","format":"toml","created":true,"backups":[],"changes":[{}]}]}']) {
    writeFileSync(path, damaged);
    assert.throws(() => store.read('codex'), (error: unknown) => error instanceof UsageError && /is damaged/.test(error.message));
  }
  store.write('codex', []);
  assert.ok(!existsSync(path));
});
