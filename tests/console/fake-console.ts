/**
 * The console's server side as the page sees it, with figures that a test sets: for states that a real gateway is slow to
 * come into, such as ten thousand exchanges, a session that ends, or a connection that is lost.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { SampleExchange } from './sample-data.ts';

const PAGE = fileURLToPath(new URL('../../dist/console/page/', import.meta.url));
const PATH = '/__gw__/console';
/** As the gateway sends it. */
export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const TYPES: Readonly<Record<string, string>> = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };

export interface FakeState {
  login: 'not-needed' | 'needed' | 'in';
  started: string;
  exchanges: SampleExchange[];
  overview: unknown;
  tokens: Readonly<Record<string, unknown>>[];
  trial: unknown;
}

export interface FakeConsole {
  readonly url: string;
  readonly state: FakeState;
  /** Bodies of the calls that came, by name. */
  readonly calls: { readonly name: string; readonly body: unknown }[];
  /** Sends to all who watch, and keeps for those who come. */
  send(...exchanges: readonly SampleExchange[]): void;
  sendGap(missed: number): void;
  readonly watchers: number;
  /** Cuts all connections and takes none until `resume`. */
  cut(): void;
  resume(): Promise<void>;
  close(): void;
}

const EMPTY_OVERVIEW = { minutes: [], open: 0, rules: [], clients: [], upstreams: [], latency: {} };

export async function startFakeConsole(given: Partial<FakeState> = {}): Promise<FakeConsole> {
  const state: FakeState = { login: 'not-needed', started: 'first', exchanges: [], overview: EMPTY_OVERVIEW, tokens: [], trial: { levels: {} }, ...given };
  const calls: { name: string; body: unknown }[] = [];
  const watchers = new Set<ServerResponse>();
  const sockets = new Set<Socket>();

  const server = createServer((req, res) => void answer(req, res));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  function json(res: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
    res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(JSON.stringify(body));
  }

  function refuse(res: ServerResponse, status: number, code: string, message: string, headers: Record<string, string> = {}): void {
    json(res, { type: 'error', error: { type: 'invalid_request_error', code, message, param: null } }, status, headers);
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://fake');
    if (url.pathname === PATH) return sendFile(res, 'index.html');
    const name = url.pathname.slice(PATH.length + 1);
    if (/^[a-z0-9-]+\.(?:html|css|js|svg)$/.test(name)) return sendFile(res, name);
    let text = '';
    for await (const chunk of req) text += String(chunk);
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (req.method === 'POST') calls.push({ name, body });
    if (name === 'session') return json(res, { login: state.login, level: 'medium', version: '0.1.0', workers: 1, started: state.started });
    if (name === 'login') {
      if (body['gateway_key'] === 'too-many') return refuse(res, 429, 'too_many_requests', 'Too many wrong keys.', { 'retry-after': '30' });
      if (body['gateway_key'] !== 'right') return refuse(res, 403, 'gateway_key_invalid', 'The key is wrong.');
      state.login = 'in';
      return json(res, { ok: true });
    }
    if (state.login === 'needed') return refuse(res, 401, 'console_login_required', 'Log in.');
    switch (name) {
      case 'logout':
        state.login = 'needed';
        return json(res, { ok: true });
      case 'exchanges':
        return watch(res, Number(url.searchParams.get('after') ?? 0));
      case 'overview':
        return json(res, state.overview);
      case 'tokens':
        return json(res, { tokens: state.tokens });
      case 'register':
        return register(res, body);
      case 'update':
        state.tokens = state.tokens.map((token) => (token['fingerprint'] === body['token'] ? { ...token, ...body, token: token['token'] } : token));
        return json(res, {});
      case 'unregister':
        state.tokens = state.tokens.filter((token) => token['fingerprint'] !== body['token']);
        return json(res, { ok: true });
      case 'clients':
        return json(res, { clients: [{ id: 'claude-code', title: 'Claude Code' }, { id: 'codex', title: 'Codex CLI' }] });
      case 'try':
        return json(res, state.trial);
      default:
        return details(res, name);
    }
  }

  function register(res: ServerResponse, body: Record<string, unknown>): void {
    if (!/^https?:\/\//.test(String(body['upstream_base']))) return refuse(res, 400, 'invalid_upstream', 'upstream_base must be an http or https address.');
    const token = 'Nw5kAAAAAAAAAAAAAAAA4Tq8';
    state.tokens.push({ token: 'Nw5k…4Tq8', fingerprint: 'e5f6a7b8', upstream_base: body['upstream_base'], mode: body['mode'] ?? 'full', level: body['level'] ?? null, note: body['note'] ?? '', requests: 0, findings: 0, last_used: null });
    json(res, { ...state.tokens.at(-1), baseUrl: baseUrl(token), already_registered: false });
  }

  const baseUrl = (token: string): string => `http://127.0.0.1:18080/v1/__gw__/t/${token}`;

  function details(res: ServerResponse, name: string): void {
    const [kind, id = '', what] = name.split('/');
    const token = 'Nw5kAAAAAAAAAAAAAAAA4Tq8';
    if (kind === 'tokens' && what === 'base') return json(res, { baseUrl: baseUrl(token) });
    if (kind !== 'clients') return refuse(res, 404, 'not_found', 'Nothing is here.');
    const variable = id === 'codex' ? 'OPENAI_BASE_URL' : 'ANTHROPIC_BASE_URL';
    json(res, { snippets: [
      { title: 'bash, zsh', where: '~/.bashrc', language: 'sh', text: `export ${variable}="${baseUrl(token)}"`, wire: 'anthropic' },
      { title: 'PowerShell', where: '', language: 'powershell', text: `$env:${variable} = "${baseUrl(token)}"`, wire: 'anthropic' },
    ] });
  }

  function sendFile(res: ServerResponse, name: string): void {
    let bytes: Buffer;
    try {
      bytes = readFileSync(`${PAGE}${name}`);
    } catch {
      return refuse(res, 404, 'not_found', 'Nothing is here.');
    }
    res.writeHead(200, { 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', 'content-security-policy': CSP, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }).end(bytes);
  }

  const frame = (exchange: SampleExchange): string => `event: exchange\nid: ${exchange.seq}\ndata: ${JSON.stringify(exchange)}\n\n`;

  function watch(res: ServerResponse, after: number): void {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    res.write(`: here\n\n${state.exchanges.filter(({ seq }) => seq > after).map(frame).join('')}`);
    watchers.add(res);
    res.on('close', () => watchers.delete(res));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    state,
    calls,
    send(...exchanges) {
      state.exchanges.push(...exchanges);
      for (const res of watchers) res.write(exchanges.map(frame).join(''));
    },
    sendGap(missed) {
      for (const res of watchers) res.write(`event: gap\ndata: ${JSON.stringify({ missed })}\n\n`);
    },
    get watchers() {
      return watchers.size;
    },
    cut,
    resume: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    close: cut,
  };
}
