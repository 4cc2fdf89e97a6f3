/**
 * The primary of several workers: starts them and keeps their number, relays signals, and holds what they share. It
 * carries no traffic and reads no token file.
 *
 * SIGTERM and SIGINT drain all workers, a second one cuts them; SIGHUP puts new workers in the place of the old ones,
 * one at a time, each of which ends with the last of its streams.
 */
import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import type { ConsoleStart } from '../console/console.ts';
import { MAX_ENDED } from '../console/sessions.ts';
import { openAuditFile, type AuditFile } from '../observe/audit.ts';
import type { Log } from '../observe/log.ts';
import { createVault, VAULT_DEFAULTS } from '../redaction/vault.ts';
import { EXIT_MISCONFIGURED, startLine, type StartFormat } from '../start-report.ts';
import { createFigures } from './figures.ts';
import { createFleet, WorkerStartError, type Fleet } from './fleet.ts';
import type { Member } from './member.ts';
import { WORKER_ARGUMENT, type ToPrimary } from './messages.ts';
import { createSharedPlaces } from './places.ts';
import { createPolls } from './polls.ts';

export async function run(config: Config, log: Log, format: StartFormat): Promise<void> {
  if (!cluster.isPrimary) throw new Error('AEGIS_WORKERS: this process is a worker of somebody else\'s cluster; set it to 1');
  cluster.setupPrimary({ exec: serverEntry(), args: [WORKER_ARGUMENT] });
  const audit = config.auditLogPath === '' ? undefined : openAuditFile({ path: config.auditLogPath, log });
  const { fleet } = createCommons(config, log, audit);
  try {
    relaySignals(config, log, fleet, audit);
    const { address, tokens, tokensPath } = await fleet.start();
    process.stdout.write(startLine({ address, level: config.securityLevel, tokens, tokensPath, workers: config.workers }, format));
  } catch (error) {
    if (!(error instanceof WorkerStartError)) throw error;
    for (const line of error.lines) process.stderr.write(`aegisgate: ${line}\n`);
    process.exit(EXIT_MISCONFIGURED);
  }
}

/** A worker is the server, whichever entry its primary was started by. Its name ends as this file's does, compiled or not. */
function serverEntry(): string {
  return fileURLToPath(new URL(`../server${extname(import.meta.url)}`, import.meta.url));
}

/** The workers, and what they share. */
function createCommons(config: Config, log: Log, audit: AuditFile | undefined): { fleet: Fleet } {
  // Kept for workers that start later; nobody searches it here.
  const vault = createVault({ ...VAULT_DEFAULTS, searched: false });
  const places = createSharedPlaces();
  const consoleStart: ConsoleStart = { secret: randomBytes(32).toString('hex'), startedMs: Date.now() };
  /** For workers that start later. */
  let endedSessions: readonly string[] = [];
  const figures = createFigures(() => [...fleet.members]);
  const polls = createPolls(() => [...fleet.members]);
  const fleet = createFleet({
    size: config.workers,
    port: config.port,
    log,
    remembered: () => vault.all(),
    listen: () => ({ kind: 'listen', console: consoleStart, endedSessions }),
    message,
    ended(member, unexpectedly) {
      places.giveAll(member.id);
      figures.ended(member, unexpectedly);
      polls.ended(member);
    },
  });

  function othersThan(from: Member): Member[] {
    return [...fleet.members].filter((member) => member !== from && member.hears);
  }

  function message(from: Member, told: ToPrimary): void {
    switch (told.kind) {
      case 'remembered':
        for (const one of told.told) vault.learn(one);
        for (const member of othersThan(from)) member.tell(told.told);
        return;
      case 'audit':
        audit?.append(told.lines);
        return;
      case 'tokens-changed':
        for (const member of othersThan(from)) member.send(told);
        return;
      case 'take-place':
        from.send({ kind: 'place', id: told.id, free: places.take(from.id, told.of, told.most) });
        return;
      case 'give-place':
        places.give(from.id, told.of);
        return;
      case 'figures':
        figures.take(from, told.text);
        return;
      case 'sum-figures':
        void figures.sum(from, told.own).then((text) => from.send({ kind: 'sum', id: told.id, text }));
        return;
      case 'ask':
        void polls.ask(from, told.question, told.own).then((seen) => from.send({ kind: 'answers', id: told.id, seen }));
        return;
      case 'seen':
        polls.take(from, told.id, told.seen);
        return;
      case 'session-ended':
        endedSessions = [...endedSessions.slice(1 - MAX_ENDED), told.nonce];
        for (const member of othersThan(from)) member.send(told);
        return;
      case 'last-words':
        polls.leaves(from, told.seen);
        return;
      default:
    }
  }
  return { fleet };
}

function relaySignals({ shutdownGraceMs }: Config, log: Log, fleet: Fleet, audit: AuditFile | undefined): void {
  const hadTerminal = hasTerminal();
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      fleet.cut();
      process.exit(1);
    }
    stopping = true;
    log.info('draining', { signal, graceMs: shutdownGraceMs });
    void fleet.drain(shutdownGraceMs).then(async (whole) => {
      await audit?.flush();
      log.info(whole ? 'stopped' : 'stopped: streams still open after the grace were cut');
      process.exit(whole ? 0 : 1);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const hangUp = (): void => {
    // From a terminal that is closed it means what it means to a single process. Windows sends it for nothing else.
    if (process.platform === 'win32' || (hadTerminal && !hasTerminal())) {
      fleet.cut();
      process.off('SIGHUP', hangUp);
      process.kill(process.pid, 'SIGHUP');
    } else if (!stopping) {
      void fleet.roll();
    }
  };
  process.on('SIGHUP', hangUp);
}

/** Whether this process has a terminal to be spoken to from. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
