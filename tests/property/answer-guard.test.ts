import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJsonGuard, createSseGuard, type AnswerJudge, type ToolCall } from '../../src/guards/answer/answer-guard.ts';
import { cutBytes, run, singleBytes, type ByteFilter } from '../support/cuts.ts';
import { seededRandom } from '../support/random.ts';
import { CALL_FIXTURES, type CallFixture, type FixtureAnswer, type FixtureCall } from '../support/tool-call-fixtures.ts';

const REFUSED = 'Refused: "rm -rf" \\ was not run.\nUse another way \u2013 \u{1f6ab}.';
const refusedAt = (at: number): string => `${REFUSED} (${at})`;

/** Holds shells; refuses those that remove, and numbers its refusals. */
function shellJudge(told: ToolCall[] = []): AnswerJudge {
  let count = 0;
  return {
    mustHold: (name) => name === 'shell',
    judgeCall(call) {
      told.push(call);
      return call.input.includes('rm -rf') ? { text: refusedAt(count++) } : undefined;
    },
    seeCall: (call) => void told.push(call),
  };
}

const BAD: FixtureCall = { name: 'shell', input: JSON.stringify({ command: 'rm -rf "/" \\ \u{1f511}' }) };
const GOOD: FixtureCall = { name: 'shell', input: JSON.stringify({ command: 'ls -l "a b"\n\u00e9', n: [1, 2] }) };
const FREE: FixtureCall = { name: 'write_file', input: JSON.stringify({ path: '/a', text: 'rm -rf / is bad' }) };

const THINKING = 'shall I run rm -rf? tool_use';
const BEFORE = 'Let me look, "tool_calls" and functionCall aside.\n\nSo: ';
const MIXES: Record<string, readonly FixtureCall[]> = {
  'no call': [],
  'one call, clean': [GOOD],
  'one call, refused': [BAD],
  'refused, then clean': [BAD, GOOD],
  'clean, then refused': [GOOD, BAD],
  'both refused': [BAD, BAD],
  'free, refused, free, clean': [FREE, BAD, FREE, GOOD],
  'refused, free, refused': [BAD, FREE, BAD],
  'free only': [FREE, FREE],
};

/** Cut in two at every byte; the others by the byte and at random. */
const TWO_WAY = new Set(['one call, clean', 'refused, then clean', 'free, refused, free, clean']);

const parsed = (calls: readonly FixtureCall[]): unknown[] => calls.map(({ name, input }) => [name, JSON.parse(input)]);

/** Everything is the same for every cut of a stream. */
function everyCut(make: () => ByteFilter, body: string, pairs: boolean): string {
  const bytes = Buffer.from(body);
  const whole = run(make(), [bytes]);
  assert.equal(run(make(), singleBytes(bytes)).toString(), whole.toString(), 'one byte at a time');
  const { random, seed } = seededRandom();
  for (let round = 1; round <= 12; round++) assert.ok(run(make(), cutBytes(bytes, round * 40, random)).equals(whole), `random cuts, SEED=${seed}`);
  if (pairs) for (let cut = 1; cut < bytes.length; cut++) assert.ok(run(make(), [bytes.subarray(0, cut), bytes.subarray(cut)]).equals(whole), `cut at ${cut}`);
  return whole.toString();
}

function assertHeard(fixture: CallFixture, heard: ReturnType<CallFixture['hearWhole']>, answer: FixtureAnswer, message: string): void {
  const left = answer.calls.filter((call) => call !== BAD);
  const refused = answer.calls.length - left.length;
  assert.equal(heard.thinking, answer.thinking, message);
  assert.deepEqual(parsed(heard.calls), parsed(left), message);
  const [withCalls, without] = fixture.stops;
  assert.equal(heard.stop, left.length > 0 ? withCalls : without, message);
  const texts = Array.from({ length: refused }, (_, at) => refusedAt(at));
  assert.equal(heard.text.replaceAll('\n\nRefused', 'Refused'), answer.before + texts.join(''), message);
}

