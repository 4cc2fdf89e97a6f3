import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSseRestorer, FRAME_MAX_BYTES, WAITING_MAX_BYTES } from '../../../src/redaction/sse-restorer.ts';
import { cutBytes, run, singleBytes } from '../../support/cuts.ts';
import { seededRandom } from '../../support/random.ts';
import { anthropicStream } from '../../support/sse-fixtures.ts';

const VALUE = 'p"w\\\n\u{1f511}';
const PLACEHOLDER = 'aegis-pw-abcdefghijkl';
const lookup = (id: string): string | undefined => (id === 'abcdefghijkl' ? VALUE : undefined);
const make = (): ReturnType<typeof createSseRestorer> => createSseRestorer({ lookup });

const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const delta = (text: string, index = 0): string => frame({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } });
const input = (json: string): string => frame({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: json } });
const stop = (index = 0): string => frame({ type: 'content_block_stop', index });
const chat = (...choices: readonly object[]): string => frame({ object: 'chat.completion.chunk', choices });

/** A restorer with what each push has emitted. */
function pushing(): { push(text: string): string; end(): string } {
  const filter = make();
  let out = '';
  const emit = (bytes: Buffer): void => void (out += bytes.toString());
  const take = (act: () => void): string => {
    out = '';
    act();
    return out;
  };
  return { push: (text) => take(() => filter.push(Buffer.from(text), emit)), end: () => take(() => filter.end(emit)) };
}

/** What comes out for a whole stream, the same for random cuts and byte by byte. */
function restore(stream: string): string {
  const bytes = Buffer.from(stream);
  const whole = run(make(), [bytes]).toString();
  if (bytes.length < 20_000) assert.equal(run(make(), singleBytes(bytes)).toString(), whole, 'one byte at a time');
  const { random, seed } = seededRandom();
  for (let round = 0; round < 20; round++) {
    assert.equal(run(make(), cutBytes(bytes, 1 + bytes.length / (round + 1), random)).toString(), whole, `SEED=${seed}`);
  }
  return whole;
}

test('frames in which nothing changes leave as one part of the chunk, in the same push', () => {
  const chunk = Buffer.from(delta('one ') + delta('two') + frame({ type: 'ping' }));
  const out: Buffer[] = [];
  make().push(chunk, (bytes) => out.push(bytes));
  assert.deepEqual(out.map((bytes) => [bytes.buffer === chunk.buffer, bytes.byteOffset - chunk.byteOffset, bytes.length]), [[true, 0, chunk.length]]);
});

test('untouched neighbours of a changed frame leave together', () => {
  const [before, after] = [delta('one ') + delta('two '), delta('three ') + delta('four')];
  const out: string[] = [];
  make().push(Buffer.from(before + delta(PLACEHOLDER) + after), (bytes) => out.push(bytes.toString()));
  assert.deepEqual(out, [before, delta(VALUE), after]);
});

test('a delta leaves at once unless it ends like the beginning of a placeholder', () => {
  const stream = pushing();
  assert.equal(stream.push(delta('a gate')), delta('a gate'));
  assert.equal(stream.push(delta('this is a')), '');
  assert.equal(stream.push(delta(' test')), delta('this is a') + delta(' test'));
  assert.equal(stream.push(delta('the key aegis-p')), '');
  assert.equal(stream.push(delta('w-abcdefghij')), '');
  assert.equal(stream.push(delta('kl, yes')), delta(`the key ${VALUE}`) + delta('') + delta(', yes'));
  assert.equal(stream.push(delta(PLACEHOLDER)), delta(VALUE));
});

test('an unfinished frame waits, and what was finished before it does not', () => {
  const stream = pushing();
  assert.equal(stream.push(`${delta('one')}data: {"ty`), delta('one'));
  assert.equal(stream.push('pe":"ping"}\n'), '');
  assert.equal(stream.push('\n'), 'data: {"type":"ping"}\n\n');
  assert.equal(stream.push('data: x'), '');
  assert.equal(stream.end(), 'data: x');
});

