import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseUpstreamBase } from '../../../src/http/upstream-url.ts';
import { emptyDocument, findByUpstream, parseDocument, parseTable, printDocument, putEntry, removeEntry } from '../../../src/tokens/table.ts';
import { tokenFingerprint } from '../../../src/tokens/token.ts';

const CANARY = 'Canary4711Canary4711Cana';

test('the file of the documentation is read', () => {
  const table = parseTable(parseDocument('{"tokens": {"Ab3k9Qx7": {"upstream_base": "https://api.anthropic.com/v1", "mode": "full", "note": "Claude"}}}'));
  const entry = table.get('Ab3k9Qx7');
  assert.equal(table.size, 1);
  assert.equal(entry?.upstream.base, 'https://api.anthropic.com/v1');
  assert.equal(entry?.mode, 'full');
  assert.equal(entry?.level, undefined);
  assert.equal(entry?.note, 'Claude');
  assert.equal(entry?.fingerprint, tokenFingerprint('Ab3k9Qx7'));
});

test('only the base is needed, and it may be written as people write it', () => {
  const table = parseTable(parseDocument('\uFEFF {"tokens": {"a": {"upstream_base": " HTTPS://H.example:443/v1// "}, "b": {"upstream_base": "http://x", "level": "high", "mode": "redact"}}}\r\n'));
  assert.equal(table.get('a')?.upstream.base, 'https://h.example/v1');
  assert.equal(table.get('b')?.level, 'high');
  assert.equal(table.get('b')?.mode, 'redact');
});

test('a file without tokens is an empty table', () => {
  for (const text of ['{}', '{"tokens": {}}', '{"comment": "mine"}', '{"tokens": null}']) assert.equal(parseTable(parseDocument(text)).size, 0);
});

describe('what is wrong is told without any token or text of the file', () => {
  const entry = (settings: string): string => `{"tokens": {"${CANARY}": ${settings}}}`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a missing brace', `{"tokens": {"${CANARY}": {}`, /not complete/],
    ['nothing', '', /not complete/],
    ['a missing value', `{"tokens":\n {"${CANARY}": }}`, /not JSON/],
    ['a trailing comma', `{"tokens":\n {"${CANARY}": {"upstream_base": "http://h"},}\n}`, /not JSON.*line 2/],
    ['single quotes', `{'${CANARY}': 1}`, /not JSON.*line 1/],
    ['a comment', `{"tokens": {}}\n// ${CANARY}`, /not JSON.*line 2/],
    ['a bare word', CANARY, /not JSON/],
    ['a raw line break in a text', `{"tokens": {"${CANARY}\n": 1}}`, /not JSON.*line 1/],
    ['merge marks', `{"tokens": {\n<<<<<<< ${CANARY}\n}}`, /not JSON.*line 2, column 1/],
    ['a list', `["${CANARY}"]`, /top level/],
    ['a text', `"${CANARY}"`, /top level/],
    ['null', 'null', /top level/],
    ['tokens as a list', `{"tokens": ["${CANARY}"]}`, /"tokens" must be an object/],
    ['tokens as a text', `{"tokens": "${CANARY}"}`, /"tokens" must be an object/],
    ['an entry that is a text', entry('"http://h"'), /must be an object/],
    ['an entry that is null', entry('null'), /must be an object/],
    ['no base', entry('{}'), /"upstream_base"/],
    ['a base that is a number', entry('{"upstream_base": 5}'), /"upstream_base"/],
    ['a base that is no URL', entry(`{"upstream_base": "${CANARY}"}`), /bad "upstream_base"/],
    ['a base with credentials', entry(`{"upstream_base": "http://u:${CANARY}@h"}`), /bad "upstream_base".*credentials/],
    ['the example as base', entry('{"upstream_base": "https://your-upstream.example.com"}'), /example/],
    ['an unknown mode', entry('{"upstream_base": "http://h", "mode": "off"}'), /"mode"; it takes full, redact, passthrough/],
    ['a mode that is null', entry('{"upstream_base": "http://h", "mode": null}'), /"mode"/],
    ['an unknown level', entry('{"upstream_base": "http://h", "level": "max"}'), /"level"; it takes low, medium, high/],
    ['a note that is a number', entry('{"upstream_base": "http://h", "note": 5}'), /"note"/],
    ['a token that reads as a mode', `{"tokens": {"${CANARY}__redact": {"upstream_base": "http://h"}}}`, /name that can not stand in a URL/],
    ['a token with a slash', `{"tokens": {"${CANARY}/x": {"upstream_base": "http://h"}}}`, /name that can not stand in a URL/],
    ['a token that is empty', '{"tokens": {"": {"upstream_base": "http://h"}}}', /name that can not stand in a URL/],
    ['the prototype as a token', '{"tokens": {"__proto__": {"upstream_base": "http://h"}}}', /name that can not stand in a URL/],
  ];
  for (const [what, text, words] of cases) {
    test(what, () => {
      assert.throws(() => parseTable(parseDocument(text)), (error: Error) => {
        assert.match(error.message, words);
        assert.ok(!error.message.includes('Canary'), error.message);
        return true;
      });
    });
  }
  test('the entry at fault is named by its fingerprint', () => {
    assert.throws(() => parseTable(parseDocument(entry('{}'))), (error: Error) => error.message.includes(tokenFingerprint(CANARY)));
  });
});

test('a change leaves unknown fields and the order of everything else as they were', () => {
  const text = '{"$schema":"x","tokens":{"b":{"owner":"me","upstream_base":"http://h","x":{"y":[1]}},"a":{"upstream_base":"http://g"}},"after":[1,{"z":null}]}';
  const document = parseDocument(text);
  putEntry(document, 'b', 'http://ignored', { note: 'new' });
  putEntry(document, 'c', 'http://i', { mode: 'redact' });
  assert.ok(removeEntry(document, 'a'));
  assert.ok(!removeEntry(document, 'a'));
  assert.equal(
    JSON.stringify(JSON.parse(printDocument(document))),
    '{"$schema":"x","tokens":{"b":{"owner":"me","upstream_base":"http://h","x":{"y":[1]},"note":"new"},"c":{"upstream_base":"http://i","mode":"redact"}},"after":[1,{"z":null}]}',
  );
});

test('names of Object\'s own are names like others', () => {
  const document = emptyDocument();
  assert.ok(!removeEntry(document, 'constructor') && !removeEntry(document, '__proto__') && !removeEntry(document, 'toString'));
  putEntry(document, 'constructor', 'http://h', {});
  assert.equal(parseTable(document).get('constructor')?.upstream.base, 'http://h');
  assert.equal(parseTable(parseDocument(printDocument(document))).size, 1);
  assert.ok(removeEntry(document, 'constructor'));
});

test('what is printed is read again, and ends with a line break', () => {
  const document = emptyDocument();
  putEntry(document, 'abc', 'https://h/v1', { note: 'quote " and line\nbreak' });
  const text = printDocument(document);
  assert.ok(text.endsWith('}\n') && text.includes('\n  "tokens"'));
  assert.equal(parseTable(parseDocument(text)).get('abc')?.note, 'quote " and line\nbreak');
});

test('the first token of an upstream in the file\'s order is its token', () => {
  const table = parseTable(parseDocument('{"tokens":{"b":{"upstream_base":"http://h/"},"a":{"upstream_base":"http://h"}}}'));
  assert.equal(findByUpstream(table, parseUpstreamBase('HTTP://H:80'))?.token, 'b');
  assert.equal(findByUpstream(table, parseUpstreamBase('http://h/v1')), undefined);
});
