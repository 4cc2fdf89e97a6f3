/**
 * The audit log: one JSON line for each finding, appended to a file that is rotated by size. It says what was found
 * where and what was done, with a keyed fingerprint in the value's stead.
 */
import { mkdirSync } from 'node:fs';
import { appendFile, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Log } from './log.ts';

export interface AuditEntry {
  readonly id: string;
  /** Fingerprint of the token, never the token. */
  readonly token: string;
  readonly wire: string;
  readonly rule: string;
  readonly kind: string;
  readonly action: string;
  /** Key path of the string it was found in. */
  readonly place: string;
  /** Keyed fingerprint: the same value has the same one, and nothing leads back to it. */
  readonly fingerprint: string;
  /** How often the value stood in this string of the request. */
  readonly count: number;
}

export interface Audit {
  write(entry: AuditEntry): void;
  /** Resolves when all that was written is in the file. */
  flush(): Promise<void>;
}

const ROTATE_AT_BYTES = 10 * 1024 * 1024;
const KEPT_FILES = 5;
const BATCH_DELAY_MS = 100;
/** A file that can't be written to costs at most this much memory; then entries are dropped, which is told once. */
const MAX_PENDING_CHARS = 8_388_608;
/** So much waits for no company. */
const BATCH_CHARS = 262_144;

/** For an empty AEGIS_AUDIT_LOG_PATH. */
export const NO_AUDIT: Audit = { write() {}, flush: () => Promise.resolve() };

/** Takes finished lines. Of several processes one writes and rotates the file, and takes the lines of the others. */
export interface AuditFile {
  append(lines: string): void;
  /** Resolves when all that was appended is in the file. */
  flush(): Promise<void>;
}

export interface AuditOptions {
  readonly path: string;
  readonly log: Log;
  readonly rotateAtBytes?: number;
}

export function openAudit(options: AuditOptions): Audit {
  return options.path === '' ? NO_AUDIT : createAudit(openAuditFile(options));
}

/** Makes entries lines of a file. */
export function createAudit(file: AuditFile, now: () => Date = () => new Date()): Audit {
  return {
    write: (entry) => file.append(`${JSON.stringify({ time: now().toISOString(), ...entry })}\n`),
    flush: () => file.flush(),
  };
}

/** @param options with a path that is not empty. */
export function openAuditFile({ path, log, rotateAtBytes = ROTATE_AT_BYTES }: AuditOptions): AuditFile {
  const file = resolve(path);
  let pending = '';
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failed = false;
  let dropping = false;
  let bytes: number | undefined;

  async function append(text: string): Promise<void> {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      bytes ??= await stat(file).then((found) => found.size, () => 0);
      if (bytes > 0 && bytes + text.length > rotateAtBytes) {
        await rotate(file);
        bytes = 0;
      }
      await appendFile(file, text, { mode: 0o600 });
      bytes += Buffer.byteLength(text);
      if (failed) log.info('audit log is written again', { path: file });
      failed = false;
      dropping = false;
    } catch (error) {
      bytes = undefined;
      if (!failed) log.error('audit log can not be written, traffic goes on without it', { path: file, code: (error as NodeJS.ErrnoException).code });
      failed = true;
    }
  }

  function drain(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (writing === undefined) {
      const text = pending;
      pending = '';
      if (text === '') return Promise.resolve();
      writing = append(text).finally(() => {
        writing = undefined;
      });
    }
    // Also what another call of this has begun to write meanwhile.
    return writing.then(drain);
  }

  return {
    append(lines) {
      if (pending.length > MAX_PENDING_CHARS) {
        if (!dropping) log.error('audit lines are dropped: the file takes them too slowly', { path: file });
        dropping = true;
        return;
      }
      pending += lines;
      if (pending.length > BATCH_CHARS && writing === undefined) void drain();
      else timer ??= setTimeout(() => void drain(), BATCH_DELAY_MS).unref();
    },
    flush: drain,
  };
}

/** audit.jsonl → audit.jsonl.1 → … → the last one goes. */
async function rotate(file: string): Promise<void> {
  for (let index = KEPT_FILES - 1; index >= 0; index--) {
    const from = index === 0 ? file : `${file}.${index}`;
    await rename(from, `${file}.${index + 1}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
