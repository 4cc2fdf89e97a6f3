/** What there is to be read about WSL. Reads files and asks programs of WSL and Windows; contacts this machine alone. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { WslReadings } from './wsl.ts';

const TOOL_LIMIT_MS = 3_000;
/** Windows' own, which is there since Windows 10 version 1803. */
const WINDOWS_CURL = '/mnt/c/Windows/System32/curl.exe';
const WINDOWS_USERS = '/mnt/c/Users';

/** @param running whether a gateway answers on this side */
export async function readWsl(host: string, port: number, running: boolean): Promise<WslReadings> {
  const procVersion = await text('/proc/version');
  const nothing = { networkingMode: undefined, wslConfig: undefined, resolvConf: '', address: undefined, reachedFromWindows: undefined };
  if (!/microsoft/i.test(procVersion)) return { procVersion, ...nothing, host, port };
  const [networkingMode, wslConfig, resolvConf, reachedFromWindows] = await Promise.all([
    printed('wslinfo', ['--networking-mode']),
    readWslConfig(),
    text('/etc/resolv.conf'),
    running ? askFromWindows(port) : undefined,
  ]);
  return { procVersion, networkingMode, wslConfig, resolvConf, address: ownAddress(), reachedFromWindows, host, port };
}

/** Whether a program on Windows gets the gateway's answer; undefined where none can be started from here. */
async function askFromWindows(port: number): Promise<boolean | undefined> {
  // %{http_code} is printed whether or not there was an answer: nothing printed means that it did not run.
  const status = await printed(WINDOWS_CURL, ['-s', '-o', 'NUL', '-m', '2', '--noproxy', '*', '-w', '%{http_code}', `http://localhost:${port}/health`]);
  return status === undefined ? undefined : status === '200';
}

/** The .wslconfig of the only Windows user who has one. */
async function readWslConfig(): Promise<string | undefined> {
  const users = await readdir(WINDOWS_USERS).catch((): string[] => []);
  const found = (await Promise.all(users.map((user) => text(`${WINDOWS_USERS}/${user}/.wslconfig`)))).filter((one) => one !== '');
  return found.length === 1 ? found[0] : undefined;
}

function ownAddress(): string | undefined {
  return Object.values(networkInterfaces()).flat().find((one) => one !== undefined && one.family === 'IPv4' && !one.internal)?.address;
}

function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** What a program prints, trimmed; undefined when it is not there or prints nothing. */
function printed(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: TOOL_LIMIT_MS, killSignal: 'SIGKILL', encoding: 'utf8' }, (_error, stdout) => resolve(stdout.trim() === '' ? undefined : stdout.trim()));
  });
}
