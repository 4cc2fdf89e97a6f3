/**
 * Joins two messages that have no Transform between them: what `.pipe()` does, with the few listeners that an
 * exchange needs. Chunks of one socket read leave as one: an upstream that sends each event in a chunk of its own would
 * otherwise cost a write each. Nothing waits for it: what has come is written before the next read.
 */
import type { OutgoingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { joinSmall } from './chunks.ts';

/** The source is paused while more than this waits to be taken. One socket read, so that a read alone never pauses. */
const HIGH_WATER_BYTES = 65_536;

export interface RelayWatch {
  /** These bytes are about to be written. */
  passes(bytes: Buffer): void;
  /** All has been written, and the target is about to be ended. */
  ends(to: OutgoingMessage): void;
}

export class Relay {
  readonly #from: Readable;
  readonly #watch: RelayWatch;
  /** Undefined once stopped: what still comes is dropped. */
  #to: OutgoingMessage | undefined;
  #first: Buffer | undefined;
  /** What came after the first in the same read. */
  #others: Buffer[] | undefined;
  #paused = false;
  #ended = false;

  constructor(from: Readable, to: OutgoingMessage, watch: RelayWatch) {
    this.#from = from;
    this.#to = to;
    this.#watch = watch;
    from.on('data', (chunk: Buffer) => {
      if (this.#first !== undefined) {
        (this.#others ??= []).push(chunk);
        return;
      }
      this.#first = chunk;
      process.nextTick(flush, this);
    });
    from.on('end', () => {
      this.flush();
      this.#ended = true;
      this.#end();
    });
  }

  /** Bytes have come that wait for the rest of their read. */
  get pending(): boolean {
    return this.#first !== undefined;
  }

  /** Goes on to another target, which has been given all that has passed so far. */
  redirect(to: OutgoingMessage): void {
    this.#to = to;
    if (this.#ended) this.#end();
    else this.#resume();
  }

  /** Nothing is written any more; the source may go on and is not listened to. */
  stop(): void {
    this.#to = undefined;
    this.#first = undefined;
    this.#others = undefined;
  }

  /** Writes what has come. */
  flush(): void {
    const first = this.#first;
    if (first === undefined) return;
    const others = this.#others;
    this.#first = undefined;
    this.#others = undefined;
    if (others === undefined) {
      this.#write(first);
      return;
    }
    others.unshift(first);
    for (const bytes of joinSmall(others)) this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    const to = this.#to;
    if (to === undefined) return;
    this.#watch.passes(bytes);
    if (to.write(bytes) || to.writableLength <= HIGH_WATER_BYTES || this.#paused) return;
    this.#paused = true;
    this.#from.pause();
    to.once('drain', () => {
      if (to === this.#to) this.#resume();
    });
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#from.resume();
  }

  #end(): void {
    if (this.#to === undefined) return;
    this.#watch.ends(this.#to);
    this.#to.end();
  }
}

function flush(relay: Relay): void {
  relay.flush();
}
