// A demonstration that can be checked: starts the built gateway and a mock of the two vendors' APIs, sends real requests
// through, shows what the client sent, what the upstream saw and what came back, and compares the bytes. Nothing leaves
// loopback, no key is needed. Exits 0 when everything agreed, 1 when something differed, 130 after Ctrl-C.
import { request } from 'node:http';
import { startBuiltGateway } from '../tests/support/built-gateway.ts';
import type { BuiltGateway } from '../tests/support/built-gateway.ts';
import { startMockUpstream } from '../tests/support/mock-upstream.ts';
import type { MockUpstream, RecordedRequest } from '../tests/support/mock-upstream.ts';

const DEADLINE_MS = 60_000;
const MAX_SHOWN_LINES = 8;
/** Of a longer line so many characters are shown from its start, and as many from its end. */
const MAX_SHOWN_HALF_LINE = 90;

/** Belong to one connection and not to the message, RFC 9110 section 7.6.1. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'proxy-connection']);
/** What the gateway may add to an answer, and what Node's own servers add to each. */
const ADDED_TO_ANSWERS: ReadonlySet<string> = new Set(['x-aegis-request-id', 'x-aegis-findings', 'date']);

interface Step {
  title: string;
  /** Appended to the base URL, as the client concerned does it. */
  path: string;
  /** Where it must arrive. */
  upstreamPath: string;
  headers: string[];
  body: object;
  /** Whether the answer is a stream, whose first bytes must arrive before its last are sent. */
  stream: boolean;
}

const ANTHROPIC_HEADERS = [
  'User-Agent', 'aegisgate-demo',
  'Accept-Encoding', 'gzip, deflate',
  'Content-Type', 'application/json',
  'X-Api-Key', 'invented-key-for-the-demonstration',
  'anthropic-version', '2023-06-01',
  'anthropic-beta', 'first-feature-2026-01-01',
  'anthropic-beta', 'second-feature-2026-02-02',
];
const OPENAI_HEADERS = [
  'User-Agent', 'aegisgate-demo',
  'Accept-Encoding', 'gzip, deflate',
  'Content-Type', 'application/json',
  'Authorization', 'Bearer invented-key-for-the-demonstration',
  'OpenAI-Organization', 'org-invented',
  'session_id', 'a-name-with-an-underscore',
];
const QUESTION = { role: 'user', content: 'What did you see? Grüße, 世界 🌍' };

const STEPS: readonly Step[] = [
  {
    title: 'Anthropic: a message, answered whole',
    path: '/v1/messages?beta=true',
    upstreamPath: '/v1/messages?beta=true',
    headers: ANTHROPIC_HEADERS,
    body: { model: 'claude-sonnet-5', max_tokens: 200, system: 'Answer briefly.', messages: [QUESTION] },
    stream: false,
  },
  {
    title: 'Anthropic: a message, streamed',
    path: '/v1/messages',
    upstreamPath: '/v1/messages',
    headers: ANTHROPIC_HEADERS,
    body: { model: 'claude-sonnet-5+mock-slow-20', max_tokens: 200, stream: true, messages: [QUESTION] },
    stream: true,
  },
  {
    title: 'OpenAI: a chat completion, streamed',
    path: '/chat/completions',
    upstreamPath: '/v1/chat/completions',
    headers: OPENAI_HEADERS,
    body: { model: 'gpt-5+mock-slow-20', stream: true, stream_options: { include_usage: true }, messages: [QUESTION] },
    stream: true,
  },
  {
    title: 'Anthropic: tokens counted',
    path: '/v1/messages/count_tokens',
    upstreamPath: '/v1/messages/count_tokens',
    headers: ANTHROPIC_HEADERS,
    body: { model: 'claude-sonnet-5', messages: [QUESTION] },
    stream: false,
  },
];

interface Sent {
  url: URL;
  rawHeaders: string[];
  body: Buffer;
}

interface Got {
  status: number;
  reason: string;
  rawHeaders: string[];
  body: Buffer;
  /** Whether the upstream was still sending when the first bytes arrived. */
  earlyFirstBytes: boolean;
}

