// What a reverse proxy tells about the caller is for the gateway, when the proxy is a trusted one, and goes no further.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';
import { connectWire, requestText } from '../support/wire-client.ts';

const FORWARDED = ['X-Forwarded-For: 192.0.2.7', 'x-forwarded-host: gw.example.com', 'X-Forwarded-Proto: https', 'X-FORWARDED-PORT: 443', 'Forwarded: for=192.0.2.7', 'X-Real-IP: 192.0.2.7'];
const OWN = ['X-Forwarded-Nothing: 1', 'X-Api-Key: invented', 'via: 1.1 somebody'];

async function sentUp(t: Parameters<typeof startGateway>[0], env: Record<string, string>, suffix: string): Promise<string[]> {
  let rawHeaders: string[] = [];
  const upstream = await startUpstream(t, (req, res) => {
    rawHeaders = req.rawHeaders;
    res.end();
  });
  const gateway = await startGateway(t, { env });
  const client = await connectWire(t, gateway.port);
  client.write(requestText('GET', `/v1/__gw__/t/${await gateway.register(upstream.url)}${suffix}/models`, [...FORWARDED, ...OWN]));
  await client.waitFor('200 OK');
  return rawHeaders.flatMap((name, i) => (i % 2 === 0 && !/^(?:host|accept-encoding|connection)$/i.test(name) ? [`${name}: ${rawHeaders[i + 1]}`] : []));
}

for (const [mode, suffix] of [['filtered', ''], ['redacted', '__redact']] as const) {
  test(`${mode}: a trusted proxy's forwarding headers do not go upstream, all others do`, async (t) => {
    assert.deepEqual(await sentUp(t, { AEGIS_TRUSTED_PROXY_IPS: '127.0.0.1' }, suffix), OWN);
  });

  test(`${mode}: those of a client that is no trusted proxy are headers like any`, async (t) => {
    assert.deepEqual(await sentUp(t, {}, suffix), [...FORWARDED, ...OWN]);
  });
}
