// What restoring a stream of events costs, beside a filter that passes chunks on:
//   npx tsx scripts/bench-filters/restorer.ts [events] [bytes a chunk]
// Streams of Anthropic's and OpenAI's text deltas of some four characters, as bytes in chunks of one size.
import { createSseRestorer } from '../../src/redaction/restorer.ts';
import { seededRandom } from '../../tests/support/random.ts';

const EVENTS = Number(process.argv[2] ?? 200_000);
const CHUNK_BYTES = Number(process.argv[3] ?? 16_384);
const ROUNDS = 5;

const ID = 'k7q2m5xd4t2p';
const PLACEHOLDER = `aegis-github-token-${ID}`;
const lookup = (id: string): string | undefined => (id === ID ? 'ghp_0123456789invented0123456789' : undefined);

const WORDS = 'the model writes some code and then it says one word about data or "quotes" in schema files\\n of src/util so that its reader has more to go on while tests run and every line of the log shows up'.split(' ');

/** The pieces of a text: words, and between them what `more` gives for their number. */
function pieces(more: (at: number) => readonly string[]): string[] {
  const { random } = seededRandom(7);
  const out: string[] = [];
  while (out.length < EVENTS) {
    out.push(...more(out.length), ` ${WORDS[Math.floor(random() * WORDS.length)]}`);
  }
  return out;
}

const frames = {
  anthropic: (text: string): string => `event: content_block_delta\ndata: ${JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })}\n\n`,
  'openai-chat': (text: string): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeZ', object: 'chat.completion.chunk', created: 1741570283, model: 'gpt-5.2', system_fingerprint: 'fp_44709d6fca', choices: [{ index: 0, delta: { content: text }, logprobs: null, finish_reason: null }] })}\n\n`,
};

const split = ['a', 'egis', '-git', 'hub-', 'token', '-k7q2', 'm5xd4', 't2p'];
const shapes: Record<string, (at: number) => readonly string[]> = {
  'nothing to restore': () => [],
  'a placeholder in every 20th event': (at) => (at % 20 === 0 ? [PLACEHOLDER] : []),
  'a placeholder over 8 of every 28 events': (at) => (at % 28 === 0 ? split : []),
};

interface Passing {
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void;
  end(emit: (bytes: Buffer) => void): void;
}

/** The best time of some rounds, in nanoseconds an event. */
function measure(make: () => Passing, chunks: readonly Buffer[], events: number): { nanoseconds: number; bytes: number } {
  let best = Infinity;
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const filter = make();
    bytes = 0;
    const emit = (out: Buffer): void => {
      bytes += out.length;
    };
    const start = process.hrtime.bigint();
    for (const chunk of chunks) filter.push(chunk, emit);
    filter.end(emit);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / events);
  }
  return { nanoseconds: best, bytes };
}

console.log(`${EVENTS} events, chunks of ${CHUNK_BYTES} bytes, best of ${ROUNDS}`);
for (const [wire, frame] of Object.entries(frames)) {
  for (const [shape, more] of Object.entries(shapes)) {
    const texts = pieces(more);
    const stream = Buffer.from(texts.map(frame).join(''));
    const chunks: Buffer[] = [];
    for (let at = 0; at < stream.length; at += CHUNK_BYTES) chunks.push(stream.subarray(at, at + CHUNK_BYTES));
    const plain = measure(() => ({ push: (chunk, emit) => emit(chunk), end: () => undefined }), chunks, texts.length);
    const restored = measure(() => createSseRestorer({ lookup }), chunks, texts.length);
    if ((shape === 'nothing to restore') !== (plain.bytes === restored.bytes)) throw new Error(`${wire}, ${shape}: nothing was restored where something should be, or the other way round`);
    const rate = (nanoseconds: number): string => `${(1e9 / nanoseconds / 1e6).toFixed(2)} M events/s`;
    console.log(`${wire.padEnd(12)} ${shape.padEnd(40)} ${restored.nanoseconds.toFixed(0).padStart(6)} ns/event  ${rate(restored.nanoseconds).padStart(18)}   plain pass ${plain.nanoseconds.toFixed(1)} ns/event`);
  }
}