async function main(): Promise<number> {
  const mock = await startMockUpstream({ strict: true });
  let gateway: BuiltGateway | null = null;
  try {
    gateway = await startBuiltGateway();
    const { baseUrl } = await gateway.register(`${mock.url}/v1`);
    console.log(`Gateway   ${gateway.url}`);
    console.log(`Upstream  ${mock.url}/v1 (a mock)`);
    console.log(`Base URL  ${baseUrl}`);

    const failed: string[] = [];
    for (const [i, step] of STEPS.entries()) {
      console.log(`\n${i + 1}. ${step.title}`);
      const differences = await runStep(step, baseUrl, mock);
      for (const difference of differences) console.log(`   DIFFERENT  ${difference}`);
      if (differences.length > 0) failed.push(`${differences.length} in "${step.title}"`);
    }
    console.log(`\n${STEPS.length + 1}. A secret on its way up and down`);
    const leaks = await runSecret(baseUrl, mock);
    for (const leak of leaks) console.log(`   DIFFERENT  ${leak}`);
    if (leaks.length > 0) failed.push(`${leaks.length} in the secret's way`);
    if (failed.length > 0) {
      console.error(`\nDifferences, marked DIFFERENT above: ${failed.join(', ')}.`);
      return 1;
    }
    console.log(`\nAll ${STEPS.length} exchanges passed through unchanged, and the secret stayed here.`);
    return 0;
  } finally {
    await gateway?.stop();
    await mock.close();
  }
}

async function runStep(step: Step, baseUrl: string, mock: MockUpstream): Promise<string[]> {
  const url = new URL(baseUrl + step.path);
  const body = Buffer.from(JSON.stringify(step.body));
  const sent: Sent = { url, body, rawHeaders: ['Host', url.host, ...step.headers, 'Content-Length', String(body.length)] };
  const before = mock.requests.length;
  const got = await exchange(sent, () => mock.requests[before]?.outcome === 'open');
  const seen = mock.requests[before];
  if (!seen) return [`the upstream saw no request; the client got ${got.status}: ${got.body.toString()}`];

  show('client sent', `POST ${url.pathname}${url.search} HTTP/1.1`, sent.rawHeaders, sent.body);
  show('upstream saw', `${seen.method} ${seen.url} HTTP/${seen.httpVersion}`, seen.rawHeaders, seen.body);
  show('client got', `${got.status} ${got.reason}`, got.rawHeaders, got.body);

  const differences = [...compareRequest(step, sent, seen, mock), ...compareAnswer(step, seen, got)];
  if (differences.length === 0) {
    console.log(`   same       ${sent.body.length} bytes up, ${got.body.length} bytes down, headers in case and order`);
    if (step.stream) console.log('   streamed   the first bytes arrived while the upstream was still sending');
  }
  return differences;
}

/** Invented, and of the shape of a GitHub token. */
const SECRET = `ghp_${'d3M0nStRaT10'.repeat(3)}`;

/** The model is asked to repeat a secret: upstream there must be a placeholder, at the client the secret. */
async function runSecret(baseUrl: string, mock: MockUpstream): Promise<string[]> {
  const url = new URL(`${baseUrl}/chat/completions`);
  const body = Buffer.from(JSON.stringify({ model: 'mock-echo', messages: [{ role: 'user', content: `export GITHUB_TOKEN=${SECRET}` }] }));
  const sent: Sent = { url, body, rawHeaders: ['Host', url.host, ...OPENAI_HEADERS, 'Content-Length', String(body.length)] };
  const before = mock.requests.length;
  const got = await exchange(sent, () => false);
  const seen = mock.requests[before];
  if (!seen) return [`the upstream saw no request; the client got ${got.status}: ${got.body.toString()}`];
  show('client sent', `POST ${url.pathname} HTTP/1.1`, [], sent.body);
  show('upstream saw', `${seen.method} ${seen.url} HTTP/${seen.httpVersion}`, [], seen.body);
  show('client got', `${got.status} ${got.reason}`, got.rawHeaders.filter((_, i) => /^x-aegis-findings$/i.test(got.rawHeaders[i - (i % 2)] ?? '')), got.body);

  const differences: string[] = [];
  const upstreamText = seen.body.toString();
  const placeholder = /aegis-github-token-[a-z2-7]{12}/.exec(upstreamText)?.[0];
  if (upstreamText.includes(SECRET)) differences.push('the upstream saw the secret');
  if (placeholder === undefined) differences.push('the upstream saw no placeholder');
  else if (upstreamText !== body.toString().replace(SECRET, placeholder)) differences.push('more than the secret was changed on the way up');
  if (!got.body.includes(SECRET)) differences.push('the secret did not come back');
  if (differences.length === 0) console.log(`   kept       the upstream saw ${placeholder} and the client got its own text back`);
  return differences;
}

/** One request with exactly these header lines. */
function exchange(sent: Sent, upstreamIsSending: () => boolean): Promise<Got> {
  return new Promise((resolve, reject) => {
    const req = request(sent.url, { method: 'POST', headers: sent.rawHeaders, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      let earlyFirstBytes = false;
      res.on('data', (chunk: Buffer) => {
        if (chunks.length === 0) earlyFirstBytes = upstreamIsSending();
        chunks.push(chunk);
      });
      res.on('error', reject);
      res.on('end', () => {
        resolve({
          status: res.statusCode ?? 0,
          reason: res.statusMessage ?? '',
          rawHeaders: res.rawHeaders,
          body: Buffer.concat(chunks),
          earlyFirstBytes,
        });
      });
    });
    req.on('error', reject);
    req.end(sent.body);
  });
}

