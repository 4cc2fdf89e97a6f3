import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPrefilter } from '../../../../src/detect/prefilter.ts';
import { judgeInjection } from '../../../../src/guards/injection/judge.ts';
import { INJECTION_WAKERS, isWoken } from '../../../../src/guards/injection/wakers.ts';
import { DIRECT } from './samples/direct.ts';
import { HELD_OUT_AGAIN_DIRECT, HELD_OUT_AGAIN_INDIRECT } from './samples/held-out-again.ts';
import { HELD_OUT_FIFTH_DIRECT, HELD_OUT_FIFTH_INDIRECT } from './samples/held-out-fifth.ts';
import { HELD_OUT_FOURTH_DIRECT, HELD_OUT_FOURTH_INDIRECT } from './samples/held-out-fourth.ts';
import { HELD_OUT_SIXTH_DIRECT, HELD_OUT_SIXTH_INDIRECT } from './samples/held-out-sixth.ts';
import { HELD_OUT_DIRECT, HELD_OUT_INDIRECT } from './samples/held-out.ts';
import { HELD_OUT_THIRD_DIRECT, HELD_OUT_THIRD_INDIRECT } from './samples/held-out-third.ts';
import { INDIRECT_ENGLISH } from './samples/indirect-english.ts';
import { INDIRECT_CHINESE, INDIRECT_DISGUISED, INDIRECT_LANGUAGES } from './samples/indirect-other.ts';

const prefilter = createPrefilter(INJECTION_WAKERS);

function wakesIn(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  let wakes = 0;
  prefilter.scan(bytes, 0, bytes.length, () => {
    wakes += 1;
  });
  return wakes;
}

/** As an encoder writes it that keeps to ASCII, its hex digits in either case. */
function asciiJson(text: string, upper: boolean): string {
  return JSON.stringify(text).replace(/[^\x00-\x7f]/g, (unit) => {
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${upper ? hex.toUpperCase() : hex}`;
  });
}

describe('the wakers', () => {
  it('are literals the prefilter takes, each once', () => {
    const seen = INJECTION_WAKERS.map((literal) => `${literal.text}|${literal.caseless}`);
    assert.deepEqual(seen.filter((one, index) => seen.indexOf(one) !== index), []);
    for (const literal of INJECTION_WAKERS) assert.ok(Buffer.byteLength(literal.text) >= 3, JSON.stringify(literal.text));
  });

  it('wake for every passage in which something is found, in raw bytes and as JSON escapes them', () => {
    let passages = 0;
    for (const text of [...INDIRECT_ENGLISH, ...INDIRECT_CHINESE, ...INDIRECT_LANGUAGES, ...INDIRECT_DISGUISED, ...HELD_OUT_INDIRECT, ...HELD_OUT_AGAIN_INDIRECT, ...HELD_OUT_THIRD_INDIRECT, ...DIRECT, ...HELD_OUT_DIRECT, ...HELD_OUT_AGAIN_DIRECT, ...HELD_OUT_THIRD_DIRECT, ...HELD_OUT_FOURTH_INDIRECT, ...HELD_OUT_FOURTH_DIRECT, ...HELD_OUT_FIFTH_INDIRECT, ...HELD_OUT_FIFTH_DIRECT, ...HELD_OUT_SIXTH_INDIRECT, ...HELD_OUT_SIXTH_DIRECT]) {
      for (const trust of ['untrusted', 'user'] as const) {
        for (const { start, end } of judgeInjection(text, trust)) {
          const passage = text.slice(start, end);
          passages += 1;
          for (const form of [passage, JSON.stringify(passage), asciiJson(passage, false), asciiJson(passage, true)]) {
            assert.ok(wakesIn(form) > 0, form);
          }
        }
      }
    }
    assert.ok(passages > 300);
  });

  it('are the same for the judge as for the prefilter', () => {
    for (const literal of INJECTION_WAKERS) assert.ok(isWoken(literal.text), literal.text);
    for (const text of ['Nothing here.', 'the file is ignored']) assert.equal(isWoken(text), wakesIn(text) > 0, text);
  });

  it('sleep over ordinary text', () => {
    const ordinary = 'function add(a: number, b: number): number {\n  // Adds two numbers; see the tests for the limits.\n  return a + b;\n}\nnpm install && npm test\n请先阅读文档，然后运行测试。\n';
    assert.equal(wakesIn(ordinary), 0);
  });
});
