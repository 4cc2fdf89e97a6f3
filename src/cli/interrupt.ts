/** What has to be put away also when somebody presses Ctrl-C. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Has something put away before the process ends by a signal. A second signal ends it at once.
 * @returns takes that back
 */
export function onInterrupt(putAway: () => Promise<void>): () => void {
  const ended = (signal: NodeJS.Signals): void => {
    release();
    // By the signal itself, so that whoever waits for the process sees it as ended by it.
    void putAway().catch(() => {}).finally(() => process.kill(process.pid, signal));
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, ended);
  };
  for (const signal of SIGNALS) process.on(signal, ended);
  return release;
}
