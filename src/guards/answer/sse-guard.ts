/**
 * The guard of an event stream.
 *
 * Where text is not looked at, one native search over a chunk tells whether any call may begin in it; frames it does
 * not hit leave as parts of the chunk, neighbours together. While a call is under way every frame is read. Where text
 * is looked at, a frame of a shape known from the one before costs a comparison, and all others are read.
 */
import type { Filter } from '../../pipeline/filter.ts';
import { createFrameStream, nextFrame } from '../../sse/frame-stream.ts';
import { dataRanges, fieldRanges, lastFrameEnd } from '../../sse/framing.ts';
import { Gathered } from '../../sse/gathered.ts';
import { MAY_CALL } from '../../wire/tool-call.ts';
import { onlyDataLine, readFrameTree } from '../../wire/tool-call-tree.ts';
import { EVENT_MAX_BYTES, type AnswerJudge } from './answer-guard.ts';
import { AnswerLine, type OnlyPiece } from './answer-line.ts';
import type { Dress, HeldEvent } from './held-event.ts';
import { shareShape, textShape, type TextMatch, type TextShape } from './text-shape.ts';

/** A line end and `[DONE]` take no more. */
const DONE_MAX_BYTES = 16;
const PING_MAX_BYTES = 64;
/** A shape that is met again need not be learned: text and thinking of a few channels take turns. */
const SHAPES_MAX = 4;
/** So many shapes in a row that were never met again: this vendor's events don't look alike, and learning costs more than reading. */
const IN_VAIN_MAX = 16;

type Emit = (bytes: Buffer) => void;

const SSE_DRESS: Dress = {
  read: readFrameTree,
  write(beside, type, json) {
    const lineEnd = beside.includes('\r\n') ? '\r\n' : beside.includes('\n') ? '\n' : '\r';
    const name = fieldRanges(beside, 'event').length > 0 ? `event: ${type}${lineEnd}` : '';
    return Buffer.from(`${name}data: ${json}${lineEnd}${lineEnd}`);
  },
};

