// Waiting with a deadline that names itself.

/** Polls until `condition` holds. @throws Error naming `what` after the deadline. */
export function until(what: string, condition: () => boolean, deadlineMs = 10_000): Promise<void> {
  return untilAsync(what, () => Promise.resolve(condition()), deadlineMs);
}

/** The same for a condition that takes a look elsewhere. */
export async function untilAsync(what: string, condition: () => Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A promise's value, or an error naming `what` after the deadline. */
export async function within<T>(what: string, promise: Promise<T>, deadlineMs = 10_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${deadlineMs} ms in vain for ${what}`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
