/**
 * The token table in memory and on disk.
 *
 * The file is the truth: every change reads it anew under a lock, and is answered only when the new file is durable
 * (written, synced, renamed over the old one, the folder synced). Between changes the file is watched, so that hand
 * edits, other processes and mounted ConfigMaps take effect; a broken edit keeps the last good table.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, readlink, realpath, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../errors.ts';
import type { Upstream } from '../http/upstream-url.ts';
import type { Log } from '../observe/log.ts';
import { withFileLock } from './file-lock.ts';
import {
  changeEntry, emptyDocument, findByUpstream, parseDocument, parseTable, printDocument, putEntry, removeEntry, tokensNamed,
  type TokenChange, type TokenDocument, type TokenEntry, type TokenSettings, type TokenTable,
} from './table.ts';
import { mintToken } from './token.ts';

/** How often the file's stat is compared: a change is in force within this. */
const POLL_INTERVAL_MS = 500;
/** Links in a row that are followed to a file that is not there yet. */
const MAX_LINKS = 8;

export interface Registration {
  readonly entry: TokenEntry;
  readonly alreadyRegistered: boolean;
}

export interface TokenStore {
  /** The table's entry; no I/O. */
  get(token: string): TokenEntry | undefined;
  /** Like `get`, but looks at the file once more before it says no: another process may just have registered it. */
  find(token: string): Promise<TokenEntry | undefined>;
  findByUpstream(upstream: Upstream): Promise<TokenEntry | undefined>;
  /** Resolves when the registration would survive a crash of process or machine. */
  register(upstream: Upstream, settings: TokenSettings): Promise<Registration>;
  /**
   * Changes the settings of the token of this name (see `named`); resolves as `register` does, with nothing when there
   * is none.
   */
  update(name: string, change: TokenChange): Promise<TokenEntry | undefined>;
  /** Takes the token of this name away; false when there was none. */
  unregister(name: string): Promise<boolean>;
  /**
   * The token that is meant by itself or by its fingerprint, after one more look at the file.
   * @throws GatewayError where a fingerprint is that of several.
   */
  named(name: string): Promise<TokenEntry | undefined>;
  /** All tokens in the file's order, after one more look at the file. */
  all(): Promise<readonly TokenEntry[]>;
  readonly size: number;
  /** Absolute path of the token file. */
  readonly path: string;
  /** Takes over what has changed on disk, sooner than the next look would. Never throws. */
  refresh(): Promise<void>;
  close(): void;
}

/** What tells one version of the file from another without reading it. */
interface FileState {
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
}

/**
 * Opens the token file, which need not exist yet.
 * @param changed called after a change by this process, when it is durable.
 * @throws Error that names the file and the fault when it exists and can't be read as a token table.
 */
export async function openTokenStore(path: string, log: Log, changed: () => void = () => {}): Promise<TokenStore> {
  const store = new FileTokenStore(resolve(path), log, changed);
  await store.load();
  return store;
}

class FileTokenStore implements TokenStore {
  readonly path: string;
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #poll: NodeJS.Timeout;
  #table: TokenTable = new Map();
  #state: FileState | undefined;
  /** The last fault told in the log, so that a broken file is told once and not twice a second. */
  #toldFault = '';
  #refreshing: Promise<void> | undefined;
  /** Changes of this process one after the other: the lock file is for the others. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(path: string, log: Log, changed: () => void) {
    this.path = path;
    this.#log = log;
    this.#changed = changed;
    this.#poll = setInterval(() => void this.refresh(), POLL_INTERVAL_MS).unref();
  }

  get size(): number {
    return this.#table.size;
  }

  get(token: string): TokenEntry | undefined {
    return this.#table.get(token);
  }

  async find(token: string): Promise<TokenEntry | undefined> {
    const known = this.#table.get(token);
    if (known !== undefined) return known;
    await this.refresh();
    return this.#table.get(token);
  }

  async findByUpstream(upstream: Upstream): Promise<TokenEntry | undefined> {
    await this.refresh();
    return findByUpstream(this.#table, upstream);
  }

  register(upstream: Upstream, settings: TokenSettings): Promise<Registration> {
    return this.#change(async (document, target) => {
      const known = findByUpstream(parseTable(document), upstream);
      const token = known?.token ?? mintToken();
      if (known === undefined || Object.keys(settings).length > 0) {
        putEntry(document, token, upstream.base, settings);
        await this.#save(document, target);
      }
      const entry = this.#table.get(token);
      if (entry === undefined) throw new Error('the saved entry is missing from the table');
      return { entry, alreadyRegistered: known !== undefined };
    });
  }

  update(name: string, change: TokenChange): Promise<TokenEntry | undefined> {
    return this.#change(async (document, target) => {
      const known = onlyOne(tokensNamed(this.#table, name));
      if (known === undefined || Object.keys(change).length === 0) return known;
      changeEntry(document, known.token, change);
      await this.#save(document, target);
      return this.#table.get(known.token);
    });
  }

  unregister(name: string): Promise<boolean> {
    return this.#change(async (document, target) => {
      const known = onlyOne(tokensNamed(this.#table, name));
      if (known === undefined || !removeEntry(document, known.token)) return false;
      await this.#save(document, target);
      return true;
    });
  }

  async named(name: string): Promise<TokenEntry | undefined> {
    await this.refresh();
    return onlyOne(tokensNamed(this.#table, name));
  }

  async all(): Promise<readonly TokenEntry[]> {
    await this.refresh();
    return [...this.#table.values()];
  }

  close(): void {
    clearInterval(this.#poll);
  }

  /** The first reading, whose fault ends the start instead of being told in the log. */
  async load(): Promise<void> {
    try {
      const { document, state } = await this.#read();
      this.#table = parseTable(document);
      this.#state = state;
    } catch (error) {
      this.close();
      throw new Error(`The token file ${this.path} can't be used: ${reason(error)}. Mend it, or move it away to start with an empty table.`);
    }
  }

