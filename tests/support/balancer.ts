// nginx and haproxy in front of gateways, with the settings that docs/scaling.md gives: processes of their own, with all
// that they write in a folder of their own.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { untilAsync } from './until.ts';

export type BalancerName = 'nginx' | 'haproxy';
export const BALANCERS: readonly BalancerName[] = ['nginx', 'haproxy'];

/** Debian keeps them where only root's PATH leads. */
const ENV = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin` };

/** Its version, or undefined where there is none. */
export function balancerVersion(name: BalancerName): string | undefined {
  const { status, stdout, stderr } = spawnSync(name, ['-v'], { env: ENV, encoding: 'utf8' });
  return status === 0 ? (/(?:nginx\/|version )(\S+)/.exec(stdout + stderr)?.[1] ?? 'of an unknown version') : undefined;
}

/** A fenced block of the document, by its language. @throws Error when there is not exactly one. */
export function documentBlock(language: string): string {
  const text = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8');
  const [block, ...others] = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, inside]) => inside ?? '');
  if (block === undefined || others.length > 0) throw new Error(`docs/scaling.md has ${others.length === 0 ? 'no' : 'more than one'} block of ${language}`);
  return block;
}

/** What the document has in the place of this test's own: the gateways' addresses, the public port and its certificate. */
function replaced(text: string, what: RegExp, by: string): string {
  if (!what.test(text)) throw new Error(`docs/scaling.md has nothing like ${what.source} to put a test's own value in the place of`);
  return text.replace(what, by);
}

function nginxSettings(folder: string, port: number, gateways: readonly number[]): string {
  let http = documentBlock('nginx');
  gateways.forEach((gateway, i) => (http = replaced(http, new RegExp(`10\\.0\\.0\\.1${i + 1}:18080`), `127.0.0.1:${gateway}`)));
  http = replaced(http, /listen 443 ssl;/, `listen 127.0.0.1:${port};`);
  http = replaced(http, /^ *ssl_certificate[^\n]*\n *ssl_certificate_key[^\n]*\n/m, '');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `daemon off; worker_processes 1; ${user} pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
    events { worker_connections 1024; } http { access_log off; ${temporary}\n${http}\n}`;
}

function haproxySettings(_folder: string, port: number, gateways: readonly number[]): string {
  let text = documentBlock('haproxy');
  gateways.forEach((gateway, i) => (text = replaced(text, new RegExp(`10\\.0\\.0\\.1${i + 1}:18080`), `127.0.0.1:${gateway}`)));
  return replaced(text, /bind :443 ssl crt \S+/, `bind 127.0.0.1:${port}`);
}

/** Starts a balancer before gateways on these ports; returns its own port. */
export async function startBalancer(t: TestContext, name: BalancerName, gateways: readonly number[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), `aegis-${name}-`));
  const port = await freePort();
  const config = join(folder, `${name}.conf`);
  await writeFile(config, name === 'nginx' ? nginxSettings(folder, port, gateways) : haproxySettings(folder, port, gateways));
  const args = name === 'nginx' ? ['-p', folder, '-c', config, '-e', join(folder, 'error.log')] : ['-db', '-f', config];
  const child = spawn(name, args, { env: ENV, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  t.after(async () => {
    // SIGTERM: nginx's workers end with it, which SIGKILL would leave behind.
    child.kill('SIGTERM');
    await gone;
    await rm(folder, { recursive: true, force: true });
  });
  await untilAsync(`${name} to listen`, () => {
    if (child.exitCode !== null) throw new Error(`${name} ended at its start: ${told}`);
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

/** A port that was free a moment ago: a balancer can't choose one and tell it. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