function compareRequest(step: Step, sent: Sent, seen: RecordedRequest, mock: MockUpstream): string[] {
  const differences: string[] = [];
  if (seen.url !== step.upstreamPath) differences.push(`the upstream saw the target ${seen.url}, expected ${step.upstreamPath}`);
  if (seen.method !== 'POST') differences.push(`the upstream saw the method ${seen.method}`);
  if (!seen.body.equals(sent.body)) differences.push(`the upstream saw another body: ${firstDifference(sent.body, seen.body)}`);
  const host = new URL(mock.url).host;
  // Where filters apply, the gateway asks for an answer without a content coding.
  const identity = seen.header('accept-encoding') === 'identity';
  const expected = linesOf(sent.rawHeaders, HOP_BY_HOP).map((line) => {
    if (line.startsWith('Host: ')) return `Host: ${host}`;
    return identity && line.startsWith('Accept-Encoding: ') ? 'Accept-Encoding: identity' : line;
  });
  return [...differences, ...compareLines('the upstream', expected, linesOf(seen.rawHeaders, HOP_BY_HOP))];
}

function compareAnswer(step: Step, seen: RecordedRequest, got: Got): string[] {
  const { answer } = seen;
  if (!answer) return ['the upstream sent no answer'];
  const differences: string[] = [];
  if (got.status !== answer.status) differences.push(`the client got the status ${got.status}, the upstream sent ${answer.status}`);
  if (answer.status !== 200) differences.push(`the upstream refused with ${answer.status}`);
  if (!got.body.equals(answer.body())) differences.push(`the client got another body: ${firstDifference(answer.body(), got.body)}`);
  if (step.stream && !got.earlyFirstBytes) differences.push('the first bytes arrived only after the upstream had ended');
  const left = new Set([...HOP_BY_HOP, ...ADDED_TO_ANSWERS]);
  return [...differences, ...compareLines('the client', linesOf(answer.rawHeaders, left), linesOf(got.rawHeaders, left))];
}

function linesOf(rawHeaders: readonly string[], left: ReadonlySet<string>): string[] {
  const lines: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (!left.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[i + 1]}`);
  }
  return lines;
}

function compareLines(who: string, expected: string[], seen: string[]): string[] {
  const missing = expected.filter((line) => !seen.includes(line)).map((line) => `${who} did not see the header "${line}"`);
  const added = seen.filter((line) => !expected.includes(line)).map((line) => `${who} saw the header "${line}", which was not sent`);
  if (missing.length > 0 || added.length > 0 || expected.join('\n') === seen.join('\n')) return [...missing, ...added];
  return [`${who} saw the headers in another order or number: ${seen.join(' | ')}`];
}

function firstDifference(expected: Buffer, seen: Buffer): string {
  let at = 0;
  while (at < expected.length && at < seen.length && expected[at] === seen[at]) at += 1;
  return `${expected.length} bytes expected, ${seen.length} seen, the first difference at byte ${at}`;
}

function show(label: string, startLine: string, rawHeaders: readonly string[], body: Buffer): void {
  const lines = body.toString().split('\n').filter((line) => line !== '');
  const shown = lines.slice(0, MAX_SHOWN_LINES).map(shorten);
  if (lines.length > shown.length) shown.push(`(and ${lines.length - shown.length} lines more)`);
  console.log(`   ${label}`);
  for (const line of [startLine, ...linesOf(rawHeaders, new Set()), '', ...shown]) console.log(line === '' ? '' : `      ${shorten(line)}`);
}

function shorten(line: string): string {
  const points = [...line];
  const hidden = points.length - 2 * MAX_SHOWN_HALF_LINE;
  if (hidden <= 0) return line;
  return `${points.slice(0, MAX_SHOWN_HALF_LINE).join('')} (${hidden} characters left out) ${points.slice(-MAX_SHOWN_HALF_LINE).join('')}`;
}

// The gateway's process and folder go with this process's exit, however it comes about.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('SIGHUP', () => process.exit(129));
const deadline = setTimeout(() => {
  console.error(`The demonstration did not end within ${DEADLINE_MS / 1000} s.`);
  process.exit(1);
}, DEADLINE_MS);

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? `The demonstration failed: ${error.message}` : error);
  process.exitCode = 1;
} finally {
  clearTimeout(deadline);
}
