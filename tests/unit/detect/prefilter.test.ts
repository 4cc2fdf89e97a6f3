import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrefilter } from '../../../src/detect/prefilter.ts';
import { seededRandom } from '../../support/random.ts';

interface Hit { readonly keyword: string; readonly at: number }

function scan(keywords: readonly { text: string; caseless: boolean }[], text: string, start = 0, end?: number): Hit[] {
  const bytes = Buffer.from(text, 'utf8');
  const hits: Hit[] = [];
  createPrefilter(keywords).scan(bytes, start, end ?? bytes.length, (keyword, at) => {
    hits.push({ keyword: keywords[keyword]?.text ?? '?', at });
  });
  return hits.sort((one, other) => one.at - other.at || one.keyword.localeCompare(other.keyword));
}

const exact = (...texts: string[]): { text: string; caseless: boolean }[] => texts.map((text) => ({ text, caseless: false }));

describe('the prefilter', () => {
  it('finds a keyword at every offset of inputs of every length', () => {
    for (const keyword of ['ab', 'sk-', 'ghp_', 'password', '密码']) {
      const bytes = Buffer.byteLength(keyword);
      for (let length = bytes; length < 40; length += 1) {
        for (let at = 0; at + bytes <= length; at += 1) {
          const text = '.'.repeat(at) + keyword + '.'.repeat(length - at - bytes);
          assert.deepEqual(scan(exact(keyword), text), [{ keyword, at }], `${keyword} at ${at} of ${length}`);
        }
      }
    }
  });

  it('agrees with indexOf on random text', () => {
    const keywords = ['ab', 'abc', 'cab', 'bca', 'aabb', 'ccc', 'abcabc'];
    let state = Number(process.env['SEED'] ?? 4711);
    const next = (): string => 'abcABC.'.charAt((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % 7);
    for (let round = 0; round < 40; round += 1) {
      const text = Array.from({ length: 700 }, next).join('');
      const expected: Hit[] = [];
      for (const keyword of keywords) {
        for (let at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + 1)) expected.push({ keyword, at });
      }
      expected.sort((one, other) => one.at - other.at || one.keyword.localeCompare(other.keyword));
      assert.deepEqual(scan(exact(...keywords), text), expected, `round ${round}`);
    }
  });

  it('folds the case of ASCII letters only where it is asked to', () => {
    assert.deepEqual(scan([{ text: 'token', caseless: true }], 'ToKeN token TOKEN').map((hit) => hit.at), [0, 6, 12]);
    assert.deepEqual(scan(exact('Token'), 'ToKeN Token TOKEN').map((hit) => hit.at), [6]);
    // @ and ` differ by the bit that makes letters lower case.
    assert.deepEqual(scan([{ text: '`ab`', caseless: true }], '@ab@ `AB`').map((hit) => hit.at), [5]);
  });

  it('stays within the bounds it is given', () => {
    assert.deepEqual(scan(exact('abcd'), 'abcdabcdabcd', 1, 11).map((hit) => hit.at), [4]);
    assert.deepEqual(scan(exact('ab'), 'ababab', 1, 5).map((hit) => hit.at), [2]);
  });

  it('goes on where it was when a callback scans something else', () => {
    const keywords = exact('sk-');
    const prefilter = createPrefilter(keywords);
    const bytes = Buffer.from('sk-....sk-....sk-....sk-'.repeat(20), 'utf8');
    let outer = 0;
    let inner = 0;
    prefilter.scan(bytes, 0, bytes.length, () => {
      outer += 1;
      prefilter.scan(bytes, 0, 48, () => { inner += 1; });
    });
    assert.equal(outer, 80);
    assert.equal(inner, 80 * 8);
  });

  it('finds the same in parts of announced bytes as in each part alone, at the borders of blocks and where hits are dense', () => {
    const { random, seed } = seededRandom();
    const keywords = [...exact('sk-', 'ghp_', 'token', 'secret_access_key'), { text: 'password', caseless: true }, { text: '密码', caseless: false }];
    const pieces = ['sk-', 'ghp_', 'token', 'PassWord', '密码', 'secret_access_key', 'x', ' ', 'tok', 'en', '\n'];
    for (const dense of [true, false]) {
      const text = Array.from({ length: dense ? 24_000 : 60_000 }, () => (dense || random() < 0.02 ? (pieces[Math.floor(random() * pieces.length)] ?? '') : 'abcdefgh'.charAt(Math.floor(random() * 8)))).join('');
      const bytes = Buffer.from(text);
      const alone = createPrefilter(keywords);
      const announced = createPrefilter(keywords);
      announced.announce(bytes);
      for (let start = 0; start < bytes.length; ) {
        const end = Math.min(bytes.length, start + Math.floor(random() * (random() < 0.1 ? 40_000 : 400)));
        const found: [number, number][] = [];
        const expected: [number, number][] = [];
        announced.scan(bytes, start, end, (keyword, at) => found.push([at, keyword]));
        alone.scan(bytes, start, end, (keyword, at) => expected.push([at, keyword]));
        const order = (one: [number, number], other: [number, number]): number => one[0] - other[0] || one[1] - other[1];
        assert.deepEqual(found.sort(order), expected.sort(order), `SEED=${seed}, ${start} to ${end}`);
        // Some bytes are skipped, and now and then it goes back.
        start = random() < 0.05 ? Math.max(0, start - Math.floor(random() * 600)) : end + Math.floor(random() * 50);
      }
    }
  });

  it('loses none where more stand than there is room for at once', () => {
    const bytes = Buffer.from('ab'.repeat(40_000));
    const prefilter = createPrefilter(exact('ab', 'aba', 'bab'));
    for (const announced of [false, true]) {
      if (announced) prefilter.announce(bytes);
      let hits = 0;
      prefilter.scan(bytes, 0, bytes.length, () => { hits += 1; });
      assert.equal(hits, 40_000 + 39_999 + 39_999);
    }
  });

  it('refuses keywords of one byte', () => {
    assert.throws(() => createPrefilter(exact('a')), RangeError);
  });
});
