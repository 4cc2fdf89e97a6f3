// An upstream of bare TCP whose answer to each request is a script of the test's, chosen by the request's path.
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { startRawUpstream, type TestUpstream } from '../support/upstream.ts';

/** What happens on the connection once a request for the script's path is whole. */
export type Script = (socket: Socket, target: string) => void;

export interface ScriptedUpstream extends TestUpstream {
  /** Scripts by the path that they answer; any other is answered by `honestAnswer`. */
  readonly scripts: Map<string, Script>;
  /** How often each path was asked for. */
  readonly asked: ReadonlyMap<string, number>;
}

/** The right answer to a request: its own path. */
export function honestAnswer(target: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${target.length}\r\n\r\n${target}`;
}

const REQUEST = /^[A-Z]+ (\S+) HTTP\/1\.1\r\n[^]*?\r\n\r\n/;

/** Takes requests without a body, or whose body is `{}`. */
export async function startScriptedUpstream(t: TestContext): Promise<ScriptedUpstream> {
  const scripts = new Map<string, Script>();
  const asked = new Map<string, number>();
  const upstream = await startRawUpstream(t, (socket) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let match = REQUEST.exec(text); match !== null; match = REQUEST.exec(text)) {
        text = text.slice(match[0].length);
        if (text.startsWith('{}')) text = text.slice(2);
        const target = match[1] ?? '';
        asked.set(target, (asked.get(target) ?? 0) + 1);
        const script = scripts.get(target);
        if (script === undefined) socket.write(honestAnswer(target));
        else script(socket, target);
      }
    });
  });
  return { ...upstream, scripts, asked };
}
