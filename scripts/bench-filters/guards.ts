// What guarding a stream of events costs, beside a filter that passes chunks on:
//   npx tsx scripts/bench-filters/guards.ts [events] [bytes a chunk]
// Text deltas of some four characters and the input of one tool call in pieces, as bytes in chunks of one size.
import { createSseGuard, type AnswerJudge } from '../../src/guards/answer/answer-guard.ts';
import { seededRandom } from '../../tests/support/random.ts';

const EVENTS = Number(process.argv[2] ?? 200_000);
const CHUNK_BYTES = Number(process.argv[3] ?? 16_384);
/** One held call of so many pieces: much more would be too long to be held. */
const CALL_EVENTS = 40_000;
const ROUNDS = 5;

const WORDS = 'the model writes some code and then it says one word about data or "quotes" in schema files\\n of src/util so that its reader has more to go on while tests run and every line of the log shows up\n\n'.split(' ');

function words(count: number): string[] {
  const { random } = seededRandom(7);
  return Array.from({ length: count }, () => ` ${WORDS[Math.floor(random() * WORDS.length)]}`);
}

interface Wire {
  text(pieces: readonly string[]): string;
  call(pieces: readonly string[]): string;
}

const typed = (data: { type: string; [key: string]: unknown }): string => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const chunkOf = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeZ', object: 'chat.completion.chunk', created: 1741570283, model: 'gpt-5.2', system_fingerprint: 'fp_44709d6fca', choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] })}\n\n`;

const wires: Record<string, Wire> = {
  anthropic: {
    text: (pieces) => pieces.map((text) => typed({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })).join(''),
    call: (pieces) =>
      typed({ type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'toolu_01A', name: 'Bash', input: {} } }) +
      pieces.map((partial_json) => typed({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json } })).join('') +
      typed({ type: 'content_block_stop', index: 1 }),
  },
  'openai-chat': {
    text: (pieces) => pieces.map((content) => chunkOf({ content })).join(''),
    call: (pieces) =>
      chunkOf({ tool_calls: [{ index: 0, id: 'call_DdmO9a', type: 'function', function: { name: 'shell', arguments: '' } }] }) +
      pieces.map((piece) => chunkOf({ tool_calls: [{ index: 0, function: { arguments: piece } }] })).join('') +
      chunkOf({}, 'tool_calls'),
  },
  'openai-responses': {
    text: (pieces) =>
      pieces.map((delta, at) => typed({ type: 'response.output_text.delta', content_index: 0, delta, item_id: 'msg_67ca09c5efe0819096d0511c92b8c890', logprobs: [], obfuscation: 'x9QaT2', output_index: 0, sequence_number: at })).join(''),
    call: (pieces) =>
      typed({ type: 'response.output_item.added', output_index: 1, item: { id: 'fc_12a', type: 'function_call', call_id: 'call_a', name: 'shell', arguments: '' } }) +
      pieces.map((delta, at) => typed({ type: 'response.function_call_arguments.delta', delta, item_id: 'fc_12a', output_index: 1, sequence_number: at })).join('') +
      typed({ type: 'response.output_item.done', output_index: 1, item: { id: 'fc_12a', type: 'function_call', call_id: 'call_a', name: 'shell', arguments: pieces.join('') } }),
  },
};

let judged = 0;
const calls: AnswerJudge = { mustHold: () => true, judgeCall: () => void judged++ };
const free: AnswerJudge = { mustHold: () => false, judgeCall: () => undefined };
const seen: AnswerJudge = { ...free, seeCall: () => void judged++ };
const looking = (mode: 'flag' | 'replace'): AnswerJudge => ({
  ...calls,
  text: {
    mode,
    judge() {
      judged++;
      return [];
    },
  },
});

interface Passing {
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void;
  end(emit: (bytes: Buffer) => void): void;
}

const PASS: Passing = { push: (chunk, emit) => emit(chunk), end: () => undefined };

/** The best time of some rounds, in nanoseconds an event. */
function measure(name: string, make: () => Passing, stream: string, events: number): void {
  const bytes = Buffer.from(stream);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const filter = make();
    let out = 0;
    const emit = (piece: Buffer): void => {
      out += piece.length;
    };
    const start = process.hrtime.bigint();
    for (const chunk of chunks) filter.push(chunk, emit);
    filter.end(emit);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / events);
    if (out !== bytes.length) throw new Error(`${name}: ${out} bytes came out of ${bytes.length}`);
  }
  console.log(`${name.padEnd(48)} ${best.toFixed(0).padStart(6)} ns/event ${(1e3 / best).toFixed(2).padStart(8)} M events/s`);
}

console.log(`${EVENTS} text events, ${CALL_EVENTS} of a call, chunks of ${CHUNK_BYTES} bytes, best of ${ROUNDS}`);
for (const [name, wire] of Object.entries(wires)) {
  const text = wire.text(words(EVENTS));
  const call = wire.call(words(CALL_EVENTS));
  measure(`${name} text, no guard`, () => PASS, text, EVENTS);
  measure(`${name} text, guard of calls only`, () => createSseGuard(calls), text, EVENTS);
  measure(`${name} text, flagged`, () => createSseGuard(looking('flag')), text, EVENTS);
  measure(`${name} text, held by the paragraph`, () => createSseGuard(looking('replace')), text, EVENTS);
  measure(`${name} call, held and released`, () => createSseGuard(calls), call, CALL_EVENTS);
  measure(`${name} call, not held`, () => createSseGuard(free), call, CALL_EVENTS);
  measure(`${name} call, not held but seen`, () => createSseGuard(seen), call, CALL_EVENTS);
}
if (judged === 0) throw new Error('nothing was judged');
