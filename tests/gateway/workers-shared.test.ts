// What several workers have in common: the port, the tokens, the memory of placeholders, the limits.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { SECRETS } from '../support/redaction.ts';
import { until, untilAsync } from '../support/until.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { figure, startFleet, SKIP_SIGNALS, type Line } from '../support/worker-fleet.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const WORKERS = 3;
/** What is to be seen by all workers is seen within this. */
const SEEN_WITHIN_MS = 1000;
/** A busy machine may be late now and then, but not each time. */
const TRIES = 3;

/** Asserts that a change is seen by all within a second, in one of a few tries. @param change makes the change of a try, and returns how it is seen. */
async function assertSeenInTime(t: { diagnostic(text: string): void }, what: string, change: (attempt: number) => Promise<() => Promise<boolean>>): Promise<void> {
  const took: number[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const seen = await change(attempt);
    const from = performance.now();
    await untilAsync(what, seen);
    took.push(Math.round(performance.now() - from));
    if ((took.at(-1) ?? Infinity) <= SEEN_WITHIN_MS) break;
  }
  t.diagnostic(`${what}: ${took.join(', ')} ms`);
  assert.ok(Math.min(...took) <= SEEN_WITHIN_MS, `${what} took ${took.join(', ')} ms`);
}

async function all(lines: readonly Line[], path: string, status: number): Promise<boolean> {
  const answers = await Promise.all(lines.map((line) => line.ask(path)));
  return answers.every((answer) => answer.status === status);
}

test('the workers share one port, chosen or given, and each answers whatever is asked', async (t) => {
  const fleet = await startFleet(t, WORKERS);
  assert.match(fleet.stdout(), /^AegisGate listens on http:\/\/127\.0\.0\.1:\d+ · 3 workers · security level medium · 0 tokens · \S+\n$/);
  const lines = await fleet.lines(WORKERS);
  for (const line of lines) {
    for (const path of ['/health', '/ready', '/metrics']) assert.equal((await line.ask(path)).status, 200, path);
    const registered = await line.ask('/__gw__/register', { upstream_base: 'http://127.0.0.1:9/v1', gateway_key: 'agent' });
    assert.equal(registered.status, 200);
    const { token } = JSON.parse(registered.text) as { token: string };
    assert.ok(await all(lines, `/v1/__gw__/t/${token}`, 200), 'the token is known to each at once');
    const looked = await line.ask('/__gw__/lookup', { upstream_base: 'http://127.0.0.1:9/v1', gateway_key: 'agent' });
    assert.equal((JSON.parse(looked.text) as { token: string }).token, token);
  }
  assert.equal(Object.keys((JSON.parse(readFileSync(fleet.tokensPath, 'utf8')) as { tokens: object }).tokens).length, 1);
});

test('a token that is removed, by a call or by hand, is gone from all workers within a second', async (t) => {
  const fleet = await startFleet(t, WORKERS);
  const lines = await fleet.lines(WORKERS);
  await assertSeenInTime(t, 'an unregistered token is gone', async () => {
    const token = await fleet.register('http://127.0.0.1:9/v1');
    assert.ok(await all(lines, `/v1/__gw__/t/${token}`, 200));
    assert.equal((await fleet.admin('unregister', { token, gateway_key: 'agent' })).status, 200);
    return () => all(lines, `/v1/__gw__/t/${token}`, 404);
  });
  await assertSeenInTime(t, 'a token taken out by hand is gone', async () => {
    const token = await fleet.register('http://127.0.0.1:9/v1');
    assert.ok(await all(lines, `/v1/__gw__/t/${token}`, 200));
    writeFileSync(fleet.tokensPath, '{"tokens": {}}');
    return () => all(lines, `/v1/__gw__/t/${token}`, 404);
  });
  await assertSeenInTime(t, 'an entry changed by hand is in force', async (attempt) => {
    const entry = (mode: string): string => JSON.stringify({ tokens: { [`hand${attempt}`]: { upstream_base: 'http://127.0.0.1:9/v1', mode } } });
    writeFileSync(fleet.tokensPath, entry('full'));
    // A body that is no JSON is refused where it is filtered, and goes to nobody where it is not.
    const path = `/v1/__gw__/t/hand${attempt}/messages`;
    await untilAsync('the entry to be known', async () => (await Promise.all(lines.map((line) => line.ask(path, 'no JSON')))).every(({ status }) => status === 400));
    writeFileSync(fleet.tokensPath, entry('passthrough'));
    return async () => (await Promise.all(lines.map((line) => line.ask(path, 'no JSON')))).every(({ status }) => status === 502);
  });
});