test('what waits leaves before its block ends, whatever ends it', () => {
  const ends = [stop(), frame({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }), frame({ type: 'error', error: { type: 'overloaded_error' } }), 'data: [DONE]\n\n'];
  for (const end of ends) {
    const stream = pushing();
    assert.equal(stream.push(delta('is aegis-pw-abc')), '');
    assert.equal(stream.push(end), delta('is aegis-pw-abc') + end);
  }
  const stream = pushing();
  assert.equal(stream.push(delta('is a')), '');
  assert.equal(stream.end(), delta('is a'));
});

test('what waits leaves with the event that ends it, in every protocol', () => {
  const ends: readonly (readonly [string, readonly string[]])[] = [
    [
      frame({ type: 'response.output_text.delta', output_index: 1, content_index: 0, delta: 'is a' }),
      [
        frame({ type: 'response.output_text.done', output_index: 1, content_index: 0, text: 'is a' }),
        frame({ type: 'response.output_item.done', output_index: 1, item: {} }),
        frame({ type: 'response.failed', response: {} }),
      ],
    ],
    [chat({ index: 0, delta: { content: 'is a' }, finish_reason: null }), [chat({ index: 0, delta: {}, finish_reason: 'stop' }), frame({ error: { message: 'x' } }), 'data:[DONE]\r\n\r\n']],
    [
      frame({ candidates: [{ content: { parts: [{ text: 'is a' }] } }] }),
      [
        frame({ candidates: [{ content: { parts: [{ functionCall: { name: 'x', args: {} } }] } }] }),
        frame({ candidates: [{ content: { parts: [{ text: '', thought: true }] } }] }),
        frame({ candidates: [{ finishReason: 'STOP' }] }),
      ],
    ],
  ];
  for (const [piece, events] of ends) {
    for (const end of events) {
      const stream = pushing();
      assert.equal(stream.push(piece), '');
      assert.equal(stream.push(end), piece + end);
    }
  }
});

test('another block does not end the text, and waits its turn', () => {
  assert.equal(restore(delta('aegis-') + delta('other', 7) + stop(7) + delta('pw-abcdefghijkl')), delta(VALUE) + delta('other', 7) + stop(7) + delta(''));
});

test('the first sign of life waits in line, further ones pass', () => {
  const stream = pushing();
  const ping = frame({ type: 'ping' });
  assert.equal(stream.push(delta('is a')), '');
  assert.equal(stream.push(ping), '');
  assert.equal(stream.push(ping), ping);
  assert.equal(stream.push(': alive\n\n'), ': alive\n\n');
  assert.equal(stream.push(delta('egis-pw-abcdefghijkl')), delta(`is ${VALUE}`) + ping + delta(''));
  assert.equal(stream.push(delta('is a')), '');
  assert.equal(stream.push(ping), '');
  assert.equal(stream.push(delta('b')), delta('is a') + ping + delta('b'));
});

test('what waits is bounded', () => {
  const stream = pushing();
  assert.equal(stream.push(delta('is a')), '');
  let pushed = delta('is a');
  let out = '';
  while (out === '' && pushed.length < 2 * WAITING_MAX_BYTES) {
    pushed += delta('filler '.repeat(100), 3);
    out += stream.push(delta('filler '.repeat(100), 3));
  }
  assert.equal(out, pushed);
  assert.ok(pushed.length < WAITING_MAX_BYTES + 2000);
});

test('tool input in pieces is escaped for JSON inside JSON, wherever its escapes are cut', () => {
  const json = JSON.stringify({ command: `x\\${PLACEHOLDER}"\n`, escaped: 'E', path: 'C:\\E' }).replaceAll('E', '\\u0061egis-pw\\u002dabcdefghijkl');
  for (let cut = 0; cut <= json.length; cut++) {
    const out = restore(input(json.slice(0, cut)) + input('') + input(json.slice(cut)) + stop(1));
    const pieces = [...out.matchAll(/"partial_json":"((?:[^"\\]|\\.)*)"/g)].map((hit) => JSON.parse(`"${hit[1]}"`) as string);
    assert.deepEqual(JSON.parse(pieces.join('')), { command: `x\\${VALUE}"\n`, escaped: VALUE, path: `C:\\${VALUE}` }, `cut after ${cut}`);
  }
});

