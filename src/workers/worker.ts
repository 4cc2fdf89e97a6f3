/** A worker: a gateway that listens when the primary says so, and ends when it says so. */
import type { Config } from '../config.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { Log } from '../observe/log.ts';
import { warmUpSoon } from '../protection/warm-up.ts';
import { EXIT_MISCONFIGURED, startFailure } from '../start-report.ts';
import { createLink } from './link.ts';
import type { ToWorker } from './messages.ts';

export async function run(config: Config, log: Log): Promise<void> {
  // A terminal and most supervisors signal every process; what is to be done is the primary's to say. When that is gone,
  // node:cluster ends this process.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

  let gateway: Gateway | undefined;
  let mayListen = (): void => {};
  const allTold = new Promise<void>((resolve) => (mayListen = resolve));
  const link = createLink({ audited: config.auditLogPath !== '', figures: () => gateway?.metrics() ?? '', order });

  let draining = false;
  function order(message: ToWorker): void {
    switch (message.kind) {
      case 'listen':
        mayListen();
        return;
      case 'tokens-changed':
        gateway?.refreshTokens();
        return;
      case 'drain':
        draining = true;
        void gateway?.drain(message.graceMs).then(leave);
        return;
      case 'retire':
        void gateway?.retire().then(() => {
          if (!draining) void leave(true);
        });
        return;
      default:
    }
  }

  async function leave(whole: boolean): Promise<void> {
    await link.sayLastWords();
    await link.send({ kind: 'figures', text: gateway?.metrics() ?? '' });
    process.exit(whole ? 0 : 1);
  }

  try {
    gateway = await createGateway(config, { log, shared: link.shared });
    await link.send({ kind: 'hello' });
    await allTold;
    const address = await gateway.listen();
    warmUpSoon();
    await link.send({ kind: 'listening', address, tokens: gateway.tokenCount, tokensPath: gateway.tokensPath });
  } catch (error) {
    await link.send({ kind: 'failed', lines: startFailure(error) });
    process.exit(EXIT_MISCONFIGURED);
  }
}
