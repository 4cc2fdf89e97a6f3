// The README's own commands, taken out of its text and run as they stand, with a gateway and a mock upstream of the test's.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openRulesFile } from '../../src/protection/open.ts';
import { folderOf } from '../support/cli-process.ts';
import { compiledFolder, startProcess } from '../support/compiled-process.ts';
import { readPage, withoutComments, type CodeBlock } from '../support/markdown.ts';
import { startUpstream } from '../support/upstream.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readPage(readFileSync(join(root, 'README.md'), 'utf8'));
const skip = process.platform === 'win32' || spawnSync('bash', ['--version']).error !== undefined ? 'the blocks are a POSIX shell\'s' : false;

function blocks(heading: string, language: string): CodeBlock[] {
  const found = page.blocks.filter((block) => block.heading === heading && block.language === language);
  assert.notEqual(found.length, 0, `${heading} has no block of ${language}`);
  return found;
}

let compiled = '';
before(async () => {
  compiled = await compiledFolder();
});

interface Place {
  readonly folder: string;
  readonly url: string;
  readonly upstream: string;
  /** Runs a script of bash with `aegisgate` on its PATH. */
  shell(script: string): Promise<{ code: number; out: string; err: string }>;
  /** The block with the addresses of the test in place of the README's. */
  here(text: string): string;
}

async function placeOf(t: TestContext): Promise<Place> {
  const folder = folderOf(t);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const put = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  put('aegisgate', `exec "${process.execPath}" "${join(compiled, 'cli.js')}" "$@"`);
  put('claude', 'echo "claude was started"');
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    res.setHeader('content-type', 'application/json');
    res.end('{}');
  });
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_LOG_LEVEL: 'warn' }, folder);
  const url = await gateway.url();
  const env = { HOME: folder, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`, AEGIS_PORT: new URL(url).port };
  return {
    folder,
    url,
    upstream: `${upstream.url}/v1`,
    shell: (script) =>
      new Promise((resolve) => {
        execFile('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, timeout: 60_000 }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }));
      }),
    here: (text) => text.replaceAll('http://127.0.0.1:18080', url).replaceAll('https://api.anthropic.com/v1', `${upstream.url}/v1`).replaceAll('http://127.0.0.1:11434', upstream.url),
  };
}

test('the first block builds and serves: what it calls is there', () => {
  const [install, connect] = blocks('Start', 'sh');
  const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string>; bin: Record<string, string> };
  assert.equal(install?.text, 'npm ci && npm run build\nnpm install -g .\naegisgate serve');
  assert.ok(scripts['build'] !== undefined && bin['aegisgate'] === 'dist/cli.js');
  assert.match(connect?.text ?? '', /^aegisgate connect claude-code --write\nclaude$/);
});

test('the second block connects Claude Code and starts it', { skip }, async (t) => {
  const place = await placeOf(t);
  // Instead of a person who says yes, and of a look-up of the vendor's own host.
  const script = (blocks('Start', 'sh')[1]?.text ?? '').replace('--write', `--write --yes --upstream ${place.upstream}`);
  const { code, out, err } = await place.shell(script);
  assert.equal(code, 0, err);
  assert.match(out, /claude was started/);
  const settings = JSON.parse(readFileSync(join(place.folder, '.claude', 'settings.json'), 'utf8')) as { env: Record<string, string> };
  assert.ok(settings.env['ANTHROPIC_BASE_URL']?.startsWith(`${place.url}/v1/__gw__/t/`));
  assert.equal((await fetch(`${settings.env['ANTHROPIC_BASE_URL']}/api/hello`)).status, 200);
  assert.equal((await place.shell('aegisgate disconnect claude-code --yes')).code, 0);
  assert.ok(!existsSync(join(place.folder, '.claude', 'settings.json')));
});

test('every command of the table of clients prints a configuration', { skip }, async (t) => {
  const place = await placeOf(t);
  const commands = page.tables.find((rows) => rows[0]?.[0] === 'client')?.slice(1).map(([, command = '']) => command.replaceAll('`', '')) ?? [];
  assert.ok(commands.length >= 13);
  const { code, out, err } = await place.shell(commands.map((command) => `echo "== ${command}"; ${command} --upstream ${place.upstream}`).join('\n'));
  assert.equal(code, 0, err);
  for (const part of out.split(/^== /m).slice(1)) assert.ok(part.includes(`${place.url}/v1/__gw__/t/`), part);
});

test('the block for another provider works as it stands', { skip }, async (t) => {
  const place = await placeOf(t);
  const { code, out, err } = await place.shell(place.here(blocks('Connect a client', 'sh')[0]?.text ?? ''));
  assert.equal(code, 0, err);
  assert.ok(out.includes(`${place.url}/v1/__gw__/t/`), out);
});

