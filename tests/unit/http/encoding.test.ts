import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable, type Transform } from 'node:stream';
import { describe, test } from 'node:test';
import * as zlib from 'node:zlib';
import { codingOf, createDecoder, READABLE_CODINGS } from '../../../src/http/encoding.ts';
import { until, within } from '../../support/until.ts';

const zstd = (zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }).zstdCompressSync;

describe('a Content-Encoding is read', () => {
  const cases: readonly (readonly [string | undefined, string])[] = [
    [undefined, 'none'], ['', 'none'], ['  ', 'none'], ['identity', 'none'], ['Identity ', 'none'],
    ['gzip', 'gzip'], ['GZIP', 'gzip'], [' x-gzip', 'gzip'], ['deflate', 'deflate'], ['br', 'br'], ['BR\t', 'br'],
    ['zstd', zstd === undefined ? 'unsupported' : 'zstd'],
    ['gzip, br', 'unsupported'], ['gzip,gzip', 'unsupported'], ['gzip,', 'unsupported'], ['compress', 'unsupported'], ['aws-chunked', 'unsupported'], ['gzip;q=1', 'unsupported'], ['"gzip"', 'unsupported'],
    ['constructor', 'unsupported'],
  ];
  for (const [header, coding] of cases) test(JSON.stringify(header) ?? 'none', () => assert.equal(codingOf(header), coding));
});

test('the codings that can be read are told as they are', () => {
  assert.equal(READABLE_CODINGS.includes('zstd'), zstd !== undefined);
});

/** Random and well-packed parts in turn, larger than any window or watermark. */
const TEXT = Buffer.concat(Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? randomBytes(40_000) : Buffer.alloc(300_000, `line ${i}\n`))));

const CODED: readonly (readonly [Parameters<typeof createDecoder>[0], string, (bytes: Buffer) => Buffer])[] = [
  ['gzip', 'gzip', (bytes) => zlib.gzipSync(bytes)],
  ['deflate', 'zlib format', (bytes) => zlib.deflateSync(bytes)],
  ['deflate', 'bare deflate', (bytes) => zlib.deflateRawSync(bytes)],
  ['br', 'brotli', (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } })],
  ...(zstd === undefined ? [] : [['zstd', 'zstd', zstd] as const]),
];

function cut(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

async function decode(decoder: Transform, pieces: readonly Buffer[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const source = Readable.from(pieces);
  source.pipe(decoder);
  const read = (async () => {
    for await (const chunk of decoder) {
      chunks.push(chunk as Buffer);
      // Slower than the source, so that both sides of the decoder fill up.
      if (chunks.length % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await within('the decoder to end', read);
  return Buffer.concat(chunks);
}

for (const [coding, name, encode] of CODED) {
  describe(name, () => {
    for (const size of [1_000_000, 65_536, 1000]) {
      test(`is taken off a large body in pieces of ${size}`, async () => {
        assert.ok((await decode(createDecoder(coding), cut(encode(TEXT), size))).equals(TEXT));
      });
    }
    test('is taken off one byte at a time', async () => {
      const body = Buffer.from('{"model":"x","messages":[]}');
      assert.equal((await decode(createDecoder(coding), cut(encode(body), 1))).toString(), body.toString());
    });
    test('of an empty body is an empty body', async () => {
      assert.equal((await decode(createDecoder(coding), [encode(Buffer.alloc(0))])).length, 0);
    });
    test('that is cut short or garbled is an error and no clean end', async () => {
      const whole = encode(TEXT.subarray(0, 100_000));
      const garbled = Buffer.from(whole);
      // At its start: without a checksum, as in bare deflate and brotli, bytes further on may pass for others.
      garbled.fill(0xff, 0, 40);
      for (const bytes of [whole.subarray(0, whole.length >> 1), whole.subarray(0, whole.length - 1), garbled]) {
        await assert.rejects(decode(createDecoder(coding), cut(bytes, 4096)), (error: Error) => !/in vain/.test(error.message));
      }
    });
    test('inflates no further than somebody reads', async () => {
      const decoder = createDecoder(coding);
      decoder.on('error', () => {});
      decoder.write(encode(Buffer.alloc(20_000_000)));
      await until('the first bytes', () => decoder.readableLength > 0);
      // Long enough for all of it, were there nothing to stop it.
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.ok(decoder.readableLength < 1_000_000, `${decoder.readableLength} bytes wait`);
      decoder.destroy();
    });
    test('leaves nothing running when it is destroyed in the middle', async () => {
      const decoder = createDecoder(coding);
      decoder.on('error', () => {});
      decoder.write(encode(TEXT).subarray(0, 50_000));
      decoder.once('data', () => decoder.destroy());
      await within('the decoder to close', once(decoder, 'close'));
      assert.ok(decoder.destroyed);
    });
  });
}
