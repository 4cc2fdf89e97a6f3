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

/** A first body: after it the heap has its working size and the code is compiled, so that growth is the large body's. */
const WARM_UP_BYTES = 16 * 1024 * 1024;

/** Writes at least `total` bytes to a stream, as fast as it takes them. */
function pour(stream: Writable, { before, piece, after }: Shape, total: number): void {
  let left = total - before.length - after.length;
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

interface Passed {
  readonly up: number;
  readonly down: number;
}

async function peakGrowth(t: TestContext, path: string, shape: Shape): Promise<{ growth: number; passed: Passed }> {
  const json = shape.type === 'application/json';
  let up = 0;
  let total = WARM_UP_BYTES;
  const upstream = await startUpstream(t, (req, res) => {
    req.on('data', (chunk: Buffer) => (up += chunk.length));
    req.on('end', () => {
      res.setHeader('Content-Type', json ? 'text/event-stream' : shape.type);
      pour(res, json ? { ...shape, before: '', piece: EVENTS, after: '' } : shape, total);
    });
  });
  const gateway = await startProcess(t, { AEGIS_MAX_REQUEST_BODY_BYTES: '0' });
  const url = `${gateway.url}/v1/__gw__/t/${await gateway.register(upstream.url)}`;

  async function pass(bytes: number): Promise<Passed> {
    up = 0;
    let down = 0;
    total = bytes;
    const done = new Promise<void>((resolve, reject) => {
      const headers = { 'content-type': shape.type, ...(shape.length ? { 'content-length': bytes } : {}) };
      const client = request(`${url}${path}`, { method: 'POST', headers }, (answer) => {
        answer.on('data', (chunk: Buffer) => (down += chunk.length));
        answer.on('end', resolve);
        answer.on('error', reject);
      });
      client.on('error', reject);
      pour(client, shape, bytes);
    });
    await within(`${bytes} bytes to pass each way`, done, 60_000);
    return { up, down };
  }

  // Something to restore from here on: without it an answer would not be looked at.
  const primed = await fetch(`${url}/prime`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ prime: SECRET }) });
  await primed.body?.cancel();
  await pass(WARM_UP_BYTES);
  const rest = await gateway.residentBytes();
  let peak = 0;
  const watch = setInterval(() => void gateway.residentBytes().then((bytes) => (peak = Math.max(peak, bytes))), 50);
  t.after(() => clearInterval(watch));
  const passed = await pass(TOTAL_BYTES);
  clearInterval(watch);
  return { growth: Math.max(peak, await gateway.residentBytes()) - rest, passed };
}

const SHAPES: readonly (readonly [string, string, Shape])[] = [
  ['filtered, not JSON, chunked', '/upload', { type: 'application/octet-stream', before: '', piece: PLAIN, after: '', length: false }],
  ['filtered, many strings up and many events down', '/messages', { type: 'application/json', before: '[', piece: STRINGS, after: '""]', length: false }],
  ['filtered, one string up and many events down', '/messages', { type: 'application/json', before: '"', piece: PLAIN, after: '"', length: false }],
  ['passthrough, with its length', '__passthrough/upload', { type: 'application/octet-stream', before: '', piece: PLAIN, after: '', length: true }],
];

for (const [name, path, shape] of SHAPES) {
  test(`${name}: memory stays constant over 200 MB each way`, async (t) => {
    const { growth, passed } = await peakGrowth(t, path, shape);
    for (const [way, bytes] of Object.entries(passed)) {
      assert.ok(bytes >= TOTAL_BYTES && bytes < TOTAL_BYTES * 1.01, `${bytes} bytes went ${way}`);
    }
    t.diagnostic(`grew by ${(growth / 1024 / 1024).toFixed(1)} MB`);
    assert.ok(growth < GROWTH_LIMIT_BYTES, `grew by ${growth} bytes`);
  });
}
