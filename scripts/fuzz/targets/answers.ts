// The way back: frames of event streams, restorers, guards of answers; with damaged streams as well as whole ones.
import assert from 'node:assert/strict';
import { createJsonGuard, createSseGuard, type AnswerJudge } from '../../../src/guards/answer/answer-guard.ts';
import { createCallJudge } from '../../../src/guards/call-judge.ts';
import { createPolicy, type Action, type SecurityLevel } from '../../../src/guards/policy.ts';
import { compose } from '../../../src/pipeline/filter.ts';
import { createJsonRestorer, createSseRestorer } from '../../../src/redaction/restorer.ts';
import { dataRanges, FrameEnd, lastFrameEnd } from '../../../src/sse/framing.ts';
import { cutText, run, type ByteFilter } from '../../../tests/support/cuts.ts';
import { PLACEHOLDERS, SECRETS } from '../../../tests/support/redaction.ts';
import { STREAMS } from '../../../tests/support/sse-fixtures.ts';
import { CALL_FIXTURES } from '../../../tests/support/tool-call-fixtures.ts';
import type { Dice, FuzzTarget } from '../target.ts';
import { COMMAND_WORDS, cutsOf, mutated, textOf, valueOf, written } from '../texts.ts';
import { parsedRow } from './json.ts';

const KNOWN = new Map(Object.values(SECRETS).map((secret) => [PLACEHOLDERS.idOf(secret), secret]));
const HELD = Object.values(SECRETS).map((secret) => PLACEHOLDERS.of('token', secret));
const lookup = (id: string): string | undefined => KNOWN.get(id);

/** A text with placeholders that are known, whole and in parts. */
function saidOf(dice: Dice): string {
  return dice.join([...HELD, ...HELD.map((text) => text.slice(0, 15)), ...HELD.map((text) => text.toUpperCase()), 'aegis-', 'ae', ' ', 'word ', '"', '\\', '\n\n', '```\n', 'é', '😀', '\u2028'], 0, 14) + (dice.chance(0.3) ? textOf(dice) : '');
}

function assertSameForCuts(dice: Dice, make: () => ByteFilter, bytes: Buffer): Buffer {
  const whole = run(make(), [bytes]);
  const cut = run(make(), cutsOf(dice, bytes));
  assert.equal(cut.toString('latin1'), whole.toString('latin1'), 'the cut changes nothing');
  return whole;
}

/** The frames of a stream as they are cut from chunks. */
function framesOf(chunks: readonly Buffer[]): string[] {
  const ends = new FrameEnd();
  const frames: string[] = [];
  let open = '';
  for (const chunk of chunks) {
    for (let at = 0; ; ) {
      const end = ends.find(chunk, at, chunk.length);
      open += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
      if (end < 0) break;
      frames.push(open);
      open = '';
      at = end;
    }
  }
  return open === '' ? frames : [...frames, open];
}

const LINE_END = /\r\n|\r|\n/;

/** The data of each event as the standard reads it, line by line; events without data left out. */
function eventsOf(stream: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  const lines = stream.split(LINE_END);
  lines.forEach((line, index) => {
    // What stands behind the last line end is a line that never ended.
    if (line === '' && index < lines.length - 1) {
      if (data.length > 0) events.push(data.join('\n'));
      data = [];
    } else if (line === 'data' || line.startsWith('data:')) {
      data.push(line.slice(5).replace(/^ /, ''));
    }
  });
  return events;
}

const framing: FuzzTarget = {
  name: 'sse-framing',
  run(dice) {
    const stream = Buffer.from(dice.join(['data: a', 'data:', 'data', 'data:  b', 'event: x', ': hi', 'id: 7', '\n', '\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', ' ', 'é', 'dat', '\u0000'], 0, 40));
    const frames = framesOf([stream]);
    assert.deepEqual(framesOf(cutsOf(dice, stream)), frames, 'the cut changes nothing');
    assert.equal(frames.join(''), stream.toString('latin1'), 'no byte is lost');
    const isEnded = (frame: string): boolean => frame.split(LINE_END).slice(-2).join() === ',';
    const read = frames.filter(isEnded).flatMap((frame) => {
      const bytes = Buffer.from(frame, 'latin1');
      const ranges = dataRanges(bytes);
      return ranges.length === 0 ? [] : [ranges.map(({ start, end }) => bytes.toString('latin1', start, end)).join('\n')];
    });
    assert.deepEqual(read, eventsOf(stream.toString('latin1')), 'events are those of the standard');
    let at = 0;
    const ends = frames.map((frame) => (at += frame.length));
    const limit = dice.below(stream.length + 1);
    const last = lastFrameEnd(stream, 0, limit);
    assert.ok(last === 0 || ends.includes(last), `seen from behind a frame ends at ${last} of ${ends.join(', ')}`);
  },
};

