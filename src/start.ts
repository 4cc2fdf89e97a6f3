/** The start that both entries share: configuration → one gateway, or the primary of several and these. */
import { readConfig } from './config.ts';
import { openProcessLog } from './observe/process-log.ts';
import { EXIT_MISCONFIGURED, startFailure, type StartFormat } from './start-report.ts';
import { isWorker } from './workers/messages.ts';

/** Resolves when the gateway listens; a start that can't be ends the process, with the reason on standard error. */
export async function startGateway(env: NodeJS.ProcessEnv, format: StartFormat): Promise<void> {
  try {
    const config = readConfig(env);
    // Whatever the process makes is its owner's alone, and its owner's to use, whatever umask it was started with.
    process.umask(0o077);
    const log = openProcessLog(config);
    // Loaded by need: a primary has no use for what a gateway is made of.
    const { run } = await (isWorker() ? import('./workers/worker.ts') : config.workers > 1 ? import('./workers/primary.ts') : import('./alone.ts'));
    await run(config, log, format);
  } catch (error) {
    for (const line of startFailure(error)) process.stderr.write(`aegisgate: ${line}\n`);
    process.exit(EXIT_MISCONFIGURED);
  }
}