for (const fixture of CALL_FIXTURES) {
  for (const [mix, calls] of Object.entries(MIXES)) {
    test(`${fixture.name}, ${mix}: the stream is heard as it should be, for every cut`, () => {
      for (const answer of [{ thinking: THINKING, before: BEFORE, calls }, { thinking: '', before: '', calls }]) {
        for (const size of [3, 64]) {
          const stream = fixture.stream(answer, size);
          assert.equal(fixture.hearStream(stream).calls.length, calls.length, 'the fixture itself');
          const out = everyCut(() => createSseGuard(shellJudge()), stream, size === 64 && answer.before === '' && TWO_WAY.has(mix));
          assertHeard(fixture, fixture.hearStream(out), answer, `deltas of ${size}`);
          if (!calls.includes(BAD)) assert.equal(out, stream);
        }
      }
    });

    test(`${fixture.name}, ${mix}: the whole answer is heard as it should be, for every cut`, () => {
      for (const answer of [{ thinking: THINKING, before: BEFORE, calls }, { thinking: '', before: '', calls }]) {
        const body = fixture.whole(answer);
        const out = everyCut(() => createJsonGuard(shellJudge()), body, TWO_WAY.has(mix));
        assertHeard(fixture, fixture.hearWhole(out), answer, 'whole');
        if (!calls.includes(BAD)) assert.equal(out, body);
      }
    });

    test(`${fixture.name}, ${mix}: pings pass, and nothing else changes`, () => {
      const ping = fixture.name.startsWith('Anthropic') ? 'event: ping\ndata: {"type": "ping"}\n\n' : ': keep-alive\n\n';
      const answer = { thinking: THINKING, before: BEFORE, calls };
      const stream = fixture.stream(answer, 5, ping);
      const out = everyCut(() => createSseGuard(shellJudge()), stream, false);
      assertHeard(fixture, fixture.hearStream(out), answer, 'with pings');
      const crlf = fixture.name === 'Gemini' ? ping.replaceAll('\n\n', '\r\n\r\n') : ping;
      assert.equal(out.split(crlf).length, stream.split(crlf).length, 'as many pings');
    });
  }

  test(`${fixture.name}: the judge is told of every call, whole, once, and the rest of it as it came`, () => {
    const calls = [GOOD, FREE, BAD, FREE];
    for (const size of [1, 7, 500]) {
      const told: ToolCall[] = [];
      run(createSseGuard(shellJudge(told)), [Buffer.from(fixture.stream({ thinking: '', before: 'x', calls }, size))]);
      assert.deepEqual(parsed(told), parsed(calls), `deltas of ${size}`);
      assert.ok(told.every(({ kind, isJson }) => kind === 'function' && isJson));
    }
    const told: ToolCall[] = [];
    run(createJsonGuard(shellJudge(told)), [Buffer.from(fixture.whole({ thinking: '', before: 'x', calls }))]);
    assert.deepEqual(parsed(told), parsed(calls), 'whole');
  });

  test(`${fixture.name}: nothing of a call leaves before it is judged, and all of it does then`, () => {
    const stream = fixture.stream({ thinking: '', before: 'x', calls: [GOOD] }, 4);
    let out = '';
    let judged = false;
    const guard = createSseGuard({ mustHold: () => true, judgeCall: () => void (judged = true) });
    for (const byte of singleBytes(Buffer.from(stream))) {
      guard.push(byte, (bytes) => void (out += bytes.toString()));
      if (!judged) assert.ok(!out.includes('shell'), out);
    }
    assert.ok(judged);
    assert.equal(out, stream);
  });

  test(`${fixture.name}: a stream that ends within a call is judged as it stands`, () => {
    for (const call of [BAD, GOOD]) {
      const stream = fixture.stream({ thinking: '', before: '', calls: [call] }, 1000);
      const cut = Buffer.from(stream.slice(0, stream.lastIndexOf('}', stream.search(/rm -rf|ls -l/) + 200)));
      const out = run(createSseGuard(shellJudge()), [cut]).toString();
      if (call === GOOD) assert.equal(out, cut.toString());
      else if (fixture.name !== 'Gemini') assert.ok(!out.slice(0, out.lastIndexOf('data:')).includes('rm -rf \\"'), out);
    }
  });
}

test('what no protocol knows passes, for every cut', () => {
  const streams = ['data: {"tool_use":[{"functionCall":1}]}\n\n', 'data: tool_calls\n\ndata: {"type":"tool_use","a"\n\n', 'tool_use\r\r: x\r\rdata: [1,{"tool_calls":[{}]}]\r\r', '\ufeffdata: "tool_use"\n\n\n\n'];
  for (const stream of streams) assert.equal(everyCut(() => createSseGuard(shellJudge()), stream, true), stream);
  const bodies = ['', 'tool_use', '{"tool_use":', '[1,"a{\\"b",{"tool_calls":[{}]}]', '{"a":"}"}\n{"b":[{}]}\n', '{"a":1}}}{"type":"message","content":3}', '{"choices":[{"message":{"tool_calls":"x"}}]}'];
  for (const body of bodies) assert.equal(everyCut(() => createJsonGuard(shellJudge()), body, true), body);
});
