/**
 * The three ways a request's body goes up: whole, piped as it comes, or held first. Whichever it is, as long as all
 * that has gone is still at hand the request can be sent once more from its start.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { trailerPairs, type Framing } from '../http/headers.ts';
import type { Filter } from './filter.ts';
import { HoldTransform } from './filter-transform.ts';
import { Hold } from './hold.ts';

/** Opens the request upstream; called again for a second try. */
export type OpenRequest = (framing: Framing) => ClientRequest;

export class Upload {
  readonly #req: IncomingMessage;
  readonly #holdBytes: number;
  readonly #open: OpenRequest;
  /** How the request would be sent again; undefined once it is no longer all at hand. */
  #again: (() => void) | undefined;
  #settled = false;

  constructor(req: IncomingMessage, holdBytes: number, open: OpenRequest) {
    this.#req = req;
    this.#holdBytes = holdBytes;
    this.#open = open;
  }

  /** The whole body at once, with its length. */
  whole(chunks: readonly Buffer[], framing: Framing): void {
    const send = (): void => {
      const up = this.#open(framing);
      // Head and body in one write.
      up.cork();
      for (const chunk of chunks) up.write(chunk);
      up.end();
      up.uncork();
    };
    this.#again = send;
    send();
  }

  /** As it comes. What has gone is kept for as long as it fits the hold. */
  piped(source: Readable, framing: Framing): void {
    const sent = new Hold(this.#holdBytes);
    const keep = (chunk: Buffer): void => {
      if (!this.#settled && sent.add(chunk)) return;
      this.#again = undefined;
      sent.release();
      source.off('data', keep);
    };
    source.on('data', keep);
    this.#again = () => {
      const up = this.#open(framing);
      for (const chunk of sent.chunks) up.write(chunk);
      this.#join(source, up);
    };
    this.#join(source, this.#open(framing));
  }

  /** A Transform to pipe the body into: it gathers up to the hold and then sends whole or streams. */
  held(filter: Filter): HoldTransform {
    const hold = new HoldTransform(filter, this.#holdBytes, {
      whole: (chunks, bytes) => {
        if (this.#req.rawTrailers.length === 0) {
          this.whole(chunks, { kind: 'length', bytes });
          return;
        }
        // Trailers can only follow a chunked body: RFC 9112 section 7.1.2.
        for (const chunk of chunks) hold.push(chunk);
        this.piped(hold, { kind: 'chunked' });
      },
      overflow: () => this.#join(hold, this.#open({ kind: 'chunked' })),
    });
    return hold;
  }

  /** Sends the request again on the stream that `open` gives; false when it is no longer all at hand. */
  resend(): boolean {
    const send = this.#again;
    this.#again = undefined;
    send?.();
    return send !== undefined;
  }

  /** The answer has begun, or all is over: nothing need be kept any more. */
  settle(): void {
    this.#again = undefined;
    this.#settled = true;
  }

  #join(source: Readable, up: ClientRequest): void {
    const addTrailers = (): void => {
      const { rawTrailers } = this.#req;
      if (rawTrailers.length > 0) up.addTrailers(trailerPairs(rawTrailers));
    };
    if (source.readableEnded) {
      addTrailers();
      up.end();
      return;
    }
    // Registered before the pipe, whose own listener ends the request.
    source.once('end', addTrailers);
    source.pipe(up);
  }
}
