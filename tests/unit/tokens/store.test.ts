import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseUpstreamBase } from '../../../src/http/upstream-url.ts';
import { createLog } from '../../../src/observe/log.ts';
import { openTokenStore, type TokenStore } from '../../../src/tokens/store.ts';
import { until } from '../../support/until.ts';

interface Place {
  readonly folder: string;
  readonly path: string;
  log(): string;
  open(path?: string): Promise<TokenStore>;
}

function place(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-store-'));
  let logged = '';
  const log = createLog({ level: 'debug', format: 'json', sink: { write: (text, done) => { logged += text; done(); }, writeNow: (text) => { logged += text; } } });
  const stores: TokenStore[] = [];
  t.after(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'config', 'gw_tokens.json');
  return {
    folder,
    path,
    log() {
      log.flush();
      return logged;
    },
    async open(at = path) {
      const store = await openTokenStore(at, log);
      stores.push(store);
      return store;
    },
  };
}

const UP = parseUpstreamBase('https://a.example/v1');
const OTHER = parseUpstreamBase('https://b.example/v1');
const fileOf = (path: string): { tokens: Record<string, Record<string, unknown>> } => JSON.parse(readFileSync(path, 'utf8'));
const mode = (path: string): number => statSync(path).mode & 0o777;

test('a registration is in the file when it is answered, for its owner only', async (t) => {
  const { path, folder, open } = place(t);
  const store = await open();
  assert.ok(!existsSync(path), 'opening alone makes no file');
  const { entry, alreadyRegistered } = await store.register(UP, { note: 'n', mode: 'redact' });
  assert.ok(!alreadyRegistered);
  assert.deepEqual(fileOf(path).tokens, { [entry.token]: { upstream_base: 'https://a.example/v1', note: 'n', mode: 'redact' } });
  assert.equal(mode(path), 0o600);
  assert.equal(mode(join(folder, 'config')), 0o700);
  assert.deepEqual(readdirSync(join(folder, 'config')), ['gw_tokens.json'], 'no draft and no lock is left');
});

test('the same upstream again is the same token, and only named settings change', async (t) => {
  const { path, open } = place(t);
  const store = await open();
  const first = await store.register(UP, { note: 'n', level: 'high' });
  const inode = statSync(path).ino;
  const second = await store.register(parseUpstreamBase('HTTPS://A.example:443/v1/'), {});
  assert.deepEqual([second.entry.token, second.alreadyRegistered], [first.entry.token, true]);
  assert.equal(statSync(path).ino, inode, 'nothing to write, nothing written');
  const third = await store.register(UP, { level: 'low' });
  assert.deepEqual([third.entry.token, third.entry.level, third.entry.note], [first.entry.token, 'low', 'n']);
  assert.equal(store.size, 1);
});

test('many registrations of one process at once lose nothing, and one upstream gets one token', async (t) => {
  const { path, open } = place(t);
  const store = await open();
  const bases = Array.from({ length: 20 }, (_, i) => parseUpstreamBase(`https://h${i % 10}.example`));
  const results = await Promise.all(bases.map((base) => store.register(base, {})));
  assert.equal(new Set(results.map(({ entry }) => entry.token)).size, 10);
  assert.equal(Object.keys(fileOf(path).tokens).length, 10);
  assert.equal(results.filter(({ alreadyRegistered }) => alreadyRegistered).length, 10);
});

test('two stores on one file see each other\'s changes without waiting', async (t) => {
  const { open } = place(t);
  const one = await open();
  const two = await open();
  const { entry } = await one.register(UP, {});
  assert.equal((await two.find(entry.token))?.upstream.base, UP.base);
  assert.equal((await two.findByUpstream(UP))?.token, entry.token);
  assert.ok(await two.unregister(entry.token));
  assert.equal(await one.unregister(entry.token), false);
  assert.equal(one.get(entry.token), undefined);
});

test('a change keeps what people wrote', async (t) => {
  const { path, folder, open } = place(t);
  mkdirSync(join(folder, 'config'));
  writeFileSync(path, '{"comment":"mine","tokens":{"Hand1":{"upstream_base":"https://a.example/v1","owner":{"team":"x"}}},"other":[1]}', { mode: 0o644 });
  const store = await open();
  await store.register(OTHER, {});
  await store.register(UP, { note: 'claude' });
  const file = fileOf(path) as ReturnType<typeof fileOf> & Record<string, unknown>;
  assert.deepEqual(file['other'], [1]);
  assert.equal(file['comment'], 'mine');
  assert.deepEqual(file.tokens['Hand1'], { upstream_base: 'https://a.example/v1', owner: { team: 'x' }, note: 'claude' });
  assert.equal(mode(path), 0o600, 'a file that others could read is theirs no more');
});

test('a link to the file stays a link, and locks meet behind it', async (t) => {
  const { folder, open } = place(t);
  const real = join(folder, 'real.json');
  const link = join(folder, 'link.json');
  writeFileSync(real, '{"tokens":{}}');
  symlinkSync('real.json', link);
  const [one, two] = [await open(link), await open(real)];
  await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : two).register(parseUpstreamBase(`https://h${i}.example`), {})));
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readlinkSync(link), 'real.json');
  assert.equal(Object.keys(fileOf(real).tokens).length, 10);
  assert.deepEqual(readdirSync(folder).sort(), ['link.json', 'real.json']);
});

test('a link whose file is not there yet stays a link as well', async (t) => {
  const { folder, open } = place(t);
  const link = join(folder, 'link.json');
  mkdirSync(join(folder, 'dotfiles'));
  symlinkSync(join('dotfiles', 'real.json'), link);
  const store = await open(link);
  await store.register(UP, {});
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(Object.keys(fileOf(join(folder, 'dotfiles', 'real.json')).tokens).length, 1);
});

