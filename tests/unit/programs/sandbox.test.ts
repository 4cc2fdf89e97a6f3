// The place that real programs run in must hold before one of them is asked to do harm in it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from '../../../scripts/programs/launch.ts';
import { namespaceCommand, withoutNamespaces } from '../../../scripts/programs/sandbox.ts';

const SANDBOX = new URL('../../../scripts/programs/sandbox.ts', import.meta.url).href;
const RUN_DEADLINE_MS = 20_000;

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-place-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('namespaces', () => {
  const [unshare, ...args] = namespaceCommand() ?? [];
  const options = { skip: unshare === undefined ? 'this machine allows no namespaces' : false, timeout: RUN_DEADLINE_MS };

  it('have loopback alone, an empty temporary folder, and a stub for rm under each of its names', options, (t) => {
    const folder = scratch(t);
    writeFileSync(join(folder, 'precious'), '');
    const inner = `
      const { enterNamespaces } = await import(${JSON.stringify(SANDBOX)});
      const { spawnSync } = await import('node:child_process');
      const { existsSync, writeFileSync } = await import('node:fs');
      const { networkInterfaces } = await import('node:os');
      const sandbox = enterNamespaces([]);
      writeFileSync('/tmp/kept', '');
      for (const rm of ['rm', '/bin/rm', '/usr/bin/rm']) spawnSync(rm, ['-rf', '/tmp/kept']);
      spawnSync('bash', ['-lc', 'rm -rf /tmp/kept']);
      console.log(JSON.stringify({ networks: Object.keys(networkInterfaces()), outside: existsSync(${JSON.stringify(join(folder, 'precious'))}), kept: existsSync('/tmp/kept'), removals: sandbox.removals?.() }));`;
    const { stdout, stderr } = spawnSync(unshare ?? '', [...args, process.execPath, '--import', 'tsx', '--input-type=module', '-e', inner], { encoding: 'utf8', timeout: RUN_DEADLINE_MS });
    const seen = JSON.parse(stdout === '' ? assert.fail(stderr) : stdout) as { removals?: string[] };
    const { removals, ...others } = seen;
    // Without a stub where rm is no program of its own: then no program is asked to remove anything.
    assert.deepEqual(others, { networks: ['lo'], outside: false, kept: removals !== undefined });
    if (removals !== undefined) assert.deepEqual(removals, Array(4).fill('-rf /tmp/kept'));
    assert.ok(existsSync(join(folder, 'precious')));
  });
});

describe('the place without namespaces', () => {
  it('leads every proxy nowhere and has no stub, so that nothing may be asked to do harm', () => {
    const { isolated, removals, env } = withoutNamespaces();
    assert.equal(isolated, false);
    assert.equal(removals, undefined);
    for (const name of ['http_proxy', 'HTTPS_PROXY', 'all_proxy']) assert.equal(env[name], 'http://127.0.0.1:9');
  });
});

describe('a run of a program', () => {
  const running = (home: string): string[] =>
    readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`HOME=${home}\0`);
      } catch {
        return false;
      }
    });
  const options = { skip: process.platform !== 'linux' || !existsSync('/bin/bash') ? 'needs Linux and bash' : false, timeout: RUN_DEADLINE_MS };
  const launch = (script: string, home: string): Parameters<typeof runProgram>[0] => ({ command: '/bin/bash', args: (prompt) => ['-c', script, 'bash', prompt], env: { PATH: '/usr/bin:/bin', HOME: home } });

  it('gives its outputs without colours, and its exit code', options, async (t) => {
    const home = scratch(t);
    const run = await runProgram(launch('printf "\\033[32m%s\\033[0m" "$1"; echo bad >&2; exit 3', home), 'a prompt', { cwd: home, home, env: {}, deadlineMs: RUN_DEADLINE_MS });
    assert.equal(run.code, 3);
    assert.match(run.output, /a prompt/);
    assert.match(run.output, /bad/);
    assert.ok(!run.output.includes('\u001b'));
  });

  it('leaves no process behind, not even one that has left its group', options, async (t) => {
    const home = scratch(t);
    const run = await runProgram(launch('setsid sleep 300 & sleep 300 & echo started', home), '', { cwd: home, home, env: {}, deadlineMs: RUN_DEADLINE_MS });
    assert.equal(run.timedOut, false);
    await sleep(100);
    assert.deepEqual(running(home), []);
  });

  it('ends at its deadline', options, async (t) => {
    const home = scratch(t);
    const run = await runProgram(launch('sleep 300', home), '', { cwd: home, home, env: {}, deadlineMs: 300 });
    assert.equal(run.timedOut, true);
    assert.deepEqual(running(home), []);
  });

  it('says what is wrong with a program that is not there', options, async (t) => {
    const home = scratch(t);
    const run = await runProgram({ command: join(home, 'missing'), args: () => [], env: {} }, '', { cwd: home, home, env: {}, deadlineMs: RUN_DEADLINE_MS });
    assert.equal(run.code, null);
    assert.match(run.output, /ENOENT/);
  });
});
