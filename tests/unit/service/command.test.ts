// `aegisgate service` with a machine of its own making: nothing is run, files go to a temporary home.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { dispatch } from '../../../src/cli/dispatch.ts';
import { createServiceCommand, type ServiceParts } from '../../../src/service/command.ts';
import { folderOf } from '../../support/cli-process.ts';
import { memoryIo } from '../../support/command-io.ts';

interface Machine {
  readonly home: string;
  readonly ran: string[];
  /** What launchctl print tells. */
  state: string;
  answers: boolean;
  call(args: readonly string[], env?: Record<string, string>, platform?: NodeJS.Platform): Promise<{ code: number; out: string; err: string }>;
}

function machineOf(t: TestContext, uid = 501): Machine {
  const home = folderOf(t);
  const dist = join(home, 'aegisgate', 'dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'server.js'), '');
  const machine: Machine = {
    home,
    ran: [],
    state: '',
    answers: false,
    async call(args, env = {}, platform = 'darwin') {
      const parts: ServiceParts = {
        run: async (command) => {
          machine.ran.push(command.join(' '));
          if (command[1] === 'bootstrap') Object.assign(machine, { state: '\tstate = running\n', answers: true });
          if (command[1] === 'bootout') Object.assign(machine, { state: '', answers: false });
          return { code: command[1] === 'print' && machine.state === '' ? 113 : 0, out: command[1] === 'print' ? machine.state : '', err: '' };
        },
        node: '/usr/local/bin/node',
        dist,
        uid,
        answers: async () => machine.answers,
        startDeadlineMs: 300,
      };
      const io = memoryIo({ env, cwd: home, home, platform });
      const code = await dispatch(['service', ...args], io, [createServiceCommand(parts)]);
      return { code, out: io.out(), err: io.err() };
    },
  };
  return machine;
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const support = (home: string, ...names: string[]): string => join(home, 'Library', 'Application Support', 'AegisGate', ...names);

test('install writes the definition and the settings, starts it and waits for its answer; uninstall leaves what is yours', async (t) => {
  const machine = machineOf(t);
  const installed = await machine.call(['install'], { AEGIS_PORT: '18099', AEGIS_GATEWAY_KEY: 'canary', AEGIS_RULES_PATH: 'rules.json', AEGIS_SECRET_FILES: 'a.env, ~/b.env', AEGIS_GW_TOKENS_PATH: 'elsewhere.json', HTTPS_PROXY: 'http://proxy:8080' });
  assert.equal(installed.code, 0, installed.err);
  assert.match(installed.out, /launchd: running, starts by itself\naddress +http:\/\/127\.0\.0\.1:18099 answers\n/);
  const plist = join(machine.home, 'Library/LaunchAgents/org.aegisgate.gateway.plist');
  assert.deepEqual(machine.ran.filter((line) => !line.includes(' print ')), ['launchctl bootout gui/501/org.aegisgate.gateway', 'launchctl enable gui/501/org.aegisgate.gateway', `launchctl bootstrap gui/501 ${plist}`]);
  assert.deepEqual([plist, support(machine.home, 'settings.env'), support(machine.home)].map(mode), ['644', '600', '700']);
  assert.doesNotMatch(readFileSync(plist, 'utf8'), /canary/);
  assert.deepEqual(readFileSync(support(machine.home, 'settings.env'), 'utf8').split('\n').filter((line) => /^\w/.test(line)), [
    'AEGIS_PORT="18099"', 'AEGIS_GATEWAY_KEY="canary"', `AEGIS_SECRET_FILES="${machine.home}/a.env,${machine.home}/b.env"`, `AEGIS_RULES_PATH="${machine.home}/rules.json"`, 'HTTPS_PROXY="http://proxy:8080"',
  ]);

  const status = await machine.call(['status', '--json']);
  assert.equal(status.code, 0);
  const told = JSON.parse(status.out) as Record<string, unknown>;
  assert.deepEqual([told['running'], told['answers'], told['address'], told['folder']], [true, true, 'http://127.0.0.1:18099', support(machine.home)]);

  const removed = await machine.call(['uninstall']);
  assert.equal(removed.code, 0);
  assert.match(removed.out, /your settings, tokens and logs stay/);
  assert.ok(!existsSync(plist) && existsSync(support(machine.home, 'settings.env')));
  assert.equal((await machine.call(['uninstall'])).code, 1);
  assert.equal((await machine.call(['status'])).code, 1);
});

test('an installation anew keeps settings and comments that were written by hand', async (t) => {
  const machine = machineOf(t);
  await machine.call(['install'], { AEGIS_PORT: '18099' });
  const path = support(machine.home, 'settings.env');
  writeFileSync(path, `${readFileSync(path, 'utf8')}# mine\nAEGIS_SECURITY_LEVEL=high\n`);
  assert.equal((await machine.call(['install'], { AEGIS_WORKERS: '2' })).code, 0);
  assert.match(readFileSync(path, 'utf8'), /AEGIS_PORT="18099"\n# mine\nAEGIS_SECURITY_LEVEL=high\nAEGIS_WORKERS="2"\n$/);
});

test('an audit log that is off stays off', async (t) => {
  const machine = machineOf(t);
  await machine.call(['install'], { AEGIS_AUDIT_LOG_PATH: '' });
  assert.match(readFileSync(support(machine.home, 'settings.env'), 'utf8'), /^AEGIS_AUDIT_LOG_PATH=""$/m);
});

test('a dry run prints all of it for every platform, without secrets, and changes nothing', async (t) => {
  for (const [platform, env, signs] of [
    ['linux', {}, ['ExecStart="/usr/local/bin/node"', 'run systemctl --user restart aegisgate.service']],
    ['darwin', {}, ['<key>KeepAlive</key>', 'run launchctl bootstrap gui/501']],
    ['win32', { LOCALAPPDATA: 'C:\\L' }, ['Register-ScheduledTask', 'run powershell.exe -NoProfile -NonInteractive -EncodedCommand "…"', 'write C:\\L\\AegisGate\\settings.env (mode 600)']],
  ] as const) {
    const machine = machineOf(t);
    const dry = await machine.call(['install', '--dry-run'], { ...env, AEGIS_GATEWAY_KEY: 'canary' }, platform);
    assert.equal(dry.code, 0, dry.err);
    for (const sign of signs) assert.ok(dry.out.includes(sign), `${sign}\n${dry.out}`);
    const json = JSON.parse((await machine.call(['install', '--dry-run', '--json'], { ...env, AEGIS_GATEWAY_KEY: 'canary' }, platform)).out) as { dry_run: boolean; steps: { what: string }[] };
    assert.ok(json.dry_run && json.steps.length >= 3);
    assert.ok(!dry.out.includes('canary') && !JSON.stringify(json).includes('canary'));
    assert.equal((await machine.call(['uninstall', '--dry-run'], env, platform)).code, 0);
    assert.deepEqual(machine.ran, []);
    assert.ok(!existsSync(join(machine.home, 'Library')) && !existsSync(join(machine.home, '.config')));
  }
});

test('the folder of a machine\'s service on Windows is closed to other users before anything is written into it', async (t) => {
  const { out } = await machineOf(t).call(['install', '--system', '--dry-run'], { ProgramData: 'C:\\ProgramData' }, 'win32');
  assert.ok(out.indexOf('icacls') > out.indexOf('make the folder C:\\ProgramData\\AegisGate') && out.indexOf('/inheritance:r') < out.indexOf('# write '), out);
  assert.match(out, /-UserId 'S-1-5-19'/);
});

test('the tokens of the gateway in this folder are told, and copied when asked for, never over others', async (t) => {
  const machine = machineOf(t);
  mkdirSync(join(machine.home, 'config'));
  writeFileSync(join(machine.home, 'config', 'gw_tokens.json'), '{"tokens":{"Ab3k9Qx7":{"upstream_base":"http://h"},"b":{"upstream_base":"http://h2"}}}');
  writeFileSync(join(machine.home, 'config', 'placeholder.key'), '7'.repeat(64));
  assert.match((await machine.call(['install', '--dry-run'])).out, /note: .*config\/gw_tokens\.json holds 2 tokens that the service does not know; --import copies them/);
  assert.equal((await machine.call(['install', '--import'])).code, 0);
  assert.equal(readFileSync(support(machine.home, 'gw_tokens.json'), 'utf8'), readFileSync(join(machine.home, 'config', 'gw_tokens.json'), 'utf8'));
  assert.deepEqual([mode(support(machine.home, 'gw_tokens.json')), readFileSync(support(machine.home, 'placeholder.key'), 'utf8')], ['600', '7'.repeat(64)]);
  const again = await machine.call(['install', '--import']);
  assert.equal(again.code, 2);
  assert.match(again.err, /has tokens already, which --import would not overwrite/);
  writeFileSync(join(machine.home, 'config', 'gw_tokens.json'), '{"tokens":{"Canary4711":{}}}');
  const broken = await machine.call(['install', '--import']);
  assert.equal(broken.code, 2);
  assert.ok(/can't be used: the entry of token/.test(broken.err) && !broken.err.includes('Canary4711'), broken.err);
});

test('what is wrong is told before anything is written', async (t) => {
  const cases: [string[], Record<string, string>, RegExp][] = [
    [[], {}, /install, status or uninstall is missing/],
    [['start'], {}, /there is no service "start"/],
    [['install', 'now'], {}, /"now" is not taken here/],
    [['install', '--sistem'], {}, /did you mean --system\?/],
    [['status', '--dry-run'], {}, /--dry-run goes with install and uninstall/],
    [['uninstall', '--import'], {}, /--import goes with install/],
    [['install'], { AEGIS_PORT: 'x' }, /AEGIS_PORT: "x" is not allowed/],
    [['install'], { AEGIS_PROT: '1' }, /AEGIS_PROT is not a setting/],
    [['install'], { AEGIS_PORT: '0' }, /AEGIS_PORT=0 takes another port at each start/],
    [['install'], { AEGIS_HOST: '0.0.0.0' }, /AEGIS_GATEWAY_KEY: the default key is refused/],
    [['install'], { AEGIS_GATEWAY_KEY: 'a\nb' }, /AEGIS_GATEWAY_KEY: a line break/],
    [['install', '--import'], {}, /there is nothing to import: .*gw_tokens\.json is not there/],
    [['install', '--system'], { SUDO_USER: 'ada' }, /--system needs root: call it with sudo/],
    [['install', '--system'], {}, /call it by sudo from the account/],
  ];
  for (const [args, env, told] of cases) {
    const machine = machineOf(t);
    const { code, err, out } = await machine.call(args, env);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, told);
    assert.equal(out, '');
    assert.ok(!existsSync(join(machine.home, 'Library')), args.join(' '));
  }
});

test('a gateway that is in the way is told, and so is one that does not come up', async (t) => {
  const machine = machineOf(t);
  machine.answers = true;
  const taken = await machine.call(['install']);
  assert.equal(taken.code, 2);
  assert.match(taken.err, /a gateway answers on http:\/\/127\.0\.0\.1:18080 already/);
  assert.deepEqual(machine.ran.filter((line) => !line.includes(' print ')), []);
  const other = await machine.call(['status']);
  assert.equal(other.code, 1);
  assert.match(other.out, /http:\/\/127\.0\.0\.1:18080 answers, but it is not this service/);

  const silent = machineOf(t);
  const parts = silent.call.bind(silent);
  Object.defineProperty(silent, 'answers', { get: () => false, set: () => {} });
  const { code, out } = await parts(['install']);
  assert.equal(code, 1);
  assert.match(out, /does not answer\n[^]*log +tail -n 50/);
});

test('a copy that npx keeps for a while, or that is not built, is no service', async (t) => {
  const machine = machineOf(t);
  const parts: ServiceParts = { run: async () => ({ code: 0, out: '', err: '' }), node: '/usr/bin/node', dist: join(machine.home, '_npx', 'x', 'dist'), uid: 1, answers: async () => false, startDeadlineMs: 1 };
  const io = memoryIo({ home: machine.home, cwd: machine.home });
  assert.equal(await dispatch(['service', 'install', '--dry-run'], io, [createServiceCommand(parts)]), 2);
  assert.match(io.err(), /npm run build/);
  mkdirSync(parts.dist, { recursive: true });
  writeFileSync(join(parts.dist, 'server.js'), '');
  const again = memoryIo({ home: machine.home, cwd: machine.home });
  assert.equal(await dispatch(['service', 'install', '--dry-run'], again, [createServiceCommand(parts)]), 2);
  assert.match(again.err(), /npm install -g/);
});
