/** Which process listens on a port, as far as the system tells. */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { printable } from '../style.ts';

export interface Holder {
  readonly pid: number;
  /** undefined: the system tells only the number. */
  readonly name: string | undefined;
}

const TOOL_LIMIT_MS = 3_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
/** State of a listening socket in /proc/net/tcp: include/net/tcp_states.h. */
const LISTEN = '0A';

/** Undefined where nobody listens, or where the system does not tell (another user's process, no such tool). */
export async function findHolder(port: number, platform: NodeJS.Platform): Promise<Holder | undefined> {
  switch (platform) {
    case 'linux':
      return onLinux(port);
    case 'win32':
      return onWindows(port);
    default:
      return parseLsof(await output('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']));
  }
}

async function onLinux(port: number): Promise<Holder | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => '')));
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const sockets = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const processes = (await readdir('/proc').catch((): string[] => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    // Only one's own processes let themselves be looked into, or all of them root.
    for (const fd of await readdir(`/proc/${pid}/fd`).catch((): string[] => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (!sockets.has(target)) continue;
      const name = printable((await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim());
      return { pid: Number(pid), name: name === '' ? undefined : name };
    }
  }
  return undefined;
}

/** The socket numbers that listen on a port, from the text of /proc/net/tcp or tcp6 (proc(5)). */
export function listeningInodes(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(`:${hex}`) === true && fields[3] === LISTEN && fields[9] !== undefined) inodes.push(fields[9]);
  }
  return inodes;
}

/** The first process in what `lsof -F pc` prints: lines that begin with `p` for its number and `c` for its command. */
export function parseLsof(text: string): Holder | undefined {
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  if (pid === undefined) return undefined;
  const name = /^c(.+)$/m.exec(text)?.[1];
  return { pid: Number(pid), name: name === undefined ? undefined : printable(name) };
}

async function onWindows(port: number): Promise<Holder | undefined> {
  const pid = parseNetstat(await output('netstat', ['-ano', '-p', 'TCP']), port) ?? parseNetstat(await output('netstat', ['-ano', '-p', 'TCPv6']), port);
  if (pid === undefined) return undefined;
  return { pid, name: parseTasklist(await output('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])) };
}

/** The process that listens on a port, from what `netstat -ano` prints; a listener's foreign port is 0 in any language. */
export function parseNetstat(text: string, port: number): number | undefined {
  for (const line of text.split('\n')) {
    const [protocol, local, foreign, ...rest] = line.trim().split(/\s+/);
    const pid = rest.at(-1);
    if (protocol === 'TCP' && local?.endsWith(`:${port}`) === true && foreign?.endsWith(':0') === true && pid !== undefined && /^\d+$/.test(pid)) return Number(pid);
  }
  return undefined;
}

/** The name in the first line of `tasklist /FO CSV /NH`. */
export function parseTasklist(text: string): string | undefined {
  const name = /^"([^"]+)","\d+"/m.exec(text)?.[1];
  return name === undefined ? undefined : printable(name);
}

/** What a tool of the system prints; empty when it is not there, fails or takes too long. */
function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: TOOL_LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8', windowsHide: true }, (_error, stdout) => resolve(stdout));
  });
}
