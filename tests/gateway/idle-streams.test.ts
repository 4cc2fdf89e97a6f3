// A thousand open streams that say nothing: what each of them costs the gateway's process, all filters at work.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProcess } from '../support/compiled-process.ts';
import { createMemoryProbe } from '../support/memory-probe.ts';
import { metric } from '../support/metrics.ts';
import { SECRETS } from '../support/redaction.ts';
import { until, untilAsync } from '../support/until.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { requestText } from '../support/wire-client.ts';

const STREAMS = 1000;
/** Streams that come and go before the count, so that code is compiled, and pools and tables have their size. */
const WARM_UP_STREAMS = 200;
const MADE_READY_MS = 3000;
const BUDGET_BYTES = 48 * 1024;
const BOUND_BYTES = 64 * 1024;
const BODY = JSON.stringify({ model: 'mock', stream: true, messages: [{ role: 'user', content: `deploy with ${SECRETS.github}` }] });
const EVENT = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some words"}}\n\n';

test(`${STREAMS} open idle streams take less than ${BOUND_BYTES / 1024} KB of resident memory each`, { skip: process.platform === 'win32' ? 'Windows has no signal to ask a process with' : false }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-idle-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const upstream = await startUpstream(t, (req, res) => {
    void bodyOf(req).then(() => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' });
      res.write(EVENT);
    });
  });
  const probe = createMemoryProbe(folder);
  const gateway = await startProcess(t, { ...probe.env, AEGIS_PORT: '0', AEGIS_AUDIT_LOG_PATH: '', AEGIS_LOG_LEVEL: 'error', AEGIS_GW_TOKENS_PATH: join(folder, 'tokens.json') }, folder);
  const url = await gateway.url();
  const { body } = await gateway.admin('register', { upstream_base: upstream.url, gateway_key: 'agent' });
  const asked = requestText('POST', `/v1/__gw__/t/${String(body['token'])}/v1/messages`, ['Content-Type: application/json'], BODY);
  const port = Number(new URL(url).port);
  const sockets = new Set<Socket>();
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });

  /** Opens streams, and waits until each has had its first event. */
  async function open(count: number): Promise<void> {
    let begun = 0;
    for (let i = 0; i < count; i++) {
      const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(asked));
      sockets.add(socket);
      let text = '';
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        const seen = text.includes('some words');
        text += chunk.toString('latin1');
        if (!seen && text.includes('some words')) begun++;
      });
      // In small groups: a listener's queue is not what is measured.
      if (i % 50 === 49) await until('the streams to begin', () => begun === i + 1, 20_000);
    }
    await until('all streams to begin', () => begun === count, 20_000);
  }

  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await untilAsync('no stream to be left', async () => (await metric({ url }, 'aegis_exchanges_open')) === 0);
  }

  const pid = gateway.child.pid ?? 0;
  await open(WARM_UP_STREAMS);
  await close();
  // What the gateway makes ready a second after its start is there once, and not for the streams.
  await new Promise((resolve) => setTimeout(resolve, MADE_READY_MS));
  const before = await probe.ask(pid);
  await open(STREAMS);
  assert.equal(await metric({ url }, 'aegis_exchanges_open'), STREAMS);
  const during = await probe.ask(pid);
  const each = (during.rssCollectedBytes - before.rssCollectedBytes) / STREAMS;
  const heap = (during.heapBytes + during.externalBytes - before.heapBytes - before.externalBytes) / STREAMS;
  t.diagnostic(`${Math.round(each)} bytes of resident memory each (${(each / 1024).toFixed(1)} KB; the budget is ${BUDGET_BYTES / 1024} KB), ${Math.round(heap)} of them heap and buffers`);
  assert.ok(each < BOUND_BYTES, `${Math.round(each)} bytes each`);

  // And nothing stays: what the heap holds afterwards is what it held before, but for what tables and pools have grown by.
  await close();
  await untilAsync('the heap to be what it was', async () => (await probe.ask(pid)).heapBytes - before.heapBytes < STREAMS * 3072, 20_000);
});