test('an escape of the inner JSON that is cut alone in its delta is waited for', () => {
  const escape = '\\u0061';
  for (let cut = 1; cut <= escape.length; cut++) {
    for (const before of ['', '\\\\', 'n\\n']) {
      const stream = input('"C:') + input(before + escape.slice(0, cut)) + input(`${escape.slice(cut)}egis-pw-abcdefghijkl"`);
      assert.equal(restore(stream), input('"C:') + input(before + JSON.stringify(VALUE).slice(1, -1)) + input('"'), `cut after ${cut}`);
    }
  }
});

test('a backslash of the inner JSON that is itself escaped as a code point is seen through', () => {
  const event = (json: string): string => `data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"${json}"}}\n\n`;
  assert.equal(restore(event('\\u005cu0061egis-pw-abcdefghijkl')), event(JSON.stringify(JSON.stringify(VALUE).slice(1, -1)).slice(1, -1)));
});

test('choices and calls of one stream are told apart', () => {
  const out = restore(
    chat({ index: 0, delta: { content: 'aegis-' } }, { index: 1, delta: { content: 'is a' } }) +
      chat({ index: 1, delta: { content: 'pw-abcdefghijkl' } }) +
      chat({ index: 0, delta: { content: 'pw-abcdefghijkl' } }) +
      chat({ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: '"aegis-pw' } }, { index: 1, function: { arguments: '"a' } }] } }) +
      chat({ index: 0, delta: { tool_calls: [{ index: 1, function: { arguments: 'egis-pw-abcdefghijkl"' } }, { index: 0, function: { arguments: '-abcdefghijkl"' } }] } }) +
      chat({ index: 0, delta: {}, finish_reason: 'tool_calls' }),
  );
  const json = JSON.stringify(VALUE);
  assert.equal(
    out,
    chat({ index: 0, delta: { content: VALUE } }, { index: 1, delta: { content: 'is a' } }) +
      chat({ index: 1, delta: { content: 'pw-abcdefghijkl' } }) +
      chat({ index: 0, delta: { content: '' } }) +
      chat({ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: json.slice(0, -1) } }, { index: 1, function: { arguments: json.slice(0, -1) } }] } }) +
      chat({ index: 0, delta: { tool_calls: [{ index: 1, function: { arguments: '"' } }, { index: 0, function: { arguments: '"' } }] } }) +
      chat({ index: 0, delta: {}, finish_reason: 'tool_calls' }),
  );
});

test('text that waits leaves before the calls that follow it', () => {
  const stream = pushing();
  assert.equal(stream.push(chat({ index: 0, delta: { content: 'is a' } })), '');
  const call = chat({ index: 0, delta: { tool_calls: [{ index: 0, id: 'call_1', function: { name: 'x', arguments: '' } }] } });
  assert.equal(stream.push(call), chat({ index: 0, delta: { content: 'is a' } }) + call);
});

test('a delta whose own event ends the choice does not wait', () => {
  const stream = pushing();
  const last = chat({ index: 0, delta: { content: 'is a' }, finish_reason: 'stop' });
  assert.equal(stream.push(last), last);
});

test('a call whose pieces are arguments of Vertex AI is told by its JSON path', () => {
  const partial = (jsonPath: string, stringValue: string, willContinue?: true): string =>
    frame({ candidates: [{ content: { parts: [{ functionCall: { partialArgs: [{ jsonPath, stringValue, ...(willContinue && { willContinue }) }] } }] } }] });
  assert.equal(
    restore(partial('$.a', 'aegis-', true) + partial('$.b', 'pw-abcdefghijkl', true) + partial('$.a', 'pw-abcdefghijkl') + partial('$.a', 'a') + partial('$.a', 'egis-pw-abcdefghijkl')),
    partial('$.a', VALUE, true) + partial('$.b', 'pw-abcdefghijkl', true) + partial('$.a', '') + partial('$.a', 'a') + partial('$.a', 'egis-pw-abcdefghijkl'),
  );
});

