/**
 * What placeholders stand for, remembered for each token: stateful APIs answer with placeholders of earlier
 * exchanges, and a value once known is looked for in later requests. In memory only, bounded, and for a time.
 */
import { createKnownValues, type KnownValues } from './known-values.ts';

export interface VaultOptions {
  /** Entries of one token; beyond it those unused for longest go. */
  readonly maxEntriesPerToken: number;
  /** Tokens that are remembered at all; beyond it the one unused for longest goes. */
  readonly maxTokens: number;
  /** Characters of all values of one token together. */
  readonly maxCharsPerToken: number;
  /** An entry that was not used for so long is forgotten. */
  readonly ttlMs: number;
  readonly now?: () => number;
}

export const VAULT_DEFAULTS: VaultOptions = { maxEntriesPerToken: 4096, maxTokens: 256, maxCharsPerToken: 4_194_304, ttlMs: 12 * 3_600_000 };

/** One token's memory. */
export interface Memory {
  /** @param exact the value may be looked for without its context. */
  remember(id: string, value: string, kind: string, exact: boolean): void;
  lookup(id: string): string | undefined;
  /** Nothing is remembered. */
  readonly empty: boolean;
  /** The values that later requests of the token are searched for. */
  readonly known: KnownValues;
}

export interface Vault {
  memory(token: string): Memory;
  forget(token: string): void;
}

interface Entry {
  readonly value: string;
  usedAt: number;
}

export function createVault({ maxEntriesPerToken, maxTokens, maxCharsPerToken, ttlMs, now = Date.now }: VaultOptions): Vault {
  // A Map keeps its order: what is used goes to the end, what is at the start goes first.
  const memories = new Map<string, Memory>();

  function createMemory(): Memory {
    const entries = new Map<string, Entry>();
    const known = createKnownValues();
    let chars = 0;

    function drop(id: string, entry: Entry): void {
      entries.delete(id);
      chars -= entry.value.length;
      known.delete(entry.value);
    }

    function makeRoom(): void {
      const expired = now() - ttlMs;
      for (const [id, entry] of entries) {
        if (entries.size <= maxEntriesPerToken && chars <= maxCharsPerToken && entry.usedAt > expired) return;
        drop(id, entry);
      }
    }

    return {
      known,
      get empty() {
        return entries.size === 0;
      },
      remember(id, value, kind, exact) {
        const old = entries.get(id);
        if (old !== undefined) {
          entries.delete(id);
          chars -= old.value.length;
        }
        entries.set(id, { value, usedAt: now() });
        chars += value.length;
        if (exact) known.add(value, kind);
        makeRoom();
      },
      lookup(id) {
        const entry = entries.get(id);
        if (entry === undefined) return undefined;
        if (entry.usedAt <= now() - ttlMs) {
          drop(id, entry);
          return undefined;
        }
        entry.usedAt = now();
        entries.delete(id);
        entries.set(id, entry);
        return entry.value;
      },
    };
  }

  return {
    memory(token) {
      const memory = memories.get(token) ?? createMemory();
      memories.delete(token);
      memories.set(token, memory);
      if (memories.size > maxTokens) {
        const [oldest] = memories.keys();
        if (oldest !== undefined) memories.delete(oldest);
      }
      return memory;
    },
    forget: (token) => void memories.delete(token),
  };
}
