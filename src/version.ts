/** The version of this program, as its package says. */
import { readFileSync } from 'node:fs';

/** `unknown` where the compiled files lie alone. */
export function readVersion(): string {
  try {
    // The package lies above the folder of the sources as well as above that of the compiled files.
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