const sseRestorer: FuzzTarget = {
  name: 'sse-restorer',
  run(dice) {
    const fixture = dice.pick(STREAMS);
    const said = saidOf(dice);
    const input = JSON.stringify({ command: said });
    const most = dice.pick([1, 5, 30, 1000]);
    const stream = Buffer.from(fixture.write(cutText(said, most, dice.random), cutText(input, most, dice.random), ''));
    const isWhole = dice.chance(0.5);
    const bytes = isWhole ? stream : mutated(dice, stream);
    const out = assertSameForCuts(dice, () => createSseRestorer({ lookup }), bytes);
    assert.equal(withData(run(createSseRestorer({ lookup: () => undefined }), [bytes])), withData(bytes), 'nothing known, nothing changed');
    // A surrogate alone can't stand in UTF-8, and pieces may have parted a pair.
    if (!isWhole || /[\ud800-\udfff]/.test(said) || said === '') return;
    // One by one: what looks like a placeholder may overlap with one that is.
    const expected = HELD.reduce((text, placeholder) => text.replaceAll(new RegExp(placeholder, 'gi'), () => lookup(placeholder.slice(-12)) ?? ''), said);
    const heard = fixture.hear(out.toString('utf8'));
    assert.equal(heard.text, expected);
    if (fixture.hasInput) assert.deepEqual(JSON.parse(heard.input), { command: expected });
  },
};

const jsonRestorer: FuzzTarget = {
  name: 'json-restorer',
  run(dice) {
    const text = written(dice, { text: saidOf(dice), more: valueOf(dice), arguments: JSON.stringify({ a: saidOf(dice) }) });
    const bytes = dice.chance(0.5) ? Buffer.from(text) : mutated(dice, Buffer.from(text));
    const out = assertSameForCuts(dice, () => createJsonRestorer({ lookup }), bytes);
    assert.ok(run(createJsonRestorer({ lookup: () => undefined }), [bytes]).equals(bytes), 'nothing known, nothing changed');
    if (parsedRow(bytes) !== undefined) assert.ok(parsedRow(out) !== undefined, 'JSON stays JSON');
  },
};

function judgeOf(level: SecurityLevel): AnswerJudge {
  const judge = createCallJudge({ policy: createPolicy(level, new Map<string, Action>(), () => undefined), declarations: undefined, isKnown: (id) => KNOWN.has(id), allowsHost: () => false, onFinding() {} });
  assert.ok(judge !== undefined);
  return judge;
}

/** The frames that have data, in order, and the length of all: a frame without data is a sign of life, which overtakes. */
function withData(bytes: Buffer): string {
  const frames = framesOf([bytes]).filter((frame) => dataRanges(Buffer.from(frame, 'latin1')).length > 0);
  return `${bytes.length} ${frames.join('')}`;
}

const guards: FuzzTarget = {
  name: 'answer-guards',
  run(dice) {
    const fixture = dice.pick(CALL_FIXTURES);
    const level = dice.pick<SecurityLevel>(['low', 'medium', 'high']);
    const calls = Array.from({ length: dice.below(4) }, () => ({ name: dice.pick(['Bash', 'shell', 'write_file']), input: JSON.stringify({ command: dice.join(COMMAND_WORDS, 1, 14, ' ') }) }));
    const answer = { thinking: dice.pick(['', 'I wonder.']), before: saidOf(dice), calls };
    const isStream = dice.chance(0.6);
    const text = isStream ? fixture.stream(answer, dice.pick([1, 6, 50, 5000])) : fixture.whole(answer);
    const isWhole = dice.chance(0.5);
    const bytes = isWhole ? Buffer.from(text) : mutated(dice, Buffer.from(text));
    const guard = (): ByteFilter => (isStream ? createSseGuard(judgeOf(level)) : createJsonGuard(judgeOf(level)));
    const restorer = (): ByteFilter => (isStream ? createSseRestorer({ lookup }) : createJsonRestorer({ lookup }));
    const out = assertSameForCuts(dice, guard, bytes);
    assertSameForCuts(dice, () => compose([guard(), restorer()]), bytes);
    if (!isStream && parsedRow(bytes) !== undefined) assert.ok(parsedRow(out) !== undefined, 'JSON stays JSON');
    if (level === 'low') assert.equal(withData(out), withData(bytes), 'at level low nothing is changed');
    if (!isWhole || /[\ud800-\udfff]/.test(answer.before)) return;
    const heard = isStream ? fixture.hearStream(out.toString('utf8')) : fixture.hearWhole(out.toString('utf8'));
    assert.equal(heard.thinking, answer.thinking);
    if (level === 'medium') assert.ok(heard.text.startsWith(answer.before), 'what was said is left alone');
    for (const { input } of heard.calls) assert.ok(calls.some((call) => call.input === JSON.stringify(JSON.parse(input))), 'a call is whole or refused');
  },
};

export const ANSWER_TARGETS: readonly FuzzTarget[] = [framing, sseRestorer, jsonRestorer, guards];
