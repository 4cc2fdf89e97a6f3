// Who holds a port, by the tools of each system: stand-ins on PATH print what the real ones do.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findHolder } from '../../../src/cli/doctor/holder.ts';

const WINDOWS = process.platform === 'win32' ? 'the stand-ins are shell scripts' : false;

/** Puts programs before all others for the test. */
function standIns(t: TestContext, programs: Readonly<Record<string, string>>): void {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-tools-'));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${folder}:${before}`;
  t.after(() => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true });
  });
}

test('on Linux it is found in /proc', { skip: process.platform === 'linux' ? false : 'not Linux' }, async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal((await findHolder(port, 'linux'))?.pid, process.pid);
  assert.equal(await findHolder(1, 'linux'), undefined);
});

test('on macOS lsof is asked for the port\'s listener', { skip: WINDOWS }, async (t) => {
  standIns(t, { lsof: 'test "$*" = "-nP -iTCP:18080 -sTCP:LISTEN -Fpc" && printf "p4711\\ncControlCe\\n"' });
  assert.deepEqual(await findHolder(18080, 'darwin'), { pid: 4711, name: 'ControlCe' });
  assert.equal(await findHolder(18081, 'darwin'), undefined);
});

test('on Windows netstat is asked for the process and tasklist for its name', { skip: WINDOWS }, async (t) => {
  standIns(t, {
    netstat: 'test "$*" = "-ano -p TCP" && echo "  TCP    0.0.0.0:18080   0.0.0.0:0   LISTENING   4711"; test "$*" = "-ano -p TCPv6" && echo "  TCP    [::]:18081   [::]:0   LISTENING   4712"',
    tasklist: 'test "$2" = "PID eq 4711" && echo "\\"node.exe\\",\\"4711\\",\\"Console\\",\\"1\\",\\"50,000 K\\""',
  });
  assert.deepEqual(await findHolder(18080, 'win32'), { pid: 4711, name: 'node.exe' });
  assert.deepEqual(await findHolder(18081, 'win32'), { pid: 4712, name: undefined });
});

test('a tool that is not there or fails tells nothing', { skip: WINDOWS }, async (t) => {
  standIns(t, { lsof: 'exit 1', netstat: 'exit 1' });
  assert.equal(await findHolder(18080, 'darwin'), undefined);
  assert.equal(await findHolder(18080, 'win32'), undefined);
});
