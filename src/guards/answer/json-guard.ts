/**
 * The guard of a JSON answer: of one object, of JSON Lines, or of an array of answers as Gemini streams it without
 * `alt=sse`. Each object is gathered, judged and sent on; what stands between them passes. An object too long to be
 * gathered flows as it comes, and only what came until then is told of.
 */
import type { Filter } from '../../pipeline/filter.ts';
import { MAY_CALL } from '../../wire/tool-call.ts';
import { readTree } from '../../wire/tool-call-tree.ts';
import { JSON_VALUE_MAX_BYTES, type AnswerJudge } from './answer-guard.ts';
import { AnswerLine } from './answer-line.ts';
import { Gathered } from '../../sse/gathered.ts';
import type { Dress } from './held-event.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const JSON_DRESS: Dress = {
  read(bytes) {
    const tree = readTree(bytes, 0, bytes.length);
    return tree?.isWhole === true ? tree.root : undefined;
  },
  write: (_beside, _type, json) => Buffer.from(`\n${json}`),
};

/** Reads what there is of an object that is too long. */
const PART_DRESS: Dress = { ...JSON_DRESS, read: (bytes) => readTree(bytes, 0, bytes.length)?.root };

export function createJsonGuard(judge: AnswerJudge): Filter {
  /** Made when an object must be read. */
  let line: AnswerLine | undefined;
  /** An object with nothing to be judged in it, which left unread; it is read after all when others follow that must be. */
  let unread: Buffer | undefined;
  const ends = new ObjectEnds();
  const gathered = new Gathered();
  /** Whether the rest of an object that is too long passes as it comes. */
  let isPassing = false;

  function lineOf(): AnswerLine {
    if (line === undefined) {
      line = new AnswerLine(judge, JSON_DRESS);
      if (unread !== undefined) line.read(unread);
      unread = undefined;
    }
    return line;
  }

  function passBetween(bytes: Buffer, emit: (bytes: Buffer) => void): void {
    if (bytes.length === 0) return;
    if (line === undefined) emit(bytes);
    else line.pass(line.silent(bytes), emit);
  }

  function gather(bytes: Buffer, emit: (bytes: Buffer) => void): void {
    if (isPassing) {
      passBetween(bytes, emit);
      return;
    }
    gathered.add(bytes);
    if (gathered.length <= JSON_VALUE_MAX_BYTES) return;
    const part = Buffer.concat(gathered.take());
    lineOf().closeAll(emit);
    tellPart(judge, part.subarray(0, JSON_VALUE_MAX_BYTES));
    isPassing = true;
    passBetween(part, emit);
  }

  function finish(emit: (bytes: Buffer) => void): void {
    if (isPassing) {
      isPassing = false;
      return;
    }
    const pieces = gathered.take();
    const [first] = pieces;
    if (first === undefined) return;
    const whole = pieces.length === 1 ? first : Buffer.concat(pieces);
    if (line === undefined && unread === undefined && isQuiet(judge, whole)) {
      unread = whole;
      emit(whole);
      return;
    }
    const read = lineOf();
    read.pass(read.read(whole), emit);
  }

  return {
    push(chunk, emit) {
      let at = 0;
      while (at < chunk.length) {
        const next = ends.next(chunk, at);
        const piece = chunk.subarray(at, next);
        at = next;
        if (!ends.tookObject) {
          passBetween(piece, emit);
          continue;
        }
        // A part of a chunk may wait long, and a small one should not keep all of it alive.
        gather(piece.length * 2 < chunk.length ? Buffer.from(piece) : piece, emit);
        if (!ends.isInside) finish(emit);
      }
    },
    end(emit) {
      finish(emit);
      line?.closeAll(emit);
    },
  };
}

/** Whether the bytes alone tell that an object holds no call and no text in which anything could be found. */
function isQuiet({ text }: AnswerJudge, bytes: Buffer): boolean {
  if (text !== undefined && text.mayFind === undefined) return false;
  const raw = bytes.toString('latin1');
  if (raw.includes('\\u')) return false;
  MAY_CALL.lastIndex = 0;
  return !MAY_CALL.test(raw) && text?.mayFind?.(raw) !== true;
}

/** Tells of the calls and the text in the beginning of an object; nothing of it is held. */
function tellPart(judge: AnswerJudge, bytes: Buffer): void {
  const { text } = judge;
  const line = new AnswerLine(
    {
      mustHold: () => false,
      judgeCall: () => undefined,
      seeCall: (call) => judge.seeCall?.(call),
      ...(text === undefined ? {} : { text: { mode: 'flag' as const, judge: (said: string) => text.judge(said) } }),
    },
    PART_DRESS,
  );
  line.read(bytes);
  line.decideAll();
}

/** Where objects begin and end in a body, whatever it is cut into: those of the top level, and of an array there. */
class ObjectEnds {
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Whether what was gone through last belongs to an object. */
  tookObject = false;

  get isInside(): boolean {
    return this.#depth > 0;
  }

  /** The offset where the reading goes from inside an object to outside or back; the end of the bytes without one. */
  next(bytes: Buffer, start: number): number {
    let at = start;
    this.tookObject = this.#depth > 0;
    while (at < bytes.length) {
      if (this.#inString) {
        at = this.#skipString(bytes, at);
        continue;
      }
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === 0x7b) {
        // The brace that opens an object belongs to it.
        if (this.#depth === 0 && at > start) return at;
        this.#depth++;
        this.tookObject = true;
      } else if (this.#depth > 0) {
        if (byte === 0x5b) this.#depth++;
        else if (byte === 0x7d || byte === 0x5d) this.#depth--;
        if (this.#depth === 0) return at + 1;
      }
      at++;
    }
    return at;
  }

  /** The offset behind the string's closing quote; the end of the bytes without one. */
  #skipString(bytes: Buffer, start: number): number {
    let at = start;
    if (this.#escaped) {
      this.#escaped = false;
      at++;
    }
    for (let from = at; ; ) {
      const quote = bytes.indexOf(QUOTE, from);
      const end = quote < 0 ? bytes.length : quote;
      let before = end;
      while (before > at && bytes[before - 1] === BACKSLASH) before--;
      const isEscaped = (end - before) % 2 === 1;
      if (quote < 0) {
        this.#escaped = isEscaped;
        return bytes.length;
      }
      if (!isEscaped) {
        this.#inString = false;
        return quote + 1;
      }
      from = quote + 1;
    }
  }
}
