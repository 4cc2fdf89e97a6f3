/** The workers of one primary: so many that serve, each replaced when it fails, and one by one when all are to be new. */
import type { Log } from '../observe/log.ts';
import type { Remembered } from '../redaction/vault.ts';
import { Member, type Ending, type Stage } from './member.ts';
import type { ToPrimary, ToWorker } from './messages.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A worker that has lived for so long did not fail by its start: the next pause is the first again. */
const SETTLED_AFTER_MS = 30_000;
/** Workers end by themselves at the end of the grace; one that does not is stuck. */
const STUCK_AFTER_MS = 2_000;
const MAX_TIMER_MS = 2_147_483_647;

export type Listening = Extract<ToPrimary, { kind: 'listening' }>;

/** A worker that did not come to listen: why, in the words of a failed start. */
export class WorkerStartError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'WorkerStartError';
    this.lines = lines;
  }
}

export interface FleetOptions {
  readonly size: number;
  /** The port to listen on; 0 = any, the same for all. */
  readonly port: number;
  readonly log: Log;
  /** All that is remembered, for a new worker. */
  remembered(): Iterable<Remembered>;
  /** What lets a new worker listen. */
  listen(): Extract<ToWorker, { kind: 'listen' }>;
  /** What a worker says beyond its start. */
  message(from: Member, message: ToPrimary): void;
  /** @param unexpectedly nobody had told it to. */
  ended(member: Member, unexpectedly: boolean): void;
}

export interface Fleet {
  /** Those that live, whatever they do. */
  readonly members: ReadonlySet<Member>;
  /**
   * Starts all; resolves when each listens.
   * @throws WorkerStartError of the first that does not; all are gone then.
   */
  start(): Promise<Listening>;
  /** Puts new workers in the place of those that serve. A call that comes meanwhile is followed after it, once. */
  roll(): Promise<void>;
  /** True when all came to the end of what they had. */
  drain(graceMs: number): Promise<boolean>;
  cut(): void;
}

interface Start {
  listens(told: Listening): void;
  fails(error: WorkerStartError): void;
  fault: readonly string[];
}

export function createFleet({ size, port, log, remembered, listen, message, ended }: FleetOptions): Fleet {
  const members = new Set<Member>();
  const starts = new Map<Member, Start>();
  let address: string | undefined;
  /** All have listened once: from then on those that fail are replaced. */
  let keeping = false;
  let stopping = false;
  let whole = true;
  /** Unexpected ends that came soon after their start, in a row. */
  let quickEnds = 0;
  let allEnded = (): void => {};
  let rolling = false;
  let rollAgain = false;

  const inStage = (...stages: readonly Stage[]): Member[] => [...members].filter(({ stage }) => stages.includes(stage));

  /**
   * node:cluster keeps a port that it chose for as long as somebody listens who asked for any; after that it is asked for
   * by its number.
   */
  let portToAskFor = port;

  function startOne(): Promise<Listening> {
    return new Promise((listens, fails) => {
      if (address !== undefined && port === 0 && inStage('starting', 'serving').length === 0) portToAskFor = Number(new URL(address).port);
      const member = new Member({ port: portToAskFor, remembered, listen, message: take, ended: end });
      members.add(member);
      starts.set(member, { listens, fails, fault: [] });
    });
  }

  function take(from: Member, told: ToPrimary): void {
    switch (told.kind) {
      case 'hello':
        from.welcome();
        return;
      case 'listening':
        takeIn(from, told);
        return;
      case 'failed': {
        const start = starts.get(from);
        if (start !== undefined) start.fault = told.lines;
        return;
      }
      default:
        message(from, told);
    }
  }

  function takeIn(member: Member, told: Listening): void {
    if (stopping) return;
    address ??= told.address;
    if (told.address !== address) {
      log.warn('worker got another port than the one in use, which went with the last that listened', { worker: member.pid });
      member.kill();
      return;
    }
    member.stage = 'serving';
    log.info('worker listens', { worker: member.pid });
    starts.get(member)?.listens(told);
    starts.delete(member);
  }

  function end(member: Member, { code, signal }: Ending): void {
    const { stage } = member;
    const start = starts.get(member);
    member.stage = 'ended';
    members.delete(member);
    starts.delete(member);
    member.giveBackConnections(inStage('serving').length > 0);
    const unexpectedly = !stopping && (stage !== 'leaving' || code !== 0);
    ended(member, unexpectedly);
    if (stopping) {
      if (stage !== 'starting') whole &&= code === 0;
      if (members.size === 0) allEnded();
      return;
    }
    if (stage === 'leaving') {
      if (unexpectedly) log.error('worker ended unexpectedly before its last stream did', { worker: member.pid, code, signal });
      else log.info('worker has finished', { worker: member.pid });
      return;
    }
    start?.fails(new WorkerStartError(start.fault.length > 0 ? start.fault : [`a worker ended at its start (${signal ?? code ?? 'unknown'})`]));
    // One that was to take another's place in a rolling restart, which tells of it: the other is still there.
    if (!keeping || (stage === 'starting' && inStage('starting', 'serving').length >= size)) return;
    quickEnds = performance.now() - member.startedAt < SETTLED_AFTER_MS ? quickEnds + 1 : 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (quickEnds - 1));
    log.error('worker ended unexpectedly, another one takes its place', { worker: member.pid, code, signal, fault: start?.fault.join('; ') || undefined, pauseMs, serving: inStage('serving').length });
    setTimeout(fill, pauseMs);
  }

  function fill(): void {
    // A failed start has ended as a worker, and is seen to as one.
    while (!stopping && inStage('starting', 'serving').length < size) startOne().catch(() => {});
  }

  async function rollOnce(): Promise<void> {
    log.info('rolling restart', { workers: size });
    for (const old of inStage('serving')) {
      if (stopping) return;
      // One that has failed meanwhile has a new one in its place already.
      if (old.stage !== 'serving') continue;
      try {
        await startOne();
      } catch (error) {
        if (!stopping) log.error('rolling restart ended: the new worker does not start, those that serve go on', { fault: error instanceof WorkerStartError ? error.lines : [] });
        return;
      }
      if (old.stage !== 'serving') continue;
      old.stage = 'leaving';
      old.send({ kind: 'retire' });
    }
    log.info('rolling restart done', { serving: inStage('serving').length, finishing: inStage('leaving').length });
  }

  function cut(): void {
    for (const member of members) member.kill();
  }

  return {
    members,
    async start() {
      try {
        const [first] = await Promise.all(Array.from({ length: size }, startOne));
        keeping = true;
        // There is at least one.
        return first as Listening;
      } catch (error) {
        stopping = true;
        cut();
        throw error;
      }
    },
    async roll() {
      if (!keeping) return;
      if (rolling) {
        rollAgain = true;
        return;
      }
      rolling = true;
      do {
        rollAgain = false;
        await rollOnce();
      } while (rollAgain && !stopping);
      rolling = false;
    },
    async drain(graceMs) {
      stopping = true;
      const gone = new Promise<void>((resolve) => (allEnded = resolve));
      for (const member of inStage('starting')) member.kill();
      for (const member of inStage('serving', 'leaving')) member.send({ kind: 'drain', graceMs });
      if (members.size === 0) return true;
      const stuck = setTimeout(cut, Math.min(graceMs + STUCK_AFTER_MS, MAX_TIMER_MS));
      await gone;
      clearTimeout(stuck);
      return whole;
    },
    cut() {
      stopping = true;
      cut();
    },
  };
}
