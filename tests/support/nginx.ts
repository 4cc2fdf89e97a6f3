// nginx in front of gateways, as docs/scaling.md tells to set it up: a process of its own, with all it writes in a folder
// of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { untilAsync } from './until.ts';

/** Debian keeps it where only root's PATH leads. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin`;

/** Its version, or undefined where there is none. */
export function nginxVersion(): string | undefined {
  const { status, stderr } = spawnSync('nginx', ['-v'], { env: { ...process.env, PATH }, encoding: 'utf8' });
  return status === 0 ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? 'of an unknown version') : undefined;
}

/**
 * Starts nginx with the settings of a document.
 * @param location the text between the braces of `location / {`, as the document has it.
 * @param pool the text between the braces of `upstream aegisgate {`.
 * @returns its port.
 */
export async function startNginx(t: TestContext, { location, pool }: { location: string; pool: string }): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'aegis-nginx-'));
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ');
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log ${join(folder, 'error.log')};
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    events { worker_connections 1024; }
    http { access_log off; ${temporary}
      upstream aegisgate { ${pool} }
      server { listen 127.0.0.1:${port}; client_max_body_size 0; location / { ${location} } } }`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', config, '-e', join(folder, 'error.log')], { env: { ...process.env, PATH }, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  t.after(async () => {
    // SIGTERM: its workers end with it, which SIGKILL would leave behind.
    child.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  });
  await untilAsync('nginx to listen', async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended at its start: ${told}`);
    return accepts(port);
  });
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** A port that was free a moment ago: nginx can't choose one and tell it. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
