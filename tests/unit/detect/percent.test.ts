/** Tokens whose signs are percent-encoded, as forms and queries write them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine } from '../../../src/detect/engine.ts';
import type { Engine } from '../../../src/detect/engine.ts';
import { percentView } from '../../../src/detect/percent.ts';
import { RULES } from '../../../src/detect/rules/index.ts';
import { alnum, base64, digits, hex, upper } from '../../../src/detect/rules/samples.ts';

const all = createEngine(RULES);

function findIn(text: string, engine: Engine = all): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const found: string[] = [];
  engine.scan({ bytes, start: 0, end: bytes.length, json: false, key: undefined }, (f) => {
    found.push(bytes.toString('latin1', f.start, f.end));
  });
  return found;
}

describe('a percent-encoded token', () => {
  const tokens = [
    `${digits(10)}:AA${alnum(33)}`, `ALTAK-${alnum(21)}/${hex(40)}`, `IQoJb3JpZ2luX2Vj${base64(160)}==`, `glc_eyJ${base64(100)}==`, `sntrys_eyJ${base64(160)}=_${base64(43)}`,
  ];
  for (const token of tokens) {
    it(`is found whole in a query: ${token.slice(0, 12)}`, () => {
      const encoded = encodeURIComponent(token);
      assert.notEqual(encoded, token);
      assert.deepEqual(findIn(`GET /a?b=c&v=${encoded}&d=e HTTP/1.1`), [encoded]);
    });
  }

  it('is found in the address of a hook that is a field itself', () => {
    const hook = encodeURIComponent(`https://hooks.slack.com/services/T${upper(8)}/B${upper(10)}/${alnum(24)}`);
    assert.deepEqual(findIn(`to=${hook}&a=b`), [hook.slice(hook.indexOf('services'))]);
    const other = encodeURIComponent(`https://discord.com/api/webhooks/${digits(18)}/${alnum(68)}`);
    assert.deepEqual(findIn(`to=${other}`), [other.slice(other.indexOf('webhooks%2F') + 'webhooks%2F'.length)]);
  });

  it('ends where the encoded field ends', () => {
    const token = `ghp_${alnum(36)}`;
    for (const after of ['%26page%3D2', '%20', '%22', '%40github.com', '%2Fuser']) assert.deepEqual(findIn(`next=${token}${after}&a=b`), [token], after);
  });

  it('is not made out of what is encoded twice', () => {
    assert.deepEqual(findIn(`v=${digits(10)}%253AAA${alnum(33)}&b=c`), []);
  });
});

describe('the view of a percent-encoded run', () => {
  it('leads back to the encoded text', () => {
    const view = percentView('x a%2Bb%3D c', 2);
    assert.equal(view?.text, 'a+b=');
    assert.deepEqual(view?.offsets, [2, 3, 6, 7, 10]);
  });

  it('is not made where nothing is encoded, nor of what is no printable character', () => {
    assert.equal(percentView('abc %2B', 0), undefined);
    assert.equal(percentView('a%zz', 0), undefined);
    assert.equal(percentView('a%7Fb%2B', 0)?.text, 'a%7Fb+');
  });

  it('stays bounded however many candidates stand in one run', () => {
    const engine = createEngine(RULES.filter((r) => r.id === 'telegram-bot-token' || r.id === 'llm-key'));
    const ms = (count: number): number => {
      const text = 'sk-%41:AA%2B'.repeat(count);
      findIn(text, engine);
      const before = performance.now();
      findIn(text, engine);
      return performance.now() - before;
    };
    const small = Math.max(ms(2000), 2);
    // Four times the text in much less than sixteen times the time.
    assert.ok(ms(8000) < small * 12 + 50);
  });
});
