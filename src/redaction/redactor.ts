/**
 * The request's filter: reads the body as JSON, has every string that carries text searched, and puts placeholders
 * over what is found. Everything else passes as the bytes it came in.
 *
 * What is decided about a string depends on the string alone, never on how it was cut into chunks: a string that
 * spans chunks is gathered first, and one longer than a zone is judged zone by zone at fixed offsets, each with the
 * bytes before it as context and enough behind it to hold the longest secret.
 */
import { OVERLAP_BYTES, type Engine, type Found, type ScanUnit } from '../detect/engine.ts';
import type { FindingClass, Rule } from '../detect/rule.ts';
import { createCopyPlain, createNeedlessEscapes, isEscaped, isWithinEscape, type CopyPlain, type NeedlessEscapes, type PlainCopy, unescapeContent } from '../json/escapes.ts';
import type { Action } from '../guards/policy.ts';
import type { RequestGuard } from '../guards/request-guard.ts';
import type { ObjectPath } from '../json/key-path.ts';
import { JsonScanner, type JsonSink } from '../json/scanner.ts';
import type { ClearedTexts } from './cleared.ts';
import { withChanges, type Hit } from './hits.ts';
import type { KnownValues } from './known-values.ts';
import { ModelReader } from './model-name.ts';
import { isPlaceholder, type Placeholders } from './placeholder.ts';

/** Where findings may begin in one look at a long string: large beside the overlap, which is looked at twice. */
const ZONE_BYTES = 131_072;
/** What a look sees of the string before its zone. */
const CONTEXT_BYTES = 1024;
/** Shorter strings can hold nothing that would be known for a secret: values have a key that may give them away. */
const LEAST_VALUE_BYTES = 4;
const LEAST_KEY_BYTES = 8;
const NO_BYTES = Buffer.alloc(0);
/** Keys whose values a guard wants to know. */
const TOLD = new Set(['role', 'name']);

export interface Redaction {
  /** The rule's id; `known` for a value found by itself. */
  readonly rule: string;
  readonly kind: string;
  readonly class: FindingClass;
  readonly path: ObjectPath;
  /** Keyed fingerprint: the placeholder's last twelve characters. */
  readonly id: string;
  /** What was found, for its masked form only. */
  readonly value: string;
}

export interface RedactorOptions {
  readonly engine: Engine;
  /** What is redacted; other findings are left alone. */
  readonly classes: ReadonlySet<FindingClass>;
  readonly placeholders: Placeholders;
  /** Exact values to look for besides; they may grow meanwhile. */
  readonly known: readonly KnownValues[];
  /** Strings at such a path are not looked at. */
  readonly opaque: (path: ObjectPath) => boolean;
  /** How many levels of escapes a string at this path is read through. */
  readonly depth: (path: ObjectPath) => number;
  /** What is done with a finding; of a value that is known, without a rule. `off` and `flag` leave it in place. */
  readonly decide?: (rule: Rule | undefined, value: string) => Action;
  /** Called before a placeholder is written. `exact`: the value may be looked for without its context. */
  readonly remember: (id: string, value: string, kind: string, exact: boolean) => void;
  /** Told of every finding that is not `off`; may throw to refuse the request. */
  readonly onFinding: (finding: Redaction, action: Action) => void;
  /** Told of the model that the body names at its top. */
  readonly onModel?: (model: string) => void;
  /** Looks at the same strings for what is no secret. The engine must know its signals. */
  readonly guard?: RequestGuard | undefined;
  /** Texts in which this engine and a guard of this policy have found nothing before; they are only searched for known values. */
  readonly cleared?: ClearedTexts | undefined;
}

type Emit = (bytes: Buffer) => void;
type Place = (start: number, end: number, kind: string) => void;

const nowhere: Emit = () => {};

/** The filter of one request. A class: it is made for each, and closures would have to be made with it. */
export class Redactor implements JsonSink {
  readonly #options: RedactorOptions;
  readonly #scanner: JsonScanner;
  readonly #models: ModelReader | undefined;
  readonly #unit: { -readonly [Name in keyof ScanUnit]: ScanUnit[Name] } = { bytes: NO_BYTES, start: 0, end: 0, json: true, key: undefined };
  readonly #signal: ((index: number, at: number) => void) | undefined;

  #out = nowhere;
  /** Where in the chunk the bytes begin that have not been emitted. */
  #from = 0;

