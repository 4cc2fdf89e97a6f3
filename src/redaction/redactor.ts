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
import { JsonScanner } from '../json/scanner.ts';
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

export interface Redactor {
  /** @throws JsonSyntaxError */
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void;
  /** @throws JsonSyntaxError */
  end(emit: (bytes: Buffer) => void): void;
}

export function createRedactor(options: RedactorOptions): Redactor {
  const { engine, classes, placeholders, known, guard, cleared } = options;
  const signal = guard === undefined ? undefined : (index: number, at: number): void => guard.signal(index, at);
  const models = options.onModel === undefined ? undefined : new ModelReader(options.onModel);
  const scanner = new JsonScanner({ content });
  const unit: { -readonly [Name in keyof ScanUnit]: ScanUnit[Name] } = { bytes: NO_BYTES, start: 0, end: 0, json: true, key: undefined };

  let out: (bytes: Buffer) => void = () => {};
  let chunk: Buffer = unit.bytes;
  /** Where in the chunk the bytes begin that have not been emitted. */
  let from = 0;

  /** The current string's bytes that are still to be judged, and those before them that give context. */
  let held: Buffer = NO_BYTES;
  let heldBytes = 0;
  /** Whether the first of them is part of an escape that has been let go. */
  let heldEscaped = false;
  /** Where in `held` the next zone begins. */
  let zoneAt = 0;
  /** Where in `held` the bytes begin that have not been emitted. */
  let heldFrom = 0;
  /** In a string whose beginning lies in an earlier chunk, or that has been cut into zones. */
  let gathering = false;
  /** A zone of it has been judged before. */
  let zoned = false;
  let skipping = false;
  let told = false;
  /** In the string that names the model. */
  let naming = false;
  let begun = false;
  let hits: Hit[] = [];
  /** The engine has told of something in this look. */
  let noticed = false;
  const zone = { start: 0, end: 0 };
  let needless: NeedlessEscapes | undefined;
  let copyPlain: CopyPlain | undefined;
  let plain: PlainCopy | undefined;
  /** The values that are being looked for. */
  let asked: KnownValues | undefined;

  function content(bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean): void {
    if (!begun) {
      begun = true;
      skipping = !isKey && options.opaque(scanner.path);
      naming = skipping && models?.isAt(scanner.path) === true;
      told = guard !== undefined && (isKey ? scanner.path.at(1) === 'properties' : TOLD.has(scanner.path.at(0) ?? ''));
    }
    if (naming) models?.read(bytes, start, end, last);
    if (told) guard?.tell(scanner.path, bytes, start, end, last, isKey);
    if (!skipping) take(bytes, start, end, last, isKey);
    if (!last) return;
    begun = false;
    skipping = false;
  }

  function take(bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean): void {
    const least = isKey ? LEAST_KEY_BYTES : LEAST_VALUE_BYTES;
    if (!gathering && last && end - start <= ZONE_BYTES + OVERLAP_BYTES) {
      if (end - start < least) return;
      search(bytes, start, start, end, end, isKey ? undefined : scanner.path.at(0));
      if (hits.length > 0) from = splice(bytes, from, out);
      return;
    }
    if (!gathering) {
      // What stands before the string leaves with what the string becomes.
      if (start > from) out(bytes.subarray(from, start));
      gathering = true;
      zoned = false;
      heldBytes = 0;
      heldEscaped = false;
      zoneAt = 0;
      heldFrom = 0;
    }
    from = end;
    for (let at = start; at < end; ) {
      const room = zoneAt + ZONE_BYTES + OVERLAP_BYTES - heldBytes;
      if (room > 0) {
        const taken = Math.min(room, end - at);
        hold(bytes, at, at + taken);
        at += taken;
        continue;
      }
      search(held.subarray(0, heldBytes), contextStart(), zoneAt, zoneAt + ZONE_BYTES, heldBytes, undefined);
      zoned = true;
      zoneAt += ZONE_BYTES;
      emitHeld(zoneAt);
      letGo();
    }
    if (!last) return;
    // A string is judged by its key when it is looked at whole, and left alone when it is short, cut or not.
    if (zoned || heldBytes >= least) search(held.subarray(0, heldBytes), contextStart(), zoneAt, heldBytes, heldBytes, isKey || zoned ? undefined : scanner.path.at(0));
    emitHeld(heldBytes);
    gathering = false;
  }

  function hold(bytes: Buffer, start: number, end: number): void {
    const needed = heldBytes + end - start;
    if (needed > held.length) {
      const larger = Buffer.allocUnsafe(Math.max(4096, needed, held.length * 2));
      held.copy(larger, 0, 0, heldBytes);
      held = larger;
    }
    bytes.copy(held, heldBytes, start, end);
    heldBytes = needed;
  }

  /** Not within an escape. */
  function contextStart(): number {
    const start = Math.max(0, zoneAt - CONTEXT_BYTES);
    return isEscaped(held, heldEscaped ? 1 : 0, start) ? start + 1 : start;
  }

  /** Emits what is held up to `end`, with the hits in place. A hit that reaches beyond it is emitted whole. */
  function emitHeld(end: number): void {
    heldFrom = splice(held, heldFrom, (bytes) => out(Buffer.from(bytes)));
    if (end > heldFrom) {
      out(Buffer.from(held.subarray(heldFrom, end)));
      heldFrom = end;
    }
  }

  /** Drops what no later look will see. */
  function letGo(): void {
    const drop = Math.min(zoneAt - CONTEXT_BYTES - 1, heldFrom);
    if (drop <= 0) return;
    heldEscaped = isEscaped(held, heldEscaped ? 1 : 0, drop);
    held.copy(held, 0, drop, heldBytes);
    heldBytes -= drop;
    zoneAt -= drop;
    heldFrom -= drop;
  }

  /** Fills `hits` with what begins in `[zoneStart, zoneEnd)`, in order and without overlap. */
  function search(bytes: Buffer, start: number, zoneStart: number, zoneEnd: number, end: number, key: string | undefined): void {
    unit.bytes = bytes;
    unit.start = start;
    unit.end = end;
    unit.key = key;
    zone.start = zoneStart;
    zone.end = zoneEnd;
    const mark = cleared === undefined || end - start < cleared.leastBytes ? undefined : cleared.markOf(bytes.subarray(start, end), howSeen());
    if (mark !== undefined && cleared?.has(mark) === true) {
      engine.leaveOut();
      findKnown(end);
      if (hits.length > 1) hits = merged(hits);
      return;
    }
    noticed = false;
    const needlessAt = engine.scan(unit, onFound, signal);
    // A value that this very look finds by its context stands perhaps in the same string without it.
    for (const hit of hits) options.remember(placeholders.idOf(hit.value), hit.value, hit.kind, hit.certain);
    findKnown(needlessAt);
    if (hits.length > 1) hits = merged(hits);
    if (guard !== undefined) {
      const before = guard.noticed;
      const changes = guard.look({ bytes, start, end, zoneStart, zoneEnd }, scanner.path);
      if (changes.length > 0) hits = withChanges(hits, changes, gathering ? heldFrom : 0);
      if (guard.noticed !== before) noticed = true;
    }
    // With needless escapes in it, known values have to be looked for in another way.
    if (mark !== undefined && !noticed && needlessAt >= end) cleared?.add(mark);
  }

  /** All that a look depends on besides the bytes that it sees. */
  function howSeen(): string {
    const { start, end, key } = unit;
    return `${zone.start - start} ${end - zone.end} ${guard?.heardFrom(scanner.path) ?? ''} ${key ?? ''}`;
  }

  /** @param needlessAt where the first needless escape is. */
  function findKnown(needlessAt: number): void {
    const { bytes, start, end } = unit;
    for (const values of known) {
      if (values.size === 0) continue;
      asked = values;
      values.find(bytes, start, end, onKnown);
      if (needlessAt < end) findEscaped(values, needlessAt);
    }
  }

  /** Finds values with needless escapes in them: they lie around such an escape, as far as the longest reaches. */
  function findEscaped(values: KnownValues, from: number): void {
    const { bytes, start, end } = unit;
    needless ??= createNeedlessEscapes();
    copyPlain ??= createCopyPlain();
    for (let at = from; at < end; ) {
      const first = Math.max(start, at - values.longestBytes);
      plain = copyPlain(bytes, isEscaped(bytes, start, first) ? first - 1 : first, end, at, values.longestBytes);
      values.find(plain.bytes, 0, plain.bytes.length, onKnownInCopy);
      at = needless.next(bytes, originalOffset(plain.bytes.length));
    }
  }

  function onKnownInCopy(start: number, end: number, kind: string): void {
    const [from, to] = [originalOffset(start), originalOffset(end)];
    if (!isWithinEscape(unit.bytes, unit.start, from, options.depth(scanner.path))) add(from, to, kind, undefined, true);
    else if (plain !== undefined) findCovered(plain.bytes, start, end, plain.bytes.length, onKnownInCopy);
  }

  function originalOffset(at: number): number {
    return plain?.offsets[at] ?? unit.end;
  }

  // Made once: strings are many, and most of them short.
  function onFound({ start, end, rule, certain }: Found): void {
    noticed = true;
    if (classes.has(rule.class)) add(start, end, rule.kind, rule, certain);
  }

  function onKnown(start: number, end: number, kind: string): void {
    // The n of `\n` is no letter and a digit of `\ude00` none either: what begins with it is another text.
    if (!isWithinEscape(unit.bytes, unit.start, start, options.depth(scanner.path))) add(start, end, kind, undefined, true);
    else findCovered(unit.bytes, start, end, unit.end, onKnown);
  }

  /** Finds what was not told because a value that is none covered it. */
  function findCovered(bytes: Buffer, start: number, end: number, limit: number, found: (start: number, end: number, kind: string) => void): void {
    if (asked === undefined) return;
    asked.find(bytes, start + 1, Math.min(limit, end + asked.longestBytes), (from, to, kind) => {
      if (from < end) found(from, to, kind);
    });
  }

  function add(start: number, end: number, kind: string, rule: Rule | undefined, certain: boolean): void {
    if (start < zone.start || start >= zone.end) return;
    // What the zone before has replaced already is not looked at again; what goes on behind it is.
    const done = gathering ? heldFrom : 0;
    if (end <= done) return;
    const value = valueOf(start, end);
    if (isPlaceholder(value)) return;
    const action = options.decide?.(rule, value) ?? 'redact';
    if (action === 'off') return;
    if (action !== 'redact') {
      tell(kind, rule, placeholders.idOf(value), value, action);
      return;
    }
    if (start >= done) hits.push({ start, end, kind, rule, certain, value });
    else hits.push({ start: done, end, kind, rule, certain: false, value: valueOf(done, end) });
  }

  function tell(kind: string, rule: Rule | undefined, id: string, value: string, action: Action): void {
    options.onFinding({ rule: rule?.id ?? 'known', kind, class: rule?.class ?? 'exact', path: scanner.path, id, value }, action);
  }

  /** What stands in `[start, end)` of the unit, its escapes taken off. */
  function valueOf(start: number, end: number): string {
    return unescapeContent(unit.bytes, start, end, options.depth(scanner.path));
  }

  /**
   * Hits in order. Of those that overlap one is made, so that no part of either is left: the larger gives its name
   * and, where it covers the other, its value.
   */
  function merged(found: readonly Hit[]): Hit[] {
    const kept: Hit[] = [];
    let last: Hit | undefined;
    for (const hit of [...found].sort((one, other) => one.start - other.start || other.end - one.end)) {
      if (last === undefined || hit.start >= last.end) {
        kept.push(hit);
        last = hit;
      } else if (hit.end > last.end) {
        const { kind, rule } = hit.end - hit.start > last.end - last.start ? hit : last;
        last = { start: last.start, end: hit.end, kind, rule, certain: false, value: valueOf(last.start, hit.end) };
        kept[kept.length - 1] = last;
      }
    }
    return kept;
  }

  /** Emits from `at` up to the end of the last hit; returns where it stopped. */
  function splice(bytes: Buffer, at: number, emit: (bytes: Buffer) => void): number {
    let done = at;
    for (const { start, end, kind, rule, certain, value, text } of hits) {
      if (text !== undefined) {
        if (start > done) emit(bytes.subarray(done, start));
        if (text !== '') emit(Buffer.from(text));
        done = end;
        continue;
      }
      const id = placeholders.idOf(value);
      options.remember(id, value, kind, certain);
      tell(kind, rule, id, value, 'redact');
      if (start > done) emit(bytes.subarray(done, start));
      emit(Buffer.from(placeholders.of(kind, value)));
      done = end;
    }
    hits = [];
    return done;
  }

  return {
    push(bytes, emit) {
      out = emit;
      chunk = bytes;
      from = 0;
      engine.announce(bytes);
      scanner.push(bytes);
      // Untouched, it leaves as the chunk it came in.
      if (from === 0) emit(chunk);
      else if (from < chunk.length) emit(chunk.subarray(from));
    },
    end(emit) {
      out = emit;
      scanner.end();
    },
  };
}