test('an upstream is registered by the command and by curl, with the same token and the answer that is shown', { skip: skip || (spawnSync('curl', ['--version']).error ? 'curl is not installed' : false) }, async (t) => {
  const place = await placeOf(t);
  const [command, curl] = blocks('Register an upstream by hand', 'sh');
  const registered = await place.shell(place.here(command?.text ?? ''));
  assert.equal(registered.code, 0, registered.err);
  const baseUrl = registered.out.split('\n')[0] ?? '';
  assert.match(registered.out, /Claude\n/, 'tokens lists it by its name');
  const asked = await place.shell(place.here(curl?.text ?? ''));
  const answer = JSON.parse(asked.out) as Record<string, unknown>;
  const shown = JSON.parse(blocks('Register an upstream by hand', 'json')[0]?.text ?? '') as Record<string, unknown>;
  assert.deepEqual(Object.keys(answer).filter((key) => key !== 'already_registered').sort(), Object.keys(shown).sort());
  assert.equal(answer['baseUrl'], baseUrl);
  assert.equal(answer['already_registered'], true);
  const response = await fetch(`${baseUrl}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  assert.equal(response.status, 200);
});

test('PowerShell sends what curl sends', () => {
  const curl = blocks('Register an upstream by hand', 'sh')[1]?.text ?? '';
  const powershell = blocks('Register an upstream by hand', 'powershell')[0]?.text ?? '';
  const body = (text: string, option: string): unknown => JSON.parse(new RegExp(`${option} '([^']+)'`).exec(text)?.[1] ?? '');
  assert.deepEqual(body(powershell, '-Body'), body(curl, '-d'));
  const address = (text: string): string | undefined => /http:\/\/\S+/.exec(text)?.[0];
  assert.equal(address(powershell), address(curl));
  assert.match(powershell, /-Method Post .*-ContentType 'application\/json' `\n/);
});

test('PowerShell registers, too', { skip: spawnSync('pwsh', ['--version']).error ? 'pwsh is not installed' : false }, async (t) => {
  const place = await placeOf(t);
  const { stdout, stderr } = spawnSync('pwsh', ['-NoProfile', '-NonInteractive', '-Command', `(${place.here(blocks('Register an upstream by hand', 'powershell')[0]?.text ?? '')}).baseUrl`], { encoding: 'utf8' });
  assert.ok(stdout.startsWith(`${place.url}/v1/__gw__/t/`), stderr);
});

test('the service is what its commands say', { skip: skip || (process.platform === 'linux' ? false : 'the plan is printed for Linux') }, async (t) => {
  const place = await placeOf(t);
  const lines = withoutComments(blocks('Run it as a service', 'sh')[0]?.text ?? '').split('\n');
  assert.deepEqual(lines, ['aegisgate service install', 'aegisgate service status']);
  // From the sources: the templates lie beside them. Nothing of this machine is changed.
  const cli = `"${process.execPath}" --import "${join(root, 'node_modules', 'tsx', 'dist', 'esm', 'index.mjs')}" "${join(root, 'src', 'cli.ts')}"`;
  const { out } = await place.shell(`unset XDG_CONFIG_HOME XDG_STATE_HOME; ${cli} service status || true`);
  const [settings, files] = ['~/.config/aegisgate/settings.env', '~/.local/state/aegisgate/'].map((path) => path.replace('~', place.folder).replace(/\/$/, ''));
  assert.ok(out.includes(`settings  ${settings}\n`) && out.includes(`files     ${files}\n`), out);
});

test('the rules file that is shown is one', (t) => {
  const path = join(folderOf(t), 'rules.json');
  writeFileSync(path, blocks('What happens to secrets', 'json')[0]?.text ?? '');
  const rules = openRulesFile(path);
  assert.deepEqual(rules.rules.map(({ id }) => id), ['acme-key']);
  assert.ok(rules.allows('value-that-is-no-secret'));
});

test('the error that is shown has the form of the gateway\'s own', async (t) => {
  const place = await placeOf(t);
  const shown = JSON.parse(blocks('When something goes wrong', 'json')[0]?.text ?? '') as { error: Record<string, unknown> };
  const response = await fetch(`${place.url}/v1/__gw__/t/unknown/messages`, { method: 'POST', body: '{}' });
  const real = (await response.json()) as { error: Record<string, unknown> };
  assert.deepEqual(Object.keys(real), Object.keys(shown));
  assert.deepEqual({ ...real.error, message: '…' }, shown.error);
});

test('no block is left out: each is run, compared or read above', () => {
  const known = new Set(['Start', 'Connect a client', 'Register an upstream by hand', 'Run it as a service', 'What happens to secrets', 'When something goes wrong', 'Work on it']);
  assert.deepEqual(page.blocks.filter(({ heading }) => !known.has(heading)), []);
  assert.equal(page.blocks.length, 11);
});
