/** One run of a program: started in its own process group, watched by a deadline, and swept up after. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const MAX_OUTPUT_CHARS = 400_000;
/** What a program may still write once it has ended. */
const LINGER_MS = 300;

/** How a program is started; `args` takes the prompt. */
export interface Launch {
  readonly command: string;
  readonly args: (prompt: string) => readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface Run {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly timedOut: boolean;
  /** Both outputs, without terminal sequences. */
  readonly output: string;
  readonly elapsedMs: number;
}

export interface RunOptions {
  readonly cwd: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly deadlineMs: number;
}

/** Runs a program once. Never rejects for what the program does. */
export async function runProgram(launch: Launch, prompt: string, options: RunOptions): Promise<Run> {
  const started = performance.now();
  const child = spawn(launch.command, launch.args(prompt), {
    cwd: options.cwd,
    env: { ...options.env, ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const sweep = (): void => endGroup(child.pid);
  process.on('exit', sweep);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let timedOut = false;
  const code = await new Promise<number | null>((resolve) => {
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, options.deadlineMs);
    child.on('error', (error) => {
      output += error.message;
      clearTimeout(timer);
      resolve(null);
    });
    // Not `close`: a background process that a program leaves may hold its outputs open.
    child.on('exit', (exit) => {
      clearTimeout(timer);
      resolve(exit);
    });
  });
  await sleep(LINGER_MS);
  sweep();
  process.off('exit', sweep);
  endLeftBehind(options.home);
  child.stdout.destroy();
  child.stderr.destroy();
  return { code, timedOut, output: plainText(output), elapsedMs: performance.now() - started };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

/** Ends processes that left the group, known by the scratch home in their environment. Linux only. */
function endLeftBehind(home: string): void {
  let entries: string[];
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return;
  }
  for (const pid of entries) {
    try {
      if (Number(pid) !== process.pid && readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`HOME=${home}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone meanwhile, or another user's.
    }
  }
}

/** Text without the control sequences of terminals (ECMA-48). */
function plainText(text: string): string {
  return text.replace(/\u001b\[[0-9;?]{0,32}[ -/]?[@-~]/g, '').replace(/\u001b\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)/g, '');
}
