// `aegisgate scan` as a user or a pre-commit hook calls it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aegisgate as scan, temporaryFile as file } from '../support/command-line.ts';
import { SECRETS } from '../support/redaction.ts';

test('a finding is told with file, line, column and rule, masked, and the exit code is 1', (t) => {
  const path = file(t, '.env', `# settings\nPORT=3000\nexport 令牌=1 TOKEN=${SECRETS.github}\n`);
  const { code, out } = scan(['scan', path]);
  assert.equal(code, 1);
  assert.match(out, new RegExp(`^${path}:3:19  [a-z0-9-]+  gh…`, 'm'));
  assert.ok(!out.includes(SECRETS.github.slice(0, 8)));
});

test('nothing found is exit code 0 and no output', () => {
  assert.deepEqual(scan(['scan'], 'const x = 1;\nexport TOKEN=${TOKEN}\n'), { code: 0, out: '', err: '' });
});

test('standard input is read when no file is named, and findings may be had as JSON', () => {
  const { code, out } = scan(['scan', '--json'], `a\nb ${SECRETS.anthropic}\n`);
  assert.equal(code, 1);
  const finding = JSON.parse(out) as Record<string, unknown>;
  assert.equal(finding['line'], 2);
  assert.equal(finding['column'], 3);
  assert.equal(finding['kind'], 'anthropic-key');
});

test('findings deep in a large file have their right places', () => {
  const lines = Array.from({ length: 9000 }, (_, i) => (i % 3000 === 2999 ? `key: ${SECRETS.github}` : `line ${i} of ordinary text`));
  const { out } = scan(['scan', '--json'], lines.join('\n'));
  const places = out.trim().split('\n').map((line) => (JSON.parse(line) as { line: number }).line);
  assert.deepEqual(places, [3000, 6000, 9000]);
});

test('the level decides what counts', () => {
  const text = 'mail to grace.hopper@navy-example.org today';
  assert.equal(scan(['scan', '--level', 'medium'], text).code, 0);
  assert.equal(scan(['scan', '--level', 'high'], text).code, 1);
});

test('the user\'s own rules apply, and what they allow is not told', (t) => {
  const rules = file(t, 'rules.json', JSON.stringify({
    rules: [{ id: 'acme-key', pattern: 'ACME-[0-9]{8}', matches: ['ACME-12345678'], ignores: ['ACME-1'] }],
    allow: [SECRETS.github],
  }));
  const { out } = scan(['scan', '--json'], `ACME-87654321 ${SECRETS.github}`, { AEGIS_RULES_PATH: rules });
  assert.deepEqual(out.trim().split('\n').map((line) => (JSON.parse(line) as { rule: string }).rule), ['acme-key']);
});

test('a wrong call, a file that is not there and a bad rules file are exit code 2 and say what is wrong', (t) => {
  assert.equal(scan([]).code, 2);
  assert.equal(scan(['scna']).code, 2);
  assert.match(scan(['scan', '--level', 'top'], '').err, /AEGIS_SECURITY_LEVEL.*low, medium, high/);
  const missing = scan(['scan', 'no-such-file']);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /no-such-file/);
  const rules = file(t, 'rules.json', JSON.stringify({ rules: [{ id: 'bad', pattern: '(a+)+$', matches: ['a'], ignores: [] }] }));
  const unsafe = scan(['scan'], '', { AEGIS_RULES_PATH: rules });
  assert.equal(unsafe.code, 2);
  assert.match(unsafe.err, /AEGIS_RULES_PATH.*rules\.json/);
});

test('help fits a screen', () => {
  const { code, out } = scan(['scan', '--help']);
  assert.equal(code, 0);
  assert.ok(out.split('\n').length <= 24 && out.split('\n').every((line) => line.length <= 80));
});