  /** Calls that come while one is under way share it. */
  refresh(): Promise<void> {
    if (this.#refreshing === undefined) {
      // In line with the changes: a look that began before a change must not put the old table back after it.
      this.#refreshing = this.#changes.then(() => this.#refresh()).finally(() => {
        this.#refreshing = undefined;
      });
      this.#changes = this.#refreshing;
    }
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    try {
      const state = await stateOf(this.path);
      if (sameState(state, this.#state)) return;
      const read = await this.#read();
      const table = parseTable(read.document);
      this.#state = read.state;
      if (read.state === undefined && this.#table.size > 0) {
        this.#log.warn('token file gone: no token is valid until it is back', { path: this.path });
      }
      this.#table = table;
      if (this.#toldFault !== '') this.#log.info('token file is good again', { path: this.path, tokens: table.size });
      this.#toldFault = '';
    } catch (error) {
      const fault = reason(error);
      if (fault === this.#toldFault) return;
      this.#toldFault = fault;
      this.#log.error('token file not taken over, the last good table stays in force', { path: this.path, fault });
    }
  }

  async #change<T>(work: (document: TokenDocument, target: string) => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      try {
        // The lock stands beside the real file, so that processes that reach it through different links share it.
        const target = await behindLinks(this.path);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        return await withFileLock(`${target}.lock`, async () => {
          await sweepDrafts(target);
          const { document, state } = await this.#read();
          // Taken over at once: what follows answers from the table.
          this.#table = parseTable(document);
          this.#state = state;
          return work(document, target);
        });
      } catch (error) {
        if (error instanceof GatewayError) throw error;
        const fault = reason(error);
        this.#log.error('token file not changed', { path: this.path, fault });
        throw new GatewayError(
          'token_store_failed',
          'The token file could not be changed and was left as it was; the log of the gateway names the file and the fault.',
        );
      }
    };
    const turn = this.#changes.then(run, run);
    this.#changes = turn.catch(() => undefined);
    return turn;
  }

  async #read(): Promise<{ document: TokenDocument; state: FileState | undefined }> {
    // The state is taken first: a change between the two is then seen as one by the next look.
    const state = await stateOf(this.path);
    if (state === undefined) return { document: emptyDocument(), state };
    const text = await readFile(this.path, 'utf8');
    if (text.trim() !== '') return { document: parseDocument(text), state };
    // Editors that write in place empty the file first; what they hold must not be lost to a look in between.
    if (this.#table.size > 0) throw new Error('it is empty; for a table without tokens write {"tokens": {}}');
    return { document: emptyDocument(), state };
  }

  /** @param target the file behind the links (dotfiles, ConfigMaps), which stay links. */
  async #save(document: TokenDocument, target: string): Promise<void> {
    const table = parseTable(document);
    const folder = dirname(target);
    const draft = join(folder, `${draftPrefix(target)}${randomBytes(6).toString('hex')}`);
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(printDocument(document));
        await file.sync();
      } finally {
        await file.close();
      }
      await replace(draft, target);
    } catch (error) {
      await unlink(draft).catch(() => undefined);
      throw error;
    }
    await chmod(target, 0o600).catch(() => undefined);
    await syncFolder(folder);
    this.#state = await stateOf(this.path);
    this.#table = table;
    this.#changed();
  }
}

/** @throws GatewayError where there are several. */
function onlyOne(entries: readonly TokenEntry[]): TokenEntry | undefined {
  if (entries.length > 1) throw new GatewayError('invalid_parameters', 'Several tokens have this fingerprint; name the whole token.', 'token');
  return entries[0];
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${code} (${syscall ?? 'i/o'})`;
}

/** The real path, also of a link whose file is not there yet. */
async function behindLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      return await realpath(target);
    } catch {
      const next = await readlink(target).catch(() => undefined);
      if (next === undefined) return target;
      target = resolve(dirname(target), next);
    }
  }
  return path;
}

async function stateOf(path: string): Promise<FileState | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return { mtimeMs, size, ino };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function sameState(a: FileState | undefined, b: FileState | undefined): boolean {
  return a?.ino === b?.ino && a?.mtimeMs === b?.mtimeMs && a?.size === b?.size;
}

function draftPrefix(target: string): string {
  return `.${basename(target)}.draft-`;
}

/** Removes what writers that were killed left behind. Only under the lock, where every draft is a dead one's. */
async function sweepDrafts(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await readdir(folder)) {
    if (name.startsWith(draftPrefix(target))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

/** rename(2); on Windows a scanner or an editor may hold the target open for a moment. */
async function replace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (process.platform !== 'win32' || attempt >= 10 || (code !== 'EPERM' && code !== 'EACCES' && code !== 'EBUSY')) throw error;
      await sleep(20 * attempt);
    }
  }
}

/** Makes the rename itself durable. Windows has no such call on folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } finally {
    await handle?.close();
  }
}
