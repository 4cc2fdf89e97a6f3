/**
 * The three ways a request's body goes up: whole, piped as it comes, or held first. Whichever it is, as long as all
 * that has gone is still at hand the request can be sent once more from its start.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { trailerPairs, type Framing } from '../http/headers.ts';
import type { Filter } from './filter.ts';
import { HoldTransform } from './filter-transform.ts';
import { createHold } from './hold.ts';

/** Opens the request upstream; called again for a second try. */
export type OpenRequest = (framing: Framing) => ClientRequest;

export interface Upload {
  /** The whole body at once, with its length. */
  whole(chunks: readonly Buffer[], framing: Framing): void;
  /** As it comes. What has gone is kept for as long as it fits the hold. */
  piped(source: Readable, framing: Framing): void;
  /** A Transform to pipe the body into: it gathers up to the hold and then sends whole or streams. */
  held(filter: Filter): HoldTransform;
  /** Sends the request again on the stream that `open` gives; false when it is no longer all at hand. */
  resend(): boolean;
  /** The answer has begun, or all is over: nothing need be kept any more. */
  settle(): void;
}

export function createUpload(req: IncomingMessage, holdBytes: number, open: OpenRequest): Upload {
  let again: (() => void) | undefined;
  let settled = false;

  function whole(chunks: readonly Buffer[], framing: Framing): void {
    const send = (): void => {
      const up = open(framing);
      // Head and body in one write.
      up.cork();
      for (const chunk of chunks) up.write(chunk);
      up.end();
      up.uncork();
    };
    again = send;
    send();
  }

  function piped(source: Readable, framing: Framing): void {
    const sent = createHold(holdBytes);
    const keep = (chunk: Buffer): void => {
      if (!settled && sent.add(chunk)) return;
      again = undefined;
      sent.release();
      source.off('data', keep);
    };
    source.on('data', keep);
    again = () => {
      const up = open(framing);
      for (const chunk of sent.chunks) up.write(chunk);
      join(source, up);
    };
    join(source, open(framing));
  }

  function held(filter: Filter): HoldTransform {
    const hold = new HoldTransform(filter, holdBytes, {
      whole(chunks, bytes) {
        if (req.rawTrailers.length === 0) {
          whole(chunks, { kind: 'length', bytes });
          return;
        }
        // Trailers can only follow a chunked body: RFC 9112 section 7.1.2.
        for (const chunk of chunks) hold.push(chunk);
        piped(hold, { kind: 'chunked' });
      },
      overflow: () => join(hold, open({ kind: 'chunked' })),
    });
    return hold;
  }

  function join(source: Readable, up: ClientRequest): void {
    const addTrailers = (): void => {
      if (req.rawTrailers.length > 0) up.addTrailers(trailerPairs(req.rawTrailers));
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

  return {
    whole,
    piped,
    held,
    resend() {
      const send = again;
      again = undefined;
      send?.();
      return send !== undefined;
    },
    settle() {
      again = undefined;
      settled = true;
    },
  };
}
