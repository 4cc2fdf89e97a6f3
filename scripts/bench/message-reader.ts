/**
 * Reads HTTP/1.1 messages from a connection with as little work as possible: RFC 9112 sections 6 and 7.
 * The mock upstream reads requests with it, the load generator answers. It trusts its peer: both ends are the
 * benchmark's own, or a proxy whose answers have been checked before anything is measured.
 */

export interface MessageHandlers {
  /** The head without its final empty line, as Latin-1. */
  onHead(head: string): void;
  /** A piece of the body, without chunk framing. The bytes are only valid during the call. */
  onBody(bytes: Buffer, start: number, end: number): void;
  /** The message is complete; the next one may follow in the same read. */
  onEnd(): void;
}

export interface MessageReader {
  /** Takes the bytes of `buffer` up to `length`. Throws an Error on framing that it can't read. */
  push(buffer: Buffer, length: number): void;
}

const HEAD = 0;
const FIXED = 1;
const CHUNK_LINE = 2;
const CHUNK_DATA = 3;
const TRAILER = 4;

const LF = 0x0a;
const MAX_LINE_CHARS = 64 * 1024;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;

export function createMessageReader({ onHead, onBody, onEnd }: MessageHandlers): MessageReader {
  let state = HEAD;
  /** Bytes of the body or of the chunk that are still to come. */
  let left = 0;
  /** A head or a line that began in an earlier read. */
  let partial = '';

  /** The end of the head has been found: decides what follows it. */
  function headDone(head: string): void {
    partial = '';
    onHead(head);
    const length = CONTENT_LENGTH.exec(head);
    if (length) {
      left = Number(length[1]);
      state = FIXED;
    } else if (CHUNKED.test(head)) {
      state = CHUNK_LINE;
    } else {
      left = 0;
      state = FIXED;
    }
    if (state === FIXED && left === 0) messageDone();
  }

  function messageDone(): void {
    state = HEAD;
    onEnd();
  }

  function readHead(buffer: Buffer, at: number, length: number): number {
    if (partial === '') {
      const found = buffer.indexOf('\r\n\r\n', at, 'latin1');
      // The buffer may be longer than what was read into it.
      if (found !== -1 && found + 4 <= length) {
        headDone(buffer.toString('latin1', at, found));
        return found + 4;
      }
    }
    const before = partial.length;
    const joined = partial + buffer.toString('latin1', at, length);
    const found = joined.indexOf('\r\n\r\n', Math.max(0, before - 3));
    if (found !== -1) {
      headDone(joined.slice(0, found));
      return at + (found + 4 - before);
    }
    partial = joined;
    if (partial.length > MAX_LINE_CHARS) throw new Error('the head of a message is too long');
    return length;
  }

  /** Reads up to the next line feed; undefined when it has not come yet. */
  let lineEnd = 0;
  function readLine(buffer: Buffer, at: number, length: number): string | undefined {
    let i = at;
    while (i < length && buffer[i] !== LF) i++;
    const text = partial + buffer.toString('latin1', at, i);
    if (i === length) {
      partial = text;
      lineEnd = length;
      if (partial.length > MAX_LINE_CHARS) throw new Error('a line of a message is too long');
      return undefined;
    }
    partial = '';
    lineEnd = i + 1;
    return text;
  }

  return {
    push(buffer, length) {
      let at = 0;
      while (at < length) {
        if (state === HEAD) {
          at = readHead(buffer, at, length);
        } else if (state === FIXED || state === CHUNK_DATA) {
          const end = Math.min(length, at + left);
          onBody(buffer, at, end);
          left -= end - at;
          at = end;
          if (left === 0) {
            if (state === FIXED) messageDone();
            else state = CHUNK_LINE;
          }
        } else {
          const line = readLine(buffer, at, length);
          at = lineEnd;
          if (line === undefined) return;
          if (state === TRAILER) {
            if (line === '\r') messageDone();
          } else if (line !== '\r') {
            // An empty line here ends the data of the chunk before.
            left = parseInt(line, 16);
            if (!(left >= 0)) throw new Error('a chunk without a length');
            state = left === 0 ? TRAILER : CHUNK_DATA;
          }
        }
      }
    },
  };
}
