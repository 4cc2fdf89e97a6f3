/** One worker, as the primary sees it. */
import cluster, { type Worker } from 'node:cluster';
import type { Remembered } from '../redaction/vault.ts';
import { watchHandover, type Handover } from './handover.ts';
import { portions, type ToPrimary, type ToWorker } from './messages.ts';

/**
 * `leaving`: it takes no more connections and ends with its last one. `ended` is for good.
 */
export type Stage = 'starting' | 'serving' | 'leaving' | 'ended';

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A worker that reads nothing costs the primary at most so much memory; later it is told all anew. */
const MAX_BACKLOG_CHARS = 8_388_608;

export interface MemberOptions {
  /** The port it is to listen on; 0 = one that node:cluster chooses for all. */
  readonly port: number;
  /** All that is remembered, for one that is new or has missed something. */
  remembered(): Iterable<Remembered>;
  /** What lets it listen. */
  listen(): Extract<ToWorker, { kind: 'listen' }>;
  message(member: Member, message: ToPrimary): void;
  /** Nothing more comes from it. */
  ended(member: Member, ending: Ending): void;
}

export class Member {
  stage: Stage = 'starting';
  readonly startedAt = performance.now();
  /** What it has told of itself last, as Prometheus text. */
  figures = '';
  /** Asked for its figures, and has not answered yet. */
  asked = false;
  readonly #worker: Worker;
  readonly #handover: Handover;
  readonly #remembered: () => Iterable<Remembered>;
  readonly #listen: MemberOptions['listen'];
  /** It has said hello, and is told what the others are told. */
  #heard = false;
  #backlogChars = 0;
  #behind = false;

  constructor({ port, remembered, listen, message, ended }: MemberOptions) {
    this.#remembered = remembered;
    this.#listen = listen;
    this.#worker = cluster.fork({ AEGIS_PORT: String(port) });
    this.#handover = watchHandover(this.#worker);
    this.#worker.on('message', (told: ToPrimary) => message(this, told));
    this.#worker.on('error', () => {});
    this.#worker.once('exit', (code: number | null, signal: string | null) => {
      const end = (): void => ended(this, { code, signal });
      // What it said last may still be in the channel.
      if (this.#worker.isConnected()) this.#worker.once('disconnect', end);
      else end();
    });
  }

  get id(): number {
    return this.#worker.id;
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Whether it can be spoken to. */
  get hears(): boolean {
    return this.#heard && this.stage !== 'ended';
  }

  /** It has said hello: it is told what is known so far, and then to listen. */
  welcome(): void {
    this.#heard = true;
    this.#tellAll();
    this.send(this.#listen());
  }

  send(message: ToWorker, done: () => void = () => {}): void {
    if (this.#worker.isConnected()) this.#worker.send(message, undefined, undefined, done);
  }

  /** Tells it what another has remembered. */
  tell(told: readonly Remembered[]): void {
    if (!this.hears || this.#behind) return;
    for (const { told: portion, chars } of portions(told)) this.#tellPortion(portion, chars);
  }

  #tellAll(): void {
    this.#behind = false;
    for (const { told, chars } of portions(this.#remembered())) this.#tellPortion(told, chars);
  }

  #tellPortion(told: readonly Remembered[], chars: number): void {
    if (this.#backlogChars > MAX_BACKLOG_CHARS) this.#behind = true;
    if (this.#behind) return;
    this.#backlogChars += chars;
    this.send({ kind: 'remembered', told }, () => {
      this.#backlogChars -= chars;
      if (this.#behind && this.#backlogChars === 0) this.#tellAll();
    });
  }

  /** It has ended: connections on their way to it go to others, where there are any. */
  giveBackConnections(others: boolean): void {
    this.#handover.giveBack(others);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }
}
