/**
 * Answers that wait behind another one on their connection (pipelined requests). Node tells a response that its connection
 * has closed only once it is its turn, which then never comes.
 */
import type { Socket } from 'node:net';

const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `act` when the connection closes. One listener a connection, however many wait.
 * @returns takes it back.
 */
export function onConnectionClosed(socket: Socket, act: () => void): () => void {
  let acts = waiting.get(socket);
  if (acts === undefined) {
    const all = new Set<() => void>();
    acts = all;
    waiting.set(socket, all);
    socket.once('close', () => {
      for (const each of [...all]) each();
    });
  }
  acts.add(act);
  return () => waiting.get(socket)?.delete(act);
}
