// What the doctor makes of readings: no I/O but files of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../src/cli/command.ts';
import { doctor } from '../../../src/cli/doctor.ts';
import { judgeClock } from '../../../src/cli/doctor/clock.ts';
import { hasProblem, within, type Finding } from '../../../src/cli/doctor/finding.ts';
import { listeningInodes, parseLsof, parseNetstat, parseTasklist } from '../../../src/cli/doctor/holder.ts';
import { judgeArrival, questionFor } from '../../../src/cli/doctor/provider-stream.ts';
import { printFinding, printSum } from '../../../src/cli/doctor/report.ts';
import { isGatewayCommand, judgeDifferences, parseEnviron } from '../../../src/cli/doctor/running.ts';
import { judgeRuntime } from '../../../src/cli/doctor/runtime.ts';
import { judgeSettings, withoutCredentials } from '../../../src/cli/doctor/settings.ts';
import { isLeftBehind } from '../../../src/cli/doctor/stream.ts';
import { clockAhead } from '../../../src/cli/doctor/upstream.ts';
import { createStyle } from '../../../src/cli/style.ts';
import { memoryIo } from '../../support/command-io.ts';

test('a Node that is too old is a problem, one without zstd is told so', () => {
  const runtime = { platform: 'linux', arch: 'x64', zstd: true };
  assert.equal(judgeRuntime({ ...runtime, version: '18.20.4' }).status, 'problem');
  assert.equal(judgeRuntime({ ...runtime, version: '20.0.0' }).status, 'ok');
  assert.equal(judgeRuntime({ ...runtime, version: '100.1.0' }).message, 'Node 100.1.0 on linux x64');
  assert.match(judgeRuntime({ ...runtime, version: '20.0.0', zstd: false }).message, /without zstd/);
});

function settings(env: Record<string, string>): { lines: string[]; findings: readonly Finding[]; port: number } {
  const { findings, config } = judgeSettings(env);
  return { lines: findings.map(({ status, message }) => `${status} ${message}`), findings, port: config.port };
}

test('with nothing set that is said, and nothing else', () => {
  assert.deepEqual(settings({ PATH: '/bin', NO_PROXY: '' }).lines.length, 1);
  assert.match(settings({}).lines[0] ?? '', /^ok none of the \d+ settings is set/);
});

test('what is set is shown, but no key and no password', () => {
  const { lines, findings } = settings({
    AEGIS_PORT: '18081', AEGIS_GATEWAY_KEY: 'canary-4711', AEGIS_UPSTREAM_PROXY: 'http://me:canary-4711@proxy.corp:3128', https_proxy: 'me:canary-4711@proxy.corp', NODE_EXTRA_CA_CERTS: '/ca.pem',
  });
  assert.deepEqual(lines, [
    'ok AEGIS_GATEWAY_KEY=(set, not shown)', 'ok AEGIS_PORT=18081', 'ok AEGIS_UPSTREAM_PROXY=http://…@proxy.corp:3128', 'ok https_proxy=…@proxy.corp', 'ok NODE_EXTRA_CA_CERTS=/ca.pem',
  ]);
  assert.ok(!JSON.stringify(findings).includes('canary'));
  assert.equal(withoutCredentials('http://a@b:c@host/'), 'http://…@host/');
});

test('what the gateway would refuse is a problem, in its own words, and the rest is still looked at', () => {
  const { lines, port, findings } = settings({ AEGIS_PRT: '1', AEGIS_PORT: '18082', AEGIS_LOG_LEVEL: 'loud', AEGIS_UPSTREAM_PROXY: 'socks5://u:canary-4711@h' });
  assert.deepEqual(findings.filter(({ status }) => status === 'problem').map(({ subject }) => subject), ['AEGIS_PRT', 'AEGIS_LOG_LEVEL', 'AEGIS_UPSTREAM_PROXY']);
  assert.match(lines[0] ?? '', /AEGIS_PRT is not a setting/);
  assert.match(lines[1] ?? '', /AEGIS_LOG_LEVEL: "loud" is not allowed; it takes one of/);
  assert.ok(lines.includes('ok AEGIS_PORT=18082'));
  assert.ok(!JSON.stringify(findings).includes('canary'));
  assert.equal(port, 18082);
  // Named is the key, and at fault is the host as well.
  assert.equal(settings({ AEGIS_HOST: '0.0.0.0', AEGIS_PORT: '18083' }).port, 18083);
  assert.match(settings({ AEGIS_HOST: '0.0.0.0' }).lines[0] ?? '', /^problem AEGIS_GATEWAY_KEY: the default key is refused/);
});

