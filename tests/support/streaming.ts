// A stream that is under way: its first event has reached the client, and the test holds the upstream's end of it.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { startUpstream } from './upstream.ts';
import { connectWire, requestText, type WireClient } from './wire-client.ts';

interface Registering {
  readonly port: number;
  register(upstreamBase: string): Promise<string>;
}

export interface Streaming<T> {
  readonly gateway: T;
  readonly client: WireClient;
  /** The upstream's answer, to be gone on with or ended. */
  readonly answer: ServerResponse;
}

export async function startStreaming<T extends Registering>(t: TestContext, starting: Promise<T>): Promise<Streaming<T>> {
  let answer: ServerResponse | undefined;
  const upstream = await startUpstream(t, (_req, res) => {
    answer = res;
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write('data: one\n\n');
  });
  const gateway = await starting;
  const token = await gateway.register(upstream.url);
  const client = await connectWire(t, gateway.port);
  client.write(requestText('POST', `/v1/__gw__/t/${token}/x`, [], '{}'));
  await client.waitFor('data: one');
  assert.ok(answer);
  return { gateway, client, answer };
}
