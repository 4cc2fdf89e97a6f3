import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeSettings, parseSettings, printSettings, shownSettings } from '../../../src/service/settings-file.ts';
import { seededRandom } from '../../support/random.ts';

const VALUES = ['agent', '', ' spaces ', 'qu"ote', "it's", 'back\\slash\\', '$HOME ${X}', '`id`', '#no comment', 'a=b', '漢字', '%h %%', ';', '\\"', 'http://u:p@proxy:8080'];

test('values come back as they were printed', () => {
  const settings = Object.fromEntries(VALUES.map((value, i) => [`AEGIS_X${i}`, value]));
  assert.deepEqual(parseSettings(printSettings(settings)), settings);
});

test('random values come back too', () => {
  const { random, seed } = seededRandom();
  const letters = [...'ab "\'\\$`%#;=&<>|~!*?[](){}ü漢 ', '😀'];
  for (let i = 0; i < 500; i++) {
    const value = Array.from({ length: Math.floor(random() * 12) }, () => letters[Math.floor(random() * letters.length)]).join('');
    assert.deepEqual(parseSettings(printSettings({ A: value })), { A: value }, `SEED=${seed}`);
  }
});

test('what people write by hand is read as systemd reads it', () => {
  const text = '\uFEFF# a comment\r\n; another\n\n AEGIS_PORT = 18081 \nA="x y"\nB=\'$z "\\\'\nC=a\\ b\nD="\\n \\$ \\`"\n';
  assert.deepEqual(parseSettings(text), { AEGIS_PORT: '18081', A: 'x y', B: '$z "\\', C: 'a b', D: '\\n $ `' });
});

test('a line that is wrong is told by its number, never by its value', () => {
  for (const line of ['canary', 'A B=canary', 'A="canary', "A='canary' x", 'A="canary"x', 'A="canary\\"', '=canary']) {
    assert.throws(() => parseSettings(`OK=1\n${line}\n`), (error: Error) => /line 2/.test(error.message) && !error.message.includes('canary'), line);
  }
});

test('a value with a control character is refused by its name', () => {
  for (const value of ['a\nAEGIS_HOST=0.0.0.0', '\u0000', 'a\rb']) assert.throws(() => printSettings({ AEGIS_GATEWAY_KEY: value }), /^Error: AEGIS_GATEWAY_KEY: a line break/);
});

test('a change leaves other lines, comments and order alone', () => {
  const text = '# mine\nAEGIS_PORT=1\n\n# why\nAEGIS_WORKERS="2" \nAEGIS_PORT=2';
  const changed = changeSettings(text, { AEGIS_PORT: '3$', AEGIS_HOST: '::1' });
  assert.equal(changed, '# mine\nAEGIS_PORT=1\n\n# why\nAEGIS_WORKERS="2" \nAEGIS_PORT="3\\$"\nAEGIS_HOST="::1"\n');
  assert.equal(parseSettings(changed)['AEGIS_PORT'], '3$', 'the last one counts');
  assert.equal(changeSettings(text, {}), `${text}\n`);
});

test('secret values are not shown, others are', () => {
  const text = changeSettings('# AEGIS_GATEWAY_KEY is mine\n  AEGIS_GATEWAY_KEY = canary\n', { https_proxy: 'http://u:canary@h', AEGIS_UPSTREAM_PROXY: 'canary', AEGIS_PORT: '1' });
  assert.equal(shownSettings(text), '# AEGIS_GATEWAY_KEY is mine\n  AEGIS_GATEWAY_KEY =…\nhttps_proxy=…\nAEGIS_UPSTREAM_PROXY=…\nAEGIS_PORT="1"\n');
});
