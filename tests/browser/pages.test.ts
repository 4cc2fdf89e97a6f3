// Web pages of another origin, in a real browser, against a gateway on this machine: they register nothing, read nothing,
// and a name that is rebound to this machine gets no further. The browser's own guard of private networks is out of the
// game: pages and gateway are both on loopback, so that what is tested is the gateway's.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test, type TestContext } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startRecorder, type Recorder } from '../support/recorder.ts';
import { until, within } from '../support/until.ts';

const LAUNCH_DEADLINE_MS = 60_000;
/** How long a page waits for what must not come. */
const IN_VAIN_MS = 1_500;
const EVIL_NAME = 'evil.test';
const REBOUND_NAME = 'rebound.test';
/** The two names lead to this machine, all others nowhere: nothing leaves it. */
const RESOLVER = `MAP ${EVIL_NAME} 127.0.0.1, MAP ${REBOUND_NAME} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`;

let browser: Browser;
let evilPort: number;
const pages = createServer((_req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/html' });
  res.end('<!doctype html><title>a page</title><body></body>');
});

before(async () => {
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  evilPort = (pages.address() as AddressInfo).port;
  const executablePath = process.env['CHROMIUM'];
  if (executablePath === undefined) throw new Error('CHROMIUM is not set; run npm run test:browser');
  browser = await within('the browser to start', chromium.launch({
    executablePath,
    // Debian's sandbox does not start for root; the pages are the test's own.
    args: ['--no-sandbox', `--host-resolver-rules=${RESOLVER}`, '--no-proxy-server'],
  }), LAUNCH_DEADLINE_MS);
});

after(async () => {
  await browser.close();
  pages.close();
  pages.closeAllConnections();
});

interface Scene {
  readonly gateway: TestGateway;
  readonly upstream: Recorder;
  readonly token: string;
  readonly page: Page;
}

async function scene(t: TestContext, origin = `http://${EVIL_NAME}:${evilPort}`): Promise<Scene> {
  const upstream = await startRecorder(t, (res) => void res.end('{"secret":"answer"}'));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const context = await browser.newContext();
  t.after(() => context.close());
  // The compiler of the tests names functions by a helper of its own, which pages don't have.
  await context.addInitScript('globalThis.__name = (named) => named');
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  return { gateway, upstream, token, page };
}

/** Codes of the refusals that the gateway has logged, in order. */
function refusals(gateway: TestGateway): string[] {
  return [...gateway.log().matchAll(/"refused"[^\n]*?"code":"(\w+)"/g)].map((match) => match[1] ?? '');
}

const BODY = JSON.stringify({ upstream_base: 'http://127.0.0.1:9/evil', gateway_key: 'agent' });

/** What a fetch comes to in the page: its text, `opaque`, or the error's name, also where Cross-Origin-Resource-Policy keeps an answer away. */
function tryFetch(page: Page, url: string, init: RequestInit): Promise<string> {
  return page.evaluate(async ([target, options]) => {
    try {
      const response = await fetch(target, options);
      return response.type === 'opaque' ? 'opaque' : `${response.status} ${await response.text()}`;
    } catch (error) {
      return (error as Error).name;
    }
  }, [url, init] as const);
}

