import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJsonGuard, JSON_VALUE_MAX_BYTES, type AnswerJudge, type ToolCall } from '../../../../src/guards/answer/answer-guard.ts';
import { cutBytes, run, singleBytes } from '../../../support/cuts.ts';
import { seededRandom } from '../../../support/random.ts';

function judging(told: ToolCall[] = [], texts?: string[]): AnswerJudge {
  return {
    mustHold: (name) => name !== 'free',
    judgeCall(call) {
      told.push(call);
      return call.input.includes('bad') ? { text: `no "${call.name}"` } : undefined;
    },
    seeCall: (call) => void told.push(call),
    ...(texts === undefined ? {} : { text: { mode: 'flag' as const, judge: (text: string) => (texts.push(text), []) } }),
  };
}

/** What comes out for a whole body, the same for every cut in two, random cuts and byte by byte. */
function guarded(body: string, make: () => AnswerJudge = judging): string {
  const bytes = Buffer.from(body);
  const whole = run(createJsonGuard(make()), [bytes]).toString();
  assert.equal(run(createJsonGuard(make()), singleBytes(bytes)).toString(), whole, 'one byte at a time');
  for (let cut = 1; cut < bytes.length; cut++) assert.equal(run(createJsonGuard(make()), [bytes.subarray(0, cut), bytes.subarray(cut)]).toString(), whole, `cut at ${cut}`);
  const { random, seed } = seededRandom();
  for (let round = 1; round < 20; round++) assert.equal(run(createJsonGuard(make()), cutBytes(bytes, round * 10, random)).toString(), whole, `SEED=${seed}`);
  return whole;
}

test('only a refused call and the reason of the turn change, whatever the white space', () => {
  const body = '\ufeff {\n "type": "message", "content": [ {"type":"tool_use","id":"t","name":"sh","input":{"a": "bad"}} ,{"type":"thinking","thinking":"bad","signature":"x"}],\n "stop_reason" : "tool_use", "n": 1.0e3 }\n';
  assert.equal(guarded(body), '\ufeff {\n "type": "message", "content": [ {"type":"text","text":"no \\"sh\\""} ,{"type":"thinking","thinking":"bad","signature":"x"}],\n "stop_reason" : "end_turn", "n": 1.0e3 }\n');
  assert.equal(guarded(body.replace('"bad"}', '"ok"}')), body.replace('"bad"}', '"ok"}'));
});

test('Chat: the call goes with its comma, and its text joins what the message says', () => {
  const call = (name: string, args: string): object => ({ id: name, type: 'function', function: { name, arguments: args } });
  const body = (message: object, reason: string): string => JSON.stringify({ object: 'chat.completion', choices: [{ index: 0, message, finish_reason: reason }] });
  const cases: [object, object, string][] = [
    [{ content: null, tool_calls: [call('a', 'bad')] }, { content: 'no "a"' }, 'stop'],
    [{ tool_calls: [call('a', 'bad')], content: 'so' }, { content: 'so\n\nno "a"' }, 'stop'],
    [{ tool_calls: [call('a', 'bad')] }, { content: 'no "a"' }, 'stop'],
    [{ tool_calls: [call('a', 'bad'), call('b', 'bad')], refusal: null }, { content: 'no "a"\n\nno "b"', refusal: null }, 'stop'],
    [{ content: '', tool_calls: [call('a', 'ok'), call('b', 'bad')] }, { content: 'no "b"', tool_calls: [call('a', 'ok')] }, 'tool_calls'],
    [{ tool_calls: [call('a', 'bad'), call('b', 'ok'), call('c', 'bad')] }, { content: 'no "a"\n\nno "c"', tool_calls: [call('b', 'ok')] }, 'tool_calls'],
    [{ content: [{ type: 'text', text: 'x' }], tool_calls: [call('a', 'bad')] }, { content: [{ type: 'text', text: 'x' }, { type: 'text', text: '\n\nno "a"' }] }, 'stop'],
    [{ role: 'assistant', function_call: { name: 'f', arguments: 'bad' } }, { role: 'assistant', content: 'no "f"' }, 'stop'],
  ];
  for (const [before, after, reason] of cases) assert.equal(guarded(body(before, 'tool_calls')), body(after, reason));
});

