/**
 * The request's filter: reads the body as JSON, has every string that carries text searched, and puts placeholders
 * over what is found. Everything else passes as the bytes it came in.
 *
 * What is decided about a string depends on the string alone, never on how it was cut into chunks: a string that
 * spans chunks is gathered first, and one longer than a zone is judged zone by zone at fixed offsets, each with the
 * bytes before it as context and enough behind it to hold the longest secret.
 */
import { OVERLAP_BYTES, WINDOW_BYTES, type Engine, type Found, type ScanUnit } from '../detect/engine.ts';
import type { FindingClass, Rule } from '../detect/rule.ts';
import { plainCopy, unescapeContent } from '../json/escapes.ts';
import type { KeyPath } from '../json/key-path.ts';
import { createJsonScanner } from '../json/scanner.ts';
import type { KnownValues } from './known-values.ts';
import { isPlaceholder, type Placeholders } from './placeholder.ts';

/** Where findings may begin in one look at a long string. */
const ZONE_BYTES = WINDOW_BYTES - OVERLAP_BYTES;
/** What a look sees of the string before its zone. */
const CONTEXT_BYTES = 1024;

export interface Redaction {
  /** The rule's id; `known` for a value found by itself. */
  readonly rule: string;
  readonly kind: string;
  readonly class: FindingClass;
  readonly path: KeyPath;
  /** Keyed fingerprint: the placeholder's last twelve characters. */
  readonly id: string;
}

export interface RedactorOptions {
  readonly engine: Engine;
  /** What is redacted; other findings are left alone. */
  readonly classes: ReadonlySet<FindingClass>;
  readonly placeholders: Placeholders;
  /** Exact values to look for besides; they may grow meanwhile. */
  readonly known: readonly KnownValues[];
  /** Strings at such a path are not looked at. */
  readonly opaque: (path: KeyPath) => boolean;
  /** How many levels of escapes a string at this path is read through. */
  readonly depth: (path: KeyPath) => number;
  /** Findings that are let pass: rules switched off, values allowed. */
  readonly allowed?: (rule: Rule | undefined, value: string) => boolean;
  /** Called before a placeholder is written. `exact`: the value may be looked for without its context. */
  readonly remember: (id: string, value: string, kind: string, exact: boolean) => void;
  readonly onRedaction: (redaction: Redaction) => void;
}

export interface Redactor {
  /** @throws JsonSyntaxError */
  push(chunk: Buffer, emit: (bytes: Buffer) => void): void;
  /** @throws JsonSyntaxError */
  end(emit: (bytes: Buffer) => void): void;
}

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly rule: Rule | undefined;
  readonly certain: boolean;
}

