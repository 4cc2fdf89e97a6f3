/**
 * The seam between the pipeline and what it filters with.
 *
 * A Filter is pure and synchronous: bytes in, bytes out. For each direction of each exchange every FilterSource is
 * asked once; one that has nothing to do there answers undefined and costs nothing more. What is left is composed
 * inside a single Transform; when nothing is left, there is none.
 */
import type { SecurityLevel } from '../guards/policy.ts';
import type { ExchangeNotes } from '../observe/notes.ts';
import type { TokenEntry } from '../tokens/table.ts';
import type { FilterMode } from '../tokens/token.ts';
import type { Wire } from '../wire/endpoint.ts';

export type Emit = (bytes: Buffer) => void;

export interface Filter {
  /**
   * Takes the next bytes and emits, in order, what may go on now. The chunk itself or parts of it may be emitted
   * without a copy; it is not written to. What is emitted in all must not depend on how the input was cut.
   * @throws GatewayError to refuse the exchange; any other error ends it as well.
   */
  push(chunk: Buffer, emit: Emit): void;
  /** The input is complete: emits what was held back. */
  end(emit: Emit): void;
}

/** What both directions of one exchange know; filters of the two sides share state through `findings`. */
export interface FilterContext {
  readonly entry: TokenEntry;
  /** Never `passthrough`: then no source is asked. */
  readonly mode: Exclude<FilterMode, 'passthrough'>;
  readonly level: SecurityLevel;
  readonly wire: Wire;
  readonly requestId: string;
  /** Short names of what was found, for the `x-aegis-findings` header; never what it was found in. */
  readonly findings: Set<string>;
  /** For people who watch: in memory only. */
  readonly notes: ExchangeNotes;
}

export interface RequestHead {
  /** In lower case, without parameters; empty when there is none. */
  readonly mediaType: string;
}

export interface ResponseHead {
  readonly status: number;
  readonly mediaType: string;
}

/** Makes the filters of one exchange. One object per exchange, so that its two sides can know of each other. */
export interface ExchangeFilters {
  request(head: RequestHead): Filter | undefined;
  response(head: ResponseHead): Filter | undefined;
}

export type FilterSource = (context: FilterContext) => ExchangeFilters;

/** The filters of one direction as one: what the first emits the second takes, and so on, in the same tick. */
export function compose(filters: readonly Filter[]): Filter {
  const [first, ...others] = filters;
  if (first === undefined) throw new Error('nothing to compose');
  if (others.length === 0) return first;
  const next = compose(others);
  return {
    push: (chunk, emit) => first.push(chunk, (bytes) => next.push(bytes, emit)),
    end(emit) {
      first.end((bytes) => next.push(bytes, emit));
      next.end(emit);
    },
  };
}

/** The media type of a Content-Type header: RFC 9110 section 8.3.1. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const semicolon = contentType.indexOf(';');
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
}