test('certificates that are not checked are a problem', () => {
  assert.match(settings({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }).lines[0] ?? '', /^problem /);
  assert.match(settings({ NODE_TLS_REJECT_UNAUTHORIZED: '1' }).lines[0] ?? '', /^ok /);
});

test('a clock that is more than a minute off is a problem; the nearest upstream counts', () => {
  const off = (...seconds: number[]): Finding => judgeClock(seconds.map((s, i) => ({ upstream: `u${i}`, aheadMs: s * 1000 })));
  assert.equal(off().status, 'skipped');
  assert.equal(off(60).status, 'ok');
  assert.equal(off(-60).status, 'ok');
  assert.match(off(61).message, /61 s ahead of u0/);
  assert.match(off(-7200).message, /2 h behind u0/);
  assert.match(off(-864_000).message, /10 days behind u0/);
  assert.match(off(1200).message, /20 min ahead/);
  assert.equal(off(-5000, 3).status, 'ok');
  assert.match(off(500, -400).message, /400 s behind u1/);
});

test('a Date header is compared within its second, and one that is none is none', () => {
  const date = 'Fri, 27 Nov 2026 00:00:00 GMT';
  assert.equal(clockAhead(date, Date.parse(date) + 500), 0);
  assert.equal(clockAhead(date, Date.parse(date) - 99_500), -100_000);
  for (const none of [undefined, '', 'yesterday']) assert.equal(clockAhead(none, 0), undefined);
});

test('a listener is found in /proc/net/tcp by its port and state', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:46A0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0',
    '   1: 0100007F:46A0 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1',
    '   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0',
  ].join('\n');
  assert.deepEqual(listeningInodes(table, 18080), ['4711']);
  assert.deepEqual(listeningInodes(table, 22), ['4713']);
  assert.deepEqual(listeningInodes(table, 80), []);
  assert.deepEqual(listeningInodes('', 80), []);
});

test('what lsof, netstat and tasklist print is read, in any language of the last two', () => {
  assert.deepEqual(parseLsof('p4711\ncControlCe\nf12\np9\ncother\n'), { pid: 4711, name: 'ControlCe' });
  assert.deepEqual(parseLsof('p4711\n'), { pid: 4711, name: undefined });
  assert.equal(parseLsof(''), undefined);
  const netstat = [
    '', 'Aktive Verbindungen', '', '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
    '  TCP    127.0.0.1:18080        127.0.0.1:50000        HERGESTELLT      77',
    '  TCP    127.0.0.1:18080        0.0.0.0:0              ABHÖREN          4711',
    '  TCP    127.0.0.1:1808         0.0.0.0:0              ABHÖREN          8',
    '  TCP    [::1]:18081            [::]:0                 ABHÖREN          9', '',
  ].join('\r\n');
  assert.equal(parseNetstat(netstat, 18080), 4711);
  assert.equal(parseNetstat(netstat, 18081), 9);
  assert.equal(parseNetstat(netstat, 8080), undefined);
  assert.equal(parseTasklist('"node.exe","4711","Console","1","50.000 K"\r\n'), 'node.exe');
  assert.equal(parseTasklist('INFO: No tasks are running which match the specified criteria.\r\n'), undefined);
});

