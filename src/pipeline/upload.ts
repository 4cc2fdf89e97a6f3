/**
 * The ways a request's body goes up: whole, as it comes, or held first. Whichever it is, as long as all that has
 * gone is still at hand the request can be sent once more from its start.
 */
import type { ClientRequest, IncomingMessage, OutgoingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { trailerPairs, type Framing } from '../http/headers.ts';
import type { Filter } from './filter.ts';
import { Gather } from './gather.ts';
import { HoldTransform, type Taken } from './filter-transform.ts';
import { Hold } from './hold.ts';
import { Relay } from './relay.ts';

/** Opens the request upstream; called again for a second try. */
export type OpenRequest = (framing: Framing) => ClientRequest;

export class Upload {
  readonly #req: IncomingMessage;
  readonly #holdBytes: number;
  readonly #open: OpenRequest;
  #framing: Framing = { kind: 'none' };
  /**
   * What has gone, while the request may have to be sent again; undefined once it is no longer all at hand. A closure
   * that sends again would say it shorter, but V8 then keeps every exchange until its old generation is collected.
   */
  #sent: Hold | undefined;
  /** The same of a body that goes as a whole. */
  #whole: readonly Buffer[] | undefined;
  #relay: Relay | undefined;
  #gather: Gather | undefined;
  #piped: Readable | undefined;

  constructor(req: IncomingMessage, holdBytes: number, open: OpenRequest) {
    this.#req = req;
    this.#holdBytes = holdBytes;
    this.#open = open;
  }

  /** The whole body at once, with its length. */
  whole(chunks: readonly Buffer[], framing: Framing): void {
    this.#framing = framing;
    this.#whole = chunks;
    this.#sendWhole(chunks);
  }

  /** The request's own bytes, as they come. @param passed is told of each piece that goes. */
  relayed(framing: Framing, passed: Taken): void {
    this.#framing = framing;
    this.#sent = new Hold(this.#holdBytes);
    this.#relay = new Relay(this.#req, this.#open(framing), {
      passes: (bytes) => {
        passed(bytes.length);
        this.#keep(bytes);
      },
      ends: (up) => this.#addTrailers(up),
    });
  }

  /** What a Transform yields, as it comes. */
  piped(source: Readable, framing: Framing): void {
    this.#framing = framing;
    this.#piped = source;
    this.#sent = new Hold(this.#holdBytes);
    const keep = (chunk: Buffer): void => {
      if (!this.#keep(chunk)) source.off('data', keep);
    };
    source.on('data', keep);
    this.#join(source, this.#open(framing));
  }

  /**
   * A body of a stated length within the hold: filtered as it comes, and sent when it is complete.
   * @param failed is told what has ended it.
   */
  gathered(filter: Filter, taken: Taken, failed: (error: Error) => void): void {
    this.#gather = new Gather(this.#req, filter, { whole: (chunks, bytes) => this.whole(chunks, { kind: 'length', bytes }), failed }, taken);
  }

  /** A Transform to pipe the body into: it gathers up to the hold and then sends whole or streams. */
  held(filter: Filter, taken: Taken | undefined): HoldTransform {
    const hold: HoldTransform = new HoldTransform(filter, this.#holdBytes, {
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
    }, taken);
    return hold;
  }

  /** Sends the request again on the stream that `open` gives; false when it is no longer all at hand. */
  resend(): boolean {
    if (this.#whole !== undefined) {
      this.#sendWhole(this.#whole);
      return true;
    }
    const chunks = this.#sent?.chunks;
    if (chunks === undefined) return false;
    const up = this.#open(this.#framing);
    for (const chunk of chunks) up.write(chunk);
    if (this.#relay !== undefined) this.#relay.redirect(up);
    else if (this.#piped !== undefined) this.#join(this.#piped, up);
    return true;
  }

  /** The answer has begun: nothing need be kept any more. */
  settle(): void {
    this.#whole = undefined;
    this.#sent = undefined;
  }

  /** All is over: nothing goes up any more. */
  stop(): void {
    this.settle();
    this.#relay?.stop();
    this.#gather?.stop();
    this.#req.unpipe();
  }

  /** Keeps what goes for as long as it fits; false when nothing is kept any more. */
  #keep(chunk: Buffer): boolean {
    if (this.#sent?.add(chunk) === true) return true;
    this.#sent = undefined;
    return false;
  }

  #sendWhole(chunks: readonly Buffer[]): void {
    const up = this.#open(this.#framing);
    // Head and body in one write.
    up.cork();
    for (const chunk of chunks) up.write(chunk);
    up.end();
    up.uncork();
  }

  #addTrailers(up: OutgoingMessage): void {
    const { rawTrailers } = this.#req;
    if (rawTrailers.length > 0) up.addTrailers(trailerPairs(rawTrailers));
  }

  #join(source: Readable, up: ClientRequest): void {
    if (source.readableEnded) {
      this.#addTrailers(up);
      up.end();
      return;
    }
    // Registered before the pipe, whose own listener ends the request.
    source.once('end', () => this.#addTrailers(up));
    source.pipe(up);
  }
}
