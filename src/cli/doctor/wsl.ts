/**
 * Windows Subsystem for Linux: which address programs on Windows must use for a gateway in it. Pure, over readings.
 *
 * https://learn.microsoft.com/windows/wsl/networking and https://learn.microsoft.com/windows/wsl/wsl-config
 */
import { isLoopback } from '../../http/address-list.ts';
import type { Finding } from './finding.ts';

export interface WslReadings {
  /** The text of /proc/version. */
  readonly procVersion: string;
  /** What `wslinfo --networking-mode` prints; undefined where there is no such program (WSL before 2.0). */
  readonly networkingMode: string | undefined;
  /** The text of %UserProfile%\.wslconfig; undefined where it is not there or can't be reached. */
  readonly wslConfig: string | undefined;
  /** The text of /etc/resolv.conf. */
  readonly resolvConf: string;
  /** This side's first IPv4 address that is not loopback. */
  readonly address: string | undefined;
  /** Whether a program on Windows got an answer from the gateway at localhost; undefined where it was not tried. */
  readonly reachedFromWindows: boolean | undefined;
  /** Where the gateway listens. */
  readonly host: string;
  readonly port: number;
}

type Mode = 'nat' | 'mirrored' | 'virtioproxy' | 'bridged' | 'none' | 'unknown';

/** No findings where this is not WSL. */
export function judgeWsl(readings: WslReadings): readonly Finding[] {
  const { procVersion, port, host } = readings;
  const about = { check: 'wsl' };
  if (!/microsoft/i.test(procVersion)) return [];
  const local = `http://localhost:${port}`;
  if (!isWsl2(procVersion)) {
    return [{ ...about, status: 'ok', message: `WSL 1 shares Windows' network: programs on Windows use ${local}`, facts: { version: 1, windows_url: local } }];
  }
  const { mode, source } = modeOf(readings);
  const facts = { version: 2, mode, mode_from: source };
  const said = `WSL 2, networking mode ${mode}${source === 'wslinfo' ? '' : ` (${source})`}`;
  switch (mode) {
    case 'none':
      return [{ ...about, status: 'problem', message: `${said}: there is no network`, advice: 'take networkingMode=none out of %UserProfile%\\.wslconfig, then wsl --shutdown', facts }];
    case 'bridged':
      return [byAddress(readings, said, facts, 'there Windows does not reach it by localhost')];
    case 'nat':
    case 'unknown':
      if (setting(readings.wslConfig, 'localhostForwarding') === 'false') return [byAddress(readings, said, facts, 'localhostForwarding=false in .wslconfig keeps localhost from it')];
      break;
    default:
  }
  if (!isLoopback(host) && host !== 'localhost' && host !== '0.0.0.0' && host !== '::') {
    return [{ ...about, status: 'warning', message: `${said}: localhost does not lead to AEGIS_HOST=${host}`, advice: 'set AEGIS_HOST to 127.0.0.1', facts }];
  }
  if (readings.reachedFromWindows === false) return [notReached(readings, said, facts, local, mode)];
  const tried = readings.reachedFromWindows === true ? ', as was tried just now' : '';
  return [{ ...about, status: 'ok', message: `${said}: programs on Windows use ${local}${tried}`, facts: { ...facts, windows_url: local } }];
}

function isWsl2(procVersion: string): boolean {
  // The first version has no kernel of its own, and names the one of Windows: "4.4.0-19041-Microsoft".
  return /WSL2|microsoft-standard/i.test(procVersion);
}

function modeOf({ networkingMode, wslConfig, resolvConf }: WslReadings): { mode: Mode; source: string } {
  const told = known(networkingMode);
  if (told !== undefined) return { mode: told, source: 'wslinfo' };
  const configured = known(setting(wslConfig, 'networkingMode'));
  if (configured !== undefined) return { mode: configured, source: 'as .wslconfig has it' };
  // NAT gives the virtual switch's address as name server, which is in 172.16.0.0/12; DNS tunnelling another one.
  if (/^nameserver\s+172\.(?:1[6-9]|2\d|3[01])\./m.test(resolvConf)) return { mode: 'nat', source: 'by its name server' };
  return { mode: 'unknown', source: 'NAT where nobody has changed it' };
}

function known(mode: string | undefined): Mode | undefined {
  const word = mode?.trim().toLowerCase();
  return word === 'nat' || word === 'mirrored' || word === 'virtioproxy' || word === 'bridged' || word === 'none' ? word : undefined;
}

/** The value of a key in the sections [wsl2] and [experimental] of an ini file, in small letters. */
function setting(text: string | undefined, key: string): string | undefined {
  let inside = false;
  for (const line of (text ?? '').split(/\r?\n/)) {
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) {
      inside = /^(?:wsl2|experimental)$/i.test(section.trim());
      continue;
    }
    const [name = '', value] = line.split('=');
    if (inside && value !== undefined && name.trim().toLowerCase() === key.toLowerCase()) return (value.split('#')[0] ?? '').trim().toLowerCase();
  }
  return undefined;
}

function byAddress({ address, host, port }: WslReadings, said: string, facts: NonNullable<Finding['facts']>, why: string): Finding {
  const url = address === undefined ? undefined : `http://${address}:${port}`;
  const asked = url === undefined ? 'this side\'s own address' : url;
  if (isLoopback(host) || host === 'localhost') {
    return {
      check: 'wsl', status: 'warning', message: `${said}: programs on Windows can't reach AEGIS_HOST=${host}; ${why}`,
      advice: `for ${asked} set AEGIS_HOST=0.0.0.0 with AEGIS_GATEWAY_KEY to a long random text, and AEGIS_ADMIN_ALLOW; or let localhost through: networkingMode=mirrored below [wsl2] in %UserProfile%\\.wslconfig, then wsl --shutdown`,
      facts,
    };
  }
  return { check: 'wsl', status: 'ok', message: `${said}: programs on Windows use ${asked}, which changes with each start of WSL; ${why}`, facts: { ...facts, windows_url: url ?? null } };
}

function notReached({ address, port }: WslReadings, said: string, facts: NonNullable<Finding['facts']>, local: string, mode: Mode): Finding {
  const advice = mode === 'mirrored'
    ? `another program may hold the port ${port} on Windows, or its firewall stands between: netstat -ano | findstr :${port}`
    : `wsl --shutdown on Windows starts its forwarding of localhost anew; networkingMode=mirrored below [wsl2] in %UserProfile%\\.wslconfig does without it${address === undefined ? '' : `; this side's own address is ${address}`}`;
  return { check: 'wsl', status: 'problem', message: `${said}: a program on Windows got no answer at ${local}, as was tried just now`, advice, facts: { ...facts, windows_url: local } };
}
