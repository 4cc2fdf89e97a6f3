import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTexts, languageOf } from '../../../../src/console/page/i18n.ts';
import { EN } from '../../../../src/console/page/texts-en.ts';
import { ZH } from '../../../../src/console/page/texts-zh.ts';
import { TOPICS } from '../../../../src/guards/policy.ts';

const PAGE = fileURLToPath(new URL('../../../../src/console/page/', import.meta.url));

describe('the languages', () => {
  test('have the same keys, in the same order, and no empty text', () => {
    assert.deepEqual(Object.keys(ZH), Object.keys(EN));
    for (const texts of [EN, ZH]) for (const [key, text] of Object.entries(texts)) assert.notEqual(text.trim(), '', key);
  });

  test('leave the same places to be filled in', () => {
    const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(EN)) assert.deepEqual(places(ZH[key as keyof typeof EN]), places(text), key);
  });

  test('have a text for every key that the page names, and the page names every key', () => {
    const source = readdirSync(PAGE).filter((name) => name.endsWith('.ts') && !name.startsWith('texts-')).map((name) => readFileSync(`${PAGE}${name}`, 'utf8')).join('\n');
    const named = new Set([...source.matchAll(/'([a-zA-Z]+(?:\.[a-zA-Z-]+){0,4})'/g)].map((match) => match[1] ?? ''));
    // Keys that are put together, by their beginnings.
    const stems = [...source.matchAll(/`([a-z]+(?:\.[a-z]+)*)\.\$\{/g)].map((match) => `${match[1]}.`);
    const unused = Object.keys(EN).filter((key) => !named.has(key) && !stems.some((stem) => key.startsWith(stem)));
    assert.deepEqual(unused, []);
  });

  test('name every topic', () => {
    for (const topic of TOPICS) assert.ok(`topic.${topic}` in EN, topic);
  });

  test('are chosen by the first that is known', () => {
    assert.equal(languageOf(['de-DE', 'zh-TW', 'en']), 'zh');
    assert.equal(languageOf(['EN-us', 'zh']), 'en');
    assert.equal(languageOf(['fr']), 'en');
    assert.equal(languageOf([]), 'en');
  });
});

describe('figures', () => {
  const texts = createTexts('en');
  test('of bytes', () => {
    assert.deepEqual([0, 999, 1_000, 1_234, 99_499, 999_499, 999_500, 12_345_678, 3e15].map(texts.bytes), ['0 B', '999 B', '1 kB', '1.2 kB', '99 kB', '999 kB', '1 MB', '12 MB', '3,000 TB']);
  });
  test('of time', () => {
    assert.deepEqual([null, 0, 0.314, 9.99, 320.4, 999.4, 1_000, 71_000, 99_499, 150_000].map(texts.duration), ['–', '0 ms', '0.31 ms', '10 ms', '320 ms', '999 ms', '1 s', '71 s', '99 s', '2.5 min']);
  });
  test('of how long ago', () => {
    assert.equal(texts.ago(0, 5_000), '5 seconds ago');
    assert.equal(texts.ago(0, 3 * 60_000), '3 minutes ago');
    assert.equal(texts.ago(10_000, 0), 'now');
    assert.equal(createTexts('zh').ago(0, 2 * 3_600_000), '2小时前');
  });
  test('of one and of many', () => {
    assert.equal(texts.count('counts.all.one', 'counts.all', 1), '1 exchange');
    assert.equal(texts.count('counts.all.one', 'counts.all', 12_345), '12,345 exchanges');
  });
  test('a place without its value stays to be seen, and a value can not bring in another place', () => {
    assert.equal(texts.t('edit.title'), 'Edit {name}');
    assert.equal(texts.t('edit.title', { name: '{n} $& <b>' }), 'Edit {n} $& <b>');
  });
});