test('events of the Responses API keep to their kind', () => {
  const event = (type: string, data: object): string => frame({ type, output_index: 0, ...data });
  const untouched = event('response.reasoning_text.delta', { delta: PLACEHOLDER }) + event('response.reasoning_summary_part.done', { part: { type: 'summary_text', text: PLACEHOLDER } }) +
    event('response.output_item.done', { item: { type: 'reasoning', content: [{ type: 'reasoning_text', text: PLACEHOLDER }], encrypted_content: PLACEHOLDER } });
  assert.equal(restore(untouched), untouched);
  const stream = (secret: string, json: string): string =>
    event('response.custom_tool_call_input.delta', { delta: secret }) + event('response.code_interpreter_call_code.delta', { delta: secret }) +
    event('response.shell_call_command.delta', { command_index: 0, delta: secret }) + event('response.refusal.delta', { content_index: 0, delta: secret }) +
    event('response.mcp_call_arguments.delta', { delta: json }) + event('response.mcp_call_arguments.done', { arguments: json }) +
    event('response.shell_call_output_content.delta', { delta: { stdout: secret } }) +
    event('response.incomplete', { response: { output: [{ content: [{ type: 'output_text', text: secret }] }] } });
  assert.equal(restore(stream(PLACEHOLDER, JSON.stringify(PLACEHOLDER))), stream(VALUE, JSON.stringify(VALUE)));
});

test('comments, other fields, several data lines and every line end keep their bytes', () => {
  const stream = (secret: string, end: string): string =>
    `\ufeff: aegis-pw-abcdefghijkl${end}${end}id: 7${end}event: aegis-pw-abcdefghijkl${end}data: {"note":${end}data:"${secret}"}${end}retry: 10${end}${end}`;
  for (const end of ['\n', '\r\n', '\r']) {
    assert.equal(restore(stream(PLACEHOLDER, end)), stream(JSON.stringify(VALUE).slice(1, -1), end));
  }
});

test('data that is no JSON is restored where the value is one line, and passes untouched otherwise', () => {
  const known = new Map([['abcdefghijkl', VALUE], ['mnopqrstuvwx', 'one "line"']]);
  const restored = (stream: string): string => run(createSseRestorer({ lookup: (id) => known.get(id) }), [Buffer.from(stream)]).toString();
  const stream = (one: string, json: string): string => `data: see ${PLACEHOLDER}: ${one}\n\ndata\n\ndata: ${json}\n\ndata: {"a":${PLACEHOLDER}\n\n`;
  assert.equal(restored(stream('aegis-pw-mnopqrstuvwx', JSON.stringify(PLACEHOLDER))), stream('one "line"', JSON.stringify(VALUE)));
});

test('a frame too long to be gathered is restored as it streams', () => {
  const event = (secret: string): string => `event: response.completed\n${frame({ type: 'response.completed', response: { output: [{ text: 'x'.repeat(FRAME_MAX_BYTES) }, { text: secret }, { arguments: JSON.stringify(secret) }] } })}`;
  assert.equal(restore(delta('is a') + event(PLACEHOLDER) + delta(PLACEHOLDER)), delta('is a') + event(VALUE) + delta(VALUE));
});

test('every placeholder replaced is told once', () => {
  const told: string[] = [];
  run(createSseRestorer({ lookup, onRestored: (id) => told.push(id) }), [Buffer.from(delta('aegis-') + delta('pw-ABCDEFGHIJKL') + delta(PLACEHOLDER) + stop())]);
  assert.deepEqual(told, ['abcdefghijkl', 'abcdefghijkl']);
});

test('thinking and signatures stay as the model wrote them', () => {
  const stream = anthropicStream.write(['x'], ['{}'], PLACEHOLDER).replaceAll('EqQBCgIYAhIM1gbcDa9GJwZA', PLACEHOLDER);
  assert.equal(restore(stream), stream);
});
