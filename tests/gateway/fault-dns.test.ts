// An upstream whose name can't be resolved for a while: told as such, and reached again as soon as it can be.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { test } from 'node:test';
import { checkEnvelope } from '../support/envelope.ts';
import { startGateway } from '../support/gateway.ts';
import { startUpstream } from '../support/upstream.ts';

type Callback = (error: NodeJS.ErrnoException | null, addresses?: dns.LookupAddress[]) => void;

test('DNS that fails and comes back: 502 with its reason, then the upstream, then 502 again', async (t) => {
  let fault: string | undefined;
  let asked = 0;
  const real = dns.lookup as (...given: unknown[]) => void;
  // What the guarded lookup asks is replaced, as everything that imports it sees it.
  const mocked = t.mock.method(dns, 'lookup', ((hostname: string, options: unknown, callback: Callback) => {
    if (hostname !== 'api.test') {
      real(hostname, options, callback);
      return;
    }
    asked++;
    if (fault === undefined) setImmediate(callback, null, [{ address: '127.0.0.1', family: 4 }]);
    else setImmediate(callback, Object.assign(new Error(`getaddrinfo ${fault} ${hostname}`), { code: fault, syscall: 'getaddrinfo', hostname }));
  }) as unknown as typeof dns.lookup);
  syncBuiltinESMExports();
  t.after(() => {
    mocked.mock.restore();
    syncBuiltinESMExports();
  });
  const upstream = await startUpstream(t, (_req, res) => void res.writeHead(200, { connection: 'close' }).end('ok'));
  const gateway = await startGateway(t);
  const token = await gateway.register(`http://api.test:${upstream.port}`);
  // To register asks as well.
  asked = 0;
  const ask = (): Promise<Response> => fetch(`${gateway.url}/v1/__gw__/t/${token}/models`);

  for (const [code, words] of [['ENOTFOUND', /DNS knows no such name/], ['EAI_AGAIN', /DNS did not answer/]] as const) {
    fault = code;
    for (let i = 0; i < 3; i++) {
      const response = await ask();
      assert.equal(response.status, 502);
      assert.match(checkEnvelope(await response.json(), 'upstream_unreachable').error.message, words);
    }
    fault = undefined;
    const response = await ask();
    assert.equal(response.status, 200, 'at once, for nothing of the fault is kept');
    assert.equal(await response.text(), 'ok');
  }
  assert.equal(asked, 8, 'each connection asked anew');
  assert.match(gateway.log(), /"code":"upstream_unreachable"/);
});
