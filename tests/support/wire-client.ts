// A client that writes bytes and reads bytes: nothing between the test and what stands on the wire.
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { until } from './until.ts';

export interface WireClient {
  readonly socket: Socket;
  write(text: string | Buffer): void;
  /** What has come so far, as latin1. */
  received(): string;
  /** Waits until what has come holds `text`. */
  waitFor(text: string): Promise<string>;
  /** Waits until the connection is closed; returns all that came. */
  closed(): Promise<string>;
  /** `end` after an orderly close by the other side, `reset` after a reset, undefined while open. */
  ending(): 'end' | 'reset' | undefined;
}

export async function connectWire(t: TestContext, port: number): Promise<WireClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  let ending: 'end' | 'reset' | undefined;
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('end', () => {
    ending ??= 'end';
  });
  socket.on('error', () => {
    ending = 'reset';
  });
  socket.on('close', () => {
    ending ??= 'reset';
  });
  t.after(() => socket.destroy());
  await until('the connection to be made', () => !socket.connecting);
  return {
    socket,
    write: (text) => void socket.write(text),
    received: () => received,
    async waitFor(text) {
      await until(`the text ${JSON.stringify(text)} to arrive`, () => received.includes(text));
      return received;
    },
    async closed() {
      await until('the connection to be closed', () => ending !== undefined);
      return received;
    },
    ending: () => ending,
  };
}

/** A GET or a request with a body of known length, as text. */
export function requestText(method: string, target: string, headers: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${method} ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, ...length, '', body].join('\r\n');
}
