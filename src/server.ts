/** The entry: configuration → gateway → listen → signals. Nothing else. */
import { ConfigError, readConfig } from './config.ts';
import { safeTrace } from './errors.ts';
import { createGateway } from './gateway.ts';
import { createLog } from './observe/log.ts';

/** Exit code for a start that can't succeed without somebody changing something. */
const EXIT_MISCONFIGURED = 2;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  // Whatever the process makes is its owner's alone, and its owner's to use, whatever umask it was started with.
  process.umask(0o077);
  const log = createLog({ level: config.logLevel, format: config.logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json') });
  // A log reader that went away must not take the gateway with it.
  process.stderr.on('error', () => {});
  process.stdout.on('error', () => {});
  process.on('uncaughtException', (error) => {
    const { name, code, at } = safeTrace(error);
    log.error('unexpected error, the gateway goes on', { error: name, code, at });
  });
  process.on('exit', () => log.flush());

  const gateway = await createGateway(config, { log });
  const address = await gateway.listen();
  const tokens = `${gateway.tokenCount} ${gateway.tokenCount === 1 ? 'token' : 'tokens'}`;
  process.stdout.write(`AegisGate listens on ${address} · security level ${config.securityLevel} · ${tokens} · ${gateway.tokensPath}\n`);

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
}

function startFailure(error: unknown): string[] {
  if (error instanceof ConfigError) return [...error.problems];
  if (!(error instanceof Error)) return ['unknown fault'];
  const { code, syscall, port, address, hostname } = error as NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string };
  if (code === 'EADDRINUSE') return [`AEGIS_PORT: the port ${port} is taken; another gateway may run already, or set AEGIS_PORT to another one`];
  if (code === 'EADDRNOTAVAIL' || syscall === 'getaddrinfo') return [`AEGIS_HOST: this machine has no address ${address ?? hostname}; set AEGIS_HOST to one of its own, such as 127.0.0.1`];
  if (code === 'EACCES' && syscall === 'listen') return [`AEGIS_PORT: the port ${port} needs more rights than this process has; choose one above 1023`];
  return [error.message];
}

main().catch((error: unknown) => {
  for (const line of startFailure(error)) process.stderr.write(`aegisgate: ${line}\n`);
  process.exit(EXIT_MISCONFIGURED);
});