test('Gemini: an array of answers is judged one by one, and each leaves when it is complete', () => {
  const answer = (parts: object[]): string => JSON.stringify({ candidates: [{ content: { parts }, finishReason: 'STOP' }] }, null, 2);
  const [first, second] = [answer([{ text: 'x' }]), answer([{ functionCall: { name: 'sh', args: { a: 'bad' } }, thoughtSignature: 's' }, { functionCall: { name: 'free', args: { a: 'bad' } } }])];
  assert.equal(guarded(`[${first}\n,\r\n${second}\n]\n`), `[${first}\n,\r\n${second.replace(/\{\s+"functionCall": \{\s+"name": "sh"[^]*?"s"\s+\}/, '{"text":"\\n\\nno \\"sh\\""}')}\n]\n`);
  const guard = createJsonGuard(judging());
  let out = '';
  guard.push(Buffer.from(`[${first}\n,{"candidates":`), (bytes) => void (out += bytes.toString()));
  assert.equal(out, `[${first}\n,`);
});

test('Gemini within Code Assist, and Ollama by the line', () => {
  assert.equal(guarded('{"response":{"candidates":[{"content":{"parts":[{"functionCall":{"name":"sh","args":{"a":"bad"}}}]}}]}}'), '{"response":{"candidates":[{"content":{"parts":[{"text":"\\n\\nno \\"sh\\""}]}}]}}');
  const told: ToolCall[] = [];
  const lines = '{"model":"m","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"sh","arguments":{"a":"bad"}}}]},"done":false}\n{"model":"m","message":{"role":"assistant","content":""},"done_reason":"stop","done":true}\n';
  assert.equal(guarded(lines, () => judging(told)), lines.replace(/"content":"","tool_calls":\[.*?\]/, '"content":"no \\"sh\\""'));
  assert.deepEqual(told[0], { name: 'sh', kind: 'function', input: '{"a":"bad"}', isJson: true });
});

test('server tools and free tools are told, and stay', () => {
  const told: ToolCall[] = [];
  const body = JSON.stringify({ type: 'message', content: [{ type: 'server_tool_use', name: 'web_search', input: { q: 'bad' } }, { type: 'tool_use', name: 'free', input: { a: 'bad' } }], stop_reason: 'tool_use' });
  assert.equal(run(createJsonGuard(judging(told)), [Buffer.from(body)]).toString(), body);
  assert.deepEqual(told.map(({ name, kind, input }) => [name, kind, input]), [['web_search', 'server', '{"q":"bad"}'], ['free', 'function', '{"a":"bad"}']]);
});

test('an object too long to be gathered flows as it comes; what came until then is told', () => {
  const [told, texts]: [ToolCall[], string[]] = [[], []];
  const body = Buffer.from(JSON.stringify({ type: 'message', content: [{ type: 'text', text: 'hi' }, { type: 'tool_use', name: 'sh', input: { a: 'bad' } }, { type: 'text', text: 'x'.repeat(JSON_VALUE_MAX_BYTES) }], stop_reason: 'tool_use' }));
  for (const size of [body.length, 50_000]) {
    told.length = 0;
    texts.length = 0;
    assert.ok(run(createJsonGuard(judging(told, texts)), cutBytes(body, size, () => 0.999)).equals(body));
    assert.deepEqual(told.map(({ name }) => name), ['sh']);
    assert.equal(texts[0], 'hi');
  }
  // The next one is judged again.
  const next = '{"type":"message","content":[{"type":"tool_use","name":"sh","input":"bad"}]}';
  const out = run(createJsonGuard(judging()), [body, Buffer.from(`\n${next}`)]).toString();
  assert.ok(out.endsWith('\n{"type":"message","content":[{"type":"text","text":"no \\"sh\\""}]}'));
});

