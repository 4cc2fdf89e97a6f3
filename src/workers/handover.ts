/**
 * Connections on their way to a worker. node:cluster's primary accepts them, sends each to a worker, and lets go of it
 * when the worker has said that it has it. Where the worker dies in between (one that is out of memory stands still
 * before it does), Node forgets the connection and leaves it open: the client would wait for good.
 *
 * Node has no public way to see this, so the messages of its own protocol are watched
 * (https://github.com/nodejs/node/blob/main/lib/internal/cluster/round_robin_handle.js). Were they to change, a
 * connection would be lost as before, and nothing else.
 */
import type { Worker } from 'node:cluster';

export interface Handover {
  /** The worker is gone. @param others there are some, who get what was on its way to it; otherwise it is closed. */
  giveBack(others: boolean): void;
}

interface Closable {
  close(): void;
}

export function watchHandover(worker: Worker): Handover {
  /** By the number of the message that carried it. */
  const underWay = new Map<number, Closable>();
  const child = worker.process;
  const send = child.send as (this: typeof child, message: unknown, ...rest: unknown[]) => boolean;

  child.send = (message: unknown, ...rest: unknown[]): boolean => {
    const seq = fieldOf(message, 'act') === 'newconn' ? fieldOf(message, 'seq') : undefined;
    if (typeof seq === 'number' && isClosable(rest[0])) underWay.set(seq, rest[0]);
    return send.call(child, message, ...rest);
  };
  child.on('internalMessage', (message: unknown) => {
    const ack = fieldOf(message, 'ack');
    if (typeof ack === 'number') underWay.delete(ack);
  });

  return {
    giveBack(others) {
      for (const [ack, connection] of [...underWay]) {
        underWay.delete(ack);
        // What a worker says that is shutting down: Node gives the connection to the next.
        if (others) child.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted: false });
        else connection.close();
      }
    },
  };
}

function fieldOf(message: unknown, name: string): unknown {
  return typeof message === 'object' && message !== null && name in message ? (message as Record<string, unknown>)[name] : undefined;
}

function isClosable(value: unknown): value is Closable {
  return typeof value === 'object' && value !== null && 'close' in value && typeof value.close === 'function';
}
