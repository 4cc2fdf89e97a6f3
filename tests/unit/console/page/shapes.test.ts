// What the server says and what the page takes it for: both sides' own code, so that neither changes alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { overviewOf as told } from '../../../../src/console/overview.ts';
import { ApiError, createApi } from '../../../../src/console/page/api.ts';
import { overviewOf } from '../../../../src/console/page/overview-data.ts';
import { exchangeOf, fieldsOf } from '../../../../src/console/page/records.ts';
import { trialOf } from '../../../../src/console/page/trial-data.ts';
import { printExchange } from '../../../../src/console/record.ts';
import { createTry } from '../../../../src/console/try.ts';
import { createHour } from '../../../../src/observe/hour.ts';
import { createExchangeRing, type SeenExchange } from '../../../../src/observe/exchange-ring.ts';

const AT_MS = Date.parse('2026-11-27T10:15:00Z');
const SEEN: SeenExchange = {
  id: 'req_1', atMs: AT_MS, client: 'Claude Code', token: { fingerprint: 'a1b2c3d4', name: 'Claude' }, upstream: 'api.example.com', wire: 'anthropic-messages', method: 'POST',
  path: '/v1/messages', model: 'claude-sonnet-5', status: 200, outcome: 'complete', code: null, firstByteMs: 12, durationMs: 34, addedMs: 0.5, bytesIn: 100, bytesOut: 200, findingCount: 3,
  findings: [{ rule: 'github-token', kind: 'github-token', topic: 'credential', action: 'redact', place: 'messages.content', direction: 'request', shape: 'gh…Xy (40)', count: 2 }],
};

describe('the page understands the server', () => {
  test('an exchange', () => {
    const ring = createExchangeRing();
    ring.add(SEEN);
    const [numbered] = ring.from(0, 1).exchanges;
    assert.ok(numbered !== undefined);
    const { findings, ...rest } = exchangeOf(printExchange(numbered)) ?? assert.fail('it is no record');
    assert.deepEqual(rest, {
      id: 'req_1', timeMs: AT_MS, client: 'Claude Code', token: 'Claude', fingerprint: 'a1b2c3d4', upstream: 'api.example.com', wire: 'anthropic-messages', method: 'POST', path: '/v1/messages',
      model: 'claude-sonnet-5', status: 200, outcome: 'complete', code: '', firstByteMs: 12, durationMs: 34, addedMs: 0.5, bytesIn: 100, bytesOut: 200, unlisted: 1,
    });
    const [finding] = findings;
    assert.ok(finding !== undefined && finding.why.length > 10);
    assert.deepEqual({ ...finding, why: '' }, { ...SEEN.findings[0], why: '' });
  });

  test('the overview', () => {
    const hour = createHour(() => AT_MS);
    hour.began();
    hour.began();
    hour.ended({ ...SEEN, status: 529 }, 2);
    const overview = overviewOf(fieldsOf(JSON.parse(JSON.stringify(told(hour.figures(), AT_MS)))));
    assert.equal(overview.minutes.length, 60);
    assert.deepEqual(overview.minutes.at(-1), { startMs: AT_MS, requests: 1, errors: 1, redactions: 2 });
    assert.equal(overview.openStreams, 1);
    assert.deepEqual(overview.findingsByRule, [['github-token', 2]]);
    assert.deepEqual(overview.redactionsByClient, [['Claude Code', 2]]);
    assert.deepEqual(overview.errorsByUpstream, [['api.example.com', 1]]);
    for (const { p50, p90, p99 } of [overview.firstByte, overview.duration, overview.added]) for (const ms of [p50, p90, p99]) assert.ok(ms !== null && ms > 0);
  });

  test('a text that was tried', async () => {
    const finding = { start: 1, end: 3, rule: 'github-token', kind: 'github-token', topic: 'credential', action: 'redact' } as const;
    const none = { prompt: [], command: [] };
    const answer = await createTry(() => Promise.resolve({ low: none, medium: { prompt: [finding], command: [] }, high: none }))({ text: 'abc' });
    const [seen] = trialOf(answer).medium.prompt;
    assert.ok(seen !== undefined && seen.why.length > 10);
    assert.deepEqual({ ...seen, why: '' }, { ...finding, why: '' });
    assert.deepEqual(trialOf({}), { low: none, medium: none, high: none });
  });
});

describe('a call of the page', () => {
  const answering = (answer: () => Response | Promise<Response>): { calls: [string, RequestInit | undefined][]; logins: number[]; api: ReturnType<typeof createApi> } => {
    const calls: [string, RequestInit | undefined][] = [];
    const logins: number[] = [];
    const api = createApi({
      base: 'http://gateway/__gw__/console/', onLoginNeeded: () => logins.push(calls.length),
      fetch: async (url, init) => {
        calls.push([String(url), init]);
        return answer();
      },
    });
    return { calls, logins, api };
  };
  const refusal = (status: number, code: string, headers: Record<string, string> = {}) => (): Response =>
    new Response(JSON.stringify({ type: 'error', error: { code, message: 'What to do.' } }), { status, headers });
  const failing = async (call: Promise<unknown>): Promise<ApiError> => call.then(() => assert.fail('it succeeded'), (error: unknown) => (error instanceof ApiError ? error : assert.fail(String(error))));

  test('that changes something is JSON', async () => {
    const { api, calls } = answering(() => Response.json({ fingerprint: 'a1b2c3d4', already_registered: true }));
    assert.deepEqual(await api.register('https://api.example.com', { mode: 'full' }), { fingerprint: 'a1b2c3d4', already: true });
    const [url, init] = calls[0] ?? [];
    assert.equal(url, 'http://gateway/__gw__/console/register');
    assert.deepEqual([init?.method, init?.headers, init?.body], ['POST', { 'content-type': 'application/json' }, '{"upstream_base":"https://api.example.com","mode":"full"}']);
  });

  test('leaves no name to be part of a path', async () => {
    const { api, calls } = answering(() => Response.json({}));
    await api.settings('../a?b', 'c&d');
    assert.equal(calls[0]?.[0], 'http://gateway/__gw__/console/clients/..%2Fa%3Fb?fingerprint=c%26d');
  });

  test('that is refused tells why, and of a login that is needed', async () => {
    const { api, logins } = answering(refusal(401, 'console_login_required'));
    const error = await failing(api.tokens());
    assert.deepEqual([error.status, error.code, error.message], [401, 'console_login_required', 'What to do.']);
    assert.equal(logins.length, 1);
  });

  test('that came too often tells how long to wait, and needs no login', async () => {
    const { api, logins } = answering(refusal(429, 'too_many_requests', { 'retry-after': '30' }));
    assert.equal((await failing(api.login('key'))).retryAfterSeconds, 30);
    assert.equal(logins.length, 0);
  });

  test('that meets nobody, or no JSON, has no status', async () => {
    for (const answer of [() => Promise.reject(new TypeError('refused')), () => new Response('<html>')]) {
      const error = await failing(answering(answer).api.tokens());
      assert.deepEqual([error.status, error.code], [0, 'unreachable']);
    }
  });
});
