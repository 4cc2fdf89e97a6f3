/** What the runner and the benchmark's own child processes say to each other, over Node's IPC channel. */

/** The load generator is told to put this load on a target and to measure it. */
export interface LoadJob {
  readonly port: number;
  /** The target's prefix of the upstream's path, e.g. `/v1`. */
  readonly basePath: string;
  /** The query that chooses the mock's answer, e.g. `answer=json`. */
  readonly query: string;
  readonly connections: number;
  /** Length of each request's body. */
  readonly bodyBytes: number;
  /** Planted credentials in each body. */
  readonly secrets: number;
  /** What is new in each request: `texts`, every text, or `turn`, the last one, as when a conversation goes on. */
  readonly fresh?: 'texts' | 'turn';
  /** Events of each answer; only `streams` needs it. */
  readonly eventsPerStream: number;
  /** Time before anything is counted: connections open, the first requests pass. */
  readonly settleMs: number;
  readonly measureMs: number;
  /**
   * `requests`: each connection sends again when its answer is complete. `streams`: the same, counting events.
   * `paced`: one answer a connection, events carry their time. `idle`: connections stay open until `release`.
   */
  readonly kind: 'requests' | 'streams' | 'paced' | 'idle';
}

export interface LoadResult {
  readonly elapsedMs: number;
  /** Requests completed, or events received, while measuring. */
  readonly count: number;
  /** Milliseconds: a request's time, or for `paced` an event's way from the mock to here. Null where not taken. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly errors: number;
}

export type ToLoad = { readonly job: LoadJob } | { readonly release: true };
export type FromLoad =
  | { readonly ready: true }
  /** Measuring begins or ends now: the runner reads the processes' clocks. */
  | { readonly mark: 'begin' | 'end' }
  | { readonly result: LoadResult }
  | { readonly failed: string };

/** A started proxy or mock tells its port. */
export interface PortMessage {
  readonly port: number;
}

/** The mock is told of a process that must not outlive the runner, and again when it has ended. */
export type GuardMessage = { readonly guard: number } | { readonly unguard: number };

/** Ends this process when the runner goes away, however it went, and the processes that the runner has named. */
export function killWhenAlone(): void {
  const guarded = new Set<number>();
  process.on('message', (message: GuardMessage | ToLoad) => {
    if ('guard' in message) guarded.add(message.guard);
    if ('unguard' in message) guarded.delete(message.unguard);
  });
  process.on('disconnect', () => {
    for (const pid of guarded) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    }
    process.exit(0);
  });
}