  /** The current string's bytes that are still to be judged, and those before them that give context. */
  #held: Buffer = NO_BYTES;
  #heldBytes = 0;
  /** Whether the first of them is part of an escape that has been let go. */
  #heldEscaped = false;
  /** Where in `held` the next zone begins. */
  #zoneAt = 0;
  /** Where in `held` the bytes begin that have not been emitted. */
  #heldFrom = 0;
  /** In a string whose beginning lies in an earlier chunk, or that has been cut into zones. */
  #gathering = false;
  /** A zone of it has been judged before. */
  #zoned = false;
  #skipping = false;
  #told = false;
  /** In the string that names the model. */
  #naming = false;
  #begun = false;
  #hits: Hit[] = [];
  /** The engine has told of something in this look. */
  #noticed = false;
  #zoneStart = 0;
  #zoneEnd = 0;
  #needless: NeedlessEscapes | undefined;
  #copyPlain: CopyPlain | undefined;
  #plain: PlainCopy | undefined;
  /** The values that are being looked for. */
  #asked: KnownValues | undefined;

  constructor(options: RedactorOptions) {
    const { guard, onModel } = options;
    this.#options = options;
    this.#scanner = new JsonScanner(this);
    this.#models = onModel === undefined ? undefined : new ModelReader(onModel);
    this.#signal = guard === undefined ? undefined : (index, at) => guard.signal(index, at);
  }