for (const [whose, origin] of [['another site', () => `http://${EVIL_NAME}:${evilPort}`], ['another port of localhost', () => `http://localhost:${evilPort}`], ['another port of 127.0.0.1', () => `http://127.0.0.1:${evilPort}`]] as const) {
  describe(`a page of ${whose}`, () => {
    test('registers nothing by simple requests, which arrive and are refused', async (t) => {
      const { gateway, page } = await scene(t, origin());
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
        assert.equal(await tryFetch(page, `${gateway.url}/__gw__/register`, { method: 'POST', mode: 'no-cors', headers: { 'content-type': type }, body: BODY }), 'TypeError');
      }
      await page.evaluate(([url, body]) => navigator.sendBeacon(url, body), [`${gateway.url}/__gw__/register`, BODY] as const);
      await until('four refusals', () => refusals(gateway).length >= 4);
      assert.deepEqual([...new Set(refusals(gateway))], ['admin_endpoint_network_restricted']);
      assert.equal(gateway.gateway.tokenCount, 1);
    });

    test('registers nothing by JSON: its preflight gets no leave', async (t) => {
      const { gateway, page } = await scene(t, origin());
      for (const init of [{ mode: 'cors' }, { mode: 'cors', credentials: 'include' }] as const) {
        assert.equal(await tryFetch(page, `${gateway.url}/__gw__/register`, { ...init, method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY }), 'TypeError');
      }
      await until('the preflights', () => refusals(gateway).length >= 2);
      assert.deepEqual([...new Set(refusals(gateway))], ['method_not_allowed']);
      // A mode that can't ask for leave loses the content type instead.
      assert.equal(await tryFetch(page, `${gateway.url}/__gw__/register`, { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'application/json' }, body: BODY }), 'TypeError');
      await until('its refusal', () => refusals(gateway).length >= 3);
      assert.equal(gateway.gateway.tokenCount, 1);
    });

    test('registers nothing by a form, in a frame or as the whole page', async (t) => {
      const { gateway, page } = await scene(t, origin());
      for (const target of ['frame', '_self']) {
        const before = refusals(gateway).length;
        await page.evaluate(([url, where]) => {
          const frame = document.createElement('iframe');
          frame.name = 'frame';
          document.body.append(frame);
          const form = document.createElement('form');
          Object.assign(form, { action: url, method: 'post', enctype: 'text/plain', target: where });
          const field = document.createElement('input');
          // Name, "=" and value together are JSON.
          field.name = '{"upstream_base":"http://127.0.0.1:9/evil","gateway_key":"agent","note":"';
          field.value = '"}';
          form.append(field);
          document.body.append(form);
          form.submit();
        }, [`${gateway.url}/__gw__/register`, target] as const);
        await until('the refusal of the form', () => refusals(gateway).length > before);
      }
      assert.equal(gateway.gateway.tokenCount, 1);
    });

    test('reads nothing of the gateway\'s own: not by fetch, not in a frame, not as a script or an image', async (t) => {
      const { gateway, page } = await scene(t, origin());
      for (const path of ['/health', '/metrics', '/ready']) {
        assert.equal(await tryFetch(page, `${gateway.url}${path}`, { mode: 'cors' }), 'TypeError', path);
        const seen = await page.evaluate(async (url) => {
          const load = (element: HTMLElement): Promise<string> => new Promise((resolve) => {
            element.onload = () => resolve('loaded');
            element.onerror = () => resolve('error');
            document.body.append(element);
          });
          const frame = await load(Object.assign(document.createElement('iframe'), { src: url })).then(() => {
            const inner = document.querySelector('iframe');
            try {
              return String(inner?.contentWindow?.document.body.innerText);
            } catch (error) {
              return (error as Error).name;
            }
          });
          return { frame, script: await load(Object.assign(document.createElement('script'), { src: url })), image: await load(Object.assign(document.createElement('img'), { src: url })) };
        }, `${gateway.url}${path}`);
        assert.deepEqual(seen, { frame: 'SecurityError', script: 'error', image: 'error' }, path);
      }
    });

    test('reads no answer of an upstream, even with a token in its hands', async (t) => {
      const { gateway, page, upstream, token } = await scene(t, origin());
      const url = `${gateway.url}/v1/__gw__/t/${token}/messages`;
      assert.equal(await tryFetch(page, url, { method: 'POST', mode: 'cors', headers: { 'content-type': 'application/json' }, body: '{}' }), 'TypeError');
      // The upstream was asked for leave and gave none, so that the request itself was not sent.
      assert.deepEqual(upstream.requests.map(({ method }) => method), ['OPTIONS']);
      assert.equal(await tryFetch(page, url, { method: 'POST', mode: 'cors', headers: { 'content-type': 'text/plain' }, body: 'x' }), 'TypeError');
      for (const kind of ['WebSocket', 'EventSource'] as const) {
        const end = await page.evaluate(([name, where, limit]) => new Promise<string>((resolve) => {
          const stream = name === 'WebSocket' ? new WebSocket(where.replace('http:', 'ws:')) : new EventSource(where);
          stream.onopen = () => resolve('open');
          stream.onmessage = () => resolve('message');
          stream.onerror = () => resolve('error');
          setTimeout(() => resolve('nothing'), limit);
        }), [kind, url, IN_VAIN_MS] as const);
        assert.equal(end, 'error', kind);
      }
    });
  });
}

describe('a page under a name that is rebound to this machine', () => {
  test('is refused from its first request, and so is all that it asks of its own origin', async (t) => {
    const { gateway, page, token, upstream } = await scene(t);
    const own = `http://${REBOUND_NAME}:${gateway.port}`;
    const first = await page.goto(`${own}/health`);
    assert.ok(first);
    assert.equal(first.status(), 421);
    assert.match(await first.text(), /host_not_allowed/);
    for (const [path, init] of [
      ['/__gw__/register', { method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY }],
      ['/metrics', {}],
      [`/v1/__gw__/t/${token}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
    ] as const) {
      assert.match(await tryFetch(page, `${own}${path}`, init), /^421 .*host_not_allowed/, path);
    }
    assert.equal(gateway.gateway.tokenCount, 1);
    assert.equal(upstream.requests.length, 0);
  });
});

test('a page that asks for the unspecified address registers nothing', async (t) => {
  const { gateway, page } = await scene(t);
  const got = await tryFetch(page, `http://0.0.0.0:${gateway.port}/__gw__/register`, { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: BODY });
  t.diagnostic(`the browser made of it: ${got}`);
  assert.equal(gateway.gateway.tokenCount, 1);
});

test('the gateway\'s own origin may: the refusals above are not for want of a way', async (t) => {
  const { gateway, page } = await scene(t);
  await page.goto(`${gateway.url}/health`);
  assert.match(await tryFetch(page, '/__gw__/register', { method: 'POST', headers: { 'content-type': 'application/json' }, body: BODY }), /^200 .*"token"/);
  assert.equal(gateway.gateway.tokenCount, 2);
});
