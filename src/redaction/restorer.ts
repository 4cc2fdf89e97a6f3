/** What both restorers share: their options, and the seam they fill. */

/** One direction's pure filter: bytes in, bytes out, at once. */
export interface RestoringFilter {
  /** `emit` may be given the chunk itself or parts of it. */
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void;
  /** No more input: emits what is still held. */
  end(emit: (bytes: Buffer) => void): void;
}

export interface RestorerOptions {
  /** The value behind a placeholder's last twelve characters (lower case); undefined leaves the placeholder as it is. */
  readonly lookup: (id: string) => string | undefined;
  /** Called once for every placeholder replaced. */
  readonly onRestored?: (id: string) => void;
}

export { createJsonRestorer } from './json-restorer.ts';
export { createSseRestorer } from './sse-restorer.ts';
