/** How much each token has been used since the start: for people who look after tokens, never for a decision. */

export interface Use {
  readonly requests: number;
  /** What the filters found, each time that they found it. */
  readonly findings: number;
  /** Milliseconds since 1970; 0 = not yet. */
  readonly lastUsedMs: number;
}

/** By the token's fingerprint. */
export type UsesByToken = Readonly<Record<string, Use>>;

export interface Uses {
  /** A request of the token begins. */
  began(fingerprint: string): void;
  /** Findings of one of its requests. */
  found(fingerprint: string, count: number): void;
  all(): UsesByToken;
}

/** Tokens are registered by people: more than this are a slip, and those that come later are not counted. */
const MAX_TOKENS = 10_000;

export const UNUSED: Use = { requests: 0, findings: 0, lastUsedMs: 0 };

export function createUses(nowMs: () => number = Date.now): Uses {
  const uses = new Map<string, { requests: number; findings: number; lastUsedMs: number }>();
  return {
    began(fingerprint) {
      const use = uses.get(fingerprint);
      if (use !== undefined) {
        use.requests++;
        use.lastUsedMs = nowMs();
      } else if (uses.size < MAX_TOKENS) {
        uses.set(fingerprint, { requests: 1, findings: 0, lastUsedMs: nowMs() });
      }
    },
    found(fingerprint, count) {
      const use = uses.get(fingerprint);
      if (use !== undefined) use.findings += count;
    },
    all: () => Object.fromEntries(uses),
  };
}

/** The uses of several processes as one. */
export function sumUses(parts: Iterable<UsesByToken>): UsesByToken {
  const sum = new Map<string, Use>();
  for (const part of parts) {
    for (const [fingerprint, use] of Object.entries(part)) {
      const before = sum.get(fingerprint) ?? UNUSED;
      sum.set(fingerprint, {
        requests: before.requests + use.requests,
        findings: before.findings + use.findings,
        lastUsedMs: Math.max(before.lastUsedMs, use.lastUsedMs),
      });
    }
  }
  return Object.fromEntries(sum);
}
