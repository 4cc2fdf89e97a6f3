// 200 MB each way pass with the gateway's process growing by less than 64 MB, whatever the mode and the framing.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test, type TestContext } from 'node:test';
import { startProcess } from '../support/process.ts';
import { within } from '../support/until.ts';
import { startUpstream } from '../support/upstream.ts';

const TOTAL_BYTES = 200 * 1024 * 1024;
const GROWTH_LIMIT_BYTES = 64 * 1024 * 1024;
const PIECE = Buffer.alloc(65_536, 'x');

async function peakGrowth(t: TestContext, path: string, headers: Record<string, string>): Promise<{ growth: number; received: number; upstreamGot: number }> {
  let upstreamGot = 0;
  const upstream = await startUpstream(t, (req, res) => {
    req.on('data', (chunk: Buffer) => (upstreamGot += chunk.length));
    req.on('end', () => {
      let left = TOTAL_BYTES;
      const more = (): void => {
        while (left > 0) {
          left -= PIECE.length;
          if (!res.write(PIECE)) {
            res.once('drain', more);
            return;
          }
        }
        res.end();
      };
      more();
    });
  });
  const gateway = await startProcess(t, { AEGIS_MAX_REQUEST_BODY_BYTES: '0' });
  const token = await gateway.register(upstream.url);
  const rest = await gateway.residentBytes();
  let peak = 0;
  const watch = setInterval(() => void gateway.residentBytes().then((bytes) => (peak = Math.max(peak, bytes))), 50);
  t.after(() => clearInterval(watch));

  let received = 0;
  const done = new Promise<void>((resolve, reject) => {
    const client = request(`${gateway.url}/v1/__gw__/t/${token}${path}`, { method: 'POST', headers }, (answer) => {
      answer.on('data', (chunk: Buffer) => (received += chunk.length));
      answer.on('end', resolve);
      answer.on('error', reject);
    });
    client.on('error', reject);
    let left = TOTAL_BYTES;
    const more = (): void => {
      while (left > 0) {
        left -= PIECE.length;
        if (!client.write(PIECE)) {
          client.once('drain', more);
          return;
        }
      }
      client.end();
    };
    more();
  });
  await within('200 MB to pass each way', done, 60_000);
  clearInterval(watch);
  return { growth: Math.max(peak, await gateway.residentBytes()) - rest, received, upstreamGot };
}

for (const [name, path, headers] of [
  ['filtered, chunked', '/upload', { 'content-type': 'application/octet-stream' }],
  ['passthrough, with its length', '__passthrough/upload', { 'content-length': String(TOTAL_BYTES) }],
] as const) {
  test(`${name}: memory stays constant over 200 MB each way`, async (t) => {
    const { growth, received, upstreamGot } = await peakGrowth(t, path, headers);
    assert.equal(received, TOTAL_BYTES);
    assert.equal(upstreamGot, TOTAL_BYTES);
    t.diagnostic(`grew by ${(growth / 1024 / 1024).toFixed(1)} MB`);
    assert.ok(growth < GROWTH_LIMIT_BYTES, `grew by ${growth} bytes`);
  });
}
