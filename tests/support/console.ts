// Asking the console as its page does, and following its feed.
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { bodyOf } from './upstream.ts';
import { within } from './until.ts';

export interface ConsoleAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, where it is an object. */
  readonly body: Record<string, unknown>;
}

/** A list is sent as so many headers of that name. */
export type Headers = Readonly<Record<string, string | string[]>>;

/** A request below `/__gw__/console`, its Host and Origin whatever the test says. A body makes it a POST of JSON. */
export async function askConsole(url: string, path: string, { method, body, headers = {} }: { method?: string; body?: unknown; headers?: Headers } = {}): Promise<ConsoleAnswer> {
  const own = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await within(`an answer to ${path}`, new Promise<IncomingMessage>((resolve, reject) => {
    // By parts: a URL as one text would be normalised.
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path: `/__gw__/console${path}`, method: method ?? (body === undefined ? 'GET' : 'POST'), headers: { ...own, ...headers }, agent: false }, resolve);
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  }));
  const text = (await bodyOf(answer)).toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // No JSON: an asset, or an answer without a body.
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, text, body: typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {} };
}

export interface FeedEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

export interface FollowedFeed {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All events so far. */
  readonly events: readonly FeedEvent[];
  /** Comments, such as pings. */
  readonly comments: readonly string[];
  /** The exchanges among them. */
  exchanges(): Record<string, unknown>[];
  /** Sum of what the gaps tell. */
  missed(): number;
  readonly ended: boolean;
  /** Stops reading off the socket, and goes on. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Follows the feed until the test ends. */
export async function followFeed(t: TestContext, url: string, { query = '', headers = {} }: { query?: string; headers?: Headers } = {}): Promise<FollowedFeed> {
  const sent = request(`${url}/__gw__/console/exchanges${query}`, { headers, agent: false });
  const answer = await within('the feed', new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end();
  }));
  t.after(() => sent.destroy());
  const events: FeedEvent[] = [];
  const comments: string[] = [];
  let text = '';
  let ended = false;
  answer.setEncoding('utf8');
  answer.on('error', () => {});
  answer.on('close', () => (ended = true));
  answer.on('data', (piece: string) => {
    const blocks = (text + piece).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) take(block);
  });

  function take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).replace(/^ /, '')]));
    const event = fields.get('event');
    if (event !== undefined) events.push({ event, id: fields.get('id'), data: JSON.parse(fields.get('data') ?? 'null') as Record<string, unknown> });
    const comment = fields.get('');
    if (comment !== undefined) comments.push(comment);
  }

  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    events,
    comments,
    exchanges: () => events.filter(({ event }) => event === 'exchange').map(({ data }) => data),
    missed: () => events.filter(({ event }) => event === 'gap').reduce((sum, { data }) => sum + Number(data['missed']), 0),
    get ended() {
      return ended;
    },
    pause: () => void answer.pause(),
    resume: () => void answer.resume(),
    close: () => void sent.destroy(),
  };
}
