/** Cuts a stream of events into frames as its bytes come. What becomes of them is the handler's business. */
import { FrameEnd, lastFrameEnd } from './framing.ts';

type Emit = (bytes: Buffer) => void;

export interface FrameHandler {
  /** A frame has begun whose end has not come. */
  readonly isOpen: boolean;
  /** Bytes of a frame whose end has not come: its first, or more of it. */
  open(piece: Buffer, emit: Emit): void;
  /** The open frame ends with `chunk[0, end)`. Returns from where on in the chunk nothing has left yet. */
  close(chunk: Buffer, end: number, emit: Emit): number;
  /** Whole frames are `chunk[start, end)`; what comes before `start` from `from` on may leave too. */
  frames(chunk: Buffer, from: number, start: number, end: number, emit: Emit): void;
}

/** Takes the next bytes of a stream. */
export function createFrameStream(handler: FrameHandler): (chunk: Buffer, emit: Emit) => void {
  const frameEnd = new FrameEnd();
  return (chunk, emit) => {
    let from = 0;
    let start = 0;
    if (handler.isOpen) {
      const end = frameEnd.find(chunk, 0, chunk.length);
      if (end < 0) {
        handler.open(chunk, emit);
        return;
      }
      from = handler.close(chunk, end, emit);
      start = end;
    }
    const end = lastFrameEnd(chunk, start, chunk.length);
    if (from < end) handler.frames(chunk, from, start, end, emit);
    frameEnd.reset();
    if (end === chunk.length) return;
    frameEnd.find(chunk, end, chunk.length);
    // A copy of a small rest, so that it does not keep a whole chunk alive.
    const rest = chunk.subarray(end);
    handler.open(rest.length * 2 < chunk.length ? Buffer.from(rest) : rest, emit);
  };
}

/** The end of the frame that begins at `at`; `end` where the frames end with it. */
export function nextFrame(chunk: Buffer, at: number, end: number): number {
  // Frames in a bare CR have their end only where the next byte is known, which the tail of the chunk may hold.
  const found = new FrameEnd().find(chunk, at, Math.min(end + 1, chunk.length));
  return found < 0 ? end : found;
}
