import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALL_INPUT_MAX_CHARS, createSseGuard, EVENT_MAX_BYTES, HELD_MAX_BYTES, INPUT_OVERLAP_CHARS, type AnswerJudge, type ToolCall } from '../../../../src/guards/answer/answer-guard.ts';
import { cutBytes, run, singleBytes } from '../../../support/cuts.ts';
import { seededRandom } from '../../../support/random.ts';
import { events, pick } from '../../../support/sse-fixtures.ts';
import { chatCallFixture } from '../../../support/tool-call-fixtures.ts';

/** Holds every tool but `free`, refuses what says `bad`. */
function judging(told: ToolCall[] = []): AnswerJudge {
  return {
    mustHold: (name) => name !== 'free',
    judgeCall(call) {
      told.push(call);
      return call.input.includes('bad') ? { text: `no "${call.name}"` } : undefined;
    },
    seeCall: (call) => void told.push(call),
  };
}

const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const typed = (data: { type: string; [key: string]: unknown }): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

/** What comes out for a whole stream, the same for random cuts and byte by byte. */
function guarded(stream: string, make: () => AnswerJudge = judging): string {
  const bytes = Buffer.from(stream);
  const whole = run(createSseGuard(make()), [bytes]).toString();
  if (bytes.length > 50_000) return whole;
  assert.ok(run(createSseGuard(make()), singleBytes(bytes)).toString() === whole, 'one byte at a time');
  const { random, seed } = seededRandom();
  for (let round = 0; round < 20; round++) {
    assert.ok(run(createSseGuard(make()), cutBytes(bytes, 1 + bytes.length / (round + 1), random)).toString() === whole, `SEED=${seed}`);
  }
  return whole;
}

/** A guard with what each push has emitted. */
function pushing(judge: AnswerJudge = judging()): { push(text: string): string; end(): string } {
  const guard = createSseGuard(judge);
  let out = '';
  const emit = (bytes: Buffer): void => void (out += bytes.toString());
  const take = (act: () => void): string => {
    out = '';
    act();
    return out;
  };
  return { push: (text) => take(() => guard.push(Buffer.from(text), emit)), end: () => take(() => guard.end(emit)) };
}

const start = (name: string, index = 0, type = 'tool_use', input: object = {}): string => typed({ type: 'content_block_start', index, content_block: { type, id: `toolu_${index}`, name, input } });
const input = (json: string, index = 0): string => typed({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: json } });
const stop = (index = 0): string => typed({ type: 'content_block_stop', index });
const text = (said: string, index = 0): string => typed({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: said } });
const end = (reason: string): string => typed({ type: 'message_delta', delta: { stop_reason: reason } });
const chunk = (delta: object, finish: string | null = null, index = 0): string => frame({ object: 'chat.completion.chunk', choices: [{ index, delta, finish_reason: finish }] });

test('frames that say nothing of a call leave as one part of the chunk, in the same push', () => {
  const chunk = Buffer.from(text('one tool_use ') + typed({ type: 'ping' }) + text('"two"'));
  const out: Buffer[] = [];
  createSseGuard(judging()).push(chunk, (bytes) => out.push(bytes));
  assert.deepEqual(out.map((bytes) => [bytes.buffer === chunk.buffer, bytes.byteOffset - chunk.byteOffset, bytes.length]), [[true, 0, chunk.length]]);
});

test('a call that is held leaves as it came when its end has come; pings and comments do not wait', () => {
  const stream = pushing();
  assert.equal(stream.push(text('a') + start('sh', 1)), text('a'));
  assert.equal(stream.push(typed({ type: 'ping' })), typed({ type: 'ping' }));
  assert.equal(stream.push(input('{"a"', 1)), '');
  assert.equal(stream.push(': still there\n\n'), ': still there\n\n');
  assert.equal(stream.push('event: ping\ndata: {}\n\n'), 'event: ping\ndata: {}\n\n');
  assert.equal(stream.push(frame({ type: 'keepalive', sequence_number: 3 })), frame({ type: 'keepalive', sequence_number: 3 }));
  assert.equal(stream.push(input(':1}', 1)), '');
  assert.equal(stream.push(stop(1)), start('sh', 1) + input('{"a"', 1) + input(':1}', 1) + stop(1));
  assert.equal(stream.end(), '');
});

