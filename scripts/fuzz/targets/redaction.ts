// The request's filter, bare and with its guards, and the way back.
import assert from 'node:assert/strict';
import { createEngine } from '../../../src/detect/engine.ts';
import { RULES } from '../../../src/detect/rules/index.ts';
import { createPolicy, type Action, type SecurityLevel } from '../../../src/guards/policy.ts';
import { GUARD_SIGNALS, RequestGuard } from '../../../src/guards/request-guard.ts';
import { JsonSyntaxError } from '../../../src/json/scanner.ts';
import { createClearedTexts, type ClearedTexts } from '../../../src/redaction/cleared.ts';
import { Redactor } from '../../../src/redaction/redactor.ts';
import { createJsonRestorer } from '../../../src/redaction/restorer.ts';
import type { Memory } from '../../../src/redaction/vault.ts';
import { isOpaque, restoreDepth } from '../../../src/wire/opaque.ts';
import { ToolDeclarations } from '../../../src/wire/tool-declarations.ts';
import { run } from '../../../tests/support/cuts.ts';
import { newMemory, PLACEHOLDERS, testRedactor } from '../../../tests/support/redaction.ts';
import { assertGrowth, orDeclared, type Dice, type FuzzTarget } from '../target.ts';
import { cutsOf, mutated, requestOf, valueOf, WORDS, written } from '../texts.ts';
import { parsedRow } from './json.ts';

function bodyOf(dice: Dice): Buffer {
  const bytes = Buffer.from(written(dice, dice.chance(0.7) ? requestOf(dice) : valueOf(dice)));
  return dice.chance(0.2) ? mutated(dice, bytes) : bytes;
}

const redactor: FuzzTarget = {
  name: 'redactor',
  run(dice) {
    const body = bodyOf(dice);
    const classes = dice.chance(0.5) ? (['credential', 'payment'] as const) : (['credential', 'payment', 'personal'] as const);
    const redact = (chunks: readonly Buffer[]): { out: Buffer; found: number; spans: boolean; memory: Memory } | undefined => {
      const memory = newMemory();
      const made = testRedactor(memory, classes);
      const out = orDeclared(() => run(made, chunks), JsonSyntaxError);
      const values = made.redactions.map(({ id }) => memory.lookup(id) ?? '');
      return out && { out, found: values.length, spans: values.some((value) => /["\\]/.test(value)), memory };
    };
    const whole = redact([body]);
    assert.equal(whole !== undefined, parsedRow(body) !== undefined, 'what is no JSON is refused, and nothing else');
    const cut = redact(cutsOf(dice, body));
    assert.equal(cut?.out.toString('latin1'), whole?.out.toString('latin1'), 'the cut changes nothing');
    if (whole === undefined) return;
    if (whole.found === 0) assert.ok(whole.out.equals(body), 'nothing found, nothing changed');
    const before = parsedRow(body);
    assert.ok(parsedRow(whole.out) !== undefined, 'JSON stays JSON');
    const restored = run(createJsonRestorer({ lookup: whole.memory.lookup }), cutsOf(dice, whole.out));
    assert.ok(parsedRow(restored) !== undefined, 'restored JSON is JSON');
    // A limit that is known: a block that goes from one string of JSON within JSON into the next one is one value, and comes
    // back escaped as the content of one string.
    if (!whole.spans || !body.includes('"arguments"')) assert.deepEqual(parsedRow(restored), before, 'and says what was said');
  },
};

const GUARDED_ENGINE = createEngine(RULES, GUARD_SIGNALS);

/** A guard refused the request. */
class Blocked extends Error {}

const guarded: FuzzTarget = {
  name: 'request-guard',
  run(dice) {
    const body = bodyOf(dice);
    const level = dice.pick<SecurityLevel>(['low', 'medium', 'high']);
    const policy = createPolicy(level, new Map<string, Action>(), () => undefined);
    const guard = (chunks: readonly Buffer[], cleared?: ClearedTexts): { out: Buffer; found: string[] } | undefined => {
      const memory = newMemory();
      const found: string[] = [];
      const made = new Redactor({
        engine: GUARDED_ENGINE,
        classes: new Set(['credential', 'payment', 'personal']),
        placeholders: PLACEHOLDERS,
        known: [memory.known],
        opaque: isOpaque,
        depth: (path) => restoreDepth(path) || 1,
        decide: (rule) => policy.of(rule?.class ?? 'exact', rule?.id),
        remember: memory.remember,
        onFinding: ({ rule }) => void found.push(rule),
        guard: new RequestGuard({ policy, declarations: new ToolDeclarations(), allowed: () => false, blocked: (message) => new Blocked(message), onFinding: ({ rule, passage }) => void found.push(`${rule} ${passage}`) }),
        cleared,
      });
      const out = orDeclared(() => run(made, chunks), JsonSyntaxError, Blocked);
      return out && { out, found };
    };
    const whole = guard([body]);
    const cut = guard(cutsOf(dice, body));
    assert.equal(cut?.out.toString('latin1'), whole?.out.toString('latin1'), 'the cut changes nothing');
    if (whole === undefined) return;
    assert.deepEqual(cut?.found, whole.found, 'nor what is found');
    const cleared = createClearedTexts({ leastBytes: 1 });
    for (const turn of ['first', 'next']) {
      const again = guard(cutsOf(dice, body), cleared);
      assert.equal(again?.out.toString('latin1'), whole.out.toString('latin1'), `nor does a memory of clean texts, in the ${turn} turn`);
      assert.deepEqual(again?.found, whole.found);
    }
    assert.ok(parsedRow(whole.out) !== undefined, 'JSON stays JSON');
    if (whole.found.length === 0) assert.ok(whole.out.equals(body), 'nothing found, nothing changed');
  },
};

const growth: FuzzTarget = {
  name: 'redactor-growth',
  run(dice) {
    const unit = dice.join(WORDS, 1, 4);
    assertGrowth(
      (chars) => unit.repeat(Math.ceil(chars / Math.max(1, unit.length))),
      // Longer than the longest stretch that is decoded for one candidate: below it the price of one still grows.
      48_000,
      (text) => {
        const memory = newMemory();
        run(testRedactor(memory, ['credential', 'payment', 'personal']), [Buffer.from(JSON.stringify({ text }))]);
      },
    );
  },
};

export const REDACTION_TARGETS: readonly FuzzTarget[] = [redactor, guarded, growth];
