import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requestHeaders, responseHeaders, trailerPairs, type RequestHeaderPlan } from '../../../src/http/headers.ts';

/** `Name: value` lines as a raw header array. */
function raw(...lines: string[]): string[] {
  return lines.flatMap((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
}

function lines(rawHeaders: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) out.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return out;
}

const PLAN: RequestHeaderPlan = { host: 'up.example', framing: { kind: 'none' }, identity: false, decoded: false };
const up = (plan: Partial<RequestHeaderPlan>, ...headers: string[]): string[] => lines(requestHeaders(raw(...headers), { ...PLAN, ...plan }));
const down = (plan: Partial<Parameters<typeof responseHeaders>[1]>, ...headers: string[]): string[] =>
  lines(responseHeaders(raw(...headers), { length: 'keep', decoded: false, trailers: false, added: [], ...plan }));

test('case, order, repetition and underscores survive on the way up', () => {
  const sent = [
    'hOsT: gw', 'X-B: 2', 'x-a: 1', 'X-b: 3', 'session_id: s', 'Authorization: Bearer k', 'x-api-key: k', 'Cookie: a=1', 'cookie: b=2',
    'anthropic-beta: a,b', 'X-Empty: ', 'Accept-Encoding: gzip, br',
  ];
  assert.deepEqual(up({}, ...sent), ['hOsT: up.example', ...sent.slice(1)]);
});

test('case, order and repetition survive on the way down', () => {
  const sent = ['Set-Cookie: a', 'set-cookie: b', 'Retry-After: 3', 'x-ratelimit-remaining: 0', 'Request-Id: r', 'Content-Length: 3', 'Server: s', 'Date: today', 'Vary: x'];
  assert.deepEqual(down({}, ...sent), sent);
});

describe('hop-by-hop headers stop here, both ways', () => {
  for (const header of [
    'Connection: close', 'connection: keep-alive', 'Keep-Alive: timeout=5', 'Proxy-Connection: keep-alive', 'Proxy-Authenticate: Basic', 'Proxy-Authorization: Basic eDp5',
    'Proxy-Authentication-Info: x', 'TE: trailers', 'Upgrade: h2c', 'UPGRADE: websocket', 'Trailer: X-T',
  ]) {
    test(header, () => {
      assert.deepEqual(up({}, 'Host: gw', header, 'X-A: 1'), ['Host: up.example', 'X-A: 1']);
      assert.deepEqual(down({}, header, 'X-A: 1'), ['X-A: 1']);
    });
  }
  test('Transfer-Encoding', () => {
    assert.deepEqual(up({}, 'Host: gw', 'Transfer-Encoding: chunked'), ['Host: up.example']);
    assert.deepEqual(down({}, 'Transfer-Encoding: chunked'), []);
  });
});

test('what Connection names stops here, in any case, over several headers and with odd commas', () => {
  const sent = ['Connection: X-One,, x-two ,close', 'X-ONE: 1', 'x-Two: 2', 'X-Three: 3', 'connection: keep-alive,X-FOUR', 'x-four: 4', 'x-five: 5'];
  assert.deepEqual(down({}, ...sent), ['X-Three: 3', 'x-five: 5']);
  assert.deepEqual(up({}, 'Host: gw', ...sent), ['Host: up.example', 'X-Three: 3', 'x-five: 5']);
});

test('Connection can not take away what the message stands on', () => {
  const sent = ['Connection: host, content-length, content-type, content-encoding', 'Host: gw', 'Content-Type: a/b', 'Content-Encoding: gzip', 'Content-Length: 5'];
  assert.deepEqual(up({ framing: { kind: 'length', bytes: 5 } }, ...sent), ['Host: up.example', 'Content-Type: a/b', 'Content-Encoding: gzip', 'Content-Length: 5']);
  assert.deepEqual(down({}, 'Connection: content-length', 'Content-Length: 5'), ['Content-Length: 5']);
});

test('the gateway adds nothing upstream, and the client\'s x-aegis-* are dropped', () => {
  assert.deepEqual(up({}, 'Host: gw', 'X-Aegis-Request-Id: 1', 'x-aegis-: 2', 'X-AEGIS-MODE: off', 'x-aegisx: stays'), ['Host: up.example', 'x-aegisx: stays']);
});

test('Expect has been answered here and goes no further', () => {
  assert.deepEqual(up({}, 'Host: gw', 'Expect: 100-continue'), ['Host: up.example']);
});

test('Host comes once, at the client\'s place, and first where the client sent none', () => {
  assert.deepEqual(up({}, 'X-A: 1', 'host: one', 'HOST: two'), ['X-A: 1', 'host: up.example']);
  assert.deepEqual(up({}, 'X-A: 1'), ['Host: up.example', 'X-A: 1']);
});

describe('the framing is told once, whatever the client told', () => {
  const length = { kind: 'length', bytes: 7 } as const;
  const chunked = { kind: 'chunked' } as const;
  const cases: readonly (readonly [RequestHeaderPlan['framing'], string[], string[]])[] = [
    [length, ['Host: gw', 'content-length: 99', 'X: 1'], ['Host: up.example', 'content-length: 7', 'X: 1']],
    [length, ['Host: gw', 'transfer-encoding: chunked', 'X: 1'], ['Host: up.example', 'Content-Length: 7', 'X: 1']],
    [length, ['Host: gw', 'Transfer-Encoding: chunked', 'Content-Length: 3'], ['Host: up.example', 'Content-Length: 7']],
    [length, ['Host: gw'], ['Host: up.example', 'Content-Length: 7']],
    [chunked, ['Host: gw', 'Content-Length: 99'], ['Host: up.example', 'Transfer-Encoding: chunked']],
    [chunked, ['Host: gw', 'transfer-encoding: Chunked'], ['Host: up.example', 'Transfer-Encoding: chunked']],
    [chunked, ['Host: gw'], ['Host: up.example', 'Transfer-Encoding: chunked']],
    [{ kind: 'length', bytes: 0 }, ['Host: gw', 'Content-Length: 0'], ['Host: up.example', 'Content-Length: 0']],
    [{ kind: 'none' }, ['Host: gw', 'Content-Length: 0'], ['Host: up.example']],
  ];
  for (const [framing, sent, expected] of cases) {
    test(`${JSON.stringify(framing)} for ${sent.slice(1).join(' | ') || 'nothing'}`, () => {
      assert.deepEqual(up({ framing }, ...sent), expected);
    });
  }
});

test('an answer that will be read is asked for without a coding, once', () => {
  assert.deepEqual(up({ identity: true }, 'Host: gw', 'ACCEPT-ENCODING: br', 'accept-encoding: gzip'), ['Host: up.example', 'ACCEPT-ENCODING: identity']);
  assert.deepEqual(up({ identity: true }, 'Host: gw'), ['Host: up.example', 'Accept-Encoding: identity']);
});

test('the coding that was taken off is no longer told', () => {
  assert.deepEqual(up({ decoded: true }, 'Host: gw', 'Content-Encoding: gzip'), ['Host: up.example']);
  assert.deepEqual(up({ decoded: false }, 'Host: gw', 'Content-Encoding: gzip'), ['Host: up.example', 'Content-Encoding: gzip']);
  assert.deepEqual(down({ decoded: true, length: 'omit' }, 'content-encoding: br', 'Content-Length: 5', 'X: 1'), ['X: 1']);
  assert.deepEqual(down({ length: 'omit' }, 'content-encoding: br', 'Content-Length: 5', 'X: 1'), ['content-encoding: br', 'X: 1']);
  assert.deepEqual(down({ length: 7 }, 'CONTENT-length: 5', 'X: 1'), ['CONTENT-length: 7', 'X: 1']);
});

test('Trailer passes only where trailers can', () => {
  assert.deepEqual(up({ framing: { kind: 'chunked' } }, 'Host: gw', 'Trailer: X-T'), ['Host: up.example', 'Trailer: X-T', 'Transfer-Encoding: chunked']);
  assert.deepEqual(down({ trailers: true }, 'Trailer: X-T'), ['Trailer: X-T']);
});

test('what the gateway adds for the client comes last', () => {
  assert.deepEqual(down({ added: ['x-aegis-request-id', 'req_1'] }, 'X: 1'), ['X: 1', 'x-aegis-request-id: req_1']);
});

test('trailers can not carry framing, routing or the gateway\'s own', () => {
  const sent = raw('X-Sum: 1', 'Content-Length: 5', 'Transfer-Encoding: chunked', 'Host: evil', 'Connection: close', 'x-aegis-findings: none', 'x-sum: 2');
  assert.deepEqual(trailerPairs(sent), [['X-Sum', '1'], ['x-sum', '2']]);
});

test('the arrays that came are not written to', () => {
  const sent = Object.freeze(raw('Host: gw', 'Connection: x-a', 'X-A: 1'));
  requestHeaders(sent, PLAN);
  responseHeaders(sent, { length: 'omit', decoded: true, trailers: false, added: [] });
  assert.equal(sent.length, 6);
});