test('only what a doctor registers is taken for left behind', () => {
  assert.ok(isLeftBehind('http://127.0.0.1:40000/aegisgate-doctor-0123456789abcdef'));
  for (const base of ['http://127.0.0.1:40000/v1', 'https://api.anthropic.com/aegisgate-doctor-00', 'http://127.0.0.1:40000/aegisgate-doctor-']) assert.ok(!isLeftBehind(base), base);
});

test('a finding is printed with what to do below it; what came from elsewhere can\'t move the cursor', () => {
  const io = memoryIo();
  const style = createStyle(io.stdout, io.env);
  assert.equal(
    printFinding({ check: 'upstream', subject: 'http://x', status: 'problem', message: 'is\x1b[2J down', advice: 'start it' }, style),
    'problem  upstream         http://x: is·[2J down\n                          → start it\n',
  );
  assert.equal(printFinding({ check: 'port', subject: '1:2', status: 'ok', message: 'at 1:2' }, style), 'ok       port             at 1:2\n');
  const finding = (status: Finding['status']): Finding => ({ check: 'c', status, message: '' });
  assert.equal(printSum([finding('ok'), finding('skipped')], style), '\nNo problem found.\n');
  assert.equal(printSum([finding('warning')], style), '\n1 warning.\n');
  assert.equal(printSum([finding('problem'), finding('warning'), finding('problem')], style), '\n2 problems, 1 warning.\n');
  assert.ok(!hasProblem([finding('warning'), finding('skipped')]));
});

test('what takes too long is stood in for, what fails is not', async () => {
  assert.equal(await within(10_000, Promise.resolve('came'), 'late'), 'came');
  assert.equal(await within(1, new Promise<string>(() => {}), 'late'), 'late');
  await assert.rejects(within(10_000, Promise.reject<string>(new Error('no')), 'late'), /no/);
});

test('a provider is asked in its own protocol, with the key where that has it', () => {
  const ask = (hostname: string, path: string): [string, string[]] => {
    const question = questionFor({ hostname, path }, 'a/model', 'the-key');
    assert.ok(!JSON.stringify(question.body).includes('the-key'));
    return [question.path, Object.keys(question.headers)];
  };
  assert.deepEqual(ask('api.anthropic.com', '/v1'), ['/v1/messages', ['x-api-key', 'anthropic-version']]);
  assert.deepEqual(ask('api.deepseek.com', '/anthropic'), ['/v1/messages', ['x-api-key', 'anthropic-version']]);
  assert.deepEqual(ask('generativelanguage.googleapis.com', ''), ['/v1beta/models/a%2Fmodel:streamGenerateContent?alt=sse', ['x-goog-api-key']]);
  assert.deepEqual(ask('api.openai.com', '/v1'), ['/chat/completions', ['authorization']]);
  assert.deepEqual(ask('anthropic.com.evil.test', '/v1'), ['/chat/completions', ['authorization']]);
});

