import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataRanges, FrameEnd, fieldRanges, lastFrameEnd } from '../../../src/sse/framing.ts';

/** Cuts a stream into its frames, each with all of its raw bytes: the simplest thing that uses what is tested. */
function createFramer(): { push(chunk: Buffer, frame: (raw: Buffer) => void): void; end(frame: (raw: Buffer) => void): void } {
  const frameEnd = new FrameEnd();
  let pieces: Buffer[] = [];
  return {
    push(chunk, frame) {
      let from = 0;
      for (;;) {
        const end = frameEnd.find(chunk, from, chunk.length);
        if (end < 0) break;
        const piece = chunk.subarray(from, end);
        if (pieces.length === 0) {
          frame(piece);
        } else {
          pieces.push(piece);
          const whole = Buffer.concat(pieces);
          pieces = [];
          frame(whole);
        }
        from = end;
      }
      if (from < chunk.length) pieces.push(chunk.subarray(from));
    },
    end(frame) {
      frameEnd.reset();
      if (pieces.length === 0) return;
      const whole = Buffer.concat(pieces);
      pieces = [];
      frame(whole);
    },
  };
}

/** The frames of a stream that arrives in the given pieces. */
function framesOf(pieces: readonly Buffer[]): string[] {
  const framer = createFramer();
  const frames: string[] = [];
  const keep = (raw: Buffer): void => void frames.push(raw.toString('latin1'));
  for (const piece of pieces) framer.push(piece, keep);
  framer.end(keep);
  return frames;
}

const streams: Record<string, { text: string; frames: string[] }> = {
  'line feeds': { text: 'data: a\n\ndata: b\n\n', frames: ['data: a\n\n', 'data: b\n\n'] },
  'carriage return and line feed': { text: 'data: a\r\n\r\ndata: b\r\n\r\n', frames: ['data: a\r\n\r\n', 'data: b\r\n\r\n'] },
  'bare carriage returns': { text: 'data: a\r\rdata: b\r\r', frames: ['data: a\r\r', 'data: b\r\r'] },
  'mixed line ends': {
    text: 'data: a\r\n\ndata: b\n\r\ndata: c\r\r\ndata: d\n\rdata: e\n\n',
    frames: ['data: a\r\n\n', 'data: b\n\r\n', 'data: c\r\r\n', 'data: d\n\r', 'data: e\n\n'],
  },
  'comments and frames without data': { text: ': hi\n\nevent: x\n\n\ndata: a\n\n', frames: [': hi\n\n', 'event: x\n\n', '\n', 'data: a\n\n'] },
  'several data lines': { text: 'event: m\ndata: {\ndata: }\nid: 7\nretry: 10\n\n', frames: ['event: m\ndata: {\ndata: }\nid: 7\nretry: 10\n\n'] },
  'a byte order mark': { text: '\xef\xbb\xbfdata: a\n\n', frames: ['\xef\xbb\xbfdata: a\n\n'] },
  'a last frame without an empty line': { text: 'data: a\n\ndata: b\n', frames: ['data: a\n\n', 'data: b\n'] },
  'a last frame in the middle of a line': { text: 'data: a\n\ndat', frames: ['data: a\n\n', 'dat'] },
  'empty lines first': { text: '\r\n\n\rdata: a\n\n', frames: ['\r\n', '\n', '\r', 'data: a\n\n'] },
};

for (const [name, { text, frames }] of Object.entries(streams)) {
  test(`frames are cut alike wherever the bytes are cut: ${name}`, () => {
    const bytes = Buffer.from(text, 'latin1');
    assert.deepEqual(framesOf([bytes]), frames);
    assert.deepEqual(framesOf([...bytes].map((byte) => Buffer.of(byte))), frames);
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.deepEqual(framesOf([bytes.subarray(0, cut), bytes.subarray(cut)]), frames, `cut at ${cut}`);
    }
  });

  test(`the end of the last frame is seen from behind: ${name}`, () => {
    const bytes = Buffer.from(text, 'latin1');
    for (let limit = 0; limit <= bytes.length; limit++) {
      const forward = new FrameEnd();
      let expected = 0;
      for (;;) {
        // One byte more than the limit settles whether a CR stands alone; the bytes behind it are known here too.
        const end = forward.find(bytes, expected, Math.min(bytes.length, limit + 1));
        if (end < 0 || end > limit) break;
        expected = end;
        forward.reset();
      }
      assert.equal(lastFrameEnd(bytes, 0, limit), expected, `limit ${limit}`);
    }
  });
}

test('bytes outside ASCII stay whole when cut inside a character', () => {
  const bytes = Buffer.from('data: gr\u00fc\u00dfe \u{1f600}\n\n');
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(framesOf([bytes.subarray(0, cut), bytes.subarray(cut)]), [bytes.toString('latin1')]);
  }
});


test('data lines are found with and without the space, the colon and other fields between', () => {
  const frame = Buffer.from('\ufeffdata: one\r\nevent: x\ndata:two\rdata:  three\ndatas: no\n: data: no\ndata\ndata:\n\n');
  const values = dataRanges(frame).map((range) => frame.toString('utf8', range.start, range.end));
  assert.deepEqual(values, ['one', 'two', ' three', '', '']);
  assert.deepEqual(fieldRanges(frame, 'event').map((range) => frame.toString('utf8', range.start, range.end)), ['x']);
});
