// Known values in the request's filter: found in every escaping and at every place, without breaking the JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine, type Engine } from '../../src/detect/engine.ts';
import type { Rule } from '../../src/detect/rule.ts';
import { createKnownValues, type KnownValues } from '../../src/redaction/known-values.ts';
import { Redactor } from '../../src/redaction/redactor.ts';
import { cutBytes, run, singleBytes, type ByteFilter } from '../support/cuts.ts';
import { seededRandom } from '../support/random.ts';
import { PLACEHOLDERS } from '../support/redaction.ts';

const NOTHING = createEngine([]);
/** Bytes of one look at a long string, and of what it sees beyond. */
const ZONE_BYTES = 131_072;
const OVERLAP_BYTES = 16_384;

interface Remembered {
  readonly value: string;
  readonly exact: boolean;
}

function knownOf(...values: readonly string[]): KnownValues {
  const known = createKnownValues();
  for (const value of values) assert.ok(known.add(value, 'secret'), 'a value that can be looked for');
  return known;
}

function redactor(known: KnownValues, engine = NOTHING, remembered: Remembered[] = []): ByteFilter {
  return new Redactor({
    engine,
    classes: new Set(['credential']),
    placeholders: PLACEHOLDERS,
    known: [known],
    opaque: () => false,
    depth: () => 1,
    remember: (_, value, __, exact) => void remembered.push({ value, exact }),
    onFinding() {},
  });
}

function redact(body: string | Buffer, known: KnownValues, chunks?: readonly Buffer[]): string {
  return run(redactor(known), chunks ?? [Buffer.from(body as string)]).toString('utf8');
}

const content = (text: string): string => JSON.stringify(text).slice(1, -1);
const PLACEHOLDER = /aegis-[a-z2-7-]{1,40}?-[a-z2-7]{12}/g;

/** A text with placeholders, each replaced by its value. */
function restored(text: string, values: readonly Remembered[]): string {
  const byId = new Map(values.map(({ value }) => [PLACEHOLDERS.idOf(value), value]));
  return text.replace(PLACEHOLDER, (placeholder) => byId.get(placeholder.slice(-12)) ?? placeholder);
}

const VALUES = ['hunter2Xq9', 'p/a/t/h-Secret=9', 'quo"te\\back-7', 'two\nlines\tof-key', 'grüße-Passwort-1', '/begins-with-slash1', 'nn-begins-like-an-escape', 'u0041-also-like-one', 'ends-with-backslash\\'];

