/**
 * The key of the placeholders: 32 random bytes in a file, made on the first start. Whoever has it can test guesses
 * at a placeholder's value, so it is kept as the token file is: readable by its owner alone.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

const KEY_BYTES = 32;

/**
 * Reads the key, or makes it when there is no file. Processes that start at once end up with the same key.
 * @throws Error that names the file and what to do; never shows its content.
 */
export async function loadPlaceholderKey(path: string): Promise<Buffer> {
  const known = await readPlaceholderKey(path);
  if (known !== undefined) return known;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Exclusive, and complete from its first moment on: the first of several processes gives the key to all.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft).catch(() => undefined);
  }
  const made = await readPlaceholderKey(path);
  if (made === undefined) throw new Error(`AEGIS_PLACEHOLDER_KEY: the key could not be written to ${path}`);
  return made;
}

/**
 * The key as it is, or undefined when there is no file; makes none.
 * @throws Error that names the file and what to do; never shows its content.
 */
export async function readPlaceholderKey(path: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`AEGIS_PLACEHOLDER_KEY: ${path} can't be read (${code ?? 'i/o error'})`);
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new Error(`AEGIS_PLACEHOLDER_KEY: ${path} must hold 64 hexadecimal digits. Copy it from the gateway it came from, or remove it to have one made; placeholders in running conversations then no longer lead back.`);
  }
  return Buffer.from(text, 'hex');
}
