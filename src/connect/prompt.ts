/** One question on a terminal. */
import { createInterface } from 'node:readline/promises';
import { UsageError, type CommandIo } from '../cli/command.ts';

/**
 * Asks whether something may be done.
 * @throws UsageError where nobody can answer
 */
export async function confirmed(question: string, io: CommandIo): Promise<boolean> {
  if (io.stdin.isTTY !== true) throw new UsageError('nobody is there to say yes; look at the change above and give --yes');
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return /^\s*y(?:es)?\s*$/i.test(await lines.question(`${question} [y/N] `));
  } catch {
    // Ctrl-C and Ctrl-D say no.
    return false;
  } finally {
    lines.close();
  }
}
