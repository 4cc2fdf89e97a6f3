/** What holds for every rule, whatever its family: its examples, in every wrapping, and its cost. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine } from '../../../src/detect/engine.ts';
import type { Engine } from '../../../src/detect/engine.ts';
import type { Rule } from '../../../src/detect/rule.ts';
import { RULES } from '../../../src/detect/rules/index.ts';

/** What an engine finds in a text, decoded as far as the wrapping escaped it. */
function findIn(engine: Engine, text: string, json: boolean): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const found: string[] = [];
  engine.scan({ bytes, start: 0, end: bytes.length, json, key: undefined }, (f) => {
    found.push(bytes.toString('utf8', f.start, f.end));
  });
  return found;
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

interface Wrapping {
  readonly name: string;
  readonly json: boolean;
  /** How often the example is escaped. */
  readonly depth: number;
  wrap(example: string): string;
}

const SMALL_BYTES = 16_384;
const LARGE_BYTES = 65_536;
const HARMLESS_MS = 1000;
const MOST_GROWTH = 10;

const WRAPPINGS: readonly Wrapping[] = [
  { name: 'plain', json: false, depth: 0, wrap: (x) => x },
  { name: 'plain inside a JSON string', json: true, depth: 1, wrap: (x) => inJson(x) },
  { name: 'a line of an .env file', json: true, depth: 1, wrap: (x) => inJson(`A=1\nVALUE=${x}\nB=2\n`) },
  { name: 'a string of JSON inside a JSON string', json: true, depth: 2, wrap: (x) => inJson(`{"a":1,"value":"${inJson(x)}","b":"c"}`) },
  { name: 'JSON three deep', json: true, depth: 3, wrap: (x) => inJson(inJson(`{"value":"${inJson(x)}"}`)) },
  { name: 'a shell export', json: true, depth: 1, wrap: (x) => inJson(`set -e\nexport VALUE="${x}"\ncurl`) },
  { name: 'a header', json: true, depth: 1, wrap: (x) => inJson(`GET / HTTP/1.1\r\nX-Value: ${x}\r\nAccept: a\r\n`) },
  { name: 'a URL query', json: true, depth: 1, wrap: (x) => inJson(`https://example.com/a?b=c&value=${x}&d=e`) },
  { name: 'a YAML field', json: true, depth: 1, wrap: (x) => inJson(`a: 1\n\tvalue: ${x}\nb: 2\n`) },
  { name: 'Chinese text without spaces', json: true, depth: 1, wrap: (x) => inJson(`这是我的${x}请不要外传。`) },
  { name: 'Chinese punctuation', json: false, depth: 0, wrap: (x) => `内容：「${x}」，请保管` },
  { name: 'a Markdown code span', json: true, depth: 1, wrap: (x) => inJson(`use \`${x}\` here`) },
];

/** Quantifiers without an upper bound, outside character classes. */
function unboundedQuantifiers(source: string): string[] {
  const bare = source.replace(/\\./g, 'e').replace(/\[[^\]]*\]/g, 'c').replace(/\(\?<?[=!:]|\(\?<\w+>/g, '(');
  return bare.match(/[*+]|\{\d+,\}/g) ?? [];
}

describe('the list of rules', () => {
  it('names every rule once', () => {
    const ids = RULES.map((rule) => rule.id);
    assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
  });

  it('finds every example with all rules together', () => {
    const engine = createEngine(RULES);
    for (const rule of RULES) {
      for (const example of rule.matches) {
        assert.notEqual(findIn(engine, example, false).length, 0, `${rule.id}: nothing found in ${example.slice(0, 80)}`);
      }
    }
  });
});

for (const rule of RULES) {
  describe(`rule ${rule.id}`, () => {
    const engine = createEngine([rule]);

    it('is well-formed', () => {
      assert.match(rule.id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      assert.match(rule.kind, /^[a-z2-7](?:[a-z2-7-]{0,38}[a-z2-7])?$/);
      assert.ok(rule.pattern.sticky, 'the pattern is sticky');
      assert.deepEqual(unboundedQuantifiers(rule.pattern.source), []);
      assert.ok((rule.window ?? 512) <= 16_384);
      assert.ok(rule.matches.length > 0 && rule.ignores.length > 0, 'has examples of both sorts');
      assert.match(rule.page, /^https?:\/\//);
    });

    for (const { name, json, depth, wrap } of WRAPPINGS) {
      it(`finds its examples: ${name}`, () => {
        for (const example of rule.matches) {
          const plain = findIn(engine, example, false);
          assert.notEqual(plain.length, 0, `nothing found in ${example.slice(0, 80)}`);
          let expected = plain;
          for (let i = 0; i < depth; i += 1) expected = expected.map(inJson);
          const found = findIn(engine, wrap(example), json);
          for (const secret of expected) assert.ok(found.includes(secret), `in ${wrap(example).slice(0, 200)}\n expected ${secret.slice(0, 80)}\n found ${found.join(' | ').slice(0, 200)}`);
        }
      });
    }

    it('leaves its near misses alone', () => {
      for (const text of rule.ignores) {
        assert.deepEqual(findIn(engine, text, false), [], `in ${text.slice(0, 80)}`);
        assert.deepEqual(findIn(engine, inJson(text), true), [], `in the JSON string of ${text.slice(0, 80)}`);
      }
    });

    it('takes time in proportion to hostile input', () => {
      for (const hostile of hostileInputs(rule)) {
        const small = milliseconds(engine, hostile.repeat(Math.ceil(SMALL_BYTES / hostile.length)).slice(0, SMALL_BYTES));
        const large = milliseconds(engine, hostile.repeat(Math.ceil(LARGE_BYTES / hostile.length)).slice(0, LARGE_BYTES));
        // Growth counts only where it hurts: below that, what is measured is the machine.
        assert.ok(large < HARMLESS_MS || large / Math.max(small, 1) < MOST_GROWTH, `${small.toFixed(1)} ms grew to ${large.toFixed(1)} ms on ${hostile.slice(0, 60)}…`);
      }
    });
  });
}

/** Repetitions that make a pattern start again and again: the bare keyword, examples cut short, runs of one character. */
function hostileInputs(rule: Rule): string[] {
  const inputs: string[] = [];
  for (const keyword of rule.keywords.slice(0, 3)) {
    inputs.push(keyword, `${keyword} `, `${keyword}=`, `${keyword}a1`.repeat(4), keyword + 'a'.repeat(300), keyword + ' '.repeat(300), keyword + '0'.repeat(60) + '.');
  }
  for (const example of rule.matches.slice(0, 2)) {
    inputs.push(example.slice(0, -1), example.slice(0, Math.ceil(example.length / 2)), `${example}\u00e9`);
  }
  return inputs;
}

/** CPU time, which a busy machine does not stretch. */
function milliseconds(engine: Engine, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  let best = Infinity;
  for (let round = 0; round < 2; round += 1) {
    const began = process.cpuUsage();
    engine.scan({ bytes, start: 0, end: bytes.length, json: true, key: undefined }, () => {});
    best = Math.min(best, process.cpuUsage(began).user / 1000);
    if (best < HARMLESS_MS / 4) break;
  }
  return best;
}
