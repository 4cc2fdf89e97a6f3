/** Makes the judges ready while nobody waits, so that the first request does not pay for what is compiled when first used. */
import { judgeCommand } from '../guards/command/judge.ts';
import { warmUp } from '../guards/injection/judge.ts';

/** A program that registers an upstream right after the start is not made to wait. */
const DELAY_MS = 1000;

export function warmUpSoon(): void {
  setTimeout(() => {
    warmUp();
    judgeCommand('npm test', 'unknown');
  }, DELAY_MS).unref();
}