test('a call that is not held flows at once, and is told when it is complete', () => {
  const told: ToolCall[] = [];
  const stream = pushing(judging(told));
  for (const piece of [start('free'), input('{"bad'), input('":1}')]) assert.equal(stream.push(piece), piece);
  assert.deepEqual(told, []);
  assert.equal(stream.push(stop()), stop());
  assert.deepEqual(told, [{ name: 'free', kind: 'function', input: '{"bad":1}', isJson: true }]);
});

test('tools that have run at the vendor are told, not held', () => {
  const told: ToolCall[] = [];
  const stream = start('bash_code_execution', 0, 'server_tool_use') + input('{"command":"bad"}') + stop() + start('x', 1, 'mcp_tool_use', { q: 'bad' }) + stop(1) + end('end_turn');
  assert.equal(guarded(stream, () => judging(told)), stream);
  assert.deepEqual(told.slice(0, 2).map(({ name, kind, input }) => [name, kind, input]), [['bash_code_execution', 'server', '{"command":"bad"}'], ['x', 'server', '{"q":"bad"}']]);
  const item = { id: 'mcp_1', type: 'mcp_call', server_label: 's', name: 'm', arguments: '{"a":"bad"}' };
  const responses = typed({ type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } }) + typed({ type: 'response.mcp_call_arguments.delta', output_index: 0, delta: item.arguments }) + typed({ type: 'response.output_item.done', output_index: 0, item });
  told.length = 0;
  assert.equal(guarded(responses, () => judging(told)), responses);
  assert.deepEqual(told[0], { name: 'm', kind: 'server', input: '{"a":"bad"}', isJson: true });
});

test('Anthropic: a refused call becomes a text under its index, also when its input came with the block', () => {
  const refused = typed({ type: 'content_block_start', index: 2, content_block: { type: 'text', text: '' } }) + typed({ type: 'content_block_delta', index: 2, delta: { type: 'text_delta', text: 'no "sh"' } }) + stop(2);
  assert.equal(guarded(start('sh', 2) + input('', 2) + input('{"a":"b', 2) + input('ad"}', 2) + stop(2) + end('tool_use')), refused + end('end_turn'));
  assert.equal(guarded(start('sh', 2, 'tool_use', { a: 'bad' }) + stop(2) + end('tool_use')), refused + end('end_turn'));
  assert.equal(guarded((start('sh', 2) + input('bad', 2) + stop(2)).replaceAll('\n', '\r\n')), refused.replaceAll('\n', '\r\n'));
});

test('Anthropic: another reason to stop stays, and so does the reason of a turn that has a call left', () => {
  const refused = guarded(start('sh') + input('bad') + stop());
  assert.equal(guarded(start('sh') + input('bad') + stop() + end('max_tokens')), refused + end('max_tokens'));
  const server = start('sh', 1, 'server_tool_use') + stop(1);
  assert.equal(guarded(start('sh') + input('bad') + stop() + server + end('tool_use')), refused + server + end('end_turn'));
  const free = start('free', 1) + stop(1);
  assert.equal(guarded(start('sh') + input('bad') + stop() + free + end('tool_use')), refused + free + end('tool_use'));
});

test('a call that never ends is judged at whatever ends it', () => {
  const ends = ['data: [DONE]\n\n', frame({ type: 'error', error: { type: 'overloaded_error' } }), typed({ type: 'message_stop' }), start('free', 1), typed({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }), ''];
  for (const after of ends) {
    const clean = start('sh') + input('{"a') + after;
    assert.equal(guarded(clean), clean);
    if (after !== '') assert.equal(pushing().push(clean), clean, 'at once');
    const out = guarded(start('sh') + input('{"bad') + after);
    assert.ok(!out.includes('partial_json') && out.includes('no \\"sh\\"') && out.endsWith(after), out);
  }
});

