/**
 * The files of the page: read once from the folder beside the compiled code, and found by name in what was read. A
 * request's path never reaches the file system.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};
const INDEX = 'index.html';

export interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
  /** RFC 9110 section 8.8.3. */
  readonly etag: string;
}

export interface Assets {
  /** @param name of a file; '' = the page itself. Undefined when there is none of that name. */
  get(name: string): Asset | undefined;
}

/** Beside the compiled code; run from the sources, in what was compiled last. */
const FOLDERS = ['./page', '../../dist/console/page'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** The files of the first folder that has the page; undefined where none has: it has not been built. */
export function readAssets(folders: readonly string[] = FOLDERS): Assets | undefined {
  for (const folder of folders) {
    const files = readFolder(folder);
    if (files.has(INDEX)) return { get: (name) => files.get(name === '' ? INDEX : name) };
  }
  return undefined;
}

function readFolder(folder: string): ReadonlyMap<string, Asset> {
  const files = new Map<string, Asset>();
  let names: string[];
  try {
    names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch {
    return files;
  }
  // The sources have an index.html as well, and no script that a browser takes.
  if (!names.some((name) => extname(name) === '.js')) return files;
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const bytes = readFileSync(join(folder, name));
    files.set(name, { bytes, type, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` });
  }
  return files;
}
