/** A gateway that is one process: start line and signals. */
import type { Config } from './config.ts';
import { createGateway } from './gateway.ts';
import { warmUpSoon } from './protection/warm-up.ts';
import type { Log } from './observe/log.ts';
import { startLine, type StartFormat } from './start-report.ts';

export async function run(config: Config, log: Log, format: StartFormat): Promise<void> {
  const gateway = await createGateway(config, { log });
  const address = await gateway.listen();
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      gateway.cut();
      process.exit(1);
    }
    stopping = true;
    log.info('draining', { signal, graceMs: config.shutdownGraceMs });
    void gateway.drain(config.shutdownGraceMs).then((whole) => {
      log.info(whole ? 'stopped' : 'stopped: streams still open after the grace were cut');
      process.exit(whole ? 0 : 1);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Only now: whoever reads that it listens may already want it to end.
  process.stdout.write(startLine({ address, level: config.securityLevel, tokens: gateway.tokenCount, tokensPath: gateway.tokensPath, workers: 1 }, format));
  warmUpSoon();
}
