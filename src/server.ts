/** The entry: configuration → one gateway, or the primary of several and these. Nothing else. */
import { readConfig } from './config.ts';
import { openProcessLog } from './observe/process-log.ts';
import { EXIT_MISCONFIGURED, startFailure } from './start-report.ts';
import { isWorker } from './workers/messages.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  // Whatever the process makes is its owner's alone, and its owner's to use, whatever umask it was started with.
  process.umask(0o077);
  const log = openProcessLog(config);
  // Loaded by need: a primary has no use for what a gateway is made of.
  const { run } = await (isWorker() ? import('./workers/worker.ts') : config.workers > 1 ? import('./workers/primary.ts') : import('./alone.ts'));
  await run(config, log);
}

main().catch((error: unknown) => {
  for (const line of startFailure(error)) process.stderr.write(`aegisgate: ${line}\n`);
  process.exit(EXIT_MISCONFIGURED);
});
