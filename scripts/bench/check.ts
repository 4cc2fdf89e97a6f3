/** Before anything is measured, each target must answer right, byte for byte: a fast proxy that loses bytes is none. */
import { createHash } from 'node:crypto';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { SMALL_ANSWER, fullSpeedEvents, readStamps, restoreEvents } from './answers.ts';
import { agentHeaders, requestPath } from './agent-request.ts';
import { requestBody, PLANTED_SECRET } from './request-bodies.ts';
import type { RunningTarget } from './targets.ts';

const DEADLINE_MS = 15_000;
const BODY_SIZES = [1024, 200 * 1024, 1024 * 1024, 10 * 1024 * 1024];
const PACED_EVENTS = 5;
/** Bodies of this length carry the planted secrets. */
const SECRETS_BODY_BYTES = 200 * 1024;
const SECRETS = 20;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends one request of every kind that will be measured.
 *
 * @returns what the target did to planted secrets, for the table.
 * @throws an Error that names the first answer that is not what the upstream sent, or request that did not arrive as sent.
 */
export async function checkTarget(target: RunningTarget): Promise<'kept' | 'redacted'> {
  const agent = new Agent({ keepAlive: true });
  const ask = (query: string, body: Buffer): Promise<Answer> => post(agent, target, target.basePath, query, body);
  const askWithSecrets = (query: string, body: Buffer): Promise<Answer> => post(agent, target, target.secretsPath, query, body);
  const expect = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`${target.name}: ${what}`);
  };
  try {
    for (const size of BODY_SIZES) {
      const body = requestBody(size);
      const small = await ask('answer=json', body);
      expect(small.status === 200 && small.body.equals(SMALL_ANSWER), `the answer to ${size} bytes is not the upstream's`);
      expect(small.headers['request-id'] !== undefined, "the upstream's headers are missing");
      const { bytes, sha256 } = digestOf(await ask('answer=digest', body));
      expect(bytes === size && sha256 === hashOf(body), `a clean body of ${size} bytes did not arrive as sent (${bytes} bytes)`);
    }
    const stream = await ask('answer=sse', requestBody(1024));
    expect(stream.body.equals(Buffer.from(fullSpeedEvents().join(''))), 'an event stream was changed');

    let stamps = 0;
    const paced = await ask(`answer=paced&ms=2&events=${PACED_EVENTS}`, requestBody(1024));
    readStamps(paced.body.toString('latin1'), () => stamps++);
    expect(stamps === PACED_EVENTS, `of ${PACED_EVENTS} paced events ${stamps} came`);

    const secrets = requestBody(SECRETS_BODY_BYTES, SECRETS);
    const restored = await askWithSecrets('answer=restore', secrets);
    expect(textOf(restored.body) === textOf(Buffer.from(restoreEvents(PLANTED_SECRET).join(''))), 'a value was not restored in an event stream');
    return digestOf(await askWithSecrets('answer=digest', secrets)).sha256 === hashOf(secrets) ? 'kept' : 'redacted';
  } finally {
    agent.destroy();
  }
}

function post(agent: Agent, target: RunningTarget, basePath: string, query: string, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new Error(`${target.name}: ${query} with ${body.length} bytes: ${error.message}`));
    const req = request(
      {
        agent, host: '127.0.0.1', port: target.port, method: 'POST', path: requestPath({ basePath, query }),
        headers: { ...agentHeaders(), 'content-length': body.length },
        signal: AbortSignal.timeout(DEADLINE_MS),
      },
      (res) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('error', fail);
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(parts) }));
      },
    );
    req.on('error', fail);
    req.end(body);
  });
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function digestOf({ status, body }: Answer): { bytes: number; sha256: string } {
  if (status !== 200) throw new Error(`answer=digest was answered ${status}: ${body.toString('utf8', 0, 300)}`);
  return JSON.parse(body.toString()) as { bytes: number; sha256: string };
}

/** The text of a stream's deltas. A restored value may be cut elsewhere than the placeholder was. */
function textOf(stream: Buffer): string {
  let text = '';
  for (const line of stream.toString().split('\n')) {
    if (!line.startsWith('data: ')) continue;
    const event = JSON.parse(line.slice('data: '.length)) as { delta?: { text?: string } };
    text += event.delta?.text ?? '';
  }
  return text;
}