test('data over several lines is read, and spliced across them', () => {
  const lines = (data: object): string => `${JSON.stringify(data, null, 1).split('\n').map((line) => `data: ${line}`).join('\n')}\n\n`;
  const out = guarded(lines({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', name: 'sh', input: {} } }) + lines({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: 'bad' } }) + lines({ type: 'content_block_stop', index: 0 }) + lines({ type: 'message_delta', delta: { stop_reason: 'tool_use' } }));
  assert.deepEqual(events(out).map((data) => pick(data, 'content_block', 'type') ?? pick(data, 'delta', 'text') ?? pick(data, 'delta', 'stop_reason')), ['text', 'no "sh"', undefined, 'end_turn']);
});

test('an escaped name of a member is that name', () => {
  assert.ok(!guarded(start('sh') + input('bad').replace('partial_json', 'partial\\u005fjson') + stop()).includes('bad'));
});

test('Chat: several calls in one chunk, with the reason in it', () => {
  const call = (index: number, name: string, args: unknown): object => ({ index, id: `call_${index}`, type: 'function', function: { name, arguments: args } });
  const both = guarded(chunk({ role: 'assistant', content: null, tool_calls: [call(0, 'a', '"bad"'), call(1, 'b', 'bad')] }, 'tool_calls') + 'data: [DONE]\n\n');
  assert.equal(both, chunk({ role: 'assistant', content: '\n\nno "a"\n\nno "b"' }, 'stop') + 'data: [DONE]\n\n');
  const second = guarded(chunk({ tool_calls: [call(0, 'a', 'bad'), call(1, 'b', 'x'), call(2, 'c', 'bad'), call(3, 'd', 'y')] }, 'tool_calls'));
  const moved = { tool_calls: [{ ...call(1, 'b', 'x'), index: 0 }, { ...call(3, 'd', 'y'), index: 1 }] };
  assert.equal(second, chunk({ content: '\n\nno "a"\n\nno "c"', ...moved }, 'tool_calls'));
  // Arguments as an object, beside a text.
  assert.equal(guarded(chunk({ content: 'so', tool_calls: [call(0, 'a', { x: 'bad' })] })), chunk({ content: 'so\n\nno "a"' }));
});

test('Chat: a chunk in which only a refused call goes on does not leave, one with more does', () => {
  const first = chunk({ tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'sh', arguments: 'b' } }] });
  const more = { tool_calls: [{ index: 0, function: { arguments: 'ad' } }] };
  assert.equal(guarded(first + chunk(more) + chunk({}, 'tool_calls')), chunk({ content: '\n\nno "sh"' }) + chunk({}, 'stop'));
  assert.equal(guarded(first + chunk({ content: 'and', ...more })), chunk({ content: '\n\nno "sh"' }) + chunk({ content: 'and' }));
  assert.equal(guarded(first + chunk(more, 'tool_calls')), chunk({ content: '\n\nno "sh"' }) + chunk({}, 'stop'));
});

test('Chat: a custom tool and the one function of old', () => {
  const told: ToolCall[] = [];
  const custom = chunk({ tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'grep', input: 'b' } }] }) + chunk({ tool_calls: [{ index: 0, custom: { input: 'ad "x"' } }] }) + chunk({}, 'tool_calls');
  assert.equal(guarded(custom, () => judging(told)), chunk({ content: '\n\nno "grep"' }) + chunk({}, 'stop'));
  assert.deepEqual(told[0], { name: 'grep', kind: 'custom', input: 'bad "x"', isJson: false });
  const legacy = chunk({ role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } }) + chunk({ function_call: { arguments: 'bad' } }) + chunk({}, 'function_call');
  assert.equal(guarded(legacy), chunk({ role: 'assistant', content: '\n\nno "f"' }) + chunk({}, 'stop'));
  assert.equal(guarded(legacy.replace('bad', 'ok')), legacy.replace('bad', 'ok'));
});

test('Chat: choices do not mix', () => {
  const call = (index: number, args: string): string => chunk({ tool_calls: [{ index: 0, id: `c${index}`, type: 'function', function: { name: 'sh', arguments: args } }] }, null, index);
  const out = guarded(call(0, 'bad') + call(1, 'ok') + chunk({}, 'tool_calls', 1) + chunk({}, 'tool_calls', 0));
  assert.equal(out, chunk({ content: '\n\nno "sh"' }) + call(1, 'ok') + chunk({}, 'tool_calls', 1) + chunk({}, 'stop', 0));
});