export function createRedactor(options: RedactorOptions): Redactor {
  const { engine, classes, placeholders, known } = options;
  const scanner = createJsonScanner({ content });
  const unit: { -readonly [Name in keyof ScanUnit]: ScanUnit[Name] } = { bytes: Buffer.alloc(0), start: 0, end: 0, json: true, key: undefined };

  let out: (bytes: Buffer) => void = () => {};
  let chunk: Buffer = unit.bytes;
  /** Where in the chunk the bytes begin that have not been emitted. */
  let from = 0;

  /** The current string's bytes that are still to be judged, and those before them that give context. */
  let held = Buffer.alloc(0);
  let heldBytes = 0;
  /** Where in `held` the next zone begins. */
  let zoneAt = 0;
  /** Where in `held` the bytes begin that have not been emitted. */
  let heldFrom = 0;
  /** In a string whose beginning lies in an earlier chunk, or that has been cut into zones. */
  let gathering = false;
  let skipping = false;
  let begun = false;
  let hits: Hit[] = [];
  const zone = { start: 0, end: 0 };

  function content(bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean): void {
    if (!begun) {
      begun = true;
      skipping = !isKey && options.opaque(scanner.path);
    }
    if (!skipping) take(bytes, start, end, last, isKey);
    if (!last) return;
    begun = false;
    skipping = false;
  }

  function take(bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean): void {
    if (!gathering && last && end - start <= ZONE_BYTES + OVERLAP_BYTES) {
      search(bytes, start, start, end, end, isKey);
      if (hits.length > 0) from = splice(bytes, from, out);
      return;
    }
    if (!gathering) {
      // What stands before the string leaves with what the string becomes.
      if (start > from) out(bytes.subarray(from, start));
      gathering = true;
      heldBytes = 0;
      zoneAt = 0;
      heldFrom = 0;
    }
    from = end;
    for (let at = start; at < end; at += ZONE_BYTES) {
      hold(bytes, at, Math.min(end, at + ZONE_BYTES));
      if (heldBytes - zoneAt <= ZONE_BYTES + OVERLAP_BYTES) continue;
      search(held, contextStart(), zoneAt, zoneAt + ZONE_BYTES, zoneAt + ZONE_BYTES + OVERLAP_BYTES, isKey);
      zoneAt += ZONE_BYTES;
      emitHeld(zoneAt);
      letGo();
    }
    if (!last) return;
    search(held, contextStart(), zoneAt, heldBytes, heldBytes, isKey);
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

  /** Not within an escape: an odd run of backslashes before it would make the first byte part of one. */
  function contextStart(): number {
    let start = Math.max(0, zoneAt - CONTEXT_BYTES);
    let run = 0;
    while (start - run > 0 && held[start - run - 1] === 0x5c) run++;
    if (run % 2 === 1) start++;
    return start;
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
    held.copy(held, 0, drop, heldBytes);
    heldBytes -= drop;
    zoneAt -= drop;
    heldFrom -= drop;
  }

  /** Fills `hits` with what begins in `[zoneStart, zoneEnd)`, in order and without overlap. */
  function search(bytes: Buffer, start: number, zoneStart: number, zoneEnd: number, end: number, isKey: boolean): void {
    unit.bytes = bytes;
    unit.start = start;
    unit.end = end;
    unit.key = isKey ? undefined : scanner.path.at(0);
    zone.start = zoneStart;
    zone.end = zoneEnd;
    engine.scan(unit, onFound);
    // A value that this very look finds by its context stands perhaps in the same string without it.
    for (const hit of hits) note(bytes, hit);
    if (known.some((values) => values.size > 0)) searchKnown(bytes, start, end);
    if (hits.length > 1) hits = withoutOverlap(hits);
  }

  function searchKnown(bytes: Buffer, start: number, end: number): void {
    for (const values of known) values.find(bytes, start, end, onKnown);
    const copy = plainCopy(bytes, start, end);
    if (copy === undefined) return;
    // The map holds an offset for every byte of the copy and for its end.
    const back = (at: number): number => copy.offsets[at] as number;
    for (const values of known) {
      values.find(copy.bytes, 0, copy.bytes.length, (at, stop, kind) => onKnown(back(at), back(stop), kind));
    }
  }

  // Made once: strings are many, and most of them short.
  function onFound({ start, end, rule, certain }: Found): void {
    if (classes.has(rule.class)) add({ start, end, kind: rule.kind, rule, certain });
  }

  function onKnown(start: number, end: number, kind: string): void {
    add({ start, end, kind, rule: undefined, certain: true });
  }

  function add(hit: Hit): void {
    if (hit.start >= zone.start && hit.start < zone.end && !isAllowed(unit.bytes, hit)) hits.push(hit);
  }

  function isAllowed(bytes: Buffer, hit: Hit): boolean {
    const value = valueOf(bytes, hit);
    return isPlaceholder(value) || options.allowed?.(hit.rule, value) === true;
  }

  function valueOf(bytes: Buffer, hit: Hit): string {
    return unescapeContent(bytes, hit.start, hit.end, options.depth(scanner.path));
  }

  function note(bytes: Buffer, hit: Hit): void {
    const value = valueOf(bytes, hit);
    options.remember(placeholders.idOf(value), value, hit.kind, hit.certain);
  }

  /** Emits from `at` up to the end of the last hit; returns where it stopped. */
  function splice(bytes: Buffer, at: number, emit: (bytes: Buffer) => void): number {
    let done = at;
    for (const hit of hits) {
      if (hit.start < done) continue;
      const value = valueOf(bytes, hit);
      const id = placeholders.idOf(value);
      options.remember(id, value, hit.kind, hit.certain);
      options.onRedaction({ rule: hit.rule?.id ?? 'known', kind: hit.kind, class: hit.rule?.class ?? 'exact', path: scanner.path, id });
      if (hit.start > done) emit(bytes.subarray(done, hit.start));
      emit(Buffer.from(placeholders.of(hit.kind, value)));
      done = hit.end;
    }
    hits = [];
    return done;
  }

  return {
    push(bytes, emit) {
      out = emit;
      chunk = bytes;
      from = 0;
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

function withoutOverlap(hits: readonly Hit[]): Hit[] {
  const sorted = [...hits].sort((one, other) => one.start - other.start || other.end - one.end);
  const kept: Hit[] = [];
  let end = -1;
  for (const hit of sorted) {
    if (hit.start < end) continue;
    kept.push(hit);
    end = hit.end;
  }
  return kept;
}
