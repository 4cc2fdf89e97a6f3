/** What connect has written, so that disconnect can take back just that. One small file for each client. */
import { mkdirSync, readFileSync, rmSync, writeFileSync, renameSync } from 'node:fs';
import { UsageError } from '../cli/command.ts';
import type { Change } from './change.ts';
import type { FileFormat, Surroundings } from './client.ts';
import { join, setting } from './place.ts';

/** One file of a client's. */
export interface Connection {
  readonly file: string;
  readonly format: FileFormat;
  /** The file was not there before. */
  readonly created: boolean;
  /** The copies that were kept, the one from before the first change at the front. */
  readonly backups: readonly string[];
  readonly changes: readonly Change[];
}

export interface ConnectionStore {
  /** @throws UsageError */
  read(client: string): readonly Connection[];
  /** @throws UsageError */
  write(client: string, connections: readonly Connection[]): void;
}

const FOLDER_MODE = 0o700;
/** A value from before may be a secret. */
const FILE_MODE = 0o600;

/** The platform's place for state: XDG base directories, Library, or the local application data. */
export function stateFolder(around: Surroundings): string {
  switch (around.platform) {
    case 'win32':
      return join(around, setting(around.env, 'LOCALAPPDATA') ?? [around.home, 'AppData', 'Local'], 'AegisGate', 'connect');
    case 'darwin':
      return join(around, around.home, 'Library', 'Application Support', 'AegisGate', 'connect');
    default:
      return join(around, setting(around.env, 'XDG_STATE_HOME') ?? [around.home, '.local', 'state'], 'aegisgate', 'connect');
  }
}

export function createConnectionStore(around: Surroundings): ConnectionStore {
  const folder = stateFolder(around);
  const pathOf = (client: string): string => join(around, folder, `${client}.json`);
  return {
    read(client) {
      let text: string;
      try {
        text = readFileSync(pathOf(client), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw new UsageError(`${pathOf(client)} can't be read (${(error as NodeJS.ErrnoException).code ?? 'i/o error'})`);
      }
      const connections = parsed(text);
      if (connections === undefined) throw new UsageError(`${pathOf(client)}, where connect keeps what it has set, is damaged; move it away, and take the settings back by hand or from the backup`);
      return connections;
    },
    write(client, connections) {
      const path = pathOf(client);
      try {
        if (connections.length === 0) {
          rmSync(path, { force: true });
          return;
        }
        mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
        const next = `${path}.${process.pid}.tmp`;
        writeFileSync(next, `${JSON.stringify({ version: 1, connections }, undefined, 2)}\n`, { mode: FILE_MODE });
        renameSync(next, path);
      } catch (error) {
        throw new UsageError(`what is set can't be noted in ${path} (${(error as NodeJS.ErrnoException).code ?? 'i/o error'}), and without that it could not be taken back`);
      }
    },
  };
}

function parsed(text: string): readonly Connection[] | undefined {
  try {
    const { version, connections } = JSON.parse(text) as { version?: unknown; connections?: unknown };
    if (version !== 1 || !Array.isArray(connections)) return undefined;
    return connections.every(isConnection) ? connections : undefined;
  } catch {
    return undefined;
  }
}

const FORMATS: readonly unknown[] = ['json', 'jsonc', 'json5', 'toml', 'yaml', 'dotenv'] satisfies FileFormat[];

function isConnection(value: unknown): value is Connection {
  const { file, format, created, backups, changes } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof file === 'string' && FORMATS.includes(format) && typeof created === 'boolean' && isTexts(backups) && Array.isArray(changes) && changes.every(isChange)
  );
}

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((entry) => typeof entry === 'string');

function isChange(value: unknown): boolean {
  const { path, before, after, trace, api } = (value ?? {}) as Record<string, unknown>;
  const { keep, glue } = (trace ?? {}) as Record<string, unknown>;
  return Array.isArray(path) && (before === undefined || typeof before === 'string') && typeof after === 'string' && typeof api === 'string' && typeof keep === 'number' && typeof glue === 'string';
}
