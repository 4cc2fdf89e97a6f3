// What `npm pack` makes of a fresh clone, installed into an empty folder with nothing else and no network, and used.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SECRETS } from '../support/redaction.ts';
import { until } from '../support/until.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What a clone does not hold. */
const NOT_CLONED = new Set(['.git', 'node_modules', 'dist', 'config', 'logs', 'artefacts']);
const DEADLINE_MS = 120_000;
const shell = process.platform === 'win32';

let folder = '';
let tarball = '';
let files: string[] = [];
/** Where the tarball is installed. */
let place = '';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Ended> {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:AEGIS_|npm_|https?_proxy|no_proxy|NODE_TEST)/i.test(name)));
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { cwd, shell, timeout: DEADLINE_MS, maxBuffer: 16 * 1024 * 1024, env: { ...clean, HOME: folder, npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false', npm_config_offline: 'true', ...env } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

function aegisgate(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return run(join(place, 'node_modules', '.bin', 'aegisgate'), args, place, env);
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-package-'));
  const clone = join(folder, 'clone');
  cpSync(root, clone, {
    recursive: true,
    filter: (path) => !relative(root, path).split(sep).some((part) => NOT_CLONED.has(part)),
  });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
  // npm takes any JSON on standard output for its own where scripts print there too.
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], clone);
  assert.equal(packed.code, 0, packed.err);
  const listed = JSON.parse(packed.out.slice(packed.out.search(/^\[/m))) as { filename: string; files: { path: string }[] }[];
  tarball = join(folder, basename(listed[0]?.filename ?? ''));
  files = listed[0]?.files.map(({ path }) => path) ?? [];
  place = join(folder, 'empty folder');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{"private":true}');
  const installed = await run('npm', ['install', tarball, '--offline', '--no-audit', '--no-fund'], place);
  assert.equal(installed.code, 0, installed.err);
});

after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

test('it holds what is run and read, and neither sources nor tests', () => {
  const tops = new Set(files.map((path) => (path.startsWith('scripts/') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? ''))));
  assert.deepEqual([...tops].sort(), ['CHANGELOG.md', 'LICENSE', 'README.md', 'README.zh-CN.md', 'SECURITY.md', 'dist', 'docs', 'package.json', 'scripts/monitoring', 'scripts/service', 'tokens.example.json']);
  assert.deepEqual(files.filter((path) => /\.(?:ts|map|test\.js)$|node_modules|(?:^|\/)tests?\//.test(path)), []);
  for (const path of ['dist/cli.js', 'dist/server.js', 'dist/service/start.js', 'scripts/service/systemd-user.service', 'scripts/service/systemd-system.service', 'scripts/service/launchd.plist', 'scripts/service/windows-task.ps1']) {
    assert.ok(files.includes(path), path);
  }
});

test('every file that its pages link to is in it', () => {
  for (const page of files.filter((path) => path.endsWith('.md'))) {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      const path = join(page, '..', target).replaceAll('\\', '/').replace(/\/$/, '');
      assert.ok(files.includes(path) || files.some((file) => file.startsWith(`${path}/`)), `${page} links to ${target}`);
    }
  }
});

test('so is every file that they name by its path', () => {
  for (const page of files.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md')) {
    // Files of scripts and pages of docs are for users; src and tests are named for those who have the repository.
    for (const [, path = ''] of readFileSync(join(root, page), 'utf8').matchAll(/`((?:scripts|docs)\/[\w./-]+\.\w+)`/g)) assert.ok(files.includes(path), `${page} names ${path}`);
  }
});

test('it needs no other package', () => {
  const lock = JSON.parse(readFileSync(join(place, 'package-lock.json'), 'utf8')) as { packages: Record<string, unknown> };
  assert.deepEqual(Object.keys(lock.packages).sort(), ['', 'node_modules/aegisgate']);
});

test('npx runs it from the tarball', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const elsewhere = mkdtempSync(join(folder, 'npx-'));
  const { code, out, err } = await run('npx', ['--yes', '--offline', '--package', tarball, 'aegisgate', '--version'], elsewhere);
  assert.deepEqual({ code, out }, { code: 0, out: `aegisgate ${version}\n` }, err);
});

test('its commands work from there', async () => {
  writeFileSync(join(place, 'secrets.txt'), `TOKEN=${SECRETS.github}\n`);
  const scanned = await aegisgate(['scan', 'secrets.txt']);
  assert.equal(scanned.code, 1, scanned.err);
  assert.match(scanned.out, /secrets\.txt:1:7 /);
  assert.equal((await aegisgate(['policy', '--json'])).code, 0);
  const help = await aegisgate(['help']);
  assert.match(help.out, /^ {2}serve /m);
  if (process.platform === 'linux') {
    const service = await aegisgate(['service', 'install', '--dry-run']);
    assert.equal(service.code, 0, service.err);
    assert.ok(service.out.includes(`"${join(place, 'node_modules', 'aegisgate', 'dist', 'server.js')}"`), service.out);
  }
});

test('it serves: an upstream is registered and a request goes through, with its secret kept and given back', async (t) => {
  let seen = '';
  const upstream = await startUpstream(t, (req, res) => {
    void bodyOf(req).then((body) => {
      seen = body.toString();
      res.setHeader('content-type', 'application/json');
      res.end(body);
    });
  });
  const env = { AEGIS_PORT: '0', PATH: process.env['PATH'] ?? '' };
  const child = spawn(join(place, 'node_modules', '.bin', 'aegisgate'), ['serve'], { cwd: place, env, shell, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  await until('the gateway to listen', () => told.includes('\n') || child.exitCode !== null, 20_000);
  const url = /http:\/\/\S+/.exec(told)?.[0] ?? '';
  const registered = await aegisgate(['register', `${upstream.url}/v1`, '--url', url, '--json']);
  assert.equal(registered.code, 0, registered.err);
  const { baseUrl } = JSON.parse(registered.out) as { baseUrl: string };
  const body = JSON.stringify({ messages: [{ role: 'user', content: `my token is ${SECRETS.github}` }] });
  const answer = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.equal(await answer.text(), body);
  assert.ok(seen.includes('aegis-github-token-') && !seen.includes(SECRETS.github));
  assert.ok(existsSync(join(place, 'config', 'gw_tokens.json')), 'where it was started');
});

test('the command is executable, and of the Unix kind', { skip: process.platform === 'win32' ? 'modes of POSIX' : false }, () => {
  // In the clone, too: npm links to it there, and a build anew must not take that away.
  for (const command of [join(place, 'node_modules', 'aegisgate', 'dist', 'cli.js'), join(folder, 'clone', 'dist', 'cli.js')]) {
    assert.match(readFileSync(command, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    assert.equal(statSync(command).mode & 0o111, 0o111);
  }
});
