/**
 * The line in which an answer's events leave: in their order, each as soon as nothing in it waits for a verdict.
 * Signs of life do not stand in line, so that no client's watchdog fires while a call is held.
 */
import { readAnswer, type AnswerSink } from '../../wire/tool-call.ts';
import { HELD_MAX_BYTES, type AnswerJudge } from './answer-guard.ts';
import { createAnswerText, type AnswerText } from './answer-text.ts';
import { CallLedger } from './call-ledger.ts';
import { HeldEvent, type Dress } from './held-event.ts';

const NOTHING = Buffer.alloc(0);

/** The one thing an event said, when that was a piece of text or of thinking: its raw content in the event. */
export interface OnlyPiece {
  /** undefined for thinking. */
  readonly key: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** Events that only say that the stream lives: Anthropic's, and OpenAI's. */
const KEEPALIVES = new Set(['ping', 'keepalive']);

export class AnswerLine {
  readonly text: AnswerText | undefined;
  readonly #ledger: CallLedger;
  readonly #dress: Dress;
  #queue: HeldEvent[] = [];
  #queuedBytes = 0;
  /** The last sequence number that left, counted from the first refusal on: a refused item has more events than it had. */
  #sequence = -1;
  #numbers: ((own: number) => number) | undefined;
  readonly #sink: AnswerSink;
  /** The event that is read, how much it said, and what. */
  #event: HeldEvent;
  #said = 0;
  #only: OnlyPiece | undefined;

  constructor(judge: AnswerJudge, dress: Dress) {
    this.#ledger = new CallLedger(judge);
    this.#dress = dress;
    this.text = judge.text === undefined ? undefined : createAnswerText(judge.text);
    this.#event = this.silent(NOTHING);
    this.#sink = this.#createSink();
  }

  /** Whether any event must be read, whatever its bytes. */
  get isAttentive(): boolean {
    return this.#queue.length > 0 || this.#ledger.isAttentive;
  }

  /** Whether events stand in line, or change as they leave. */
  get isBusy(): boolean {
    return this.#queue.length > 0 || this.#numbers !== undefined;
  }

  get hasRefused(): boolean {
    return this.#ledger.hasRefused;
  }

  /** Reads an event: what it says is noted, and what was complete before it or by it is decided. */
  read(bytes: Buffer): HeldEvent {
    const event = new HeldEvent(bytes, this.#dress);
    const root = event.tree();
    this.#said = 0;
    this.#only = undefined;
    if (root !== undefined) {
      this.#event = event;
      if (KEEPALIVES.has(root.textAt('type'))) event.isKeepalive = true;
      else readAnswer(root, this.#sink);
    }
    event.forgetTree();
    return event;
  }

  /** The one thing the event that was read last said, when that was a piece of text or of thinking. */
  get only(): OnlyPiece | undefined {
    return this.#said === 1 ? this.#only : undefined;
  }

  /** An event that is known to say a piece of text and nothing else. */
  readText(bytes: Buffer, { start, end, key }: OnlyPiece): HeldEvent {
    const event = new HeldEvent(bytes, this.#dress);
    if (key !== undefined) this.text?.add(key, bytes, start, end, event);
    return event;
  }

  /** An event that says nothing. */
  silent(bytes: Buffer): HeldEvent {
    return new HeldEvent(bytes, this.#dress);
  }

  /** Whether an event that was read may leave as it came, at once. */
  isPlain(event: HeldEvent): boolean {
    return !this.isBusy && event.holds === 0 && event.isUntouched;
  }

  /** Sends an event on its way: at once, or behind those that wait. */
  pass(event: HeldEvent, emit: (bytes: Buffer) => void): void {
    if (event.isKeepalive) {
      emit(event.bytes);
      return;
    }
    this.#queue.push(event);
    this.#queuedBytes += event.bytes.length;
    this.#drain(emit);
    if (this.#queuedBytes <= HELD_MAX_BYTES) return;
    this.#ledger.letGo();
    this.text?.letGo();
    this.#drain(emit);
  }

  /** Nothing more of any call or text comes: all is decided. What waited leaves with the next event. */
  decideAll(): void {
    this.#ledger.close('');
    this.text?.close('');
  }

  /** Nothing more of any call or text comes: all is decided and leaves. */
  closeAll(emit: (bytes: Buffer) => void): void {
    this.decideAll();
    this.#drain(emit);
  }

  #createSink(): AnswerSink {
    const ledger = this.#ledger;
    return {
      call: (piece) => {
        this.#said++;
        ledger.take(this.#event, piece);
      },
      repeatedCall: (piece, ids) => {
        this.#said++;
        ledger.takeRepeated(this.#event, piece, ids);
      },
      closeCalls: (prefix) => {
        this.#said++;
        ledger.close(prefix);
      },
      openScope: (scope) => ledger.openScope(scope),
      stopReason: (scope, node, replacement) => ledger.stopReason(this.#event, scope, node, replacement),
      position: (scope, node) => ledger.position(this.#event, scope, node),
      text: (key, node) => {
        this.#said++;
        this.#only = { key, start: node.start + 1, end: node.end - 1 };
        this.text?.add(key, node.bytes, node.start + 1, node.end - 1, this.#event);
      },
      closeTexts: (prefix) => {
        this.#said++;
        this.text?.close(prefix);
      },
      repeatedText: (key, node) => {
        this.#said++;
        this.text?.repeated(key, this.#event, node);
      },
      thought: (node) => {
        this.#said++;
        this.#only = { key: undefined, start: node.start + 1, end: node.end - 1 };
      },
    };
  }

  #startNumbers(): void {
    this.#numbers = (own) => {
      this.#sequence = Math.max(own, this.#sequence + 1);
      return this.#sequence;
    };
  }

  #drain(emit: (bytes: Buffer) => void): void {
    let count = 0;
    for (const event of this.#queue) {
      if (event.holds > 0) break;
      if (event.isReplaced && this.#numbers === undefined) this.#startNumbers();
      event.leave(this.#numbers, emit);
      this.#queuedBytes -= event.bytes.length;
      count++;
    }
    if (count > 0) this.#queue = this.#queue.slice(count);
  }
}
