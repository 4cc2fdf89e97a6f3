// Upstreams for gateway tests: an http server with the test's own handler, or a raw one that answers bytes.
import { createServer, type IncomingMessage, type ServerResponse, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface TestUpstream {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Sockets that are open now. */
  readonly sockets: ReadonlySet<Socket>;
}

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** An http upstream; closed with all its connections when the test ends. */
export async function startUpstream(t: TestContext, handler: Handler, configure?: (server: Server) => void): Promise<TestUpstream> {
  const server = createServer({ requestTimeout: 0, maxHeaderSize: 1_048_576 }, handler);
  server.keepAliveTimeout = 60_000;
  server.maxHeadersCount = 0;
  configure?.(server);
  return listening(t, server);
}

/** An upstream of bare TCP: `onSocket` reads and writes what it likes. */
export async function startRawUpstream(t: TestContext, onSocket: (socket: Socket) => void): Promise<TestUpstream> {
  return listening(
    t,
    createTcpServer((socket) => {
      socket.on('error', () => {});
      onSocket(socket);
    }),
  );
}

async function listening(t: TestContext, server: ReturnType<typeof createTcpServer>): Promise<TestUpstream> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, sockets };
}

/** The whole body of a message. */
export async function bodyOf(message: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
