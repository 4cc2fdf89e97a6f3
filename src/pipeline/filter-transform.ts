/** The one Transform of a direction: a thin wrapper around composed filters. */
import { Transform, type TransformCallback } from 'node:stream';
import type { Emit, Filter } from './filter.ts';
import { Hold } from './hold.ts';

/** Hands bytes on as the filter emits them. */
export class FilterTransform extends Transform {
  readonly #filter: Filter;
  readonly #emit: Emit = (bytes) => {
    if (bytes.length > 0) this.handOn(bytes);
  };

  constructor(filter: Filter) {
    super();
    this.#filter = filter;
  }

  /** Where filtered bytes go. */
  protected handOn(bytes: Buffer): void {
    this.push(bytes);
  }

  /** The filtered body is complete. */
  protected finished(): void {}

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#filter.push(chunk, this.#emit);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#filter.end(this.#emit);
      this.finished();
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }
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

  constructor(filter: Filter, holdBytes: number, outcome: HoldOutcome) {
    super(filter);
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
