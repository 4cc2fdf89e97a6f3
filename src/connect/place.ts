/** Paths as the platform that is spoken of writes them, which in tests need not be this one. */
import { posix, win32 } from 'node:path';
import type { Surroundings } from './client.ts';

/** Joins a folder, given whole or in parts, and what is in it. */
export function join({ platform }: Pick<Surroundings, 'platform'>, folder: string | readonly string[], ...rest: readonly string[]): string {
  const { join: joined } = platform === 'win32' ? win32 : posix;
  return joined(...(typeof folder === 'string' ? [folder] : folder), ...rest);
}

/** A variable that is set and not empty. */
export function setting(env: Surroundings['env'], name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : value;
}
