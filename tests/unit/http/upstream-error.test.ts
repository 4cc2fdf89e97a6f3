import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AddressDeniedError } from '../../../src/http/address-guard.ts';
import { ConnectTimeoutError, ProxyRefusedError } from '../../../src/http/upstream.ts';
import { errorCode, upstreamError } from '../../../src/http/upstream-error.ts';

function coded(code: unknown): Error {
  return Object.assign(new Error('canary-4711'), { code });
}

describe('what went wrong is told in words', () => {
  const cases: readonly (readonly [unknown, string, RegExp])[] = [
    [coded('ENOTFOUND'), 'upstream_unreachable', /DNS knows no such name/],
    [coded('EAI_AGAIN'), 'upstream_unreachable', /DNS did not answer/],
    [coded('ECONNREFUSED'), 'upstream_unreachable', /refused/],
    [coded('ECONNRESET'), 'upstream_unreachable', /closed the connection before it answered/],
    [coded('EPIPE'), 'upstream_unreachable', /closed the connection before it answered/],
    [coded('EHOSTUNREACH'), 'upstream_unreachable', /no route/],
    [coded('CERT_HAS_EXPIRED'), 'upstream_unreachable', /certificate.*CERT_HAS_EXPIRED.*NODE_EXTRA_CA_CERTS/],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'upstream_unreachable', /certificate/],
    [coded('SELF_SIGNED_CERT_IN_CHAIN'), 'upstream_unreachable', /certificate/],
    [coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'upstream_unreachable', /certificate/],
    [coded('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'upstream_unreachable', /certificate/],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'upstream_unreachable', /certificate/],
    [coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'upstream_unreachable', /TLS failed.*https on this port/],
    [coded('EPROTO'), 'upstream_unreachable', /TLS failed/],
    [coded('HPE_INVALID_CONSTANT'), 'upstream_unreachable', /not valid HTTP \(HPE_INVALID_CONSTANT\)/],
    [coded('EMFILE'), 'gateway_busy', /no file descriptor left/],
    [coded('ENFILE'), 'gateway_busy', /no file descriptor left/],
    [coded(undefined), 'upstream_unreachable', /the connection failed\./],
    [new Error('canary-4711'), 'upstream_unreachable', /the connection failed\./],
    ['canary-4711', 'upstream_unreachable', /the connection failed\./],
    [undefined, 'upstream_unreachable', /the connection failed\./],
    [new AddressDeniedError(), 'upstream_unreachable', /link-local/],
    [new ProxyRefusedError(407), 'upstream_unreachable', /proxy refused.*407/],
    [new ConnectTimeoutError(), 'upstream_timeout', /AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS/],
    [coded('ETIMEDOUT'), 'upstream_timeout', /AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS/],
  ];
  for (const [error, code, words] of cases) {
    test(`${String(errorCode(error))} ${words.source}`, () => {
      const told = upstreamError(error, 'up.example:8443');
      assert.equal(told.code, code);
      assert.match(told.message, words);
      assert.ok(told.message.includes('up.example:8443'));
      assert.ok(!told.message.includes('canary'));
    });
  }
});

test('a code that is free text is not passed on', () => {
  for (const code of ['canary-4711', 'E canary', 'econnreset', '', 7, null, {}, `E${'X'.repeat(100)}`]) {
    assert.equal(errorCode(coded(code)), undefined);
    assert.match(upstreamError(coded(code), 'h').message, /the connection failed\.$/);
  }
});
