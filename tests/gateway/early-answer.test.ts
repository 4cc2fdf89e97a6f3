// An upstream may answer before it has the whole request: the answer goes down at once, whatever becomes of the upload.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { until } from '../support/until.ts';
import { startUpstream } from '../support/upstream.ts';
import { connectWire } from '../support/wire-client.ts';

for (const mode of ['', '__passthrough']) {
  const name = mode === '' ? 'filtered' : 'passthrough';

  test(`${name}: an answer given during the upload arrives during the upload, and the connection lives on`, async (t) => {
    const upstream = await startUpstream(t, (_req, res) => {
      res.writeHead(401, { 'Content-Length': 6 });
      res.end('denied');
    });
    const gateway = await startGateway(t, { env: { AEGIS_REQUEST_HOLD_BYTES: '1000' } });
    const token = await gateway.register(upstream.url);
    const client = await connectWire(t, gateway.port);
    client.write(`POST /v1/__gw__/t/${token}${mode}/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n`);
    client.write(Buffer.alloc(100_000, 'x'));
    await client.waitFor('denied');
    client.write(Buffer.alloc(400_000, 'x'));
    client.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await client.waitFor('"status":"ok"');
    await until('the exchange to be over', () => gateway.log().includes('"status":401'));
    assert.equal(await metric(gateway, 'aegis_exchanges_open'), 0);
  });

  test(`${name}: an answer may stream while the upload still streams`, async (t) => {
    const upstream = await startUpstream(t, (req, res) => {
      res.writeHead(200);
      req.pipe(res);
    });
    const gateway = await startGateway(t, { env: { AEGIS_REQUEST_HOLD_BYTES: '0' } });
    const token = await gateway.register(upstream.url);
    const client = await connectWire(t, gateway.port);
    client.write(`POST /v1/__gw__/t/${token}${mode}/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (const word of ['first', 'second', 'third']) {
      client.write(`${word.length.toString(16)}\r\n${word}\r\n`);
      await client.waitFor(word);
    }
    client.write('0\r\n\r\n');
    await client.waitFor('\r\n0\r\n\r\n');
  });
}
