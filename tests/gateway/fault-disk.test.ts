// Disks that are full, folders that can't be written to or are gone, files that became something else: what was answered
// stays, what can't be kept is not answered, and traffic goes on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startProcess, type GatewayProcess } from '../support/compiled-process.ts';
import { startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' ? 'limits and modes of POSIX' : false };
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-disk-'));
  t.after(() => {
    // Hooks run in the order they were made: a disk that is mounted below goes first.
    if (isRoot && existsSync(join(folder, 'disk'))) spawnSync('umount', ['-l', join(folder, 'disk')]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

const settings = (path: string): Record<string, string> => ({ AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: path, AEGIS_AUDIT_LOG_PATH: '', AEGIS_LOG_LEVEL: 'warn' });
const tokensIn = (path: string): string[] => Object.keys((JSON.parse(readFileSync(path, 'utf8')) as { tokens: object }).tokens);

/** Registers one upstream; its token, or undefined where that was refused as it should be when nothing can be written. */
async function register(gateway: GatewayProcess, base: string): Promise<string | undefined> {
  const { status, body } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
  if (status === 200) return String(body['token']);
  assert.equal(status, 500, JSON.stringify(body));
  assert.equal((body['error'] as { code: string }).code, 'token_store_failed');
  return undefined;
}

/** Registers until there is no room, then checks what must hold; returns the tokens that were answered. */
async function fill(gateway: GatewayProcess, path: string, upstream: string): Promise<string[]> {
  const answered = [await register(gateway, upstream)];
  for (let i = 0; answered.at(-1) !== undefined; i++) {
    assert.ok(i < 3000, 'the disk never fills');
    answered.push(await register(gateway, `http://127.0.0.1:9/${i}/${'x'.repeat(400)}`));
  }
  answered.pop();
  assert.ok(answered.length > 1);
  assert.deepEqual(tokensIn(path).sort(), [...answered].sort(), 'what was answered is in the file, and nothing else');
  assert.ok(readdirSync(join(path, '..')).every((name) => !name.includes('.draft-')), 'no half of a file is left');
  const response = await fetch(`${await gateway.url()}/v1/__gw__/t/${answered[0]}/models`);
  assert.equal(response.status, 200, 'traffic goes on');
  return answered as string[];
}

for (const [name, start] of [['a limit on the size of files', { before: 'ulimit -f 4' }], ['a full disk', {}]] as const) {
  test(`${name}: registrations are refused and nothing is lost; with room again they are taken`, POSIX_ONLY, async (t) => {
    const folder = folderOf(t);
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    if (!('before' in start)) {
      if (!isRoot || process.platform !== 'linux' || spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20k', 'tmpfs', disk]).status !== 0) {
        t.skip('a small disk can only be mounted by root, and not in every container');
        return;
      }
    }
    const upstream = await startUpstream(t, (_req, res) => void res.end('ok'));
    const path = join(disk, 'gw_tokens.json');
    const gateway = await startProcess(t, settings(path), start);
    const answered = await fill(gateway, path, upstream.url);
    await until('the fault to be told', () => /token file not changed.*(?:ENOSPC|EFBIG)/.test(gateway.stderr()));
    assert.ok(answered.every((token) => !gateway.stderr().includes(token)));

    // A process that starts now has them all.
    const second = await startProcess(t, settings(path), start);
    await second.url();
    assert.ok(second.stdout().includes(` ${answered.length} tokens `), second.stdout());

    if ('before' in start) return;
    spawnSync('mount', ['-o', 'remount,size=4m', disk]);
    assert.ok((await register(gateway, 'http://127.0.0.1:9/again')) !== undefined);
    assert.equal(tokensIn(path).length, answered.length + 1);
  });
}

test('a folder that may not be written to: what is known serves on, changes are refused, and are taken when it may', POSIX_ONLY, async (t) => {
  const folder = folderOf(t);
  const home = join(folder, 'config');
  mkdirSync(home);
  if (isRoot) for (const each of [folder, home]) chownSync(each, NOBODY, NOBODY);
  const upstream = await startUpstream(t, (_req, res) => void res.end('ok'));
  const path = join(home, 'gw_tokens.json');
  const gateway = await startProcess(t, settings(path), isRoot ? { uid: NOBODY } : {});
  const token = await register(gateway, upstream.url);
  // Such a folder can still be removed: it is the one above that counts, and that is ours.
  chmodSync(home, 0o500);
  assert.equal(await register(gateway, 'http://127.0.0.1:9/a'), undefined);
  assert.deepEqual(tokensIn(path), [token]);
  assert.equal((await fetch(`${await gateway.url()}/v1/__gw__/t/${token}/models`)).status, 200);
  await until('the fault to be told', () => /token file not changed.*EACCES/.test(gateway.stderr()));
  chmodSync(home, 0o700);
  assert.ok((await register(gateway, 'http://127.0.0.1:9/a')) !== undefined);
});

test('a folder that is gone is made again with the next registration', async (t) => {
  const folder = folderOf(t);
  const home = join(folder, 'config');
  const path = join(home, 'gw_tokens.json');
  const gateway = await startProcess(t, settings(path));
  const lost = await register(gateway, 'http://127.0.0.1:9/a');
  rmSync(home, { recursive: true });
  await until('the loss to be told', () => gateway.stderr().includes('token file gone'));
  const made = await register(gateway, 'http://127.0.0.1:9/b');
  assert.deepEqual(tokensIn(path), [made]);
  const gone = await fetch(`${await gateway.url()}/v1/__gw__/t/${lost}/models`);
  assert.equal(gone.status, 404);
});

test('a token file that became a folder, a loop or a link into nothing: the last good table serves on, and what stands there is left', POSIX_ONLY, async (t) => {
  const folder = folderOf(t);
  const upstream = await startUpstream(t, (_req, res) => void res.end('ok'));
  const path = join(folder, 'gw_tokens.json');
  const gateway = await startProcess(t, settings(path));
  const token = await register(gateway, upstream.url);
  const good = readFileSync(path);
  const serves = async (): Promise<number> => (await fetch(`${await gateway.url()}/v1/__gw__/t/${token}/models`)).status;

  rmSync(path);
  mkdirSync(path);
  await until('the folder to be told', () => gateway.stderr().includes('EISDIR'));
  assert.equal(await serves(), 200);
  assert.equal(await register(gateway, 'http://127.0.0.1:9/a'), undefined);
  assert.ok(lstatSync(path).isDirectory());
  rmSync(path, { recursive: true });

  symlinkSync('gw_tokens.json', path);
  await until('the loop to be told', () => gateway.stderr().includes('ELOOP'));
  assert.equal(await serves(), 200);
  assert.equal(await register(gateway, 'http://127.0.0.1:9/a'), undefined);
  assert.ok(lstatSync(path).isSymbolicLink());
  rmSync(path);

  // A link to a file that is not there is a table without tokens, as a file that is not there is.
  symlinkSync(join('elsewhere', 'real.json'), path);
  await until('the loss to be told', () => gateway.stderr().includes('token file gone'));
  const made = await register(gateway, 'http://127.0.0.1:9/b');
  assert.deepEqual(tokensIn(join(folder, 'elsewhere', 'real.json')), [made]);
  assert.ok(lstatSync(path).isSymbolicLink());

  rmSync(path);
  writeFileSync(join(folder, 'good.json'), good);
  renameSync(join(folder, 'good.json'), path);
  assert.equal(await serves(), 200, 'put back, it is in force');
  assert.ok(existsSync(path));
});
