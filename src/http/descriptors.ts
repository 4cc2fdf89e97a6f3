/**
 * How many connections the process has file descriptors for. Where clients take the last one, libuv closes what comes
 * then without a word, and nobody who is connected reaches an upstream any more: so clients are given half of them.
 */
import { readFileSync } from 'node:fs';

/** For files, the log, listening, and what Node itself has open. */
const RESERVED = 64;
const LEAST_CONNECTIONS = 16;

function readLimits(): string {
  // proc(5). Other systems do not tell a process without a native module.
  return process.platform === 'linux' ? readFileSync('/proc/self/limits', 'utf8') : '';
}

/** The most client connections that leave each one its upstream's; undefined where the system does not tell or sets no limit. */
export function mostConnections(read: () => string = readLimits): number | undefined {
  let limits: string;
  try {
    limits = read();
  } catch {
    return undefined;
  }
  const soft = /^Max open files\s+(\d{1,15})\s/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Math.max(LEAST_CONNECTIONS, Math.floor((Number(soft) - RESERVED) / 2));
}
