// What a gateway meets in a working day, all at once: streams and whole answers of each wire, long conversations with
// secrets in them, tool calls, clients that hang up, upstreams that fail or break, requests that are refused.
import { Agent, request, type IncomingMessage } from 'node:http';
import type { MockUpstream } from './mock-upstream.ts';
import { SECRETS } from './redaction.ts';

export interface MixedTraffic {
  /** Sends exchanges, so many at once, until told to stop or one is not as it must be. */
  run(concurrency: number, goOn: () => boolean): Promise<void>;
  /** Exchanges so far, by kind. */
  readonly counts: ReadonlyMap<string, number>;
  close(): void;
}

export interface MixedTrafficOptions {
  /** `http://127.0.0.1:<port>` */
  readonly gateway: string;
  readonly token: string;
  readonly mock: MockUpstream;
  /** The next number in [0, 1). */
  readonly random: () => number;
}

/** Distinct secrets that come again and again: more than a token's memory would show as growth until it is full. */
const DISTINCT_SECRETS = 500;
const LONG_TEXT_CHARS = 100_000;
const LARGE_TEXT_CHARS = 2_000_000;
const TOOLS = [{ name: 'bash', description: 'Runs a command.', input_schema: { type: 'object', properties: { command: { type: 'string' } } } }];
const ANTHROPIC = { 'x-api-key': 'invented', 'anthropic-version': '2023-06-01' };
const OPENAI = { authorization: 'Bearer invented' };

interface Kind {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  /** One exchange. @throws Error when it does not go as it must. */
  run(secret: string): Promise<void>;
}

export function createMixedTraffic({ gateway, token, mock, random }: MixedTrafficOptions): MixedTraffic {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const base = `/v1/__gw__/t/${token}`;
  const counts = new Map<string, number>();
  const prose = 'The quick brown fox writes const a = "b"; and goes on to the next line.\n'.repeat(Math.ceil(LARGE_TEXT_CHARS / 70));

  /** @param hangUpAfter bytes after which the client goes away. */
  function send(path: string, headers: Record<string, string>, body: string, hangUpAfter = Infinity): Promise<{ status: number; text: string; broken: boolean }> {
    return new Promise((resolve, reject) => {
      const sent = request(gateway + path, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } }, (answer: IncomingMessage) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        const end = (broken: boolean): void => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8'), broken });
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes >= hangUpAfter) answer.destroy();
        });
        answer.on('end', () => end(false));
        answer.on('close', () => end(true));
        answer.on('error', () => {});
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  function expect(what: string, right: boolean, answer: { status: number; text: string; broken: boolean }): void {
    if (!right) throw new Error(`${what}: ${answer.status}${answer.broken ? ', broken off' : ''}: ${answer.text.slice(0, 500)}`);
  }

  async function post(name: string, path: string, headers: Record<string, string>, body: object, status = 200, broken = false): Promise<string> {
    const answer = await send(base + path, headers, JSON.stringify(body));
    expect(name, answer.status === status && answer.broken === broken && !answer.text.includes('aegis-github'), answer);
    return answer.text;
  }

  const asked = (secret: string, text = ''): string => `${text}deploy with ${secret} please`;
  const messages = (content: string): object => ({ max_tokens: 100, messages: [{ role: 'user', content }] });

  const kinds: readonly Kind[] = [
    {
      name: 'a stream of messages', weight: 8,
      run: (secret) => post('messages', '/v1/messages', ANTHROPIC, { model: 'mock-echo+mock-split-7', stream: true, ...messages(asked(secret)) }).then(() => {}),
    },
    {
      name: 'a stream of chat', weight: 6,
      run: (secret) => post('chat', '/chat/completions', OPENAI, { model: 'mock-echo+mock-split-5', stream: true, ...messages(asked(secret)) }).then(() => {}),
    },
    {
      name: 'a whole answer', weight: 6,
      async run(secret) {
        const text = await post('responses', '/responses', OPENAI, { model: 'mock-echo', input: asked(secret) });
        if (!text.includes(secret)) throw new Error(`a secret did not come back: ${text.slice(0, 500)}`);
      },
    },
    {
      name: 'a long conversation', weight: 3,
      run: (secret) => post('long', '/v1/messages', ANTHROPIC, { model: 'mock', stream: true, ...messages(asked(secret, prose.slice(0, LONG_TEXT_CHARS))) }).then(() => {}),
    },
    {
      name: 'a large body', weight: 1,
      run: () => post('large', '/responses', OPENAI, { model: 'mock', input: prose.slice(0, LARGE_TEXT_CHARS) }).then(() => {}),
    },
    {
      name: 'a tool call', weight: 3,
      run: () => post('tool', '/v1/messages', ANTHROPIC, { model: 'mock+mock-split-3', stream: true, tools: TOOLS, ...messages('list the files') }).then(() => {}),
    },
    {
      name: 'a compressed answer', weight: 2,
      run: (secret) => post('gzip', '/v1/messages', ANTHROPIC, { model: 'mock-echo+mock-encode-gzip', ...messages(asked(secret)) }).then(() => {}),
    },
    {
      name: 'a client that hangs up', weight: 3,
      run: (secret) => send(`${base}/v1/messages`, ANTHROPIC, JSON.stringify({ model: 'mock-echo+mock-slow-5+mock-split-2', stream: true, ...messages(asked(secret)) }), 1 + Math.floor(random() * 1500)).then(() => {}),
    },
    {
      name: 'an upstream that breaks', weight: 2,
      run: (secret) => post('cut', '/v1/messages', ANTHROPIC, { model: 'mock-echo+mock-cut-2+mock-split-3', stream: true, ...messages(asked(secret)) }, 200, true).then(() => {}),
    },
    {
      name: 'an upstream that fails', weight: 2,
      run: (secret) => post('error', '/v1/messages', ANTHROPIC, { model: 'mock-error-529', ...messages(asked(secret)) }, 529).then(() => {}),
    },
    {
      name: 'a body that is no JSON', weight: 1,
      run: () => send(`${base}/v1/messages`, ANTHROPIC, '{"model": "x", oops').then((answer) => expect('no JSON', answer.status === 400, answer)),
    },
    {
      name: 'an unknown token', weight: 1,
      run: () => send('/v1/__gw__/t/NobodyKnowsThis1/v1/messages', ANTHROPIC, '{}').then((answer) => expect('unknown token', answer.status === 404, answer)),
    },
    {
      name: 'passthrough', weight: 2,
      run: (secret) => post('passthrough', '__passthrough/v1/messages', ANTHROPIC, { model: 'mock-echo', stream: true, ...messages(secret) }).then(() => {}),
    },
  ];
  const deck = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));

  async function agentLoop(goOn: () => boolean): Promise<void> {
    while (goOn()) {
      // There is at least one, and random() stays below 1.
      const kind = deck[Math.floor(random() * deck.length)] as Kind;
      const number = Math.floor(random() * DISTINCT_SECRETS).toString(36).toUpperCase().padStart(4, 'x');
      await kind.run(SECRETS.github.slice(0, -number.length) + number);
      counts.set(kind.name, (counts.get(kind.name) ?? 0) + 1);
      // The mock keeps what it saw.
      if (mock.requests.length > 200) mock.requests.length = 0;
    }
  }

  return {
    counts,
    async run(concurrency, goOn) {
      await Promise.all(Array.from({ length: concurrency }, () => agentLoop(goOn)));
    },
    close: () => agent.destroy(),
  };
}
