/**
 * Reading and replacing another program's file: links are followed, the whole file is replaced in one step, its mode
 * stays, a copy from before is kept, and somebody else's change in between is noticed.
 */
import { chownSync, closeSync, constants, existsSync, fchmodSync, fsyncSync, lstatSync, mkdirSync, openSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../cli/command.ts';

export interface ConfigFile {
  /** Where it is named. */
  readonly path: string;
  /** Where it lies: behind all links. */
  readonly target: string;
  /** undefined: there is none yet. */
  readonly bytes: Buffer | undefined;
  readonly text: string;
  readonly mode: number;
}

/** A new file may hold what only its owner should read. */
const NEW_FILE_MODE = 0o600;
const NEW_FOLDER_MODE = 0o700;
/** No client's configuration is near it. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_LINKS = 40;
const MAX_BACKUPS = 10_000;

/** @throws UsageError for what is no readable UTF-8 text file */
export function readConfigFile(path: string): ConfigFile {
  const target = behindLinks(path);
  let bytes: Buffer;
  let mode: number;
  try {
    const stats = statSync(target);
    if (!stats.isFile()) throw new UsageError(`${path} is not a file`);
    if (stats.size > MAX_BYTES) throw new UsageError(`${path} is too large to be a configuration file`);
    mode = stats.mode & 0o7777;
    bytes = readFileSync(target);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { path, target, bytes: undefined, text: '', mode: NEW_FILE_MODE };
    throw new UsageError(`${path} can't be read (${code ?? 'i/o error'})`);
  }
  try {
    // The mark at the beginning is a character like any other here: it must come out again.
    return { path, target, bytes, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), mode };
  } catch {
    throw new UsageError(`${path} is not UTF-8; save it as UTF-8 first`);
  }
}

/** Where a link leads, also one that leads to nothing yet. */
function behindLinks(path: string): string {
  let at = resolve(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    let isLink: boolean;
    try {
      isLink = lstatSync(at).isSymbolicLink();
    } catch {
      return at;
    }
    if (!isLink) return at;
    at = resolve(dirname(at), readlinkSync(at));
  }
  throw new UsageError(`${path} is a link that leads around in a circle`);
}

/** Copies the file as it was read to the first free name beside it. @returns undefined when there is no file */
export function backUp({ path, target, bytes, mode }: ConfigFile): string | undefined {
  if (bytes === undefined) return undefined;
  for (let n = 1; n <= MAX_BACKUPS; n++) {
    const copy = `${target}.aegis-backup-${n}`;
    if (existsSync(copy)) continue;
    writeNew(path, copy, bytes, mode);
    return copy;
  }
  throw new UsageError(`${path} has too many backups beside it`);
}

/**
 * Replaces the file in one step.
 * @throws UsageError when it is no longer as it was read, or can't be written; it is then as it was
 */
export function replaceFile(file: ConfigFile, text: string): void {
  const { path, target, mode } = file;
  try {
    mkdirSync(dirname(target), { recursive: true, mode: NEW_FOLDER_MODE });
  } catch (error) {
    throw new UsageError(`${dirname(target)} can't be made (${(error as NodeJS.ErrnoException).code ?? 'i/o error'})`);
  }
  const next = join(dirname(target), `.${basename(target)}.aegis-${process.pid}.tmp`);
  rmSync(next, { force: true });
  writeNew(path, next, Buffer.from(text, 'utf8'), mode, file.bytes === undefined ? undefined : target);
  try {
    assertUntouched(file);
    renameSync(next, target);
  } catch (error) {
    rmSync(next, { force: true });
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} can't be written (${(error as NodeJS.ErrnoException).code ?? 'i/o error'})`);
  }
}

/** Removes a file that is as it was read. @throws UsageError */
export function removeFile(file: ConfigFile): void {
  assertUntouched(file);
  rmSync(file.target, { force: true });
}

function assertUntouched({ path, target, bytes }: ConfigFile): void {
  let now: Buffer | undefined;
  try {
    now = readFileSync(target);
  } catch {
    now = undefined;
  }
  const same = bytes === undefined || now === undefined ? bytes === now : now.equals(bytes);
  if (!same) throw new UsageError(`${path} was changed by another program in the meantime; nothing was written, try again`);
}

/** Writes a file that must not be there yet, whole and on the disk. @param like whose owner it gets, where that may be given away */
function writeNew(path: string, to: string, bytes: Buffer, mode: number, like?: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    fchmodSync(fd, mode);
    writeFileSync(fd, bytes);
    fsyncSync(fd);
  } catch (error) {
    if (fd !== undefined) rmSync(to, { force: true });
    throw new UsageError(`${path} can't be written (${(error as NodeJS.ErrnoException).code ?? 'i/o error'} at ${to})`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  if (like === undefined) return;
  try {
    const { uid, gid } = statSync(like);
    if (uid !== process.getuid?.() || gid !== process.getgid?.()) chownSync(to, uid, gid);
  } catch {
    // Only an administrator may; the file is then the user's own.
  }
}
