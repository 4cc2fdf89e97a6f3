/** The last exchanges of a process, in memory: bounded by their number and by that of their findings. */
import type { NotedFinding } from './notes.ts';
import type { Outcome } from './metrics.ts';

/** An exchange that is over. Masked forms are in it: it stays in memory. */
export interface SeenExchange {
  readonly id: string;
  /** When it began, in milliseconds since 1970. */
  readonly atMs: number;
  readonly client: string;
  readonly token: { readonly fingerprint: string; readonly name: string };
  /** Host and port. */
  readonly upstream: string;
  readonly wire: string;
  readonly method: string;
  readonly path: string;
  readonly model: string | null;
  /** 0 when nothing was answered. */
  readonly status: number;
  readonly outcome: Outcome;
  /** Of the error that the gateway itself answered with. */
  readonly code: string | null;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  /** The time that the filters of both directions took, without any waiting. */
  readonly addedMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly findings: readonly NotedFinding[];
  /** All findings, with those that are not listed. */
  readonly findingCount: number;
}

/**
 * `seq` is the microsecond at which an exchange ended, one more where that is taken: it grows, across restarts as well,
 * and orders the exchanges of several processes of one machine.
 */
export type NumberedExchange = SeenExchange & { readonly seq: number };

export interface Batch {
  /** In order of `seq`. */
  readonly exchanges: readonly NumberedExchange[];
  /** How many more there were, which are not told: too many, or no longer known. After a `seq` at the least so many. */
  readonly missed: number;
  /** How many there have been in all: the place to go on from. */
  readonly count: number;
}

export interface ExchangeRing {
  add(exchange: SeenExchange): void;
  /** The newest of those after a `seq`. */
  after(seq: number, most: number): Batch;
  /** The newest of those after the first `count`, as a batch before this has told it. */
  from(count: number, most: number): Batch;
  readonly size: number;
}

export interface RingLimits {
  readonly exchanges: number;
  readonly findings: number;
}

export const RING_LIMITS: RingLimits = { exchanges: 5_000, findings: 20_000 };

export function createExchangeRing(limits: RingLimits = RING_LIMITS, nowMs: () => number = Date.now): ExchangeRing {
  const slots: (SeenExchange | undefined)[] = new Array<undefined>(limits.exchanges).fill(undefined);
  // Beside them what is asked of each when it is taken and let go: those are long out of the processor's cache by then.
  const seqs = new Float64Array(limits.exchanges);
  const listed = new Uint32Array(limits.exchanges);
  /** Exchanges are counted from 0 on; each has its slot by its count. */
  let first = 0;
  let next = 0;
  let findings = 0;
  let last = 0;
  /** The `seq` of the last that was let go, and of how many. */
  let lostSeq = 0;

  function dropFirst(): void {
    const slot = first % limits.exchanges;
    slots[slot] = undefined;
    first++;
    findings -= listed[slot] ?? 0;
    lostSeq = seqs[slot] ?? 0;
  }

  /** The first whose `seq` is larger. */
  function indexAfter(seq: number): number {
    let low = first;
    let high = next;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((seqs[middle % limits.exchanges] ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  function batch(from: number, most: number, lost: number): Batch {
    const begin = Math.max(from, next - most);
    const exchanges: NumberedExchange[] = [];
    for (let index = begin; index < next; index++) {
      const slot = index % limits.exchanges;
      const exchange = slots[slot];
      if (exchange !== undefined) exchanges.push({ seq: seqs[slot] ?? 0, ...exchange });
    }
    return { exchanges, missed: begin - from + lost, count: next };
  }

  return {
    add(exchange) {
      if (next - first === limits.exchanges) dropFirst();
      last = Math.max(last + 1, nowMs() * 1000);
      const slot = next % limits.exchanges;
      slots[slot] = exchange;
      seqs[slot] = last;
      listed[slot] = exchange.findings.length;
      next++;
      findings += exchange.findings.length;
      while (findings > limits.findings && next - first > 1) dropFirst();
    },
    // Of those let go it is known only that there were some.
    after: (seq, most) => batch(indexAfter(seq), most, seq > 0 && seq < lostSeq ? 1 : 0),
    from: (count, most) => batch(Math.max(first, count), most, Math.max(0, first - count)),
    get size() {
      return next - first;
    },
  };
}
