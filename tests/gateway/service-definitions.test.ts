// The definitions that `aegisgate service` writes, read by the programs that they are for, where these are installed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { launchdPlist } from '../../src/service/launchd.ts';
import { servicePlaces, type ServiceHost } from '../../src/service/places.ts';
import { systemdUnit } from '../../src/service/systemd.ts';
import { encodedCommand, windowsScript } from '../../src/service/windows-task.ts';
import { folderOf } from '../support/cli-process.ts';

const SETTINGS = { port: 18080, workers: 1, shutdownGraceMs: 30_000 };
/** How exposed the unit of the machine may be, of 10; systemd's own services are at 4 to 9. */
const MOST_EXPOSURE = 2;
const HOSTILE = ['plain', 'a b', '100%', 'q"u\'o', '$X', '[g]*?', 'x&<y>', 'ü漢', 'back\\slash'];

function without(...programs: readonly string[]): string | false {
  const missing = programs.find((program) => spawnSync(program, ['--version']).error !== undefined);
  return missing === undefined ? false : `${missing} is not installed`;
}

/** A host whose programs are there, in a folder of that name: verify looks for them. */
function hostIn(folder: string, name: string, changes: Partial<ServiceHost> = {}): ServiceHost {
  const base = join(folder, name);
  // systemd takes no program whose path has a quote or a backslash.
  const node = join(folder, name.replaceAll(/["'\\]/g, ''), 'node');
  mkdirSync(join(base, 'dist', 'service'), { recursive: true });
  mkdirSync(dirname(node), { recursive: true });
  for (const program of [node, join(base, 'dist/server.js')]) {
    writeFileSync(program, '');
    chmodSync(program, 0o755);
  }
  return { platform: 'linux', system: false, env: {}, home: join(base, 'home'), uid: 1000, node, dist: join(base, 'dist'), ...changes };
}

function unitFile(t: TestContext, host: ServiceHost, settings = SETTINGS): string {
  const path = join(folderOf(t), 'aegisgate.service');
  writeFileSync(path, systemdUnit(host, servicePlaces(host), settings));
  return path;
}

test('systemd-analyze verify has nothing to say about the units, whatever the folders are called', { skip: without('systemd-analyze') }, (t) => {
  for (const name of HOSTILE) {
    for (const system of [true, false]) {
      const host = hostIn(folderOf(t), name, { system });
      const { status, stderr } = spawnSync('systemd-analyze', [system ? '--system' : '--user', '--man=no', 'verify', unitFile(t, host, { ...SETTINGS, workers: 2 })], { encoding: 'utf8', env: { ...process.env, XDG_RUNTIME_DIR: folderOf(t) } });
      // What it says of other units of this machine is not ours.
      const ours = stderr.split('\n').filter((line) => line.includes('aegisgate'));
      assert.deepEqual({ status, ours }, { status: 0, ours: [] }, name);
    }
  }
});

test('systemd-analyze verify does find a mistake', { skip: without('systemd-analyze') }, (t) => {
  const path = unitFile(t, hostIn(folderOf(t), 'plain'));
  writeFileSync(path, '[Service]\nExecStart=no-such-program\nProtectSystm=yes\n');
  const { stderr } = spawnSync('systemd-analyze', ['--man=no', 'verify', path], { encoding: 'utf8' });
  assert.match(stderr, /ProtectSystm/);
});

test('systemd-analyze security finds the unit of the machine little exposed', { skip: without('systemd-analyze') }, (t) => {
  const path = unitFile(t, hostIn(folderOf(t), 'plain', { system: true }));
  const { stdout, stderr, status } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', `--threshold=${MOST_EXPOSURE * 10}`, path], { encoding: 'utf8' });
  if (/unrecognized option/.test(stderr)) {
    t.skip('this systemd-analyze can not look at files');
    return;
  }
  t.diagnostic(stdout.trim().split('\n').at(-1) ?? '');
  assert.equal(status, 0, stdout);
});

test('the stop waits for the gateway\'s own grace, and only several workers are reloaded', (t) => {
  const host = hostIn(folderOf(t), 'plain', { system: true });
  const unit = (changes: Partial<typeof SETTINGS>): string => systemdUnit(host, servicePlaces(host), { ...SETTINGS, ...changes });
  assert.match(unit({ shutdownGraceMs: 90_500 }), /^TimeoutStopSec=101$/m);
  assert.doesNotMatch(unit({}), /ExecReload/);
  assert.match(unit({ workers: 2 }), /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  assert.match(unit({}), /^AmbientCapabilities=$/m);
  assert.match(unit({ port: 443 }), /^AmbientCapabilities=CAP_NET_BIND_SERVICE$/m);
});

test('a path with a line break is refused: it could add lines of its own', (t) => {
  const host = hostIn(folderOf(t), 'plain');
  const places = servicePlaces(host);
  assert.throws(() => systemdUnit({ ...host, dist: '/a\nExecStartPre=/bin/x' }, places, SETTINGS), /holds a control character/);
  assert.throws(() => systemdUnit({ ...host, node: '/it\'s/node' }, places, SETTINGS), /a quote or a backslash/);
  assert.throws(() => launchdPlist({ ...host, node: '/a\u0000' }, places, SETTINGS), /holds a control character/);
});

test('the property list reads as what was meant, by a strict reader', { skip: without('python3') }, (t) => {
  const hosts = HOSTILE.flatMap((name) => [true, false].map((system) => hostIn(folderOf(t), name, { platform: 'darwin', system, env: { SUDO_USER: 'ada' } })));
  const script = 'import plistlib,json,sys; print(json.dumps([plistlib.loads(text.encode(), fmt=plistlib.FMT_XML) for text in json.load(sys.stdin)]))';
  const input = JSON.stringify(hosts.map((host) => launchdPlist(host, servicePlaces(host), SETTINGS)));
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script], { input, encoding: 'utf8', env: { ...process.env, PYTHONIOENCODING: 'utf-8' } });
  assert.equal(status, 0, stderr);
  const lists = JSON.parse(stdout) as Record<string, unknown>[];
  hosts.forEach((host, i) => {
    const places = servicePlaces(host);
    const list = lists[i] ?? {};
    assert.deepEqual(list['ProgramArguments'], [host.node, `${host.dist}/service/start.js`, '--settings', places.settings, '--state', places.state, '--log', places.log]);
    assert.equal(list['UserName'], host.system ? 'ada' : undefined);
    assert.deepEqual([list['WorkingDirectory'], list['RunAtLoad'], list['KeepAlive'], list['ExitTimeOut'], list['Umask']], [places.state, true, { SuccessfulExit: false }, 40, 0o77]);
  });
});

const windowsHost: ServiceHost = {
  platform: 'win32', system: false, home: 'C:\\Users\\ada', uid: 0, env: { LOCALAPPDATA: "C:\\Users\\it's ‘me’ $x `n" }, node: 'C:\\Program Files\\nodejs\\node.exe', dist: 'D:\\a b\\aegisgate\\dist',
};

test('the task\'s script carries its paths as literals, and its command line survives', () => {
  const script = windowsScript(windowsHost, servicePlaces(windowsHost), 'Install');
  assert.ok(script.includes("-Argument '--headless \"C:\\Program Files\\nodejs\\node.exe\" \"D:\\a b\\aegisgate\\dist\\service\\start.js\" \"--settings\" \"C:\\Users\\it''s ‘‘me’’ $x `n\\AegisGate\\settings.env\""), script);
  assert.match(script, /^ {2}Install-Gateway$/m);
  const command = encodedCommand(script);
  assert.equal(Buffer.from(command.at(-1) ?? '', 'base64').toString('utf16le'), script);
  assert.ok(command.join(' ').length < 32_767, 'Windows takes no longer command line');
});

test('a path that the task scheduler would take for a variable is refused', () => {
  assert.throws(() => windowsScript({ ...windowsHost, node: 'C:\\%TEMP%\\node.exe' }, servicePlaces(windowsHost), 'Install'), /percent signs/);
  assert.doesNotThrow(() => windowsScript({ ...windowsHost, node: 'C:\\100%\\node.exe' }, servicePlaces(windowsHost), 'Install'));
});

test('PowerShell parses the script without an error', { skip: without('pwsh') }, () => {
  const script = windowsScript(windowsHost, servicePlaces(windowsHost), 'Install');
  const parse = '$errors = $null; [void][System.Management.Automation.Language.Parser]::ParseInput([Console]::In.ReadToEnd(), [ref]$null, [ref]$errors); $errors | ForEach-Object { $_.Message }; exit $errors.Count';
  const { status, stdout } = spawnSync('pwsh', ['-NoProfile', '-NonInteractive', '-Command', parse], { input: script, encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
