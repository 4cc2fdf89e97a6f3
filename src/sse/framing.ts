/**
 * Server-sent events as raw bytes: where a frame ends, and where its data stands. Nothing is decoded, so a frame
 * can leave as it came.
 *
 * WHATWG HTML, "Server-sent events", parsing an event stream: lines end in LF, CR or CRLF; an empty line ends an
 * event; a line that begins with a colon is a comment; one space after a field's colon is not part of the value; a
 * byte order mark may stand before the first line. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

const LF = 0x0a;
const CR = 0x0d;

/** Where in a frame the reading stands. `cr`: the line ended in CR, an LF may belong to it. `blankCr`: the empty line did. */
export type FrameState = 'lineStart' | 'line' | 'cr' | 'blankCr';

/** A piece of a buffer, end excluded. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the end of one frame whose bytes arrive in any pieces. A frame includes the empty line that ends it. After
 * an empty line that ends in a bare CR the next byte decides, for an LF still belongs to it.
 */
export class FrameEnd {
  #state: FrameState = 'lineStart';

  /** The offset just past the frame's last byte, or -1 when it goes on past `end`. Ready for the next frame after a hit. */
  find(bytes: Buffer, start: number, end: number): number {
    let state = this.#state;
    let at = start;
    while (at < end) {
      const byte = bytes[at];
      if (state === 'blankCr') {
        this.#state = 'lineStart';
        return byte === LF ? at + 1 : at;
      }
      if (state === 'line') {
        if (byte === LF) state = 'lineStart';
        else if (byte === CR) state = 'cr';
      } else if (byte === LF) {
        if (state === 'lineStart') {
          this.#state = 'lineStart';
          return at + 1;
        }
        state = 'lineStart';
      } else if (byte === CR) {
        state = 'blankCr';
      } else {
        state = 'line';
      }
      at++;
    }
    this.#state = state;
    return -1;
  }

  reset(): void {
    this.#state = 'lineStart';
  }
}

/**
 * The last frame end in `bytes[start, limit)`, seen from behind; `start` itself when no frame ends there. `start`
 * must be the beginning of a frame. An empty line in a bare CR counts only when the byte after it is known.
 */
export function lastFrameEnd(bytes: Buffer, start: number, limit: number): number {
  for (let end = limit; end > start; end--) {
    const last = bytes[end - 1];
    let before = end - 2;
    if (last === LF) {
      if (before >= start && bytes[before] === CR) before--;
    } else if (last !== CR || end >= bytes.length || bytes[end] === LF) {
      continue;
    }
    if (before < start) return end;
    const previous = bytes[before];
    if (previous === LF || previous === CR) return end;
  }
  return start;
}

/** The value of one line's field, when the line `bytes[start, end)` is the field `name`; without the space after the colon. */
function fieldValue(bytes: Buffer, start: number, end: number, name: string): Range | undefined {
  if (end - start < name.length) return undefined;
  for (let index = 0; index < name.length; index++) {
    if (bytes[start + index] !== name.charCodeAt(index)) return undefined;
  }
  const colon = start + name.length;
  if (colon === end) return { start: end, end };
  if (bytes[colon] !== 0x3a) return undefined;
  const value = colon + 1;
  return { start: value < end && bytes[value] === 0x20 ? value + 1 : value, end };
}

/** Every value of the field `name` in one frame, in order, without line ends. */
export function fieldRanges(frame: Buffer, name: string): Range[] {
  const found: Range[] = [];
  let at = frame.length >= 3 && frame[0] === 0xef && frame[1] === 0xbb && frame[2] === 0xbf ? 3 : 0;
  while (at < frame.length) {
    let end = at;
    while (end < frame.length && frame[end] !== LF && frame[end] !== CR) end++;
    const value = fieldValue(frame, at, end, name);
    if (value !== undefined) found.push(value);
    at = end + 1;
  }
  return found;
}

/** The places of a frame's data: one for each `data` line. */
export function dataRanges(frame: Buffer): Range[] {
  return fieldRanges(frame, 'data');
}
