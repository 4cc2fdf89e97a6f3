/**
 * What launchd and the task scheduler start: the gateway with a file of settings, its log in a file, started again when it
 * fails. systemd does all of this by itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseSettings } from './settings-file.ts';

/** At the start a log of more than this becomes `<log>.1`. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A gateway that lived this long did not fail at its start. */
const LONG_LIFE_MS = 60_000;
/** The gateway's exit code for a setting or a file that is wrong: trying again would change nothing. */
const EXIT_MISCONFIGURED = 2;

const { values } = parseArgs({ options: { settings: { type: 'string' }, state: { type: 'string' }, log: { type: 'string' } } });
const { settings = '', state = '', log = '' } = values;

function openLog(): number {
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
  try {
    if (statSync(log).size > MAX_LOG_BYTES) renameSync(log, `${log}.1`);
  } catch {
    // There is none yet, or somebody holds it open: it goes on.
  }
  return openSync(log, 'a', 0o600);
}

function environment(): NodeJS.ProcessEnv {
  let text = '';
  try {
    text = readFileSync(settings, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return {
    ...process.env,
    AEGIS_GW_TOKENS_PATH: join(state, 'gw_tokens.json'),
    AEGIS_AUDIT_LOG_PATH: join(state, 'audit.jsonl'),
    AEGIS_PLACEHOLDER_KEY: join(state, 'placeholder.key'),
    ...parseSettings(text),
  };
}

let child: ChildProcess | undefined;
let stopping = false;
let pauseMs = FIRST_PAUSE_MS;

function start(): void {
  const output = openLog();
  const startedAt = performance.now();
  child = spawn(process.execPath, [fileURLToPath(new URL('../server.js', import.meta.url))], { cwd: state, env: environment(), stdio: ['ignore', output, output], windowsHide: true });
  closeSync(output);
  child.on('error', () => again(startedAt));
  child.on('exit', (code) => {
    if (stopping) process.exit(code ?? 1);
    // Told as a success, since launchd knows no other end that it leaves alone.
    if (code === EXIT_MISCONFIGURED) process.exit(0);
    again(startedAt);
  });
}

function again(startedAt: number): void {
  if (performance.now() - startedAt > LONG_LIFE_MS) pauseMs = FIRST_PAUSE_MS;
  setTimeout(start, pauseMs);
  pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stopping = true;
    if (child?.exitCode === null && child.signalCode === null) child.kill(signal);
    else process.exit(0);
  });
}
process.on('SIGHUP', () => child?.kill('SIGHUP'));
process.umask(0o077);
start();
