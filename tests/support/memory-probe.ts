// What a gateway's process uses, told by the process itself after it has collected its garbage. Not on Windows, which has
// no signals to ask with.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

export interface MemoryUse {
  /** Resident memory before the collection: what the system sees at any moment. */
  readonly rssBytes: number;
  /** And after it. */
  readonly rssCollectedBytes: number;
  readonly heapBytes: number;
  /** Buffers. */
  readonly externalBytes: number;
}

export interface MemoryProbe {
  /** What the process's environment needs. */
  readonly env: Record<string, string>;
  ask(pid: number): Promise<MemoryUse>;
}

/** @param folder for the answers; not removed here. */
export function createMemoryProbe(folder: string): MemoryProbe {
  const path = join(folder, 'memory-probe.json');
  return {
    env: { NODE_OPTIONS: `--import ${new URL('memory-probe.mjs', import.meta.url).href}`, MEMORY_PROBE_PATH: path },
    async ask(pid) {
      rmSync(path, { force: true });
      process.kill(pid, 'SIGUSR2');
      let text = '';
      await until('the process to tell its memory', () => {
        try {
          text = readFileSync(path, 'utf8');
          return true;
        } catch {
          return false;
        }
      });
      const { rss, rssAfter, heapUsed, external } = JSON.parse(text) as Record<'rss' | 'rssAfter' | 'heapUsed' | 'external', number>;
      return { rssBytes: rss, rssCollectedBytes: rssAfter, heapBytes: heapUsed, externalBytes: external };
    },
  };
}
