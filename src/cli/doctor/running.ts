/** The settings of the gateway that runs, where the system lets its owner read them: they count, not those of this shell. */
import { readFile, readlink } from 'node:fs/promises';
import { isSecretSetting } from '../../config.ts';
import type { Finding } from './finding.ts';
import { OTHER_NAMES, PROXY_NAMES, withoutCredentials } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface RunningProcess {
  readonly pid: number;
  /** As it was when the process was started. */
  readonly env: Environment;
  readonly cwd: string;
}

/** How this program is started. What else holds the port and hands on to a gateway has settings that are not its. */
const COMMAND = /(?:^|[\0/])(?:server\.[jt]s(?:\0|$)|(?:cli\.[jt]s|aegisgate)\0serve(?:\0|$))/;

/** Whether a command line, its words ended by NUL each, is one that starts a gateway. */
export function isGatewayCommand(cmdline: string): boolean {
  return COMMAND.test(cmdline);
}

/** Linux alone has them (proc(5)), and for one's own processes only. */
export async function readProcess(pid: number | undefined, platform: NodeJS.Platform): Promise<RunningProcess | undefined> {
  if (pid === undefined || platform !== 'linux') return undefined;
  try {
    const [cmdline, environ, cwd] = await Promise.all([readFile(`/proc/${pid}/cmdline`, 'utf8'), readFile(`/proc/${pid}/environ`, 'utf8'), readlink(`/proc/${pid}/cwd`)]);
    return isGatewayCommand(cmdline) ? { pid, env: parseEnviron(environ), cwd } : undefined;
  } catch {
    return undefined;
  }
}

/** Variables that end with NUL each. */
export function parseEnviron(text: string): Environment {
  const env: Record<string, string> = {};
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('=');
    if (at > 0) env[entry.slice(0, at)] = entry.slice(at + 1);
  }
  return env;
}

/** The gateway was found by these: how it was told them does not matter. */
const FOUND_BY = new Set(['AEGIS_HOST', 'AEGIS_PORT']);

/** Where the gateway that runs has other settings than this shell. */
export function judgeDifferences(shell: Environment, { pid, env }: Pick<RunningProcess, 'pid' | 'env'>): readonly Finding[] {
  const names = new Set([...Object.keys(shell), ...Object.keys(env)].filter((name) => (name.startsWith('AEGIS_') && !FOUND_BY.has(name)) || PROXY_NAMES.includes(name) || OTHER_NAMES.includes(name)));
  const findings: Finding[] = [];
  for (const name of [...names].sort()) {
    const here = shell[name];
    const there = env[name];
    if (here === there) continue;
    const about = { check: 'settings', subject: name };
    const running = `the gateway that runs (process ${pid})`;
    if (here === undefined) findings.push({ ...about, status: 'ok', message: `${shown(name, there)} in ${running}, not in this shell` });
    else {
      findings.push({
        ...about, status: 'warning', message: there === undefined ? `${shown(name, here)} in this shell, not in ${running}` : `${shown(name, there)} in ${running}, ${shown(name, here)} in this shell`,
        advice: 'restart the gateway where this shell\'s value is meant',
      });
    }
  }
  return findings;
}

function shown(name: string, value = ''): string {
  return isSecretSetting(name) ? `${name}=(not shown)` : `${name}=${withoutCredentials(value)}`;
}