test('a known value is found at three depths, however needlessly it is escaped, and no other text is', () => {
  const known = knownOf(...VALUES);
  const ways: readonly ((raw: string) => string)[] = [
    (raw) => raw,
    (raw) => raw.replaceAll('/', '\\/'),
    (raw) => raw.replace(/(?<![\\A-Za-z])[a-z]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
    (raw) => raw.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`),
    (raw) => raw.replace(/(?<!\\)(?:\\\\)*\\"/g, (escape) => `${escape.slice(0, -2)}\\u0022`),
  ];
  for (const value of VALUES) {
    for (let depth = 1; depth <= 3; depth++) {
      for (const [way, write] of ways.entries()) {
        let raw = write(content(value));
        for (let level = 1; level < depth; level++) raw = content(raw);
        const what = `${JSON.stringify(value)} at depth ${depth}, way ${way}`;
        const text = JSON.parse(`"${raw}"`) as string;
        assert.notEqual(text, '', what);
        const out = redact(`{"text":"before ${raw} behind"}`, known);
        const seen = (JSON.parse(out) as { text: string }).text;
        assert.match(seen, /^before aegis-secret-[a-z2-7]{12} behind$/, what);
      }
    }
  }
});

test('what only looks like a known value because of an escape before it stays, and the JSON stays JSON', () => {
  const known = knownOf('nn-begins-like-an-escape', 'u0041-also-like-one', '"quoted-value"', 'tail-secret-9\\');
  for (const body of ['["\\nn-begins-like-an-escape"]', '["x\\u0041-also-like-one"]', '["tail-secret-9\\""]']) assert.equal(redact(body, known), body);
  assert.match(redact('["\\\\nn-begins-like-an-escape"]', known), /^\["\\\\aegis-secret-[a-z2-7]{12}"\]$/);
  assert.match(redact('["\\"quoted-value\\""]', known), /^\["aegis-secret-[a-z2-7]{12}"\]$/);
});

test('a known value whose first letters end an escape stays out of it, and what stands there is looked at by itself', () => {
  const known = knownOf('0ghp-like-secret-1', 'e9-begins-like-digits', 'ghp-like-secret-1');
  for (const body of ['["\\u00e9-begins-like-digits"]', '["\\u20e9-begins-like-digits"]']) assert.equal(redact(body, known), body);
  assert.match(redact('["\\ude00ghp-like-secret-1"]', known), /^\["\\ude00aegis-secret-[a-z2-7]{12}"\]$/);
  assert.match(redact('["\\u00e90ghp-like-secret-1"]', known), /^\["\\u00e9aegis-secret-[a-z2-7]{12}"\]$/);
});

test('random texts of backslashes, quotes and known values come out as JSON of the same text, and without the values', () => {
  const { random, seed } = seededRandom();
  const known = knownOf(...VALUES);
  const pieces = [...VALUES, '\\', '"', '/', 'n', 'u0041', '\n', '\u0001', 'é', '😀', ' ', 'text', '\\n', '\\"'];
  for (let round = 0; round < 1500; round++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 12) }, () => pieces[Math.floor(random() * pieces.length)] ?? '').join('');
    let raw = content(text);
    if (random() < 0.3) raw = raw.replaceAll('/', '\\/');
    if (random() < 0.3) raw = raw.replace(/(?<!\\)(?:\\\\)*\\n/g, (escape) => `${escape.slice(0, -2)}\\u000a`);
    const body = Buffer.from(`{"a":"${raw}","b":["${raw}"]}`);
    const remembered: Remembered[] = [];
    const out = run(redactor(known, NOTHING, remembered), [body]).toString('utf8');
    const parsed = JSON.parse(out) as { a: string; b: string[] };
    assert.equal(restored(parsed.a, remembered), text, `SEED=${seed} round ${round}`);
    assert.equal(parsed.b[0], parsed.a);
    for (const value of VALUES) assert.ok(!parsed.a.includes(value), `SEED=${seed} round ${round}: ${JSON.stringify(value)}`);
    assert.equal(redact('', known, cutBytes(body, 7, random)), out, `SEED=${seed} round ${round}`);
    assert.equal(redact('', known, singleBytes(body)), out, `SEED=${seed} round ${round}`);
  }
});

test('at every place around the borders of zones a value is found once, for every cut', () => {
  const { random, seed } = seededRandom();
  const value = 'border-Value-\\-17/x';
  const known = knownOf(value);
  const raw = content(value);
  for (const border of [ZONE_BYTES, ZONE_BYTES + OVERLAP_BYTES, 2 * ZONE_BYTES]) {
    for (let shift = -raw.length - 2; shift <= 2; shift += 3) {
      for (const filler of ['x', '\\n', '\\\\']) {
        const lead = filler.repeat(Math.ceil((border + shift) / filler.length)).slice(0, border + shift - ((border + shift) % filler.length));
        const body = Buffer.from(`["${lead}${raw}${filler.repeat(20_000)}"]`);
        const out = redact('', known, [body]);
        assert.equal(out.split('aegis-secret-').length, 2, `border ${border} ${shift} ${filler}`);
        assert.ok(out === redact('', known, cutBytes(body, 100_000, random)), `SEED=${seed} border ${border} ${shift} ${filler}`);
      }
    }
  }
});

/** An engine that finds every stretch of a text in a string that is looked at. */
function engineOf(text: string, certain = true): Engine {
  const rule: Rule = { id: 'test', kind: 'test', class: 'credential', keywords: [text], pattern: /x/y, page: '', matches: [], ignores: [] };
  return {
    scan(unit, found) {
      for (let at = unit.bytes.indexOf(text, unit.start); at >= 0 && at + text.length <= unit.end; at = unit.bytes.indexOf(text, at + text.length)) found({ start: at, end: at + text.length, rule, certain });
      return Infinity;
    },
    announce() {}, leaveOut() {},
  };
}

test('of findings that overlap no part is left', () => {
  const remembered: Remembered[] = [];
  const filter = redactor(knownOf('left-part-of-it-1'), engineOf('of-it-1-and-the-rest'), remembered);
  const out = run(filter, [Buffer.from('["a left-part-of-it-1-and-the-rest b"]')]).toString();
  assert.match(out, /^\["a aegis-test-[a-z2-7]{12} b"\]$/);
  assert.equal(restored(out, remembered), '["a left-part-of-it-1-and-the-rest b"]');
});

test('a finding that reaches over a border and one that begins within it leave nothing between them', () => {
  const long = 'L'.repeat(300);
  for (let back = 1; back < 300; back += 13) {
    const lead = 'x'.repeat(ZONE_BYTES - back);
    const remembered: Remembered[] = [];
    const body = `["${lead}${long}KNOWN-value-9${'y'.repeat(OVERLAP_BYTES + 10)}"]`;
    const out = run(redactor(knownOf('LLLLKNOWN-value-9'), engineOf(long), remembered), [Buffer.from(body)]).toString();
    assert.ok(!out.includes('LL') && !out.includes('KNOWN'), `${back} before the border`);
    assert.ok(restored(out, remembered) === body, `${back} before the border`);
  }
});

test('a finding that begins behind a zone is left to the next look, which sees its end', () => {
  const rule: Rule = { id: 'test', kind: 'test', class: 'credential', keywords: ['KEY'], pattern: /x/y, page: '', matches: [], ignores: [] };
  /** Takes what it sees of a run of capitals for the whole of it. */
  const greedy: Engine = {
    scan(unit, found) {
      const text = unit.bytes.toString('latin1', unit.start, unit.end);
      for (const match of text.matchAll(/KEY[A-Z]*/g)) found({ start: unit.start + match.index, end: unit.start + match.index + match[0].length, rule, certain: true });
      return Infinity;
    },
    announce() {}, leaveOut() {},
  };
  const remembered: Remembered[] = [];
  const secret = `KEY${'S'.repeat(500)}`;
  const body = `["${'x'.repeat(ZONE_BYTES + OVERLAP_BYTES - 200)}${secret}${'x'.repeat(20_000)}"]`;
  run(redactor(knownOf('any-value-1'), greedy, remembered), [Buffer.from(body)]);
  assert.deepEqual([...new Set(remembered.map(({ value }) => value.length))], [secret.length]);
});

test('backslashes before a needlessly escaped value do not hide it, however many', () => {
  const known = knownOf('Aq-secret-9');
  for (let count = 0; count < 100; count += 2) {
    const out = redact(`["${'\\'.repeat(count)}\\u0041q-secret-9"]`, known);
    assert.match(out, /^\["\\*aegis-secret-[a-z2-7]{12}"\]$/, `${count} backslashes`);
    assert.equal(out.split('\\').length - 1, count);
  }
});

test('only a string looked at whole is judged by its key', () => {
  const keys: (string | undefined)[] = [];
  const engine: Engine = {
    scan(unit) {
      keys.push(unit.key);
      return Infinity;
    },
    announce() {}, leaveOut() {},
  };
  run(redactor(knownOf('any-value-1'), engine), [Buffer.from(`{"password":"short","passphrase":"${'x'.repeat(ZONE_BYTES + OVERLAP_BYTES + 100)}"}`)]);
  assert.deepEqual(keys, [undefined, 'password', undefined, undefined, undefined]);
});

test('what stands for a value is remembered with the value as the client means it', () => {
  const remembered: Remembered[] = [];
  run(redactor(knownOf('two\nlines"x/y'), NOTHING, remembered), [Buffer.from('["two\\u000alines\\"x\\/y"]')]);
  assert.deepEqual(remembered, [{ value: 'two\nlines"x/y', exact: true }]);
});

test('a value that is added while a body streams is found from then on', () => {
  const known = createKnownValues();
  const filter = redactor(known);
  const out: string[] = [];
  filter.push(Buffer.from('["late-Value-1",'), (bytes) => out.push(bytes.toString()));
  known.add('late-Value-1', 'secret');
  filter.push(Buffer.from('"late-Value-1"]'), (bytes) => out.push(bytes.toString()));
  filter.end((bytes) => out.push(bytes.toString()));
  assert.match(out.join(''), /^\["late-Value-1","aegis-secret-[a-z2-7]{12}"\]$/);
});
