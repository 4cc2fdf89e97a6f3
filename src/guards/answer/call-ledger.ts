/**
 * The tool calls of one answer: which are under way, what was decided on them, and what follows from it for the
 * events. A call's events wait from the one that opens it to the one that ends it.
 */
import type { CallPiece, CallPlace, CallWire } from '../../wire/tool-call.ts';
import type { JsonNode } from '../../wire/tool-call-tree.ts';
import { CALL_INPUT_MAX_CHARS, INPUT_OVERLAP_CHARS, type AnswerJudge, type Refusal } from './answer-guard.ts';
import type { HeldEvent } from './held-event.ts';

/** What is kept of a decided input, to judge it once more should the call go on after its end. */
const LATE_INPUT_CHARS = 65_536;

/** flowing: not held. closed: flowed and is complete. released and refused: was held, and was judged. */
type CallState = 'held' | 'flowing' | 'closed' | 'released' | 'refused';

interface Call {
  readonly wire: CallWire;
  readonly key: string;
  readonly scope: string;
  readonly line: string;
  readonly kind: string;
  readonly isJson: boolean;
  id: string;
  name: string;
  state: CallState;
  /** What is held of it. */
  parts: { readonly event: HeldEvent; readonly place: CallPlace }[];
  input: string;
  /** The input as an event told it whole. */
  whole: string;
  /** Arguments that come one by one. */
  args: Map<string, { value: string; isText: boolean }> | undefined;
  argsChars: number;
  /** It went on after it was released, so there is no way to take all of it back. */
  isLate: boolean;
  refusal: string;
}

interface Scope {
  /** Calls the client still gets, or may. */
  left: number;
  refused: number;
  /** The positions of calls that were refused, ascending. */
  readonly gone: number[];
}

export class CallLedger {
  readonly #judge: AnswerJudge;
  readonly #calls = new Map<string, Call>();
  readonly #byId = new Map<string, Call>();
  readonly #open = new Set<Call>();
  readonly #scopes = new Map<string, Scope>();
  #refusals = 0;

  constructor(judge: AnswerJudge) {
    this.#judge = judge;
  }

