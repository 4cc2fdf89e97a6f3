// What a part of the torture has found: the same for the short forms in the suite and the long ones of `npm run torture`.

export interface Figures {
  readonly part: string;
  /** Cases tried. */
  readonly tried: number;
  /** Honest exchanges that did not get their own, whole answer. */
  readonly lost: number;
  /** What reached somebody it was not meant for, or was left over: requests, bytes, exchanges, sockets. */
  readonly leaked: number;
  /** Each case that went wrong, in words; empty when all is well. */
  readonly faults: readonly string[];
  /** Other figures worth a line. */
  readonly notes?: readonly string[];
}

/** Runs `work` on all items, at most so many at once. */
export async function eachAtOnce<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next++];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}
