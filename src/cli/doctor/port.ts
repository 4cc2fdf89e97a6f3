/** Who is at the gateway's address: the gateway, somebody else, or nobody. */
import { createServer } from 'node:net';
import type { Config } from '../../config.ts';
import { errorCode } from '../../http/upstream-error.ts';
import { localBase } from '../tokens/address.ts';
import { whoIsThere } from '../tokens/gateway-call.ts';
import type { Finding } from './finding.ts';
import { findHolder, type Holder } from './holder.ts';

/** What is on this machine answers within milliseconds; what takes longer is stuck. */
const ANSWER_LIMIT_MS = 5_000;

export interface PortCheck {
  readonly finding: Finding;
  /** The address of the gateway that runs there, or undefined when none does. */
  readonly running: string | undefined;
  /** Its process, where the system tells. */
  readonly pid?: number | undefined;
}

export async function checkPort(config: Pick<Config, 'host' | 'port'>, platform: NodeJS.Platform, limitMs = ANSWER_LIMIT_MS): Promise<PortCheck> {
  const { host, port } = config;
  if (port === 0) {
    return { running: undefined, finding: { check: 'port', status: 'skipped', message: 'AEGIS_PORT=0: the gateway takes any free port, and prints it when it starts', advice: 'clients need one that stays the same: set AEGIS_PORT to a number' } };
  }
  const base = localBase(config);
  const about = { check: 'port', subject: base };
  const there = await whoIsThere(base, limitMs);
  const holder = there.kind === 'nobody' ? undefined : await findHolder(port, platform);
  const facts = { port, holder_pid: holder?.pid ?? null, holder_name: holder?.name ?? null };
  switch (there.kind) {
    case 'gateway':
      return { running: base, pid: holder?.pid, finding: { ...about, status: 'ok', message: `AegisGate answers at ${base}${by(holder)}`, facts: { ...facts, running: true } } };
    case 'other':
      return {
        running: undefined,
        finding: {
          ...about, status: 'problem', message: `the port ${port} is held by another program${by(holder)}: ${there.what}`,
          advice: holder === undefined ? `stop it, or set AEGIS_PORT to another port; ${whoHolds(port, platform)} tells which it is` : 'stop it, or set AEGIS_PORT to another port', facts: { ...facts, running: false },
        },
      };
    case 'unknown':
      return { running: undefined, finding: { ...about, status: 'problem', message: `what is at ${base} can't be said: ${there.what}`, advice: 'set AEGIS_HOST to an address of this machine, such as 127.0.0.1', facts: { ...facts, running: false } } };
    case 'nobody': {
      const fault = await whyNotListen(host, port);
      if (fault !== undefined) return { running: undefined, finding: { ...about, status: 'problem', ...fault, facts: { ...facts, running: false } } };
      return { running: undefined, finding: { ...about, status: 'warning', message: `no gateway runs at ${base}; the port is free`, advice: 'aegisgate serve starts it', facts: { ...facts, running: false } } };
    }
  }
}

function by(holder: Holder | undefined): string {
  if (holder === undefined) return '';
  return holder.name === undefined ? ` (process ${holder.pid})` : ` (process ${holder.pid}, ${holder.name})`;
}

/** The command by which a user with more rights finds out. */
function whoHolds(port: number, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `netstat -ano -p TCP | findstr :${port}`;
  return platform === 'linux' ? `sudo ss -ltnp sport = :${port}` : `sudo lsof -nP -iTCP:${port} -sTCP:LISTEN`;
}

/** Takes the port for a moment. @returns undefined when it can be had */
function whyNotListen(host: string, port: number): Promise<Pick<Finding, 'message' | 'advice'> | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      const code = errorCode(error) ?? 'unknown fault';
      if (code === 'EACCES') resolve({ message: `the port ${port} needs more rights than you have`, advice: 'set AEGIS_PORT to one above 1023' });
      else if (code === 'EADDRINUSE') resolve({ message: `the port ${port} is taken, by something that takes no connections`, advice: 'stop it, or set AEGIS_PORT to another port' });
      else resolve({ message: `this machine has no address ${host} to listen on (${code})`, advice: 'set AEGIS_HOST to one of its own, such as 127.0.0.1' });
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
