// A program on a terminal of its own, typed to. Python's pty makes the terminal; where there is no Python, tests skip.
import { spawn, spawnSync } from 'node:child_process';
import { within } from './until.ts';

/** False where there is no python3, or no such terminals. */
export const HAS_TERMINAL: boolean = process.platform !== 'win32' && spawnSync('python3', ['-c', 'import pty']).status === 0;

const SCRIPT = `
import json, os, pty, select, sys, time
told = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(told['cwd'])
    os.execve(told['args'][0], told['args'], told['env'])
out, typed, end = b'', 0, time.time() + 15
while time.time() < end:
    ready, _, _ = select.select([terminal], [], [], 0.1)
    if ready:
        try:
            read = os.read(terminal, 65536)
        except OSError:
            break
        if not read:
            break
        out += read
    if typed < len(told['typed']) and told['typed'][typed][0].encode() in out:
        os.write(terminal, told['typed'][typed][1].encode())
        typed += 1
else:
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
print(json.dumps({'out': out.decode(), 'code': os.waitstatus_to_exitcode(status)}))
`;

export interface Typed {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What to wait for, and what to type then. */
  readonly typed: readonly (readonly [seen: string, keys: string])[];
}

/** Runs a program to its end. A code below 0 is a signal's. */
export async function onTerminal(args: readonly string[], told: Typed): Promise<{ readonly out: string; readonly code: number }> {
  const child = spawn('python3', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stdin.end(JSON.stringify({ args, ...told }));
  await within(`${args.join(' ')} to end`, new Promise((resolve) => child.once('close', resolve)), 20_000);
  return JSON.parse(out) as { out: string; code: number };
}
