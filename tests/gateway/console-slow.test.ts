// Somebody who watches the console and stops reading.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followFeed } from '../support/console.ts';
import { startGateway } from '../support/gateway.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';

test('who stops reading is told how many it has missed, and keeps nobody else from reading', async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const send = async (path: string, body: unknown): Promise<void> => {
    await (await fetch(`${gateway.url}/v1/__gw__/t/${token}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).text();
  };
  const [slow, quick] = [await followFeed(t, gateway.url), await followFeed(t, gateway.url)];
  slow.pause();
  // Many findings make long records: more than the sockets of both sides and the kept frames take.
  const content = Array.from({ length: 100 }, (_, i) => `password = "pW${String(i).padStart(4, '0')}x!qZ${i * 7919}"`);
  const total = 760;
  for (let sent = 0; sent < total; sent += 40) await Promise.all(Array.from({ length: 40 }, () => send('/responses', { input: content })));
  await until('the quick one to have all', () => quick.exchanges().length + quick.missed() === total, 30_000);
  assert.equal(quick.missed(), 0);
  const before = slow.exchanges().length;
  assert.ok(before < total, 'the slow one has not');
  slow.resume();
  await until('the slow one to be told of all', () => slow.exchanges().length + slow.missed() === total, 30_000);
  assert.ok(slow.missed() > 0, 'some only by their number');
  await send('/models', {});
  await until('both to go on', () => [slow, quick].every((feed) => feed.exchanges().at(-1)?.['path'] === '/models'));
});
