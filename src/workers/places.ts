/** Places under a limit: those of connections, and those of each token's requests. */

export interface Places {
  /**
   * Takes a place of a kind of which there are `most`.
   * @returns whether one was free; at once where that is known at once.
   */
  take(kind: string, most: number): boolean | Promise<boolean>;
  /** Gives one back that was taken. */
  give(kind: string): void;
}

/** The places of one process. */
export function createPlaces(): Places {
  const taken = new Map<string, number>();
  return {
    take(kind, most) {
      const now = taken.get(kind) ?? 0;
      if (now >= most) return false;
      taken.set(kind, now + 1);
      return true;
    },
    give(kind) {
      const left = (taken.get(kind) ?? 1) - 1;
      if (left === 0) taken.delete(kind);
      else taken.set(kind, left);
    },
  };
}

/** The places of several processes, kept in one of them. */
export interface SharedPlaces {
  take(holder: number, kind: string, most: number): boolean;
  give(holder: number, kind: string): void;
  /** Gives back all that a holder has: it is gone. */
  giveAll(holder: number): void;
}

export function createSharedPlaces(): SharedPlaces {
  const places = createPlaces();
  const held = new Map<number, Map<string, number>>();
  return {
    take(holder, kind, most) {
      if (places.take(kind, most) !== true) return false;
      const own = held.get(holder) ?? new Map<string, number>();
      held.set(holder, own);
      own.set(kind, (own.get(kind) ?? 0) + 1);
      return true;
    },
    give(holder, kind) {
      const own = held.get(holder);
      const now = own?.get(kind) ?? 0;
      if (own === undefined || now === 0) return;
      if (now === 1) own.delete(kind);
      else own.set(kind, now - 1);
      places.give(kind);
    },
    giveAll(holder) {
      for (const [kind, count] of held.get(holder) ?? []) for (let i = 0; i < count; i++) places.give(kind);
      held.delete(holder);
    },
  };
}
