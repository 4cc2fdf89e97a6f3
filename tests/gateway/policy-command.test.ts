// `aegisgate policy` as a user calls it to see what is in force.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aegisgate, temporaryFile } from '../support/command-line.ts';

test('the table in force is printed, one topic a line, and the level', () => {
  const { code, out } = aegisgate(['policy']);
  assert.equal(code, 0);
  assert.match(out, /^level medium$/m);
  assert.match(out, /^injection +quarantine +injected instructions in tool results and documents$/m);
  assert.match(out, /^secret-flow +block /m);
  assert.match(aegisgate(['policy', '--level', 'low']).out, /^injection +flag /m);
});

test('what the rules file has changed is told, for all tokens and for one', (t) => {
  const rules = temporaryFile(t, 'rules.json', JSON.stringify({ policy: { injection: 'flag' }, disable: ['iban'], tokens: { 'my-token': { policy: { injection: 'block' } } } }));
  const all = aegisgate(['policy'], '', { AEGIS_RULES_PATH: rules });
  assert.match(all.out, /^injection +flag +.+ \(set in the rules file\)$/m);
  assert.match(all.out, /^iban +off$/m);
  assert.match(aegisgate(['policy', '--token', 'my-token'], '', { AEGIS_RULES_PATH: rules }).out, /^injection +block /m);
});

test('it may be had as JSON', () => {
  const { out } = aegisgate(['policy', '--json', '--level', 'high']);
  const { level, topics, rules } = JSON.parse(out) as { level: string; topics: Record<string, string>; rules: object };
  assert.equal(level, 'high');
  assert.equal(topics['answer-text'], 'replace');
  assert.deepEqual(rules, {});
});

test('a rules file with a wrong action is exit code 2, naming setting and field', (t) => {
  const rules = temporaryFile(t, 'rules.json', JSON.stringify({ policy: { injection: 'redact' } }));
  const { code, err } = aegisgate(['policy'], '', { AEGIS_RULES_PATH: rules });
  assert.equal(code, 2);
  assert.match(err, /AEGIS_RULES_PATH.*policy\.injection: must be one of off, flag, quarantine, block/);
});
