/** One event of an answer on its way through the guard: its own bytes, and what is to be changed in them. */
import { applySplices, type Splice } from '../../redaction/splice.ts';
import type { CallPlace, CallWire, EditedEvent } from '../../wire/tool-call.ts';
import type { JsonNode } from '../../wire/tool-call-tree.ts';

/** How events stand in the bytes: as frames of an event stream, or one after the other in a JSON body. */
export interface Dress {
  /** The JSON of an event, offsets counted in all its bytes; undefined when it is none. */
  read(bytes: Buffer): JsonNode | undefined;
  /** A new event beside one that came. */
  write(beside: Buffer, type: string, json: string): Buffer;
}

interface NewEvent {
  readonly type: string;
  readonly json: string;
}

export class HeldEvent implements EditedEvent {
  readonly bytes: Buffer;
  readonly splices: Splice[] = [];
  readonly removed: { place: CallPlace; text: string | undefined }[] = [];
  /** How many undecided calls and texts have a piece in it. */
  holds = 0;
  /** A comment or a ping: a sign of life, which nothing depends on. */
  isKeepalive = false;
  readonly #dress: Dress;
  #root: JsonNode | undefined;
  #dropped = false;
  #appended: NewEvent[] = [];
  #replaced: readonly NewEvent[] | undefined;
  #finish: CallWire['finish'];

  constructor(bytes: Buffer, dress: Dress) {
    this.bytes = bytes;
    this.#dress = dress;
  }

  /** The event's JSON. Only events in which a call was found are asked for it, so there is one. */
  get root(): JsonNode {
    const root = this.tree();
    if (root === undefined) throw new Error('an event that was read cannot be read again');
    return root;
  }

  tree(): JsonNode | undefined {
    this.#root ??= this.#dress.read(this.bytes);
    return this.#root;
  }

  /** The tree is larger than the bytes; an event that waits does without. */
  forgetTree(): void {
    this.#root = undefined;
  }

  drop(): void {
    this.#dropped = true;
  }

  append(type: string, json: string): void {
    this.#appended.push({ type, json });
  }

  replace(events: readonly NewEvent[]): void {
    this.#replaced = events;
  }

  refuse(wire: CallWire, place: CallPlace, text: string | undefined): void {
    wire.refuse(this, place, text);
    this.#finish = wire.finish;
  }

  /** Whether the event leaves as it came. */
  get isUntouched(): boolean {
    return this.splices.length === 0 && !this.#dropped && this.removed.length === 0 && this.#replaced === undefined && this.#appended.length === 0;
  }

  /** Whether it is told by several new ones, which need numbers. */
  get isReplaced(): boolean {
    return this.#replaced !== undefined;
  }

  /** What leaves for this event. `number` is asked for a sequence number; without it none changes. */
  leave(number: ((own: number) => number) | undefined, emit: (bytes: Buffer) => void): void {
    if (number === undefined && this.isUntouched) {
      emit(this.bytes);
      return;
    }
    if (this.removed.length > 0) this.#finish?.(this);
    if (this.#dropped) return;
    const sequence = number === undefined ? undefined : this.tree()?.at('sequence_number');
    const own = sequence?.kind === 'other' ? Number(sequence.raw) : NaN;
    if (this.#replaced !== undefined) {
      for (const { type, json } of this.#replaced) {
        const numbered = Number.isNaN(own) ? json : json.replace('"sequence_number":0', () => `"sequence_number":${number?.(own) ?? own}`);
        emit(this.#dress.write(this.bytes, type, numbered));
      }
      return;
    }
    if (sequence !== undefined && number !== undefined && !Number.isNaN(own)) {
      const next = number(own);
      if (next !== own) this.splices.push({ start: sequence.start, end: sequence.end, bytes: Buffer.from(String(next)) });
    }
    emit(applyOuter(this.bytes, this.splices));
    for (const { type, json } of this.#appended) emit(this.#dress.write(this.bytes, type, json));
  }
}

/** The bytes with all splices made but those that lie within another: what was removed needs no other change. */
function applyOuter(bytes: Buffer, splices: readonly Splice[]): Buffer {
  if (splices.length < 2) return applySplices(bytes, 0, bytes.length, splices);
  // Insertions first, then the longest: what begins before the end of one that was kept lies within it.
  const sorted = [...splices].sort((one, other) => one.start - other.start || Number(isInsertion(other)) - Number(isInsertion(one)) || other.end - one.end);
  let limit = 0;
  const outer = sorted.filter(({ start, end }) => {
    if (start < limit) return false;
    limit = end;
    return true;
  });
  return applySplices(bytes, 0, bytes.length, outer);
}

const isInsertion = ({ start, end }: Splice): boolean => start === end;
