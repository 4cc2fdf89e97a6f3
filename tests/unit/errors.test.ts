import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorEnvelope, GatewayError, RequestBlockedError, safeTrace, type ErrorCode } from '../../src/errors.ts';

describe('each code has the status and type that clients act on', () => {
  const cases: readonly (readonly [ErrorCode, number, string])[] = [
    ['invalid_parameters', 400, 'invalid_request_error'],
    ['invalid_json', 400, 'invalid_request_error'],
    ['missing_params', 400, 'invalid_request_error'],
    ['invalid_upstream', 400, 'invalid_request_error'],
    ['example_upstream_forbidden', 400, 'invalid_request_error'],
    ['invalid_filter_mode', 400, 'invalid_request_error'],
    ['gateway_key_invalid', 403, 'permission_error'],
    ['admin_endpoint_network_restricted', 403, 'permission_error'],
    ['token_not_found', 404, 'invalid_request_error'],
    ['not_found', 404, 'invalid_request_error'],
    ['method_not_allowed', 405, 'invalid_request_error'],
    ['request_body_too_large', 413, 'invalid_request_error'],
    ['unsupported_content_encoding', 415, 'invalid_request_error'],
    ['unsupported_media_type', 415, 'invalid_request_error'],
    ['host_not_allowed', 421, 'invalid_request_error'],
    ['websocket_not_supported', 426, 'invalid_request_error'],
    ['too_many_requests', 429, 'rate_limit_error'],
    ['upstream_unreachable', 502, 'api_error'],
    ['gateway_busy', 503, 'overloaded_error'],
    ['gateway_draining', 503, 'overloaded_error'],
    ['upstream_timeout', 504, 'timeout_error'],
  ];
  for (const [code, status, type] of cases) {
    test(code, () => {
      const error = new GatewayError(code, 'what to do');
      assert.equal(error.status, status);
      assert.equal(error.type, type);
      const mayRetry = status === 429 || status === 503;
      assert.equal(error.retryAfterSeconds !== undefined, mayRetry);
    });
  }
});

test('a blocked request is told as each family of clients takes it for final', () => {
  const cases = [[true, 403, 'permission_error'], [false, 400, 'invalid_request_error']] as const;
  for (const [anthropic, status, type] of cases) {
    const error = new RequestBlockedError('why', anthropic);
    assert.deepEqual([error.code, error.status, error.type], ['request_blocked', status, type]);
    assert.equal((JSON.parse(errorEnvelope(error, 'req_1')) as { error: { type: string } }).error.type, type);
  }
});

test('the envelope has the one shape, and nothing else in it', () => {
  const text = errorEnvelope(new GatewayError('token_not_found', 'Say "register" again\n', 'token'), 'req_1');
  assert.deepEqual(JSON.parse(text), {
    type: 'error',
    error: { type: 'invalid_request_error', code: 'token_not_found', message: 'Say "register" again\n', param: 'token' },
    request_id: 'req_1',
  });
  assert.equal(JSON.parse(errorEnvelope(new GatewayError('invalid_json', 'x'), 'r')).error.param, null);
});

test('the trace of an unexpected error holds its place and never its message', () => {
  const error = Object.assign(new TypeError('canary-4711\n    second canary-4711 line'), { code: 'ERR_X' });
  const trace = safeTrace(error);
  assert.equal(trace.name, 'TypeError');
  assert.equal(trace.code, 'ERR_X');
  assert.ok(trace.at.length > 0 && trace.at.every((line) => line.startsWith('at ')));
  assert.ok(!JSON.stringify(trace).includes('canary'));
});

test('a message whose line looks like a place in the stack is not taken for one', () => {
  const trace = safeTrace(new Error('first\n    at canary-4711 (somewhere)'));
  assert.ok(!JSON.stringify(trace).includes('canary'), JSON.stringify(trace.at[0]));
});

test('things thrown that are no errors are told by their type alone', () => {
  for (const thrown of ['canary-4711', { secret: 'canary-4711' }, undefined, null, 4711]) {
    assert.deepEqual(safeTrace(thrown), { name: typeof thrown, code: undefined, at: [] });
  }
  assert.equal(safeTrace(Object.assign(new Error('x'), { code: 7 })).code, undefined);
});
