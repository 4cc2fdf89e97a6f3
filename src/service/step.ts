/** What installing and removing a service does, as data: printed by --dry-run, carried out otherwise. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, copyFileSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type Step =
  | { readonly do: 'folder'; readonly path: string; readonly mode: number }
  /** `shown` stands in for the text where a person sees it. */
  | { readonly do: 'file'; readonly path: string; readonly mode: number; readonly text: string; readonly shown?: string }
  /** Copies a file to where none is yet, for the owner of the folder. */
  | { readonly do: 'copy'; readonly from: string; readonly to: string }
  | { readonly do: 'remove'; readonly path: string }
  /** `script` is what the last argument holds, written for a person's eyes; `mayFail`: a failure is the usual case; `tries`: how often, a second apart. */
  | { readonly do: 'run'; readonly command: readonly string[]; readonly script?: string; readonly mayFail?: true; readonly tries?: number };

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. A program that is not there is code 127. */
export type Runner = (command: readonly string[]) => Promise<Ran>;

/** A step could not be done; the message says which and why. */
export class StepError extends Error {}

const RUN_DEADLINE_MS = 60_000;
const TRY_PAUSE_MS = 1000;

export const runProgram: Runner = ([program = '', ...args]) =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, timeout: RUN_DEADLINE_MS });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', (error: NodeJS.ErrnoException) => resolve({ code: 127, out, err: error.code === 'ENOENT' ? `${program} is not there` : error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, out, err }));
  });

/** @throws StepError */
export async function carryOut(step: Step, run: Runner): Promise<void> {
  if (step.do !== 'run') {
    try {
      carryOutOnDisk(step);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new StepError(`${describe(step)}: ${code ?? message}`);
    }
    return;
  }
  let { code, err, out } = await run(step.command);
  for (let tries = step.tries ?? 1; code !== 0 && tries > 1; tries--) {
    await sleep(TRY_PAUSE_MS);
    ({ code, err, out } = await run(step.command));
  }
  if (code !== 0 && step.mayFail === undefined) throw new StepError(`${describe(step)} failed (${code}): ${(err.trim() || out.trim()).slice(0, 2000)}`);
}

function carryOutOnDisk(step: Exclude<Step, { do: 'run' }>): void {
  switch (step.do) {
    case 'folder':
      mkdirSync(step.path, { recursive: true, mode: step.mode });
      return;
    case 'file':
      return writeWhole(step.path, step.text, step.mode);
    case 'copy': {
      copyFileSync(step.from, step.to, constants.COPYFILE_EXCL);
      chmodSync(step.to, 0o600);
      const { uid, gid } = statSync(dirname(step.to));
      if (process.getuid?.() === 0) chownSync(step.to, uid, gid);
      return;
    }
    case 'remove':
      return rmSync(step.path, { force: true });
  }
}

/** Whole or not at all, and never for a moment readable by more than `mode` says. */
function writeWhole(path: string, text: string, mode: number): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode, flag: 'wx' });
    // Whatever the umask took away.
    chmodSync(draft, mode);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** One line for a person. */
export function describe(step: Step): string {
  switch (step.do) {
    case 'folder':
      return `make the folder ${step.path} (mode ${step.mode.toString(8)})`;
    case 'file':
      return `write ${step.path} (mode ${step.mode.toString(8)})`;
    case 'copy':
      return `copy ${step.from} to ${step.to} (mode 600)`;
    case 'remove':
      return `remove ${step.path}`;
    case 'run':
      return `run ${step.command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}`;
  }
}

/** What `describe` leaves out: the text of a file or a script. */
export function detail(step: Step): string | undefined {
  if (step.do === 'file') return step.shown ?? step.text;
  return step.do === 'run' ? step.script : undefined;
}
