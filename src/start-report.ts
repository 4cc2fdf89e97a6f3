/** What a start tells: its one line, or why it can't be. */
import { ConfigError } from './config.ts';
import type { SecurityLevel } from './guards/policy.ts';

export interface Started {
  readonly address: string;
  readonly level: SecurityLevel;
  readonly tokens: number;
  readonly tokensPath: string;
  readonly workers: number;
}

/** For people, or for programs. */
export type StartFormat = 'text' | 'json';

/** The one line on standard output. */
export function startLine({ address, level, tokens, tokensPath, workers }: Started, format: StartFormat): string {
  if (format === 'json') return `${JSON.stringify({ address, level, tokens, tokens_path: tokensPath, workers })}\n`;
  const several = workers > 1 ? ` · ${workers} workers` : '';
  return `AegisGate listens on ${address}${several} · security level ${level} · ${tokens} ${tokens === 1 ? 'token' : 'tokens'} · ${tokensPath}\n`;
}

/** Exit code for a start that can't succeed without somebody changing something. */
export const EXIT_MISCONFIGURED = 2;

/** One line for each thing that is wrong, with the setting that mends it. */
export function startFailure(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems;
  if (!(error instanceof Error)) return ['unknown fault'];
  const { code, syscall, port, address, hostname } = error as NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string };
  if (code === 'EADDRINUSE') return [`AEGIS_PORT: the port ${port} is taken; another gateway may run already, or set AEGIS_PORT to another one`];
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') return [`AEGIS_HOST: this machine has no address ${address ?? hostname}; set AEGIS_HOST to one of its own, such as 127.0.0.1`];
  if (code === 'EACCES' && (syscall === 'listen' || syscall === 'bind')) return [`AEGIS_PORT: the port ${port} needs more rights than this process has; choose one above 1023`];
  return [error.message];
}