test('a placeholder made by one worker is the same in all, put back by all within a second, and its value is nowhere but in memory', async (t) => {
  let seen = '';
  let answer = '{}';
  const upstream = await startUpstream(t, (req, res) => {
    void bodyOf(req).then((body) => {
      seen = body.toString('utf8');
      res.setHeader('Content-Type', 'application/json');
      res.end(answer);
    });
  });
  const fleet = await startFleet(t, WORKERS, { AEGIS_LOG_LEVEL: 'debug', AEGIS_AUDIT_LOG_PATH: 'audit.jsonl' });
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/responses`;
  const [first, ...others] = await fleet.lines(WORKERS);
  assert.ok(first !== undefined);
  const secretOf = (attempt: number): string => SECRETS.github.slice(0, -1) + String(attempt);
  await assertSeenInTime(t, 'another worker puts back the value', async (attempt) => {
    answer = '{}';
    await first.ask(path, { input: `use ${secretOf(attempt)} now` });
    const placeholder = /aegis-github-token-[a-z2-7]{12}/.exec(seen)?.[0] ?? '';
    assert.notEqual(placeholder, '', seen);
    answer = JSON.stringify({ output: `it was ${placeholder}` });
    return async () => {
      const texts = await Promise.all(others.map(async (line) => (await line.ask(path, { input: 'which one was it?' })).text));
      return texts.every((text) => text === JSON.stringify({ output: `it was ${secretOf(attempt)}` }));
    };
  });
  // Known to all, it is looked for without its context by all, and always has one placeholder.
  answer = '{}';
  const placeholders = new Set<string>();
  for (const line of [first, ...others]) {
    await line.ask(path, { input: `x${secretOf(0)}x` });
    placeholders.add(/aegis-github-token-[a-z2-7]{12}/.exec(seen)?.[0] ?? seen);
  }
  assert.equal(placeholders.size, 1, [...placeholders].join(' '));
  await until('the audit log to be written', () => readdirSync(fleet.folder).includes('audit.jsonl'));
  fleet.child.kill('SIGTERM');
  await fleet.ended();
  const written = readdirSync(fleet.folder).map((name) => readFileSync(join(fleet.folder, name), 'utf8'));
  assert.ok(written.some((text) => text.includes('"rule":"github-token"')));
  for (const text of [...written, fleet.stdout(), fleet.stderr()]) assert.ok(!text.includes(SECRETS.github.slice(0, 20)));
});

test('AEGIS_MAX_CONCURRENT_PER_TOKEN counts the requests of all workers, and a worker that dies gives its places back', { skip: SKIP_SIGNALS }, async (t) => {
  const waiting: ServerResponse[] = [];
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    waiting.push(res);
  });
  const fleet = await startFleet(t, WORKERS, { AEGIS_MAX_CONCURRENT_PER_TOKEN: '2' });
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/messages`;
  const [one, two, three] = await fleet.lines(WORKERS);
  assert.ok(one && two && three);
  const running = [one.ask(path, {}), two.ask(path, {})];
  await until('two requests upstream', () => waiting.length === 2);
  const refused = await three.ask(path, {});
  assert.equal(refused.status, 429);
  assert.match(refused.text, /AEGIS_MAX_CONCURRENT_PER_TOKEN/);
  for (const res of waiting) res.end('{}');
  for (const { status } of await Promise.all(running)) assert.equal(status, 200);
  // A place is free when the answer's connection is done with it, a moment after the client has read the answer.
  await untilAsync('the places to be given back', async () => (await figure(one, 'aegis_exchanges_open')) === 0);
  const again = [two.ask(path, {}), three.ask(path, {})];
  await until('two requests after them', () => waiting.length === 4);
  assert.equal((await one.ask(path, {})).status, 429);

  for (const lost of again) lost.catch(() => {});
  const before = fleet.pids();
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await Promise.allSettled(again);
  await until('other workers', () => fleet.pids().filter((pid) => !before.includes(pid)).length === WORKERS, 20_000);
  const later = [fleet.ask(path, {}), fleet.ask(path, {})];
  await until('two requests after the end of all workers', () => waiting.length === 6);
  for (const res of waiting.slice(4)) res.end('{}');
  for (const { status } of await Promise.all(later)) assert.equal(status, 200);
});

test('AEGIS_MAX_CONNECTIONS counts the connections of all workers', async (t) => {
  const fleet = await startFleet(t, WORKERS, { AEGIS_MAX_CONNECTIONS: '4' });
  const within = await Promise.all(Array.from({ length: 4 }, () => connectWire(t, fleet.port)));
  for (const wire of within) {
    wire.write(requestText('GET', '/health'));
    await wire.waitFor('200 OK');
  }
  for (let i = 0; i < WORKERS; i++) {
    const beyond = await connectWire(t, fleet.port);
    beyond.write(requestText('GET', '/health'));
    const told = await beyond.closed();
    assert.match(told, /^HTTP\/1\.1 503 [^]*"gateway_busy"/);
  }
  within[0]?.socket.destroy();
  await untilAsync('the place of the one that went', async () => (await fleet.ask('/health')).status === 200);
});