export function createSseGuard(judge: AnswerJudge): Filter {
  const line = new AnswerLine(judge, SSE_DRESS);
  const looksAtText = judge.text !== undefined;
  const holdsText = line.text?.holds === true;
  /** A frame whose end has not come. */
  const unfinished = new Gathered();
  /** Whether the rest of a frame that is too long passes as it comes. */
  let isPassing = false;
  let shapes: TextShape[] = [];
  let learnedInVain = 0;

  /** Reads one frame; what it says is noted. */
  function read(bytes: Buffer): HeldEvent {
    const data = onlyDataLine(bytes) ?? dataRanges(bytes)[0];
    if (data === undefined || isPing(bytes)) {
      const event = line.silent(bytes);
      event.isKeepalive = true;
      return event;
    }
    if (data.end - data.start < DONE_MAX_BYTES && bytes.toString('latin1', data.start, data.end).trim() === '[DONE]') {
      line.decideAll();
      return line.silent(bytes);
    }
    const event = line.read(bytes);
    if (looksAtText && line.only !== undefined) learn(bytes, line.only);
    return event;
  }

  function learn(bytes: Buffer, only: OnlyPiece): void {
    if (learnedInVain === IN_VAIN_MAX) return;
    learnedInVain++;
    const shape = textShape(bytes, only);
    if (shape !== undefined) shapes = [shape, ...shapes.slice(0, SHAPES_MAX - 1)];
  }

  /** A frame that cannot be gathered: what waits is decided, and the frame passes unread. */
  function openLong(emit: Emit): void {
    // It may repeat what was refused.
    if (line.hasRefused) throw new Error(`an event of more than ${EVENT_MAX_BYTES} bytes follows a refused tool call`);
    line.closeAll(emit);
  }

  function matchShape(text: string, at: number): TextMatch | undefined {
    for (let index = 0; index < shapes.length; index++) {
      const shape = shapes[index];
      const match = shape?.match(text, at);
      if (shape === undefined || match === undefined) continue;
      if (learnedInVain > 0) shareShape(shape);
      learnedInVain = 0;
      if (index > 0) shapes = [shape, ...shapes.filter((other) => other !== shape)];
      return match;
    }
    return undefined;
  }

  /** Whether a frame that is whole need not be read. */
  function isOutOfInterest(text: string): boolean {
    if (looksAtText || line.isAttentive) return false;
    MAY_CALL.lastIndex = 0;
    return !MAY_CALL.test(text);
  }

  function keep(piece: Buffer, emit: Emit): void {
    if (isPassing) {
      emit(piece);
      return;
    }
    unfinished.add(piece);
    if (unfinished.length <= EVENT_MAX_BYTES) return;
    openLong(emit);
    for (const part of unfinished.take()) emit(part);
    isPassing = true;
  }

  /** Ends the frame that earlier chunks began; the offset in `chunk` from where on nothing has left yet. */
  function finishFrame(chunk: Buffer, end: number, emit: Emit): number {
    if (isPassing) {
      isPassing = false;
      return 0;
    }
    const pieces = unfinished.take();
    const whole = Buffer.concat([...pieces, chunk.subarray(0, end)]);
    if (whole.length > EVENT_MAX_BYTES) {
      openLong(emit);
    } else if (!isOutOfInterest(whole.toString('latin1'))) {
      const event = readOrMatch(whole);
      if (!line.isPlain(event)) {
        line.pass(event, emit);
        return end;
      }
    }
    for (const piece of pieces) emit(piece);
    return 0;
  }

  function readOrMatch(bytes: Buffer): HeldEvent {
    const match = shapes.length === 0 ? undefined : matchShape(bytes.toString('latin1'), 0);
    return match?.next === bytes.length ? line.readText(bytes, match) : read(bytes);
  }

  /** Handles the whole frames `chunk[start, end)`, of which what comes before `start` from `from` on may leave too. */
  function takeFrames(chunk: Buffer, from: number, start: number, end: number, emit: Emit): void {
    const text = chunk.toString('latin1', start, end);
    let run = from;
    let at = start;
    while (at < end) {
      if (looksAtText) {
        const match = matchShape(text, at - start);
        if (match !== undefined) {
          const next = start + match.next;
          if (holdsText || line.isBusy) {
            if (run < at) emit(chunk.subarray(run, at));
            const shift = start - at;
            line.pass(line.readText(chunk.subarray(at, next), { key: match.key, start: match.start + shift, end: match.end + shift }), emit);
            run = next;
          } else if (match.key !== undefined) {
            line.text?.add(match.key, chunk, start + match.start, start + match.end, undefined);
          }
          at = next;
          continue;
        }
      } else if (!line.isAttentive) {
        MAY_CALL.lastIndex = at - start;
        const hit = MAY_CALL.exec(text);
        if (hit === null) break;
        at = lastFrameEnd(chunk, at, start + hit.index);
      }
      const next = nextFrame(chunk, at, end);
      run = takeFrame(chunk, run, at, next, emit);
      at = next;
    }
    if (run < end) emit(chunk.subarray(run, end));
  }

  /** Handles the frame `chunk[at, next)`; the offset from where on nothing has left yet, which was `run` before. */
  function takeFrame(chunk: Buffer, run: number, at: number, next: number, emit: Emit): number {
    if (next - at > EVENT_MAX_BYTES) {
      if (run < at) emit(chunk.subarray(run, at));
      openLong(emit);
      return at;
    }
    const event = read(chunk.subarray(at, next));
    if (line.isPlain(event)) return run;
    if (run < at) emit(chunk.subarray(run, at));
    line.pass(event, emit);
    return next;
  }

  return {
    push: createFrameStream({
      get isOpen() {
        return unfinished.length > 0 || isPassing;
      },
      open: keep,
      close: finishFrame,
      frames: takeFrames,
    }),
    end(emit) {
      if (unfinished.length > 0) {
        const event = read(Buffer.concat(unfinished.take()));
        // Its last line is open: nothing may come behind it.
        event.isKeepalive = false;
        line.pass(event, emit);
      }
      line.closeAll(emit);
    },
  };
}

/** A ping that is told by the name of its event alone; others by the type in their data. */
function isPing(bytes: Buffer): boolean {
  return bytes.length <= PING_MAX_BYTES && /^event: ?ping\s/.test(bytes.toString('latin1'));
}