  /** Whether any event from now on may matter, whatever its bytes. */
  get isAttentive(): boolean {
    if (this.#refusals > 0) return true;
    for (const call of this.#open) if (call.state === 'held' || this.#judge.seeCall !== undefined) return true;
    return false;
  }

  get hasRefused(): boolean {
    return this.#refusals > 0;
  }

  take(event: HeldEvent, piece: CallPiece): void {
    let call = this.#calls.get(piece.key);
    if (begins(call, piece)) {
      if (piece.line !== '') this.close(piece.line);
      else if (call !== undefined) this.#decide(call, 'complete');
      call = this.#openCall(piece);
    }
    if (call === undefined) return;
    this.#name(call, piece);
    switch (call.state) {
      case 'refused':
        event.refuse(call.wire, piece.place, undefined);
        return;
      case 'closed':
        return;
      case 'released':
        if (!goesOn(call, piece)) return;
        call.state = 'held';
        call.isLate = true;
        this.#open.add(call);
        this.#hold(call, event, piece);
        return;
      case 'held':
        this.#hold(call, event, piece);
        return;
      case 'flowing':
        if (this.#judge.seeCall === undefined) return;
        addInput(call, piece);
        if (inputChars(call) > CALL_INPUT_MAX_CHARS) this.#see(call, 'more');
    }
  }

  /** A call that may have been told before: it is what it was then, or it is judged now. */
  takeRepeated(event: HeldEvent, piece: CallPiece, ids: readonly string[]): void {
    const known = ids.map((id) => this.#byId.get(id)).find((call) => call !== undefined) ?? this.#unnamed(piece.key, ids);
    if (known === undefined) {
      this.take(event, { ...piece, begins: 'yes' });
      this.close(piece.key);
    } else if (known.state === 'refused') {
      event.refuse(known.wire, piece.place, known.refusal);
    }
  }

  #unnamed(key: string, ids: readonly string[]): Call | undefined {
    const call = this.#calls.get(key);
    return call !== undefined && (call.id === '' || ids.length === 0) ? call : undefined;
  }

  /** Calls whose keys begin so are complete. */
  close(prefix: string): void {
    for (const call of [...this.#open]) if (call.key.startsWith(prefix)) this.#decide(call, 'complete');
  }

  /** Too much waits: what is held is judged as far as it came. */
  letGo(): void {
    for (const call of [...this.#open]) if (call.state === 'held') this.#decide(call, 'too long');
  }

  openScope(name: string): void {
    this.#scopes.delete(name);
    for (const call of this.#calls.values()) {
      if (call.scope !== name) continue;
      this.#decide(call, 'complete');
      this.#calls.delete(call.key);
    }
  }

  /** Puts another reason where the turn ended for calls of which none is left. */
  stopReason(event: HeldEvent, scope: string, node: JsonNode, replacement: string): void {
    const counts = this.#scopes.get(scope);
    if (counts === undefined || counts.refused === 0 || counts.left > 0) return;
    event.splices.push({ start: node.start + 1, end: node.end - 1, bytes: Buffer.from(replacement) });
  }

  /** Moves a call's position up by the calls before it that were refused. */
  position(event: HeldEvent, scope: string, node: JsonNode): void {
    const gone = this.#scopes.get(scope)?.gone;
    if (gone === undefined || gone.length === 0) return;
    const own = Number(node.raw);
    const before = countBelow(gone, own);
    if (before > 0) event.splices.push({ start: node.start, end: node.end, bytes: Buffer.from(String(own - before)) });
  }

  #openCall(piece: CallPiece): Call {
    const { wire, key, scope, line, kind, isJson, id } = piece;
    const call: Call = {
      wire, key, scope, line, kind, isJson, id: '', name: '', state: 'flowing', parts: [], input: '', whole: '', args: undefined, argsChars: 0, isLate: false, refusal: '',
    };
    // Until its name has come, it may be any.
    if (kind !== 'server' && (piece.name === '' || this.#judge.mustHold(piece.name, kind))) call.state = 'held';
    call.name = piece.name;
    this.#calls.set(key, call);
    this.#open.add(call);
    if (kind !== 'server') this.#scope(scope).left++;
    if (id !== '') this.#byId.set(id, call);
    return call;
  }

  #scope(name: string): Scope {
    const known = this.#scopes.get(name);
    if (known !== undefined) return known;
    const scope: Scope = { left: 0, refused: 0, gone: [] };
    this.#scopes.set(name, scope);
    return scope;
  }

  #name(call: Call, piece: CallPiece): void {
    if (call.id === '' && piece.id !== '') {
      call.id = piece.id;
      this.#byId.set(piece.id, call);
    }
    if (call.name !== '' || piece.name === '') return;
    call.name = piece.name;
    if (call.state !== 'held' || call.kind === 'server' || this.#judge.mustHold(call.name, call.kind)) return;
    call.state = 'flowing';
    this.#release(call);
  }

  #hold(call: Call, event: HeldEvent, piece: CallPiece): void {
    call.parts.push({ event, place: piece.place });
    event.holds++;
    addInput(call, piece);
    if (inputChars(call) > CALL_INPUT_MAX_CHARS) this.#decide(call, 'too long');
  }

  #release(call: Call): void {
    for (const { event } of call.parts) event.holds--;
    call.parts = [];
  }

  #decide(call: Call, why: 'complete' | 'too long'): void {
    if (call.state === 'flowing') {
      if (this.#open.delete(call)) this.#see(call, 'complete');
      call.state = 'closed';
      return;
    }
    if (call.state !== 'held') return;
    const refusal = this.#verdict(call);
    if (refusal !== undefined) this.#refuse(call, refusal);
    this.#release(call);
    if (refusal === undefined && why === 'too long') {
      call.state = 'flowing';
      shorten(call, INPUT_OVERLAP_CHARS);
      return;
    }
    this.#open.delete(call);
    call.state = refusal === undefined ? 'released' : 'refused';
    shorten(call, refusal === undefined ? LATE_INPUT_CHARS : 0);
  }

  /** The pieces and the whole should say the same; where they do not, clients differ in which they take. */
  #verdict(call: Call): Refusal | undefined {
    const { name, kind, isJson } = call;
    const joined = inputOf(call);
    const inputs = call.whole === '' || call.whole === joined ? [joined] : joined === '' ? [call.whole] : [call.whole, joined];
    for (const input of inputs) {
      const refusal = this.#judge.judgeCall({ name, kind, isJson, input });
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  #refuse(call: Call, { text }: Refusal): void {
    this.#refusals++;
    call.refusal = text;
    // Of a call that went on late, the client has the part that was judged clean, and no more of it.
    call.parts.forEach(({ event, place }, at) => event.refuse(call.wire, place, at === 0 && !call.isLate ? text : undefined));
    if (call.isLate) return;
    const scope = this.#scope(call.scope);
    scope.left--;
    scope.refused++;
    const position = Number(call.key.slice(call.line.length, -1) || NaN);
    if (!Number.isNaN(position)) scope.gone.splice(countBelow(scope.gone, position), 0, position);
  }

  #see(call: Call, why: 'complete' | 'more'): void {
    const { name, kind, isJson } = call;
    const joined = inputOf(call);
    this.#judge.seeCall?.({ name, kind, isJson, input: call.whole === '' ? joined : call.whole });
    shorten(call, why === 'more' ? INPUT_OVERLAP_CHARS : 0);
  }
}

/** How many of the ascending numbers are lower. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function begins(call: Call | undefined, piece: CallPiece): boolean {
  if (piece.begins === 'yes') return true;
  if (call === undefined) return piece.begins === 'if-other-id' || piece.piece !== '' || piece.whole !== '' || piece.args !== undefined;
  return piece.begins === 'if-other-id' && piece.name !== '' && piece.id !== '' && call.id !== '' && piece.id !== call.id;
}

function goesOn(call: Call, piece: CallPiece): boolean {
  if (piece.piece !== '' || piece.args !== undefined) return true;
  return piece.whole !== '' && piece.whole !== call.whole && piece.whole !== call.input;
}

function addInput(call: Call, piece: CallPiece): void {
  call.input += piece.piece;
  if (piece.whole !== '') call.whole = piece.whole;
  for (const { path, value, isText } of piece.args ?? []) {
    call.args ??= new Map();
    const known = call.args.get(path);
    call.argsChars += value.length + (known === undefined ? path.length : 0);
    call.args.set(path, { value: (known?.value ?? '') + value, isText });
  }
}

function inputChars(call: Call): number {
  return Math.max(call.input.length, call.whole.length) + call.argsChars;
}

/** The input as far as its pieces told it. Arguments that came one by one are the members of an object, by their paths. */
function inputOf(call: Call): string {
  if (call.args === undefined) return call.input;
  const members = [...call.args].map(([path, { value, isText }]) => `${JSON.stringify(path)}:${isText ? JSON.stringify(value) : value}`);
  return `{${members.join(',')}}`;
}

/** Keeps the end of the input only. */
function shorten(call: Call, chars: number): void {
  call.input = chars === 0 ? '' : call.input.slice(-chars);
  if (chars === 0 || call.whole.length > chars) call.whole = '';
  if (call.argsChars <= chars) return;
  call.args = undefined;
  call.argsChars = 0;
}