test('a body that ends within an object leaves as it came', () => {
  const body = '{"type":"message","content":[{"type":"tool_use","name":"sh","input":{"a":"bad"}}],"stop_';
  assert.equal(guarded(body), body);
});

/** CPU time that a collection of garbage may cost; what grows with the square costs seconds. */
const SLACK_US = 50_000;

test('hostile bodies cost no more than their length', () => {
  const shapes: ((n: number) => string)[] = [
    (n) => '{"a":['.repeat(n),
    (n) => `{"a":"${'\\'.repeat(n)}`,
    (n) => '{}'.repeat(n),
    (n) => `{"choices":[{"message":{"tool_calls":[${'{"id":"c","function":{"name":"sh","arguments":"bad"}},'.repeat(n / 200)}{}]}}]}`,
    (n) => '}]"'.repeat(n),
    (n) => `{"candidates":[{"content":{"parts":[${'{"functionCall":{"name":"sh","args":{"a":"bad"}}},'.repeat(n / 20)}{}]}}]}`,
    (n) => `{"output":[${'{"id":"x","type":"function_call","name":"sh","arguments":"bad"},'.repeat(n / 20)}{}]}`,
    (n) => `{"choices":[{"index":0,"delta":{"tool_calls":[${'{"index":5,"function":{"name":"sh","arguments":"bad"}},{"index":7,"function":{"name":"free"}},'.repeat(n / 20)}{}]}}]}`,
  ];
  const cost = (bytes: Buffer, size: number): number => {
    let best = Infinity;
    for (let round = 0; round < 5; round++) {
      const before = process.cpuUsage();
      run(createJsonGuard(judging()), cutBytes(bytes, size, () => 0.999));
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, user + system);
    }
    return best;
  };
  for (const [at, shape] of shapes.entries()) {
    const [small, large] = [cost(Buffer.from(shape(20_000)), 1000), cost(Buffer.from(shape(80_000)), 1000)];
    assert.ok(large < small * 14 + SLACK_US, `shape ${at}: ${large / small} times for four times the bytes`);
  }
});

/** Texts that hold a backtick are found in; `asked` counts how often it is asked. */
function wary(texts: string[], asked = { times: 0 }): AnswerJudge {
  return { ...judging(), text: { mode: 'flag', judge: (text) => (texts.push(text), []), mayFind: (raw) => (asked.times++, raw.includes('`')) } };
}

const gemini = (text: string): object => ({ candidates: [{ content: { role: 'model', parts: [{ text }] } }] });
const message = (text: string): object => ({ type: 'message', content: [{ type: 'text', text }], stop_reason: 'end_turn', usage: { server_tool_use: null } });

test('an answer in which nothing can be found leaves as the bytes it came in, unread', () => {
  const texts: string[] = [];
  const body = Buffer.from(JSON.stringify(message('All is well.')));
  const out: Buffer[] = [];
  const guard = createJsonGuard(wary(texts));
  guard.push(body, (bytes) => out.push(bytes));
  guard.end((bytes) => out.push(bytes));
  assert.ok(out.length === 1 && out[0]?.buffer === body.buffer && out[0].equals(body), 'no copy');
  assert.deepEqual(texts, []);
});

test('it is read all the same where an escape may hide something, or another object must be read', () => {
  const texts: string[] = [];
  guarded(JSON.stringify(message('All is well.')).replace('All', '\\u0060'), () => wary((texts.length = 0, texts)));
  assert.deepEqual(texts, ['` is well.']);
  guarded(JSON.stringify([gemini('Run '), gemini('`it` now.'), gemini(' End.')]), () => wary((texts.length = 0, texts)));
  assert.equal(texts.join(''), 'Run `it` now. End.');
});

test('a call is judged whatever the text says', () => {
  const body = JSON.stringify({ type: 'message', content: [{ type: 'tool_use', id: 't', name: 'sh', input: { a: 'bad' } }], stop_reason: 'tool_use' });
  assert.match(guarded(body, () => wary([])), /no \\"sh\\"/);
});