test('a provider\'s stream is judged by when its events came', () => {
  const whole = { status: 200, contentType: 'text/event-stream; charset=utf-8', firstMs: 500, lastMs: 1500, events: 60 };
  assert.match(judgeArrival(whole).message, /^streams unbuffered: first byte after 500 ms, 60 events over 1000 ms$/);
  assert.match(judgeArrival({ ...whole, firstMs: 1490 }).message, /60 events came at once, after 1490 ms/);
  assert.equal(judgeArrival({ ...whole, events: 4 }).status, 'warning');
  assert.equal(judgeArrival({ ...whole, contentType: 'application/json' }).status, 'warning');
  assert.match(judgeArrival({ ...whole, status: 401 }).message, /key was not accepted/);
  assert.match(judgeArrival({ ...whole, status: 404 }).advice ?? '', /model's name/);
  assert.equal(judgeArrival({ ...whole, status: 500 }).status, 'problem');
});

test('where the gateway that runs has other settings than this shell, that is told; keys and passwords are not', () => {
  assert.deepEqual({ ...parseEnviron('A=1\0B=x=y\0C=\0=odd\0nothing\0') }, { A: '1', B: 'x=y', C: '' });
  const differences = (shell: Record<string, string>, env: Record<string, string>): string[] => judgeDifferences(shell, { pid: 7, env }).map(({ status, message }) => `${status} ${message}`);
  assert.deepEqual(differences({ PATH: '/a', AEGIS_PORT: '1', AEGIS_WORKERS: '2' }, { PATH: '/b', AEGIS_PORT: '0', AEGIS_WORKERS: '2' }), []);
  assert.deepEqual(differences({ AEGIS_SECURITY_LEVEL: 'high', AEGIS_GATEWAY_KEY: 'canary-1', AEGIS_WORKERS: '2' }, { AEGIS_SECURITY_LEVEL: 'low', AEGIS_GATEWAY_KEY: 'canary-2', https_proxy: 'http://u:canary@p:1' }), [
    'warning AEGIS_GATEWAY_KEY=(not shown) in the gateway that runs (process 7), AEGIS_GATEWAY_KEY=(not shown) in this shell',
    'warning AEGIS_SECURITY_LEVEL=low in the gateway that runs (process 7), AEGIS_SECURITY_LEVEL=high in this shell',
    'warning AEGIS_WORKERS=2 in this shell, not in the gateway that runs (process 7)',
    'ok https_proxy=http://…@p:1 in the gateway that runs (process 7), not in this shell',
  ]);
});

test('on a screen lines are broken at spaces, below where they began', () => {
  const io = memoryIo();
  const finding: Finding = { check: 'port', status: 'warning', message: `${'word '.repeat(12)}${'x'.repeat(60)}`, advice: 'do '.repeat(20).trim() };
  const lines = printFinding(finding, createStyle(io.stdout, io.env), 80).trimEnd().split('\n');
  assert.deepEqual(lines, [
    `warning  port             ${'word '.repeat(11).trim()}`,
    `${' '.repeat(26)}word`,
    `${' '.repeat(26)}${'x'.repeat(60)}`,
    `${' '.repeat(26)}→ ${'do '.repeat(17).trim()}`,
    `${' '.repeat(28)}do do do`,
  ]);
  assert.equal(printFinding(finding, createStyle(io.stdout, io.env), 40).split('\n').length, 3, 'too narrow: left to the terminal');
});

test('a process is taken for the gateway by its command alone', () => {
  const words = (...parts: string[]): string => parts.map((part) => `${part}\0`).join('');
  for (const command of [['node', 'dist/server.js'], ['/usr/bin/node', '/opt/aegisgate/dist/cli.js', 'serve'], ['node', '/usr/local/bin/aegisgate', 'serve', '--json'], ['node', '--import', 'tsx', 'src/server.ts']]) {
    assert.ok(isGatewayCommand(words(...command)), command.join(' '));
  }
  for (const command of [['nginx', '-g', 'daemon off;'], ['docker-proxy'], ['node', 'dist/cli.js', 'doctor'], ['node', 'observer.js'], []]) assert.ok(!isGatewayCommand(words(...command)), command.join(' '));
});

test('a key goes to no upstream that was not named, and a call that makes no sense is refused before anything is done', async () => {
  const upstream = 'https://api.openai.com/v1';
  for (const [args, why] of [
    [['--key-env', 'MY_KEY', '--model', 'm'], /--key-env needs --upstream/],
    [['--key-env', 'MY_KEY', '--upstream', upstream], /--key-env needs --model/],
    [['--key-env', 'canary-key', '--upstream', upstream, '--model', 'm'], /there is no such variable/],
    [['--upstream', 'ftp://x'], /must begin with http/],
    [['--model', 'm'], /--model goes with --key-env/],
    [['--offline', '--upstream', upstream], /--offline contacts no upstream/],
    [['now'], /"now" is not taken here/],
  ] as const) {
    const io = memoryIo({ env: { MY_KEY: 'canary' } });
    await assert.rejects(async () => doctor.run(args, io), (error: Error) => error instanceof UsageError && why.test(error.message) && !error.message.includes('canary'));
    assert.equal(io.out(), '');
  }
});
