import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMatcher, isNoFilter, NO_FILTER, type Filter } from '../../../../src/console/page/filter.ts';
import { exchangeOf, missedOf } from '../../../../src/console/page/records.ts';
import { exchange, finding } from './records.ts';

describe('a filter', () => {
  const one = exchange('req-1', { model: 'claude-sonnet-5', path: '/v1/messages', status: 403, code: 'request_blocked', findings: [finding('delete-root', 'block')] });
  const rows: readonly (readonly [Partial<Filter>, boolean])[] = [
    [{}, true],
    [{ search: 'SONNET' }, true],
    [{ search: 'messages  sonnet' }, true],
    [{ search: 'sonnet opus' }, false],
    [{ search: 'delete-root' }, true],
    [{ search: 'req-1' }, true],
    [{ client: 'Claude Code' }, true],
    [{ client: 'Codex' }, false],
    [{ token: 'a1b2c3d4' }, true],
    [{ token: 'Claude' }, false],
    [{ wire: 'gemini' }, false],
    [{ status: '4' }, true],
    [{ status: '2' }, false],
    [{ rule: 'delete-root' }, true],
    [{ rule: 'delete' }, false],
    [{ withFindings: true }, true],
  ];
  for (const [changes, expected] of rows) {
    test(`${JSON.stringify(changes)} ${expected ? 'takes' : 'leaves out'} it`, () => {
      assert.equal(createMatcher({ ...NO_FILTER, ...changes })(one), expected);
    });
  }

  test('tells what has no finding, and no answer', () => {
    assert.equal(createMatcher({ ...NO_FILTER, withFindings: true })(exchange('a')), false);
    assert.equal(createMatcher({ ...NO_FILTER, status: '0' })(exchange('a', { status: 0 })), true);
  });

  test('is none only when nothing is asked for', () => {
    assert.equal(isNoFilter({ ...NO_FILTER, search: '  ' }), true);
    assert.equal(isNoFilter({ ...NO_FILTER, search: 'a' }), false);
    assert.equal(isNoFilter({ ...NO_FILTER, withFindings: true }), false);
  });
});

describe('a record', () => {
  test('needs an id and a time, and nothing else', () => {
    assert.equal(exchangeOf('no JSON'), undefined);
    assert.equal(exchangeOf('null'), undefined);
    assert.equal(exchangeOf('{"id":"a"}'), undefined);
    assert.equal(exchangeOf('{"id":"a","time":"today"}'), undefined);
    assert.deepEqual(exchangeOf('{"id":"a","time":"2026-11-27T10:15:00Z"}')?.findings, []);
  });

  test('of other types than are known is taken as empty', () => {
    const odd = exchange('a', { client: 7, token: [], status: 'x', firstByteMs: null, findings: [null, { rule: {}, count: -3 }] });
    assert.deepEqual([odd.client, odd.fingerprint, odd.status, odd.firstByteMs], ['', '', 0, null]);
    assert.deepEqual(odd.findings.map(({ rule, count }) => [rule, count]), [['', 1], ['', 1]]);
  });

  test('counts the findings that are not listed', () => {
    assert.equal(exchange('a', { findings: [finding('one', 'redact', 3)], findingCount: 10 }).unlisted, 7);
  });

  test('of a gap tells how many are missing', () => {
    assert.equal(missedOf('{"missed":12}'), 12);
    assert.equal(missedOf('{}'), 0);
  });
});
