/**
 * The server's requests, without what nobody here asks for: Node builds an object of all headers of each request to
 * look whether one of them is `Expect`, and that object costs more than all that an exchange looks at.
 */
import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import { firstHeader } from './raw-headers.ts';

const NO_EXPECTATION: IncomingHttpHeaders = Object.freeze({});

/**
 * A request whose `headers` hold `expect` alone, where there is one. Everything else is read from `rawHeaders`. For a
 * server with `requireHostHeader` off: Node would look for the Host there as well.
 */
export class RequestMessage extends IncomingMessage {
  static {
    // A property in the type definitions, which a class may not override by an accessor.
    Object.defineProperty(this.prototype, 'headers', {
      get(this: RequestMessage): IncomingHttpHeaders {
        const expect = firstHeader(this.rawHeaders, 'expect');
        return expect === undefined ? NO_EXPECTATION : { expect };
      },
    });
  }
}
