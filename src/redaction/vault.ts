/**
 * What placeholders stand for, remembered for each token: stateful APIs answer with placeholders of earlier
 * exchanges, and a value once known is looked for in later requests. In memory only, bounded, and for a time.
 *
 * Vaults of several processes tell each other what they remember, so that each knows what all know.
 */
import { createKnownValues, type KnownValues } from './known-values.ts';

export interface VaultOptions {
  /** Entries of one token; beyond it those unused for longest go. */
  readonly maxEntriesPerToken: number;
  /** Tokens that are remembered at all; beyond it the one unused for longest goes. */
  readonly maxTokens: number;
  /** Characters of all values of one token together. */
  readonly maxCharsPerToken: number;
  /** Characters of all values of all tokens; beyond it the tokens unused for longest go. */
  readonly maxChars: number;
  /** An entry that was not used for so long is forgotten. */
  readonly ttlMs: number;
  /** Milliseconds of a clock that goes on whatever the time of day is set to. */
  readonly now?: () => number;
  /** Told of what another vault has to know as well: what is new, and now and then what is still in use. */
  readonly tell?: (told: Remembered) => void;
  /** Requests are searched for the values; false for a vault that only keeps them for others. */
  readonly searched?: boolean;
}

/** What one vault tells another. */
export interface Remembered {
  readonly token: string;
  readonly id: string;
  readonly value: string;
  readonly kind: string;
  readonly exact: boolean;
}

export const VAULT_DEFAULTS: VaultOptions = { maxEntriesPerToken: 4096, maxTokens: 256, maxCharsPerToken: 4_194_304, maxChars: 33_554_432, ttlMs: 12 * 3_600_000 };

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
  /** Takes over what another vault remembers, and tells nobody. */
  learn(told: Remembered): void;
  /** All that is remembered, what was used last at the end. */
  all(): Generator<Remembered>;
}

interface Entry {
  readonly value: string;
  readonly kind: string;
  readonly exact: boolean;
  usedAt: number;
  /** When the other vaults heard of it last, from here or from elsewhere. */
  toldAt: number;
}

/**
 * What stays in use is told again after so long: other vaults must neither let it expire nor take newer entries for
 * the more important ones.
 */
const RETELL_AFTER_MS = 60_000;

/** While one token alone is in use, the others are looked at so often. */
const LOOK_EVERY_MS = 1_000;

/** A memory as its vault sees it. */
interface Kept extends Memory {
  /** Forgets what is out of date, and what is too much. */
  prune(): void;
  clear(): void;
  /** Clears it and counts it no longer: the exchanges that have it still are the last. */
  detach(): void;
  learn(told: Remembered): void;
  all(): Generator<Remembered>;
}

const UNSEARCHED: Pick<KnownValues, 'add' | 'delete'> = { add: () => false, delete() {} };

export function createVault({ maxEntriesPerToken, maxTokens, maxCharsPerToken, maxChars, ttlMs, now = () => performance.now(), tell, searched = true }: VaultOptions): Vault {
  // A Map keeps its order: what is used goes to the end, what is at the start goes first.
  const memories = new Map<string, Kept>();
  let allChars = 0;
  /** The one at the end of `memories`, and when the others were looked at last. */
  let newest: { readonly token: string; readonly memory: Kept } | undefined;
  let lookedAt = -Infinity;

  function createMemory(token: string): Kept {
    const entries = new Map<string, Entry>();
    const known = createKnownValues();
    const index = searched ? known : UNSEARCHED;
    let chars = 0;
    let detached = false;

    function count(more: number): void {
      chars += more;
      if (!detached) allChars += more;
    }

    function clear(): void {
      for (const [id, entry] of entries) drop(id, entry);
    }

    function drop(id: string, entry: Entry): void {
      entries.delete(id);
      count(-entry.value.length);
      index.delete(entry.value);
    }

    function put(id: string, value: string, kind: string, exact: boolean, toldAt: number): Entry {
      const old = entries.get(id);
      if (old !== undefined) {
        entries.delete(id);
        count(-old.value.length);
      }
      const entry: Entry = { value, kind, exact, usedAt: now(), toldAt: Math.max(toldAt, old?.value === value ? old.toldAt : -Infinity) };
      entries.set(id, entry);
      count(value.length);
      if (exact) index.add(value, kind);
      prune();
      if (allChars > maxChars && !detached) makeRoom(known);
      return entry;
    }

    function retell(id: string, entry: Entry): void {
      if (tell === undefined || detached || entry.usedAt - entry.toldAt < RETELL_AFTER_MS) return;
      entry.toldAt = entry.usedAt;
      const { value, kind, exact } = entry;
      tell({ token, id, value, kind, exact });
    }

    function prune(): void {
      const expired = now() - ttlMs;
      for (const [id, entry] of entries) {
        if (entries.size <= maxEntriesPerToken && chars <= maxCharsPerToken && entry.usedAt > expired) return;
        drop(id, entry);
      }
    }

    return {
      known,
      prune,
      clear,
      detach() {
        clear();
        detached = true;
      },
      get empty() {
        return entries.size === 0;
      },
      remember(id, value, kind, exact) {
        retell(id, put(id, value, kind, exact, -Infinity));
      },
      learn({ id, value, kind, exact }) {
        put(id, value, kind, exact, now());
      },
      *all() {
        for (const [id, { value, kind, exact }] of entries) yield { token, id, value, kind, exact };
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
        retell(id, entry);
        return entry.value;
      },
    };
  }

  /** Clears memories from the one unused for longest on, but for the one of `spared`. */
  function makeRoom(spared: KnownValues): void {
    for (const memory of memories.values()) {
      if (allChars <= maxChars) return;
      if (memory.known !== spared) memory.clear();
    }
  }

  function memoryOf(token: string): Kept {
    if (newest?.token === token && now() - lookedAt < LOOK_EVERY_MS) {
      newest.memory.prune();
      return newest.memory;
    }
    lookedAt = now();
    const memory = memories.get(token) ?? createMemory(token);
    memories.delete(token);
    memories.set(token, memory);
    newest = { token, memory };
    memory.prune();
    // What nobody asks for any more is not kept until somebody does.
    for (const idle of memories.values()) {
      idle.prune();
      if (!idle.empty) break;
    }
    const [oldest] = memories;
    if (oldest !== undefined && memories.size > maxTokens) {
      if (oldest[1] === memory) newest = undefined;
      oldest[1].detach();
      memories.delete(oldest[0]);
    }
    return memory;
  }

  return {
    memory: memoryOf,
    learn: (told) => memoryOf(told.token).learn(told),
    *all() {
      for (const memory of memories.values()) yield* memory.all();
    },
    forget(token) {
      memories.get(token)?.detach();
      memories.delete(token);
      newest = undefined;
    },
  };
}
