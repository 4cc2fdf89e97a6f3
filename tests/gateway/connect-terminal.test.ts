// What only a terminal shows: the question, its colours, and Ctrl-C while a client runs.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compiledFolder, startProcess } from '../support/compiled-process.ts';
import { connectHome } from '../support/connect-home.ts';
import { HAS_TERMINAL, onTerminal } from '../support/terminal.ts';

const skip = !HAS_TERMINAL && 'no python3 to make a terminal by';

test('the change is shown and asked about; no, Ctrl-C and Enter write nothing, yes does', { skip }, async (t) => {
  const { home, env } = await connectHome(t);
  const cli = join(await compiledFolder(), 'cli.js');
  const file = join(home, '.codex', 'config.toml');
  const ask = (command: string[], keys: string): ReturnType<typeof onTerminal> =>
    onTerminal([process.execPath, cli, ...command], { cwd: home, env: { ...env, TERM: 'xterm' }, typed: [['[y/N]', keys]] });
  for (const keys of ['n\r', '\r', '\x03']) {
    const { out, code } = await ask(['connect', 'codex', '--write'], keys);
    assert.equal(code, 2, out);
    assert.match(out, /\x1b\[32m\+model_provider = "aegisgate"/);
    assert.ok(!existsSync(file));
  }
  assert.equal((await ask(['connect', 'codex', '--write'], 'y\r')).code, 0);
  assert.ok(existsSync(file));
  assert.equal((await ask(['disconnect', 'codex'], 'n\r')).code, 2);
  assert.ok(existsSync(file));
  assert.equal((await ask(['disconnect', 'codex'], 'y\r')).code, 0);
  assert.ok(!existsSync(file));
});

test('Ctrl-C reaches the client once, and its exit code is handed on', { skip }, async (t) => {
  const { home, env, path } = await connectHome(t);
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: env['AEGIS_GW_TOKENS_PATH'] ?? '' });
  const client = path('bin', 'claude');
  const seen = join(home, 'signals');
  // It stays a while, so that a second signal would be seen.
  writeFileSync(client, `#!${process.execPath}\nlet n = 0;\nprocess.on('SIGINT', () => {\n  require('node:fs').appendFileSync(${JSON.stringify(seen)}, 'SIGINT ');\n  if (n++ === 0) setTimeout(() => process.exit(9), 500);\n});\nsetTimeout(() => process.exit(8), 20_000);\nconsole.log('ready, a terminal: ' + process.stdin.isTTY);\n`);
  chmodSync(client, 0o755);
  const { out, code } = await onTerminal([process.execPath, join(await compiledFolder(), 'cli.js'), 'run', 'claude-code'], {
    cwd: home,
    env: { ...env, AEGIS_PORT: new URL(await gateway.url()).port, PATH: join(home, 'bin') },
    typed: [['ready', '\x03']],
  });
  assert.match(out, /ready, a terminal: true/);
  assert.equal(code, 9, out);
  assert.equal(readFileSync(seen, 'utf8'), 'SIGINT ');
});
