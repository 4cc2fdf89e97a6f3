/** The version of this program, as its package says. */
import { readFileSync } from 'node:fs';

function readVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
    return typeof version === 'string' && /^[0-9A-Za-z.+-]{1,64}$/.test(version) ? version : 'unknown';
  } catch {
    // Somebody has taken the compiled files out of their package.
    return 'unknown';
  }
}

export const VERSION = readVersion();
