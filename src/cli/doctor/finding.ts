/** What the doctor says: one finding a thing looked at. */

/** `skipped`: not looked at, and why. */
export type Status = 'ok' | 'warning' | 'problem' | 'skipped';

export interface Finding {
  /** What was looked at, in a word: `node`, `settings`, `port`, `upstream` … */
  readonly check: string;
  /** Which one, where there are several: a variable, a file, an upstream. */
  readonly subject?: string;
  readonly status: Status;
  /** What is so. One line; never a secret, a key or a whole token. */
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
  /** The same for programs: numbers with their unit in the name. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Whether anything is to be mended. */
export function hasProblem(findings: readonly Finding[]): boolean {
  return findings.some(({ status }) => status === 'problem');
}

/** A promise's value, or what stands in for it after the deadline; a failure is handed on. */
export async function within<T>(limitMs: number, promise: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), limitMs);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}
