/**
 * Filters a body whose stated length is within the hold. All of it is waited for whatever comes, so there is no flow to
 * control: it goes through the filter as it arrives, without a stream of its own.
 */
import type { Readable } from 'node:stream';
import { Joiner } from './chunks.ts';
import type { Emit, Filter } from './filter.ts';
import type { Taken } from './filter-transform.ts';

export interface GatherOutcome {
  /** The body is complete, and this is what the filter made of it. */
  whole(chunks: readonly Buffer[], bytes: number): void;
  /** The filter has refused it, or `whole` has failed. */
  failed(error: Error): void;
}

export class Gather {
  /** Undefined once it has nothing more to do: an answer may be long under way, and need not keep it. */
  #filter: Filter | undefined;
  readonly #outcome: GatherOutcome;
  readonly #taken: Taken | undefined;
  readonly #emitted = new Joiner();
  #bytes = 0;
  readonly #emit: Emit = (bytes) => {
    this.#bytes += bytes.length;
    this.#emitted.add(bytes);
  };

  /** @param taken is told of each piece that comes. */
  constructor(source: Readable, filter: Filter, outcome: GatherOutcome, taken: Taken | undefined) {
    this.#filter = filter;
    this.#outcome = outcome;
    this.#taken = taken;
    source.on('data', (chunk: Buffer) => this.#push(chunk));
    source.on('end', () => this.#end());
  }

  /** What still comes is dropped, and what has come is let go. */
  stop(): void {
    this.#filter = undefined;
    this.#emitted.take();
  }

  #push(chunk: Buffer): void {
    const filter = this.#filter;
    if (filter === undefined) return;
    this.#taken?.(chunk.length);
    try {
      filter.push(chunk, this.#emit);
    } catch (error) {
      this.#outcome.failed(error as Error);
    }
  }

  #end(): void {
    const filter = this.#filter;
    if (filter === undefined) return;
    this.#filter = undefined;
    try {
      filter.end(this.#emit);
      this.#outcome.whole(this.#emitted.take(), this.#bytes);
    } catch (error) {
      this.#outcome.failed(error as Error);
    }
  }
}
