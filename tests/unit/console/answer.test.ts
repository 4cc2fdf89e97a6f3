import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sendAsset, setCommonHeaders } from '../../../src/console/answer.ts';

const ASSET = { bytes: Buffer.from('let a = 1;'), type: 'text/javascript; charset=utf-8', etag: '"abc"' };

test('a file of the page comes with its type, its tag and the page\'s policy; who has it gets no body', async (t) => {
  const server = createServer((req, res) => {
    setCommonHeaders(res);
    sendAsset(req, res, ASSET);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const whole = await fetch(url);
  assert.deepEqual([whole.status, await whole.text()], [200, 'let a = 1;']);
  for (const [name, value] of [
    ['content-type', ASSET.type], ['content-length', '10'], ['etag', ASSET.etag], ['cache-control', 'no-cache'], ['x-content-type-options', 'nosniff'], ['referrer-policy', 'no-referrer'], ['x-frame-options', 'DENY'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['content-security-policy', 'default-src \'none\'; script-src \'self\'; style-src \'self\'; img-src \'self\'; connect-src \'self\'; font-src \'none\'; base-uri \'none\'; form-action \'self\'; frame-ancestors \'none\'; require-trusted-types-for \'script\''],
  ] as const) {
    assert.equal(whole.headers.get(name), value, name);
  }
  for (const known of ['"abc"', '"x", "abc"', 'W/"abc"', '"x" , W/"abc" ']) {
    const same = await fetch(url, { headers: { 'if-none-match': known } });
    assert.deepEqual([same.status, await same.text(), same.headers.get('etag')], [304, '', ASSET.etag], known);
    assert.match(same.headers.get('content-security-policy') ?? '', /^default-src 'none'; script-src 'self';/);
  }
  for (const other of ['"x"', 'abc', '', '"ab"']) assert.equal((await fetch(url, { headers: { 'if-none-match': other } })).status, 200, other);
  const head = await fetch(url, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text(), head.headers.get('content-length')], [200, '', '10']);
});