test('Chat: vendors that leave out the index, give all calls index 0, give each piece an id, or send the name late', () => {
  const entry = (fields: object): string => chunk({ tool_calls: [fields] });
  const told: ToolCall[] = [];
  const names = (stream: string): string[] => {
    told.length = 0;
    run(createSseGuard(judging(told)), [Buffer.from(stream)]);
    return told.map(({ name, input }) => `${name}:${input}`);
  };
  assert.deepEqual(names(entry({ function: { name: 'a', arguments: '1' } }) + entry({ function: { name: 'b', arguments: '2' } }) + chunk({}, 'stop')), ['a:1', 'b:2']);
  assert.deepEqual(names(entry({ index: 0, id: 'x', function: { name: 'a', arguments: '1' } }) + entry({ index: 0, id: 'y', function: { name: 'b', arguments: '2' } }) + chunk({}, 'stop')), ['a:1', 'b:2']);
  assert.deepEqual(names(entry({ index: 0, id: 'x', function: { name: 'a', arguments: '1' } }) + entry({ index: 0, id: 'y', function: { arguments: '2' } }) + chunk({}, 'stop')), ['a:12']);
  assert.deepEqual(names(entry({ index: 0, id: 'x', function: { name: 'a', arguments: '1' } }) + entry({ index: 0, id: 'x', function: { name: 'a', arguments: '2' } }) + chunk({}, 'stop')), ['a:12']);
  const late = entry({ index: 0, id: 'x' }) + entry({ index: 0, function: { name: 'a', arguments: 'bad' } });
  assert.deepEqual(names(late + chunk({}, 'stop')), ['a:bad']);
  const free = pushing();
  assert.equal(free.push(entry({ index: 0, id: 'x' })), '');
  assert.equal(free.push(entry({ index: 0, function: { name: 'free' } })), entry({ index: 0, id: 'x' }) + entry({ index: 0, function: { name: 'free' } }));
});

test('Chat: chunks that say that there is no call are not read', () => {
  const chunk = Buffer.from(`data: {"choices":[{"index":0,"delta":{"content":"x","tool_calls":null,"function_call": null}}]}\n\ndata: {"choices":[{"index":0,"delta":{"content":"x","tool_calls": []}}]}\n\n`);
  const out: Buffer[] = [];
  createSseGuard(judging()).push(chunk, (bytes) => out.push(bytes));
  assert.equal(out.length, 1);
});

test('a call that goes on after its end is held again, and judged with what came before', () => {
  const open = (index: number, args: string): string => chunk({ tool_calls: [{ index, id: `c${index}`, type: 'function', function: { name: 'sh', arguments: args } }] });
  const more = (args: string): string => chunk({ tool_calls: [{ index: 0, function: { arguments: args } }] });
  const stream = (args: string): string => open(0, 'b') + open(1, 'x') + more(args) + chunk({}, 'tool_calls');
  assert.equal(guarded(stream('c')), stream('c'));
  // What was judged clean has left; nothing more of it does.
  assert.equal(guarded(stream('ad')), open(0, 'b') + open(1, 'x') + chunk({}, 'tool_calls'));
});

const added = (output_index: number, item: object, sequence_number = output_index): string => typed({ type: 'response.output_item.added', sequence_number, output_index, item });
const done = (output_index: number, item: object, sequence_number = output_index + 1): string => typed({ type: 'response.output_item.done', sequence_number, output_index, item });

test('Responses: every kind of call is judged by its input', () => {
  const items: [object, Omit<ToolCall, 'input'> & { input?: string }][] = [
    [{ id: 'ctc_1', type: 'custom_tool_call', call_id: 'c', name: 'exec', input: 'bad "x"' }, { name: 'exec', kind: 'custom', isJson: false, input: 'bad "x"' }],
    [{ id: 'lsh_1', type: 'local_shell_call', call_id: 'c', action: { type: 'exec', command: ['bad'] } }, { name: 'local_shell', kind: 'local_shell', isJson: true, input: '{"type":"exec","command":["bad"]}' }],
    [{ id: 'sh_1', type: 'shell_call', call_id: 'c', action: { commands: ['bad'] } }, { name: 'shell', kind: 'shell', isJson: true, input: '{"commands":["bad"]}' }],
    [{ id: 'apc_1', type: 'apply_patch_call', call_id: 'c', operation: { type: 'delete_file', path: 'bad' } }, { name: 'apply_patch', kind: 'apply_patch', isJson: true, input: '{"type":"delete_file","path":"bad"}' }],
    [{ id: 'cu_1', type: 'computer_call', call_id: 'c', action: { type: 'type', text: 'bad' } }, { name: 'computer', kind: 'computer', isJson: true, input: '{"type":"type","text":"bad"}' }],
  ];
  for (const [item, call] of items) {
    const told: ToolCall[] = [];
    const stream = added(0, { ...item, status: 'in_progress' }) + done(0, item) + typed({ type: 'response.completed', sequence_number: 2, response: { id: 'resp_1', output: [item] } });
    const out = events(guarded(stream, () => judging(told)));
    assert.deepEqual(told[0], call);
    assert.deepEqual(out.map((data) => pick(data, 'sequence_number')), [0, 1, 2, 3, 4, 5, 6], 'two events became six, and the next moved up');
    assert.deepEqual(pick(out.at(-1), 'response', 'output', 0, 'content', 0, 'text'), `no "${call.name}"`);
    assert.equal(pick(out[0], 'item', 'type'), 'message');
    assert.ok(!JSON.stringify(out).includes('"bad'), JSON.stringify(out));
  }
});