test('a folder swapped behind a link, as a ConfigMap is, is taken over', async (t) => {
  const { folder, open } = place(t);
  for (const version of ['one', 'two']) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'gw.json'), `{"tokens":{"${version}":{"upstream_base":"https://a.example"}}}`);
  }
  symlinkSync('one', join(folder, 'data'));
  symlinkSync(join('data', 'gw.json'), join(folder, 'gw.json'));
  const store = await open(join(folder, 'gw.json'));
  assert.ok(store.get('one'));
  symlinkSync('two', join(folder, 'next'));
  renameSync(join(folder, 'next'), join(folder, 'data'));
  await until('the swapped file to be in force', () => store.get('two') !== undefined && store.get('one') === undefined);
});

test('a first file that can not be used ends the opening, and says why without any token', async (t) => {
  const { path, folder, open } = place(t);
  mkdirSync(join(folder, 'config'));
  for (const text of ['{"tokens":{"Canary4711":{}}}', '{"tokens":{"Canary4711"', '[]']) {
    writeFileSync(path, text);
    await assert.rejects(open(), (error: Error) => error.message.includes(path) && !error.message.includes('Canary4711'));
  }
  rmSync(path);
  mkdirSync(path);
  await assert.rejects(open(), /EISDIR/);
});

test('a broken edit keeps the last good table and the file, and refuses changes until it is mended', async (t) => {
  const { path, open, log } = place(t);
  const store = await open();
  const { entry } = await store.register(UP, {});
  const good = readFileSync(path, 'utf8');
  const broken = good.replace('"upstream_base"', 'upstream_base');
  writeFileSync(path, broken);
  await until('the fault to be logged', () => log().includes('not taken over'));
  assert.ok(store.get(entry.token));
  await assert.rejects(store.register(OTHER, {}), { code: 'token_store_failed' });
  await assert.rejects(store.unregister(entry.token), { code: 'token_store_failed' });
  assert.equal(readFileSync(path, 'utf8'), broken);
  assert.match(log(), /fault in line 4/);
  assert.ok(!log().includes(entry.token));
  writeFileSync(path, good);
  await until('the mended file to be told', () => log().includes('good again'));
  assert.ok(!(await store.register(OTHER, {})).alreadyRegistered);
  assert.equal(log().split('not taken over').length, 2, 'one fault is told once');
});

test('a file that is empty for the moment of an edit takes no token away', async (t) => {
  const { path, open, log } = place(t);
  const store = await open();
  const { entry } = await store.register(UP, {});
  const good = readFileSync(path);
  for (const text of ['', ' \n']) {
    writeFileSync(path, text);
    assert.equal(await store.find('unknown'), undefined);
    assert.ok(store.get(entry.token), 'still in force');
    await assert.rejects(store.register(OTHER, {}), { code: 'token_store_failed' });
    assert.equal(readFileSync(path, 'utf8'), text);
  }
  assert.match(log(), /it is empty/);
  writeFileSync(path, good);
  await store.register(OTHER, {});
  assert.equal(Object.keys(fileOf(path).tokens).length, 2);
});

test('an empty file at the start is an empty table', async (t) => {
  const { path, folder, open } = place(t);
  mkdirSync(join(folder, 'config'));
  writeFileSync(path, '\n');
  const store = await open();
  assert.equal(store.size, 0);
  await store.register(UP, {});
  assert.equal(Object.keys(fileOf(path).tokens).length, 1);
});

test('a file that goes takes its tokens with it, and its path is told in the log', async (t) => {
  const { path, open, log } = place(t);
  const store = await open();
  const { entry } = await store.register(UP, {});
  rmSync(path);
  await until('the token to be gone', () => store.get(entry.token) === undefined);
  assert.ok(log().includes('token file gone') && log().includes(path));
  const again = await store.register(UP, {});
  assert.notEqual(again.entry.token, entry.token);
});

test('a hand edit of the same length is noticed', async (t) => {
  const { path, open } = place(t);
  const store = await open();
  const { entry } = await store.register(UP, {});
  writeFileSync(path, readFileSync(path, 'utf8').replace('a.example', 'c.example'));
  await until('the edit to be in force', () => store.get(entry.token)?.upstream.hostname === 'c.example');
});

test('a change that can not be written is refused, and its path and fault stand in the log alone', async (t) => {
  const { folder, open, log } = place(t);
  const path = join(folder, 'file', 'gw_tokens.json');
  writeFileSync(join(folder, 'file'), 'not a folder');
  // stat itself fails with ENOTDIR here, so the store is opened before the folder is spoilt.
  rmSync(join(folder, 'file'));
  const store = await open(path);
  writeFileSync(join(folder, 'file'), 'not a folder');
  await assert.rejects(store.register(UP, {}), (error: Error & { code?: string }) => error.code === 'token_store_failed' && !error.message.includes(folder));
  assert.match(log(), /token file not changed.*(EEXIST|ENOTDIR)/);
  assert.ok(log().includes(path));
  assert.equal(store.size, 0);
});

test('drafts that a killed writer left are swept by the next change', async (t) => {
  const { folder, path, open } = place(t);
  const store = await open();
  await store.register(UP, {});
  writeFileSync(join(folder, 'config', '.gw_tokens.json.draft-0123456789ab'), '{"tok');
  writeFileSync(join(folder, 'config', '.other.json.draft-1'), 'mine');
  chmodSync(path, 0o644);
  await store.register(OTHER, {});
  assert.deepEqual(readdirSync(join(folder, 'config')).sort(), ['.other.json.draft-1', 'gw_tokens.json']);
});