  /** @throws JsonSyntaxError */
  push(chunk: Buffer, emit: Emit): void {
    this.#out = emit;
    this.#from = 0;
    this.#options.engine.announce(chunk);
    this.#scanner.push(chunk);
    // Untouched, it leaves as the chunk it came in.
    if (this.#from === 0) emit(chunk);
    else if (this.#from < chunk.length) emit(chunk.subarray(this.#from));
  }

  /** @throws JsonSyntaxError */
  end(emit: Emit): void {
    this.#out = emit;
    this.#scanner.end();
  }

  /** For the scanner. */
  content(bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean): void {
    const { path } = this.#scanner;
    const { guard } = this.#options;
    if (!this.#begun) {
      this.#begun = true;
      this.#skipping = !isKey && this.#options.opaque(path);
      this.#naming = this.#skipping && this.#models?.isAt(path) === true;
      this.#told = guard !== undefined && (isKey ? path.at(1) === 'properties' : TOLD.has(path.at(0) ?? ''));
    }
    if (this.#naming) this.#models?.read(bytes, start, end, last);
    if (this.#told) guard?.tell(path, bytes, start, end, last, isKey);
    if (!this.#skipping) this.#take(bytes, start, end, last, isKey);
    if (!last) return;
    this.#begun = false;
    this.#skipping = false;
  }

  #take(bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean): void {
    const least = isKey ? LEAST_KEY_BYTES : LEAST_VALUE_BYTES;
    if (!this.#gathering && last && end - start <= ZONE_BYTES + OVERLAP_BYTES) {
      if (end - start < least) return;
      this.#search(bytes, start, start, end, end, isKey ? undefined : this.#scanner.path.at(0));
      if (this.#hits.length > 0) this.#from = this.#splice(bytes, this.#from, this.#out);
      return;
    }
    if (!this.#gathering) {
      // What stands before the string leaves with what the string becomes.
      if (start > this.#from) this.#out(bytes.subarray(this.#from, start));
      this.#gathering = true;
      this.#zoned = false;
      this.#heldBytes = 0;
      this.#heldEscaped = false;
      this.#zoneAt = 0;
      this.#heldFrom = 0;
    }
    this.#from = end;
    for (let at = start; at < end; ) {
      const room = this.#zoneAt + ZONE_BYTES + OVERLAP_BYTES - this.#heldBytes;
      if (room > 0) {
        const taken = Math.min(room, end - at);
        this.#hold(bytes, at, at + taken);
        at += taken;
        continue;
      }
      this.#search(this.#held.subarray(0, this.#heldBytes), this.#contextStart(), this.#zoneAt, this.#zoneAt + ZONE_BYTES, this.#heldBytes, undefined);
      this.#zoned = true;
      this.#zoneAt += ZONE_BYTES;
      this.#emitHeld(this.#zoneAt);
      this.#letGo();
    }
    if (!last) return;
    // A string is judged by its key when it is looked at whole, and left alone when it is short, cut or not.
    if (this.#zoned || this.#heldBytes >= least) {
      const key = isKey || this.#zoned ? undefined : this.#scanner.path.at(0);
      this.#search(this.#held.subarray(0, this.#heldBytes), this.#contextStart(), this.#zoneAt, this.#heldBytes, this.#heldBytes, key);
    }
    this.#emitHeld(this.#heldBytes);
    this.#gathering = false;
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    const needed = this.#heldBytes + end - start;
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(4096, needed, this.#held.length * 2));
      this.#held.copy(larger, 0, 0, this.#heldBytes);
      this.#held = larger;
    }
    bytes.copy(this.#held, this.#heldBytes, start, end);
    this.#heldBytes = needed;
  }

  /** Not within an escape. */
  #contextStart(): number {
    const start = Math.max(0, this.#zoneAt - CONTEXT_BYTES);
    return isEscaped(this.#held, this.#heldEscaped ? 1 : 0, start) ? start + 1 : start;
  }

  /** Emits what is held up to `end`, with the hits in place. A hit that reaches beyond it is emitted whole. */
  #emitHeld(end: number): void {
    const held = this.#held;
    this.#heldFrom = this.#splice(held, this.#heldFrom, (bytes) => this.#out(Buffer.from(bytes)));
    if (end > this.#heldFrom) {
      this.#out(Buffer.from(held.subarray(this.#heldFrom, end)));
      this.#heldFrom = end;
    }
  }

  /** Drops what no later look will see. */
  #letGo(): void {
    const drop = Math.min(this.#zoneAt - CONTEXT_BYTES - 1, this.#heldFrom);
    if (drop <= 0) return;
    this.#heldEscaped = isEscaped(this.#held, this.#heldEscaped ? 1 : 0, drop);
    this.#held.copy(this.#held, 0, drop, this.#heldBytes);
    this.#heldBytes -= drop;
    this.#zoneAt -= drop;
    this.#heldFrom -= drop;
  }

  /** Fills `hits` with what begins in `[zoneStart, zoneEnd)`, in order and without overlap. */
  #search(bytes: Buffer, start: number, zoneStart: number, zoneEnd: number, end: number, key: string | undefined): void {
    const { engine, cleared, guard, placeholders, remember } = this.#options;
    const unit = this.#unit;
    unit.bytes = bytes;
    unit.start = start;
    unit.end = end;
    unit.key = key;
    this.#zoneStart = zoneStart;
    this.#zoneEnd = zoneEnd;
    const mark = cleared === undefined || end - start < cleared.leastBytes ? undefined : cleared.markOf(bytes.subarray(start, end), this.#howSeen());
    if (mark !== undefined && cleared?.has(mark) === true) {
      engine.leaveOut();
      this.#findKnown(end);
      if (this.#hits.length > 1) this.#hits = this.#merged(this.#hits);
      return;
    }
    this.#noticed = false;
    const needlessAt = engine.scan(unit, this.#onFound, this.#signal);
    // A value that this very look finds by its context stands perhaps in the same string without it.
    for (const hit of this.#hits) remember(placeholders.idOf(hit.value), hit.value, hit.kind, hit.certain);
    this.#findKnown(needlessAt);
    if (this.#hits.length > 1) this.#hits = this.#merged(this.#hits);
    if (guard !== undefined) {
      const before = guard.noticed;
      const changes = guard.look({ bytes, start, end, zoneStart, zoneEnd }, this.#scanner.path);
      if (changes.length > 0) this.#hits = withChanges(this.#hits, changes, this.#gathering ? this.#heldFrom : 0);
      if (guard.noticed !== before) this.#noticed = true;
    }
    // With needless escapes in it, known values have to be looked for in another way.
    if (mark !== undefined && !this.#noticed && needlessAt >= end) cleared?.add(mark);
  }

  /** All that a look depends on besides the bytes that it sees. */
  #howSeen(): string {
    const { start, end, key } = this.#unit;
    return `${this.#zoneStart - start} ${end - this.#zoneEnd} ${this.#options.guard?.heardFrom(this.#scanner.path) ?? ''} ${key ?? ''}`;
  }

  /** @param needlessAt where the first needless escape is. */
  #findKnown(needlessAt: number): void {
    const { bytes, start, end } = this.#unit;
    for (const values of this.#options.known) {
      if (values.size === 0) continue;
      this.#asked = values;
      values.find(bytes, start, end, this.#onKnown);
      if (needlessAt < end) this.#findEscaped(values, needlessAt);
    }
  }

  /** Finds values with needless escapes in them: they lie around such an escape, as far as the longest reaches. */
  #findEscaped(values: KnownValues, first: number): void {
    const { bytes, start, end } = this.#unit;
    const needless = (this.#needless ??= createNeedlessEscapes());
    const copyPlain = (this.#copyPlain ??= createCopyPlain());
    for (let at = first; at < end; ) {
      const from = Math.max(start, at - values.longestBytes);
      const plain = copyPlain(bytes, isEscaped(bytes, start, from) ? from - 1 : from, end, at, values.longestBytes);
      this.#plain = plain;
      values.find(plain.bytes, 0, plain.bytes.length, this.#onKnownInCopy);
      at = needless.next(bytes, this.#originalOffset(plain.bytes.length));
    }
  }

  #originalOffset(at: number): number {
    return this.#plain?.offsets[at] ?? this.#unit.end;
  }

  // Made once: strings are many, and most of them short.
  readonly #onFound = ({ start, end, rule, certain }: Found): void => {
    this.#noticed = true;
    if (this.#options.classes.has(rule.class)) this.#add(start, end, rule.kind, rule, certain);
  };

  readonly #onKnown: Place = (start, end, kind) => {
    const { bytes, start: unitStart, end: unitEnd } = this.#unit;
    // The n of `\n` is no letter and a digit of `\ude00` none either: what begins with it is another text.
    if (!isWithinEscape(bytes, unitStart, start, this.#options.depth(this.#scanner.path))) this.#add(start, end, kind, undefined, true);
    else this.#findCovered(bytes, start, end, unitEnd, this.#onKnown);
  };

  readonly #onKnownInCopy: Place = (start, end, kind) => {
    const plain = this.#plain;
    const from = this.#originalOffset(start);
    if (!isWithinEscape(this.#unit.bytes, this.#unit.start, from, this.#options.depth(this.#scanner.path))) this.#add(from, this.#originalOffset(end), kind, undefined, true);
    else if (plain !== undefined) this.#findCovered(plain.bytes, start, end, plain.bytes.length, this.#onKnownInCopy);
  };

  /** Finds what was not told because a value that is none covered it. */
  #findCovered(bytes: Buffer, start: number, end: number, limit: number, found: Place): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    asked.find(bytes, start + 1, Math.min(limit, end + asked.longestBytes), (from, to, kind) => {
      if (from < end) found(from, to, kind);
    });
  }

  #add(start: number, end: number, kind: string, rule: Rule | undefined, certain: boolean): void {
    if (start < this.#zoneStart || start >= this.#zoneEnd) return;
    // What the zone before has replaced already is not looked at again; what goes on behind it is.
    const done = this.#gathering ? this.#heldFrom : 0;
    if (end <= done) return;
    const value = this.#valueOf(start, end);
    if (isPlaceholder(value)) return;
    const action = this.#options.decide?.(rule, value) ?? 'redact';
    if (action === 'off') return;
    if (action !== 'redact') {
      this.#tell(kind, rule, this.#options.placeholders.idOf(value), value, action);
      return;
    }
    const hit = start >= done ? { start, end, kind, rule, certain, value } : { start: done, end, kind, rule, certain: false, value: this.#valueOf(done, end) };
    this.#hits.push(hit);
  }

  #tell(kind: string, rule: Rule | undefined, id: string, value: string, action: Action): void {
    this.#options.onFinding({ rule: rule?.id ?? 'known', kind, class: rule?.class ?? 'exact', path: this.#scanner.path, id, value }, action);
  }

  /** What stands in `[start, end)` of the unit, its escapes taken off. */
  #valueOf(start: number, end: number): string {
    return unescapeContent(this.#unit.bytes, start, end, this.#options.depth(this.#scanner.path));
  }

  /**
   * Hits in order. Of those that overlap one is made, so that no part of either is left: the larger gives its name
   * and, where it covers the other, its value.
   */
  #merged(found: readonly Hit[]): Hit[] {
    const kept: Hit[] = [];
    let last: Hit | undefined;
    for (const hit of [...found].sort((one, other) => one.start - other.start || other.end - one.end)) {
      if (last === undefined || hit.start >= last.end) {
        kept.push(hit);
        last = hit;
      } else if (hit.end > last.end) {
        const { kind, rule } = hit.end - hit.start > last.end - last.start ? hit : last;
        last = { start: last.start, end: hit.end, kind, rule, certain: false, value: this.#valueOf(last.start, hit.end) };
        kept[kept.length - 1] = last;
      }
    }
    return kept;
  }

  /** Emits from `at` up to the end of the last hit; returns where it stopped. */
  #splice(bytes: Buffer, at: number, emit: Emit): number {
    const { placeholders, remember } = this.#options;
    let done = at;
    for (const { start, end, kind, rule, certain, value, text } of this.#hits) {
      if (text !== undefined) {
        if (start > done) emit(bytes.subarray(done, start));
        if (text !== '') emit(Buffer.from(text));
        done = end;
        continue;
      }
      const id = placeholders.idOf(value);
      remember(id, value, kind, certain);
      this.#tell(kind, rule, id, value, 'redact');
      if (start > done) emit(bytes.subarray(done, start));
      emit(Buffer.from(placeholders.of(kind, value)));
      done = end;
    }
    if (this.#hits.length > 0) this.#hits = [];
    return done;
  }
}
