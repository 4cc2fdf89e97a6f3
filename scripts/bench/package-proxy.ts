/**
 * The http-proxy-3 package as a proxy of its own, for comparison; it is measured only where it can be resolved.
 *
 * Usage: node package-proxy.js <upstream port> <file of the package's entry>
 */
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';

interface PackageProxy {
  web(req: IncomingMessage, res: ServerResponse): void;
  on(event: 'error', listener: (error: Error, req: IncomingMessage, res: ServerResponse) => void): void;
}

const [, , upstreamPort, entry] = process.argv;
if (upstreamPort === undefined || entry === undefined) throw new Error('two arguments are needed');
const { createProxyServer } = createRequire(import.meta.url)(entry) as {
  createProxyServer(options: object): PackageProxy;
};
const proxy = createProxyServer({ target: `http://127.0.0.1:${upstreamPort}`, agent: new Agent({ keepAlive: true }) });
proxy.on('error', (_error, _req, res) => res.destroy());

const server = createServer((req, res) => proxy.web(req, res));
server.requestTimeout = 0;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') console.log(`http://127.0.0.1:${address.port}`);
});
