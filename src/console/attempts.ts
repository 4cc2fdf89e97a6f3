/** How often somebody may try a key: so many failures a minute from one address, and so many from all. Bounded memory. */

export interface AttemptLimits {
  readonly perAddress: number;
  readonly inAll: number;
}

export const WINDOW_MS = 60_000;
/** Of one process; several share them out. */
export const ATTEMPT_LIMITS: AttemptLimits = { perAddress: 5, inAll: 50 };

export interface Attempts {
  /** Milliseconds until the next attempt from there is taken; 0 = now. */
  waitMs(address: string): number;
  failed(address: string): void;
}

export function createAttempts({ perAddress, inAll }: AttemptLimits, nowMs: () => number = () => performance.now()): Attempts {
  /** The failures of the last minute, oldest first: no more than are taken in all. */
  let failures: { readonly address: string; readonly atMs: number }[] = [];

  function forget(): void {
    const before = nowMs() - WINDOW_MS;
    failures = failures.filter(({ atMs }) => atMs > before);
  }

  /** Until one less than `most` is left of these. */
  function waitFor(these: readonly { readonly atMs: number }[], most: number): number {
    const blocking = these[these.length - most];
    return blocking === undefined ? 0 : Math.max(1, blocking.atMs + WINDOW_MS - nowMs());
  }

  return {
    waitMs(address) {
      forget();
      return Math.max(waitFor(failures, inAll), waitFor(failures.filter((failure) => failure.address === address), perAddress));
    },
    failed(address) {
      forget();
      failures.push({ address, atMs: nowMs() });
    },
  };
}
