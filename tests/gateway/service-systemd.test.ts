// `aegisgate service` under a real systemd: of the machine, with a user of its own, and of an account without rights.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootMachine, logIn, NODE, noMachine, PACKAGE, type Answer, type SystemdMachine } from '../support/systemd-machine.ts';
import { untilAsync } from '../support/until.ts';

const skip = noMachine();
const cli = (...args: string[]): string[] => [NODE, `${PACKAGE}/dist/cli.js`, ...args];

async function done(answer: Promise<Answer>): Promise<string> {
  const { code, out, err } = await answer;
  assert.equal(code, 0, `${out}${err}`);
  return out;
}

async function property(machine: SystemdMachine, name: string): Promise<string> {
  return (await done(machine.asRoot(['systemctl', 'show', '--value', '-p', name, 'aegisgate']))).trim();
}

/** Waits for what only another process can tell, without a busy loop of processes. */
function seen(what: string, condition: () => Promise<boolean>): Promise<void> {
  return untilAsync(what, async () => {
    await sleep(150);
    return condition();
  }, 20_000);
}

/** A request from inside the machine, whose network is its own. */
function fetched(machine: SystemdMachine, url: string, body?: object): Promise<Answer> {
  const init = body === undefined ? '{}' : JSON.stringify({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return machine.asRoot([NODE, '-e', `fetch(${JSON.stringify(url)}, ${init}).then(async (r) => console.log(await r.text()))`]);
}

test('a service of the machine: installed, reloaded, killed, stopped and removed', { skip }, async (t) => {
  const machine = await bootMachine(t);
  if (machine === undefined) return;
  const settings = { AEGIS_GATEWAY_KEY: 'canary 47"1$1\\', AEGIS_WORKERS: '2', AEGIS_PORT: '80' };
  assert.equal((await machine.asRoot(cli('service', 'status', '--system'))).code, 1);
  // With the tokens of a gateway that root has tried in some folder.
  await done(machine.asRoot(['sh', '-c', 'mkdir -p /srv/config && echo \'{"tokens":{"Ab3k9Qx7":{"upstream_base":"http://127.0.0.1:8/v1"}}}\' > /srv/config/gw_tokens.json']));
  const told = JSON.parse(await done(machine.asRoot(['sh', '-c', 'cd /srv && exec "$@"', 'sh', ...cli('service', 'install', '--system', '--import', '--json')], settings))) as Record<string, unknown>;
  assert.deepEqual({ running: told['running'], enabled: told['enabled'], answers: told['answers'], address: told['address'] }, { running: true, enabled: true, answers: true, address: 'http://127.0.0.1:80' });

  const register = { upstream_base: 'http://127.0.0.1:9/v1', gateway_key: settings.AEGIS_GATEWAY_KEY };
  const { token } = JSON.parse(await done(fetched(machine, 'http://127.0.0.1/__gw__/register', register))) as { token: string };
  assert.match(await done(fetched(machine, 'http://127.0.0.1/v1/__gw__/t/Ab3k9Qx7')), /aegis/i);
  const files = await done(machine.asRoot(['sh', '-c', 'stat -L -c "%a %U %n" /var/lib/aegisgate /var/lib/aegisgate/* /etc/aegisgate/*']));
  assert.deepEqual(files.trim().split('\n').sort(), [
    '600 aegisgate /var/lib/aegisgate/gw_tokens.json', '600 aegisgate /var/lib/aegisgate/placeholder.key', '600 root /etc/aegisgate/settings.env', '700 aegisgate /var/lib/aegisgate',
  ]);
  assert.doesNotMatch(await done(machine.asRoot(['cat', '/etc/systemd/system/aegisgate.service'])), /canary/);

  const pid = await property(machine, 'MainPID');
  const limits = await done(machine.asRoot(['sh', '-c', `cat /proc/${pid}/limits /proc/${pid}/status`]));
  // As many as the unit asks for, or as this machine lets systemd give.
  const most = Math.min(65_536, Number(/Max open files +\d+ +(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]));
  assert.match(limits, new RegExp(`Max open files +${most} +${most} `));
  assert.match(limits, /NoNewPrivs:\t1/);
  assert.match(limits, /Seccomp:\t2/);
  assert.match(limits, /CapEff:\t0000000000000400/, 'the low port, and nothing else');

  // SIGHUP replaces the workers and keeps the process.
  const workers = (): Promise<string> => done(machine.asRoot(['cat', `/proc/${pid}/task/${pid}/children`]));
  const old = (await workers()).trim().split(' ');
  await done(machine.asRoot(['systemctl', 'reload', 'aegisgate']));
  await seen('new workers', async () => {
    const now = (await workers()).trim().split(' ');
    return now.length === 2 && !now.some((worker) => old.includes(worker));
  });
  assert.equal(await property(machine, 'MainPID'), pid);

  await done(machine.asRoot(['kill', '-9', pid]));
  await seen('the service to be started again', async () => (await property(machine, 'NRestarts')) === '1' && (await property(machine, 'ActiveState')) === 'active');
  await seen('the token to have outlived it', async () => /aegis/i.test((await fetched(machine, `http://127.0.0.1/v1/__gw__/t/${token}`)).out));

  // What stands in the file wins, and a setting that is wrong is not tried for ever.
  await done(machine.asRoot(['sh', '-c', 'echo AEGIS_SECURITY_LEVEL=top >> /etc/aegisgate/settings.env']));
  await machine.asRoot(['systemctl', 'restart', 'aegisgate']);
  await seen('the service to have failed', async () => (await property(machine, 'ActiveState')) === 'failed');
  const wrong = await machine.asRoot(cli('service', 'status', '--system'));
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /AEGIS_SECURITY_LEVEL: "top" is not allowed/);
  assert.match((await machine.asRoot(cli('service', 'install', '--system'))).err, /AEGIS_SECURITY_LEVEL/);


  // Files that are named must be within its reach, and one in its own folder is nobody else's.
  await done(machine.asRoot(['sh', '-c', 'echo "KEY=\'hunter2-hunter2\'" | tee /root/secrets.env > /var/lib/aegisgate/secrets.env; chmod 644 /var/lib/aegisgate/secrets.env']));
  const away = await machine.asRoot(cli('service', 'install', '--system'), { AEGIS_SECURITY_LEVEL: 'high', AEGIS_SECRET_FILES: '/root/secrets.env' });
  assert.equal(away.code, 2);
  assert.match(away.err, /\/root\/secrets\.env is out of the reach/);
  await done(machine.asRoot(cli('service', 'install', '--system'), { AEGIS_SECURITY_LEVEL: 'high', AEGIS_SECRET_FILES: '/var/lib/aegisgate/secrets.env', AEGIS_WORKERS: '1' }));
  assert.doesNotMatch(await done(machine.asRoot(['cat', '/etc/systemd/system/aegisgate.service'])), /ExecReload/, 'one process has nothing to reload');
  assert.notEqual((await machine.asTester(['cat', '/var/lib/aegisgate/secrets.env'])).code, 0);

  assert.match(await done(machine.asRoot(cli('service', 'uninstall', '--system'))), /settings, tokens and logs stay/);
  assert.equal((await machine.asRoot(cli('service', 'uninstall', '--system'))).code, 1);
  assert.equal(await property(machine, 'LoadState'), 'not-found');
  await done(machine.asRoot(['test', '-s', '/var/lib/aegisgate/gw_tokens.json']));
});

test('a service of an account without rights, in folders with hostile names, with the tokens of the gateway before it', { skip }, async (t) => {
  const machine = await bootMachine(t);
  if (machine === undefined) return;
  await logIn(machine);
  const home = '/home/tester/a b%h$X\'q"[z]*{y};';
  await done(machine.asTester(['mkdir', '-p', `${home}/work/config`]));
  await done(machine.asTester(['cp', '-a', PACKAGE, `${home}/aegisgate`]));
  const tokens = '{"tokens":{"Ab3k9Qx7":{"upstream_base":"http://127.0.0.1:9/v1"}}}';
  await done(machine.asTester(['sh', '-c', 'printf %s "$2" > "$1/work/config/gw_tokens.json"; printf %064d 7 > "$1/work/config/placeholder.key"', 'sh', home, tokens]));
  const places = { XDG_CONFIG_HOME: `${home}/cfg ü\\n?`, XDG_STATE_HOME: `${home}/state\\x` };
  const call = (...args: string[]): Promise<Answer> =>
    machine.asTester(['sh', '-c', 'cd "$0/work" && exec "$@"', home, NODE, `${home}/aegisgate/dist/cli.js`, 'service', ...args], { ...places, AEGIS_SECRET_FILES: 'my secrets.env' });

  const dry = await done(call('install', '--dry-run'));
  assert.match(dry, /holds 1 token that the service does not know; --import copies it/);
  assert.equal((await machine.asTester(['test', '-e', places.XDG_CONFIG_HOME])).code, 1, 'a dry run writes nothing');

  await done(machine.asTester(['sh', '-c', 'echo "SECRET=\'hunter2-hunter2\'" > "$0/work/my secrets.env"', home]));
  const told = await done(call('install', '--import'));
  assert.match(told, /active \(running\), starts by itself/);
  const settings = await done(machine.asTester(['cat', `${places.XDG_CONFIG_HOME}/aegisgate/settings.env`]));
  assert.ok(settings.includes('/work/my secrets.env"'), settings);
  assert.match(await done(fetched(machine, 'http://127.0.0.1:18080/v1/__gw__/t/Ab3k9Qx7')), /aegis/i);
  await done(machine.asTester(['cmp', `${home}/work/config/placeholder.key`, `${places.XDG_STATE_HOME}/aegisgate/placeholder.key`]));
  const again = await call('install', '--import');
  assert.equal(again.code, 2);
  assert.match(again.err, /has tokens already/);
  await done(call('install'));
  await done(call('uninstall'));
  assert.equal((await call('status')).code, 1);
});
