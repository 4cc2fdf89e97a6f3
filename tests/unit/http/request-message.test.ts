import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { RequestMessage } from '../../../src/http/request-message.ts';
import { connectWire, requestText } from '../../support/wire-client.ts';

/** A server that tells which of its events a request came by, and what it shows of the headers. */
async function answered(t: TestContext, headers: readonly string[]): Promise<{ by: string; req: IncomingMessage }> {
  const server = createServer({ IncomingMessage: RequestMessage, requireHostHeader: false });
  t.after(() => server.close());
  const seen = new Promise<{ by: string; req: IncomingMessage }>((resolve) => {
    for (const by of ['request', 'checkContinue', 'checkExpectation']) {
      server.on(by, (req: IncomingMessage, res: ServerResponse) => {
        res.end();
        resolve({ by, req });
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = await connectWire(t, (server.address() as AddressInfo).port);
  client.write(requestText('GET', '/', headers));
  const found = await seen;
  client.socket.destroy();
  return found;
}

test('Node still sees what a client expects, in any case, and all else is in the raw headers', async (t) => {
  assert.equal((await answered(t, ['expect: 100-continue'])).by, 'checkContinue');
  assert.equal((await answered(t, ['EXPECT: something else'])).by, 'checkExpectation');
  const { by, req } = await answered(t, ['X-One: 1', 'x-one: 2', 'Cookie: a=b']);
  assert.equal(by, 'request');
  assert.deepEqual(req.headers, {});
  assert.deepEqual(req.rawHeaders.slice(-6), ['X-One', '1', 'x-one', '2', 'Cookie', 'a=b']);
});

test('the shared empty headers can\'t be written to', async (t) => {
  const { req } = await answered(t, []);
  assert.throws(() => {
    req.headers['x-own'] = '1';
  }, TypeError);
});
