/**
 * Content codings (RFC 9110 section 8.4.1) that can be taken off: gzip, deflate, br, and zstd where the running Node
 * has it (22.15 and later).
 */
import { Transform, type TransformCallback } from 'node:stream';
import * as zlib from 'node:zlib';

/** `none` = nothing to take off; `unsupported` = it can't be read here. */
export type Coding = 'none' | 'gzip' | 'deflate' | 'br' | 'zstd' | 'unsupported';

/** What all of node:zlib's decoders have. */
type ZlibDecoder = Transform & { readonly bytesWritten: number };
/** Node's zstd factory: newer than the type definitions that this project builds with. */
type ZstdFactory = () => ZlibDecoder;
const createZstd = (zlib as { createZstdDecompress?: ZstdFactory }).createZstdDecompress;

/** The codings that a decoder exists for, as a text for messages. */
export const READABLE_CODINGS = createZstd === undefined ? 'gzip, deflate, br' : 'gzip, deflate, br, zstd';

/** Reads a Content-Encoding header. Several codings on top of each other are unsupported: no client or server sends them. */
export function codingOf(header: string | undefined): Coding {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return 'none';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return 'deflate';
    case 'br':
      return 'br';
    case 'zstd':
      return createZstd === undefined ? 'unsupported' : 'zstd';
    default:
      return 'unsupported';
  }
}

/**
 * A Transform that takes the coding off. It holds one window, whatever the size of what it inflates to. A body
 * without a byte stays one: servers name a coding on empty answers too.
 */
export function createDecoder(coding: Exclude<Coding, 'none' | 'unsupported'>): Transform {
  switch (coding) {
    case 'gzip':
      return emptyStaysEmpty(zlib.createGunzip());
    case 'deflate':
      return new DeflateDecoder();
    case 'br':
      return emptyStaysEmpty(zlib.createBrotliDecompress());
    case 'zstd':
      // codingOf names zstd only where the factory is there.
      return emptyStaysEmpty((createZstd as ZstdFactory)());
  }
}

/** Node's decoders take the end of no input at all for a truncated one. */
function emptyStaysEmpty(decoder: ZlibDecoder): Transform {
  const flush = decoder._flush.bind(decoder);
  decoder._flush = (done) => {
    if (decoder.bytesWritten === 0) done();
    else flush(done);
  };
  return decoder;
}

/**
 * `deflate` means the zlib format (RFC 1950), but some senders send the bare one (RFC 1951). The first byte tells:
 * in a zlib header its low four bits are 8, which as a bare stream would be a block type of little use.
 */
class DeflateDecoder extends Transform {
  #inner: Transform | undefined;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const inner = (this.#inner ??= this.#open(chunk));
    if (inner.write(chunk)) done();
    else inner.once('drain', () => done());
  }

  override _flush(done: TransformCallback): void {
    const inner = this.#inner;
    if (inner === undefined) {
      done();
      return;
    }
    inner.once('end', () => done());
    inner.end();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner?.destroy();
    done(error);
  }

  override _read(size: number): void {
    this.#inner?.resume();
    super._read(size);
  }

  #open(first: Buffer): Transform {
    const zlibFormat = ((first[0] ?? 0) & 0x0f) === 8;
    const inner = zlibFormat ? zlib.createInflate() : zlib.createInflateRaw();
    inner.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) inner.pause();
    });
    inner.on('error', (error) => this.destroy(error));
    return inner;
  }
}
