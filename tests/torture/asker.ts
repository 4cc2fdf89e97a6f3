// A client that asks one thing after the other on one connection, for as long as it likes: nothing of what it has read is kept.
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { parseResponse, type RawResponse } from '../support/exchange.ts';
import { within } from '../support/until.ts';

const DEADLINE_MS = 30_000;

export interface Asker {
  /** Sends a request and resolves with its answer. @throws Error when the connection ends before it has come. */
  ask(request: string): Promise<RawResponse>;
  close(): void;
}

export async function connectAsker(t: TestContext, port: number): Promise<Asker> {
  const socket = connect({ port, host: '127.0.0.1' });
  t.after(() => socket.destroy());
  let text = '';
  let settle: { resolve(answer: RawResponse): void; reject(error: Error): void } | undefined;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    const answer = parseResponse(text);
    if (answer === undefined) return;
    text = answer.after;
    settle?.resolve(answer);
  });
  socket.on('error', () => {});
  socket.on('close', () => settle?.reject(new Error(`closed after ${JSON.stringify(text.slice(0, 200))}`)));
  await within('the connection to be made', new Promise((resolve) => socket.once('connect', resolve)));
  return {
    ask: (request) => within('an answer', new Promise<RawResponse>((resolve, reject) => {
      settle = { resolve, reject };
      socket.write(request);
    }), DEADLINE_MS),
    close: () => socket.destroy(),
  };
}
