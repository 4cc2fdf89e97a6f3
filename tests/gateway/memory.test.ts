// 200 MB each way pass with the gateway's process growing by less than 64 MB, whatever the mode and the framing.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test, type TestContext } from 'node:test';
import type { Writable } from 'node:stream';
import { startProcess } from '../support/process.ts';
import { within } from '../support/until.ts';
import { startUpstream } from '../support/upstream.ts';

const TOTAL_BYTES = 200 * 1024 * 1024;
const GROWTH_LIMIT_BYTES = 64 * 1024 * 1024;
const PLAIN = Buffer.alloc(65_536, 'x');
const STRINGS = Buffer.from(`${JSON.stringify('const a = "b";\n'.repeat(100))},`);
const EVENTS = Buffer.from(`event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some words"}}\n\n`.repeat(400));
const SECRET = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;

/** Writes at least TOTAL_BYTES to a stream, as fast as it takes them. */
function pour(stream: Writable, { before, piece, after }: Shape): void {
  let left = TOTAL_BYTES - before.length - after.length;
  if (before !== '') stream.write(before);
  const more = (): void => {
    while (left > 0) {
      const next = left < piece.length && after === '' ? piece.subarray(0, left) : piece;
      left -= next.length;
      if (!stream.write(next)) {
        stream.once('drain', more);
        return;
      }
    }
    stream.end(after);
  };
  more();
}

interface Shape {
  readonly type: string;
  /** What stands before, after and as the body's many pieces. */
  readonly before: string;
  readonly piece: Buffer;
  readonly after: string;
  /** Tells its length beforehand. */
  readonly length: boolean;
}

async function peakGrowth(t: TestContext, path: string, shape: Shape): Promise<{ growth: number; received: number; upstreamGot: number }> {
  let upstreamGot = 0;
  const upstream = await startUpstream(t, (req, res) => {
    req.on('data', (chunk: Buffer) => (upstreamGot += chunk.length));
    req.on('end', () => {
      res.setHeader('Content-Type', shape.type === 'application/json' ? 'text/event-stream' : shape.type);
      pour(res, shape.type === 'application/json' ? { ...shape, before: '', piece: EVENTS, after: '' } : shape);
    });
  });
  const gateway = await startProcess(t, { AEGIS_MAX_REQUEST_BODY_BYTES: '0' });
  const token = await gateway.register(upstream.url);
  // Something to restore from here on: without it an answer would not be looked at.
  const prime = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ prime: SECRET }) };
  const primed = await fetch(`${gateway.url}/v1/__gw__/t/${token}/prime`, prime);
  await primed.body?.cancel();
  upstreamGot = 0;
  const rest = await gateway.residentBytes();
  let peak = 0;
  const watch = setInterval(() => void gateway.residentBytes().then((bytes) => (peak = Math.max(peak, bytes))), 50);
  t.after(() => clearInterval(watch));

  let received = 0;
  const done = new Promise<void>((resolve, reject) => {
    const headers = { 'content-type': shape.type, ...(shape.length ? { 'content-length': TOTAL_BYTES } : {}) };
    const client = request(`${gateway.url}/v1/__gw__/t/${token}${path}`, { method: 'POST', headers }, (answer) => {
      answer.on('data', (chunk: Buffer) => (received += chunk.length));
      answer.on('end', resolve);
      answer.on('error', reject);
    });
    client.on('error', reject);
    pour(client, shape);
  });
  await within('200 MB to pass each way', done, 60_000);
  clearInterval(watch);
  return { growth: Math.max(peak, await gateway.residentBytes()) - rest, received, upstreamGot };
}

const SHAPES: readonly (readonly [string, string, Shape])[] = [
  ['filtered, not JSON, chunked', '/upload', { type: 'application/octet-stream', before: '', piece: PLAIN, after: '', length: false }],
  ['filtered, many strings up and many events down', '/messages', { type: 'application/json', before: '[', piece: STRINGS, after: '""]', length: false }],
  ['filtered, one string up and many events down', '/messages', { type: 'application/json', before: '"', piece: PLAIN, after: '"', length: false }],
  ['passthrough, with its length', '__passthrough/upload', { type: 'application/octet-stream', before: '', piece: PLAIN, after: '', length: true }],
];

for (const [name, path, shape] of SHAPES) {
  test(`${name}: memory stays constant over 200 MB each way`, async (t) => {
    const { growth, received, upstreamGot } = await peakGrowth(t, path, shape);
    assert.ok(received >= TOTAL_BYTES && received < TOTAL_BYTES * 1.01, `${received} bytes came back`);
    assert.ok(upstreamGot >= TOTAL_BYTES && upstreamGot < TOTAL_BYTES * 1.01, `${upstreamGot} bytes went up`);
    t.diagnostic(`grew by ${(growth / 1024 / 1024).toFixed(1)} MB`);
    assert.ok(growth < GROWTH_LIMIT_BYTES, `grew by ${growth} bytes`);
  });
}
