// An HTTP proxy for one upstream, whatever name it is asked for: names that no DNS knows lead there too.
import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface ProxiedRequest {
  readonly method: string;
  /** The request target: of absolute form, or `host:port` of a CONNECT. */
  readonly target: string;
  readonly rawHeaders: readonly string[];
}

export interface FakeProxy {
  readonly port: number;
  /** What it was asked for, in order. */
  readonly seen: ProxiedRequest[];
  /** Its tunnels that are open now. */
  readonly tunnels: ReadonlySet<Socket>;
}

export interface FakeProxyOptions {
  readonly upstreamPort: number;
  /** Instead of a tunnel: the answer to CONNECT, as bytes. The connection is closed after it. */
  readonly answerConnect?: string;
}

export async function startFakeProxy(t: TestContext, { upstreamPort, answerConnect }: FakeProxyOptions): Promise<FakeProxy> {
  const seen: ProxiedRequest[] = [];
  const tunnels = new Set<Socket>();
  const server = createServer((req, res) => {
    const { method = '', url = '', rawHeaders } = req;
    seen.push({ method, target: url, rawHeaders });
    const up = httpRequest({ host: '127.0.0.1', port: upstreamPort, method, path: new URL(url).pathname + new URL(url).search, headers: req.headers, agent: false }, (upRes) => {
      res.writeHead(upRes.statusCode ?? 0, upRes.headers);
      upRes.pipe(res);
    });
    up.on('error', () => res.destroy());
    req.pipe(up);
  });
  server.on('connect', ({ method = '', url = '', rawHeaders }, socket: Socket) => {
    seen.push({ method, target: url, rawHeaders });
    socket.on('error', () => {});
    if (answerConnect !== undefined) {
      socket.end(answerConnect);
      return;
    }
    tunnels.add(socket);
    socket.on('close', () => tunnels.delete(socket));
    const up = connect(upstreamPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(up).pipe(socket);
    });
    up.on('error', () => socket.destroy());
    socket.on('close', () => up.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
    for (const socket of tunnels) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, seen, tunnels };
}
