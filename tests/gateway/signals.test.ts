// The process: SIGTERM and SIGINT drain, a second signal cuts, and no stream's error ends it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProcess } from '../support/process.ts';
import { startStreaming } from '../support/streaming.ts';
import { until, within } from '../support/until.ts';
import { startRawUpstream } from '../support/upstream.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const skip = process.platform === 'win32' ? 'Windows has no such signals' : false;

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} lets a running stream finish and ends with 0`, { skip }, async (t) => {
    const { gateway, client, answer } = await startStreaming(t, startProcess(t));
    gateway.child.kill(signal);
    await until('the drain to begin', () => gateway.stderr().includes('draining'));
    answer.end('data: two\n\n');
    assert.match(await client.closed(), /data: two/);
    assert.equal(await within('the process to end', gateway.exited()), 0);
  });
}

test('a second signal cuts what still runs and ends with 1', { skip }, async (t) => {
  const { gateway, client } = await startStreaming(t, startProcess(t));
  gateway.child.kill('SIGINT');
  await until('the drain to begin', () => gateway.stderr().includes('draining'));
  gateway.child.kill('SIGINT');
  assert.equal(await within('the process to end', gateway.exited()), 1);
  await client.closed();
});

test('no broken stream on either side ends the process', async (t) => {
  const endings: ((end: () => void) => void)[] = [];
  const upstream = await startRawUpstream(t, (socket) => {
    const kind = endings.length;
    endings.push(() => {});
    socket.once('data', () => {
      if (kind % 4 === 0) socket.resetAndDestroy();
      else if (kind % 4 === 1) socket.end('garbage\r\n\r\n');
      else if (kind % 4 === 2) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort');
      else socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n');
    });
  });
  const gateway = await startProcess(t);
  const token = await gateway.register(upstream.url);
  for (let i = 0; i < 40; i++) {
    const client = await connectWire(t, gateway.port);
    client.write(requestText('POST', `/v1/__gw__/t/${token}${i % 2 ? '' : '__passthrough'}/x`, [], '{"a":1}'));
    if (i % 5 === 0) client.socket.resetAndDestroy();
    else await until('something to come back or break', () => client.received() !== '' || client.ending() !== undefined);
    client.socket.destroy();
  }
  const health = await fetch(`${gateway.url}/health`);
  assert.equal(health.status, 200);
  assert.equal(gateway.child.exitCode, null);
  assert.doesNotMatch(gateway.stderr(), /unexpected error/);
});
