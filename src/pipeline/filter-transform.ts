/** The one Transform of a direction: a thin wrapper around composed filters. */
import { Transform, type TransformCallback } from 'node:stream';
import { join, Joiner } from './chunks.ts';
import type { Emit, Filter } from './filter.ts';
import { Hold } from './hold.ts';

/** Twice a socket read, so that a read alone never makes the source pause. */
const HIGH_WATER_BYTES = 131_072;

/** Is told how many bytes the filter is given, as they are. */
export type Taken = (bytes: number) => void;

/**
 * Hands bytes on as the filter emits them. The first chunk of a tick goes through at once, which is all there is of a
 * slow stream; what is written behind it before the next tick goes through the filter together, and what the filter emits
 * together leaves together: an upstream that sends each event in a chunk of its own would otherwise cost a walk through
 * both streams each.
 */
export class FilterTransform extends Transform {
  readonly #filter: Filter;
  readonly #taken: Taken | undefined;
  readonly #emitted = new Joiner();
  readonly #emit: Emit = (bytes) => this.#emitted.add(bytes);
  /** Something was written in this tick. */
  #inTick = false;
  /** More than that, which waits for the tick's end. */
  #gathering = false;

  constructor(filter: Filter, taken?: Taken) {
    super({ writableHighWaterMark: HIGH_WATER_BYTES });
    this.#filter = filter;
    this.#taken = taken;
  }

  /** Where filtered bytes go. */
  protected handOn(bytes: Buffer): void {
    this.push(bytes);
  }

  /** The filtered body is complete. */
  protected finished(): void {}

  override write(...args: unknown[]): boolean {
    if (!this.#inTick) {
      this.#inTick = true;
      process.nextTick(release, this);
    } else if (!this.#gathering) {
      this.#gathering = true;
      this.cork();
    }
    return Reflect.apply(super.write, this, args);
  }

  /** What was gathered in this tick may go through the filter. */
  release(): void {
    this.#inTick = false;
    if (!this.#gathering) return;
    this.#gathering = false;
    this.uncork();
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this._write(join(chunks.map(({ chunk }) => chunk)), 'binary', done);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#taken?.(chunk.length);
    try {
      this.#filter.push(chunk, this.#emit);
      this.#leave();
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#filter.end(this.#emit);
      this.#leave();
      this.finished();
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  #leave(): void {
    for (const bytes of this.#emitted.take()) this.handOn(bytes);
  }
}

function release(transform: FilterTransform): void {
  transform.release();
}

/** What a held request turns out to be; called once. */
export interface HoldOutcome {
  /** The body is complete and this is all of it. Nothing will be read from the Transform. */
  whole(chunks: readonly Buffer[], bytes: number): void;
  /** It is larger than the hold: the Transform is now to be piped on, and yields the body from its first byte. */
  overflow(): void;
}

/** A FilterTransform whose output is gathered up to a bound before anything is handed on. */
export class HoldTransform extends FilterTransform {
  readonly #hold: Hold;
  readonly #outcome: HoldOutcome;

  constructor(filter: Filter, holdBytes: number, outcome: HoldOutcome, taken?: Taken) {
    super(filter, taken);
    this.#hold = new Hold(holdBytes);
    this.#outcome = outcome;
  }

  protected override handOn(bytes: Buffer): void {
    if (this.#hold.overflowed) {
      this.push(bytes);
      return;
    }
    if (this.#hold.add(bytes)) return;
    for (const held of this.#hold.release()) this.push(held);
    this.#outcome.overflow();
  }

  protected override finished(): void {
    if (!this.#hold.overflowed) this.#outcome.whole(this.#hold.release(), this.#hold.bytes);
  }
}

/** For a body that is only held: nothing in it changes. */
export const UNCHANGED: Filter = {
  push: (chunk, emit) => emit(chunk),
  end() {},
};
