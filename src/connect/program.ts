/** Finding a program and starting it, on Windows too, where npm's programs are scripts of cmd.exe. */
import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { Surroundings } from './client.ts';

/** What spawn is given. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  /** The arguments are quoted already: Windows gets them as one line. */
  readonly verbatim: boolean;
}

export type IsProgram = (path: string) => boolean;

/**
 * Finds a program as a shell does.
 * @returns undefined when there is none
 */
export function findProgram(name: string, { env, platform }: Surroundings, cwd: string, isProgram: IsProgram = isExecutable): string | undefined {
  const { join, isAbsolute, resolve } = platform === 'win32' ? win32 : posix;
  const separator = platform === 'win32' ? ';' : ':';
  const variable = (wanted: string): string => Object.entries(env).find(([key]) => (platform === 'win32' ? key.toUpperCase() : key) === wanted)?.[1] ?? '';
  const endings = platform === 'win32' ? ['', ...(variable('PATHEXT') || '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '')] : [''];
  const hasFolder = /[/\\]/.test(platform === 'win32' ? name : name.replaceAll('\\', '')) || isAbsolute(name);
  const folders = hasFolder ? [''] : variable('PATH').split(separator).map((folder) => folder.replace(/^"(.*)"$/, '$1'));
  for (const folder of folders) {
    // An empty entry is the current folder to a shell; to take a program from there unasked is a trap.
    if (!hasFolder && folder === '') continue;
    const path = hasFolder ? resolve(cwd, name) : join(folder, name);
    // Windows runs nothing without an ending; npm puts a script for other shells there.
    const found = endings.filter((ending) => platform !== 'win32' || ending !== '' || /\.[A-Za-z]{2,4}$/.test(name)).find((ending) => isProgram(path + ending));
    if (found !== undefined) return path + found;
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** How a program that was found is started. */
export function invocation(file: string, args: readonly string[], { env, platform }: Pick<Surroundings, 'env' | 'platform'>): Invocation {
  if (platform !== 'win32' || !/\.(?:cmd|bat)$/i.test(file)) return { file, args, verbatim: false };
  const line = [cmdText(file), ...args.map((arg) => cmdText(cmdText(windowsArgument(arg), true), true))].join(' ');
  return { file: env['ComSpec'] ?? env['COMSPEC'] ?? 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}

/** Quotes an argument as Microsoft's C runtime takes it apart: backslashes count only before a quote. */
function windowsArgument(arg: string): string {
  return `"${arg.replace(/(\\{0,1000})"/g, '$1$1\\"').replace(/(\\{1,1000})$/, '$1$1')}"`;
}

/** Characters that cmd.exe reads something into, each behind a caret. The scripts of npm hand arguments on once more, so twice. */
function cmdText(text: string, isArgument = false): string {
  const quotedText = isArgument || !/[\s^&|<>()%!]/.test(text) ? text : `"${text}"`;
  return isArgument ? quotedText.replace(/[()\][%!^"`<>&|;, *?]/g, '^$&') : quotedText;
}
