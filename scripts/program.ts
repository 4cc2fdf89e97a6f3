/** What the scripts that install packages and run their tests have in common. */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

/** npm's codes for a registry that is out of reach, and the words for one that answers with a server's error. */
export const OUT_OF_REACH = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|E50[0234])\b/;

export interface Finished {
  readonly code: number;
  /** The deadline has passed, and the program was ended. */
  readonly timedOut: boolean;
  readonly output: string;
}

/** Runs a program and keeps its output; shows it as well when asked to. */
export function run(command: string, args: readonly string[], options: { cwd: string; deadlineMs: number; show: boolean; env?: NodeJS.ProcessEnv }): Promise<Finished> {
  return new Promise((resolve, reject) => {
    // On Windows npm is a command file, which only a shell can start.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, options.deadlineMs);
    for (const [stream, shown] of [[child.stdout, process.stdout], [child.stderr, process.stderr]] as const) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (options.show) shown.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, timedOut, output });
    });
  });
}

/** When a file was last written, in milliseconds since 1970; 0 when there is none. */
export function writtenAt(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** Ends a script of tests as failed. @param output of what has failed. */
export function fail(what: string, output = ''): never {
  if (output !== '') console.error(output.trimEnd());
  console.error(what);
  process.exit(1);
}

/** Ends a script of tests as skipped: what they need is not there. */
export function skip(why: string): never {
  console.log(`skipped: ${why}`);
  console.log('0 passed, 0 failed, 1 skipped');
  process.exit(0);
}