test('Responses: what comes behind a refused item keeps its order, and its numbers where they still rise', () => {
  const call = { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'sh', arguments: 'bad' };
  const deltas = [...'bad'].map((delta, at) => typed({ type: 'response.function_call_arguments.delta', sequence_number: 1 + at, output_index: 0, item_id: 'fc_1', delta })).join('');
  const after = [added(1, { id: 'msg_1', type: 'message', content: [] }, 20), typed({ type: 'response.in_progress', sequence_number: 21 })].join('');
  const out = guarded(added(0, { ...call, arguments: '' }) + deltas + typed({ type: 'response.function_call_arguments.done', sequence_number: 4, output_index: 0, item_id: 'fc_1', arguments: 'bad' }) + done(0, call, 5) + after);
  assert.ok(out.endsWith(after), out);
  assert.deepEqual(events(out).map((data) => pick(data, 'sequence_number')), [0, 1, 2, 3, 4, 5, 20, 21]);
});

test('Responses: a call that only the closing event tells is judged there', () => {
  const message = { id: 'msg_1', type: 'message', content: [{ type: 'output_text', text: 'x' }] };
  const call = { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'sh', arguments: 'bad' };
  const completed = (output: object[]): string => typed({ type: 'response.completed', sequence_number: 9, response: { output, usage: { input_tokens: 3 } } });
  const [event] = events(guarded(completed([message, call])));
  assert.equal(pick(event, 'response', 'output', 1, 'type'), 'message');
  assert.deepEqual(pick(event, 'response', 'usage'), { input_tokens: 3 });
  assert.equal(guarded(completed([message, { ...call, arguments: 'ok' }])), completed([message, { ...call, arguments: 'ok' }]));
});

test('Responses: where the pieces and the whole differ, both are judged', () => {
  const call = { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'sh' };
  for (const [pieces, whole] of [['ok', 'bad'], ['bad', 'ok']]) {
    const out = guarded(added(0, { ...call, arguments: '' }) + typed({ type: 'response.function_call_arguments.delta', output_index: 0, delta: pieces }) + done(0, { ...call, arguments: whole }));
    assert.ok(!out.includes('function_call"'), out);
  }
});

test('Gemini on Vertex: arguments that stream are held until the call is complete', () => {
  const part = (functionCall: object): string => frame({ candidates: [{ content: { role: 'model', parts: [{ functionCall }] } }] });
  const stream = (value: string): string => part({ name: 'sh', willContinue: true }) + part({ partialArgs: [{ jsonPath: '$.command', stringValue: 'echo ', willContinue: true }], willContinue: true }) + part({ partialArgs: [{ jsonPath: '$.command', stringValue: value }, { jsonPath: '$.n', numberValue: 3 }], willContinue: true }) + part({});
  const told: ToolCall[] = [];
  assert.equal(guarded(stream('"ok"'), () => judging(told)), stream('"ok"'));
  assert.deepEqual(JSON.parse(told[0]?.input ?? ''), { command: 'echo "ok"', n: 3 });
  const texts = events(guarded(stream('bad'))).map((data) => pick(data, 'candidates', 0, 'content', 'parts', 0));
  assert.deepEqual(texts, [{ text: '\n\nno "sh"' }, { text: '' }, { text: '' }, { text: '' }]);
});

