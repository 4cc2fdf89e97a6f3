// The console of several workers: whichever serves it tells of all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askConsole, followFeed } from '../support/console.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { until, untilAsync } from '../support/until.ts';
import { SKIP_SIGNALS, startFleet } from '../support/worker-fleet.ts';

const WORKERS = 3;
const SECRET = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fG3hJ4'}`;
const MESSAGE = { model: 'm', messages: [{ role: 'user', content: SECRET }] };

test('the feed has the exchanges of all, whichever worker serves it, and goes on at another where it ended', { skip: SKIP_SIGNALS }, async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const fleet = await startFleet(t, WORKERS);
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/messages`;
  const lines = await fleet.lines(WORKERS);
  const ask = async (): Promise<void> => {
    for (const line of lines) assert.equal((await line.ask(path, MESSAGE)).status, 200);
  };
  await ask();
  // Each connection is the next worker's.
  const feeds = await Promise.all(Array.from({ length: WORKERS }, () => followFeed(t, fleet.base)));
  await ask();
  await until('all exchanges on all feeds', () => feeds.every((feed) => feed.exchanges().length === 2 * WORKERS));
  const ids = (feed: (typeof feeds)[number]): string => feed.exchanges().map(({ id }) => String(id)).sort().join();
  for (const feed of feeds) {
    assert.equal(ids(feed), ids(feeds[0] as (typeof feeds)[number]));
    assert.equal(feed.missed(), 0);
  }

  const last = feeds[0]?.events.at(-1)?.id ?? '';
  feeds[0]?.close();
  await ask();
  const back = await Promise.all(Array.from({ length: WORKERS }, () => followFeed(t, fleet.base, { headers: { 'last-event-id': last } })));
  await until('the rest', () => back.every((feed) => feed.exchanges().length === WORKERS));
  for (const feed of back) assert.equal(feed.missed(), 0);

  const overview = async (): Promise<{ totals: Record<string, number>; clients: unknown[] }> => (await askConsole(fleet.base, '/overview')).body as never;
  const uses = async (): Promise<number[]> => {
    const { tokens: [entry] } = (await askConsole(fleet.base, '/tokens')).body as { tokens: { requests: number; findings: number }[] };
    return [entry?.requests ?? -1, entry?.findings ?? -1];
  };
  const { totals } = await overview();
  assert.deepEqual([totals['requests'], totals['redactions'], totals['errors']], [3 * WORKERS, 3 * WORKERS, 0]);
  assert.deepEqual(await uses(), [3 * WORKERS, 3 * WORKERS]);

  // A worker that dies takes with it what it had not told yet; a rolling restart lessens neither the hour nor the uses.
  process.kill(fleet.pids()[0] ?? 0, 'SIGKILL');
  await until('a new worker', () => fleet.pids().length === WORKERS);
  assert.equal((await overview()).totals['requests'], 3 * WORKERS);
  const old = fleet.pids();
  fleet.child.kill('SIGHUP');
  await until('the restart', () => fleet.stderr().includes('"rolling restart done"'));
  await until('the old workers to end: whoever watches is sent away', () => !fleet.pids().some((pid) => old.includes(pid)));
  assert.equal((await overview()).totals['requests'], 3 * WORKERS);
  assert.deepEqual(await uses(), [3 * WORKERS, 3 * WORKERS]);
});

test('a session is known to all workers, also to new ones, and so is its end', { skip: SKIP_SIGNALS }, async (t) => {
  const key = 'another key of the gateway';
  const fleet = await startFleet(t, 2, { AEGIS_GATEWAY_KEY: key });
  const origin = { origin: fleet.base };
  const enter = async (): Promise<string> => ((await askConsole(fleet.base, '/login', { body: { gateway_key: key }, headers: origin })).headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
  const [cookie, other] = [await enter(), await enter()];
  const statuses = async (held: string): Promise<string> => (await Promise.all(Array.from({ length: 8 }, async () => (await askConsole(fleet.base, '/tokens', { headers: { cookie: held } })).status))).join();
  const all = (status: number): string => new Array<number>(8).fill(status).join();
  assert.equal(await statuses(cookie), all(200));
  assert.equal(await statuses('aegis_console=x'), all(401));
  assert.equal((await askConsole(fleet.base, '/logout', { body: {}, headers: { cookie, ...origin } })).status, 200);
  await untilAsync('all workers to know', async () => (await statuses(cookie)) === all(401));
  const old = fleet.pids();
  fleet.child.kill('SIGHUP');
  await until('the restart', () => fleet.stderr().includes('"rolling restart done"') && !fleet.pids().some((pid) => old.includes(pid)));
  assert.equal(await statuses(cookie), all(401));
  assert.equal(await statuses(other), all(200));
});

test('a worker that is stuck does not keep the console from the others\' exchanges', { skip: SKIP_SIGNALS }, async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const fleet = await startFleet(t, 2);
  const path = `/v1/__gw__/t/${await fleet.register(upstream.url)}/messages`;
  const lines = await fleet.lines(2);
  const feeds = await Promise.all([followFeed(t, fleet.base), followFeed(t, fleet.base)]);
  for (const line of lines) await line.ask(path, MESSAGE);
  await until('both exchanges', () => feeds.every((feed) => feed.exchanges().length === 2));
  const [stuck = 0] = fleet.pids();
  process.kill(stuck, 'SIGSTOP');
  t.after(() => {
    try {
      process.kill(stuck, 'SIGKILL');
    } catch {
      // It has gone with the others.
    }
  });
  const answered = await Promise.any(lines.map(async (line) => (await line.ask(path, MESSAGE)).status));
  assert.equal(answered, 200);
  await until('the living one\'s', () => feeds.some((feed) => feed.exchanges().length >= 3), 15_000);
  process.kill(stuck, 'SIGCONT');
  await until('what the stuck one has seen as well', () => feeds.every((feed) => feed.exchanges().length === 4), 15_000);
  for (const feed of feeds) assert.equal(feed.missed(), 0);
});