test('a held call that is too long is judged as far as it came, then flows, and the rest of it is told', () => {
  const told: ToolCall[] = [];
  const stream = pushing(judging(told));
  const piece = input('x'.repeat(CALL_INPUT_MAX_CHARS / 4));
  assert.equal(stream.push(start('sh') + piece.repeat(4)), '');
  assert.ok(stream.push(input('y')) === start('sh') + piece.repeat(4) + input('y'));
  assert.equal(told.length, 1);
  assert.equal(stream.push(input('bad')), input('bad'));
  assert.equal(stream.push(stop()), stop());
  assert.equal(told[1]?.input, `${'x'.repeat(INPUT_OVERLAP_CHARS - 1)}ybad`);
  const out = guarded(start('sh') + input('bad') + piece.repeat(5) + input('z') + stop());
  assert.ok(out.length < 1000 && out.includes('no \\"sh\\"'));
});

test('no more waits than is allowed', () => {
  const stream = pushing();
  const filler = typed({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '' }, padding: 'x'.repeat(1_000_000) });
  let out = stream.push(start('sh')).length;
  for (let count = 0; count < 17; count++) out += stream.push(filler).length;
  assert.ok(out > HELD_MAX_BYTES, `${out}`);
});

test('an event that is too long passes as it comes, and ends what waits', () => {
  const long = frame({ type: 'x', tool_use: 'y'.repeat(EVENT_MAX_BYTES) });
  const bytes = Buffer.from(start('sh') + long + stop());
  for (const size of [bytes.length, 100_000]) assert.ok(run(createSseGuard(judging()), cutBytes(bytes, size, () => 0.999)).equals(bytes));
});

test('behind a refused call no event passes unread', () => {
  const bytes = Buffer.from(start('sh') + input('bad') + stop() + frame({ output: 'y'.repeat(EVENT_MAX_BYTES) }));
  for (const size of [bytes.length, 100_000]) assert.throws(() => run(createSseGuard(judging()), cutBytes(bytes, size, () => 0.999)), /follows a refused tool call/);
});

/** CPU time that a collection of garbage may cost; what grows with the square costs seconds. */
const SLACK_US = 50_000;

test('hostile events cost no more than their length', () => {
  const judge: AnswerJudge = { ...judging(), text: { mode: 'flag', judge: () => [] } };
  const shapes: ((n: number) => string)[] = [
    (n) => `data: ${'{"a":['.repeat(n)}\n\n`,
    (n) => `data: {"a":"${'\\"'.repeat(n)}"}\n\n`.repeat(2),
    (n) => chunk({ content: '\\"'.repeat(n) }),
    (n) => `data: ${'{"tool_calls"   :   '.repeat(n)}\n\n`,
    (n) => chunk({ content: 'x' }).repeat(n / 50) + 'data: {'.repeat(n),
    (n) => `${'data: \n'.repeat(n)}\n`,
    (n) => chatCallFixture.stream({ thinking: '', before: '', calls: [{ name: 'sh', input: 'x'.repeat(n / 10) }] }, 1),
  ];
  const cost = (bytes: Buffer): number => {
    let best = Infinity;
    for (let round = 0; round < 5; round++) {
      const before = process.cpuUsage();
      run(createSseGuard(judge), [bytes]);
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, user + system);
    }
    return best;
  };
  for (const [at, shape] of shapes.entries()) {
    const [small, large] = [cost(Buffer.from(shape(20_000))), cost(Buffer.from(shape(80_000)))];
    assert.ok(large < small * 14 + SLACK_US, `shape ${at}: ${large / small} times for four times the bytes`);
  }
});

test('a stream that ends within a line ends with it: what waits for a call goes before, not behind', () => {
  const held = chatCallFixture.stream({ thinking: '', before: '', calls: [{ name: 'shell', input: '{"command":"ls"}' }] }, 4);
  const open = held.slice(0, held.indexOf('data: ', held.length / 2));
  for (const rest of ['event: resp', ': keep', 'id: 7\n', 'even']) {
    for (const chunks of [[Buffer.from(open + rest)], singleBytes(Buffer.from(open + rest))]) {
      assert.equal(run(createSseGuard({ mustHold: () => true, judgeCall: () => undefined }), chunks).toString(), open + rest);
    }
  }
});
