// Every editor on made-up files: what is set can be read, all else stays, and removing it gives the bytes from before.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { runInThisContext } from 'node:vm';
import type { FileFormat, PathStep, Value } from '../../src/connect/client.ts';
import { EditError } from '../../src/connect/edit/document.ts';
import { EDITORS } from '../../src/connect/edit/editor.ts';
import { configDocument, pick, type Random } from '../support/config-documents.ts';
import { seededRandom } from '../support/random.ts';

const DOCUMENTS = 1500;
const URL_SET = 'http://127.0.0.1:18080/v1/__gw__/t/Ab3k9Qx7';

const PATHS: Readonly<Record<FileFormat, readonly (readonly PathStep[])[]>> = {
  json: [['new'], ['env', 'ANTHROPIC_BASE_URL'], ['new', 'deep', 'er'], ['alpha', 'x'], ['url']],
  jsonc: [['new'], ['provider', 'anthropic', 'options', 'baseURL'], ['env', 'x'], ['model', 'deep', 'new']],
  json5: [['new'], ['models', 'providers', 'anthropic', 'baseUrl'], ['env', 'x'], ['beta']],
  toml: [['model_provider'], ['model_providers', 'aegisgate', 'base_url'], ['t-alpha', 'new'], ['t-env', 'sub', 'new'], ['url']],
  yaml: [['new'], ['models', { field: 'name', value: 'New one' }], ['env', 'new'], ['name', 'alpha', 'new'], ['new', 'deep', 'er']],
  dotenv: [['NEW'], ['URL'], ['GOOGLE_GEMINI_BASE_URL']],
};

const valueFor = (path: readonly PathStep[]): Value => (typeof path.at(-1) === 'string' ? URL_SET : { name: 'New one', provider: 'anthropic', apiBase: URL_SET });

interface Outcome {
  readonly before: string;
  readonly after: string;
  readonly path: readonly PathStep[];
}

/** Sets a path in made-up documents. What the editor refuses is left out, but most must go. */
function outcomes(random: Random, seed: number, format: FileFormat): readonly Outcome[] {
  const editor = EDITORS[format];
  const done: Outcome[] = [];
  for (let i = 0; i < DOCUMENTS; i++) {
    const before = configDocument(random, format);
    const path = pick(random, PATHS[format]);
    const told = `seed ${seed}, ${format} document ${i}, path ${JSON.stringify(path)}:\n${before}`;
    try {
      const trace = editor.tracePath(before, path);
      const found = editor.readPath(before, path);
      const after = editor.setPath(before, path, valueFor(path));
      const set = editor.readPath(after, path);
      if (typeof path.at(-1) === 'string') assert.equal(set?.value, URL_SET, `${told}\n→\n${after}`);
      else assert.ok(set?.raw.includes(URL_SET), told);
      const undone = found === undefined ? editor.removePath(after, path, trace) : editor.putBack(after, path, found.raw);
      assert.equal(undone, before, `${told}\n→\n${after}`);
      assertKept(before, after, found?.raw ?? '', told);
      if (typeof path.at(-1) === 'string') assert.equal(editor.setPath(after, path, URL_SET), after, `${told}\nsecond time`);
      done.push({ before, after, path });
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
    }
  }
  assert.ok(done.length > DOCUMENTS * 0.6, `only ${done.length} of ${DOCUMENTS} could be edited (seed ${seed})`);
  return done;
}

/** What is gone is the old value, empty brackets, or space between which something was put. */
function assertKept(before: string, after: string, old: string, told: string): void {
  let [start, end] = [0, 0];
  while (start < before.length && before[start] === after[start]) start++;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const gone = before.slice(start, before.length - end).trim().replace(/^(?:\[ *\]|\{ *\})/, '').trim();
  assert.ok(old.includes(gone) || after.slice(start, after.length - end).includes(gone), `${told}\n→\n${after}\ngone: ${gone}`);
}

function valueIn(root: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[String(step)], root);
}

/** The same without the path that was set, and the containers that were made for it. */
function without(root: unknown, before: unknown, path: readonly PathStep[]): unknown {
  const copy = structuredClone(root) as Record<string, unknown>;
  let depth = path.length;
  // A key without a value is where YAML puts the first one.
  while (depth > 1 && (valueIn(before, path.slice(0, depth - 1)) ?? undefined) === undefined) depth--;
  const holder = valueIn(copy, path.slice(0, depth - 1)) as Record<string, unknown>;
  const key = String(path[depth - 1]);
  const old = valueIn(before, path.slice(0, depth));
  if (old === undefined) delete holder[key];
  else holder[key] = old;
  return copy;
}

for (const format of ['json', 'jsonc', 'json5'] as const) {
  test(`${format}: set, then removed, gives the same bytes, and another parser reads the rest as before`, () => {
    const { random, seed } = seededRandom();
    const read = (text: string): unknown => {
      const body = text.replace(/^\ufeff/, '');
      if (format === 'json') return JSON.parse(body);
      // JavaScript reads a superset of both.
      return runInThisContext(`(${body}\n)`);
    };
    for (const { before, after, path } of outcomes(random, seed, format)) {
      const [was, is] = [read(before), read(after)];
      assert.equal(valueIn(is, path), URL_SET, `seed ${seed}\n${after}`);
      assert.deepEqual(without(is, was, path), was, `seed ${seed}\n${before}\n→\n${after}`);
    }
  });
}

/** One Python process for all of them; undefined where there is none with that module. */
function readByPython(module: string, script: string, texts: readonly string[]): readonly unknown[] | undefined {
  if (spawnSync('python3', ['-c', `import ${module}`]).status !== 0) return undefined;
  const run = spawnSync('python3', ['-c', script], { input: JSON.stringify(texts), encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as unknown[];
}

function comparedByPython(t: TestContext, format: FileFormat, module: string, load: string): void {
  const { random, seed } = seededRandom();
  const done = outcomes(random, seed, format);
  const script = `import json, sys, ${module}\nprint(json.dumps([${load} for t in json.load(sys.stdin)], default=str))`;
  const read = readByPython(module, script, done.flatMap(({ before, after }) => [before, after]).map((text) => text.replace(/^\ufeff/, '')));
  if (read === undefined) {
    t.diagnostic(`skipped: no python3 with ${module} to read the results by`);
    return;
  }
  for (const [i, { before, after, path }] of done.entries()) {
    const [was, is]: unknown[] = [read[2 * i] ?? {}, read[2 * i + 1]];
    if (path.some((step) => typeof step !== 'string')) {
      const { models, ...others } = is as { models: { name: string }[] };
      assert.equal(models.pop()?.name, 'New one', `seed ${seed}\n${after}`);
      assert.deepEqual({ ...others, models }, { ...(was as object), models: (was as { models?: unknown }).models ?? [] }, `seed ${seed}\n${before}\n→\n${after}`);
      continue;
    }
    assert.equal(valueIn(is, path), URL_SET, `seed ${seed}\n${before}\n→\n${after}`);
    assert.deepEqual(without(is, was, path), was, `seed ${seed}\n${before}\n→\n${after}`);
  }
}

test('toml: set, then removed, gives the same bytes, and another parser reads the rest as before', (t) => {
  comparedByPython(t, 'toml', 'tomllib', 'tomllib.loads(t)');
});

test('yaml: set, then removed, gives the same bytes, and another parser reads the rest as before', (t) => {
  comparedByPython(t, 'yaml', 'yaml', 'yaml.safe_load(t)');
});

test('dotenv: set, then removed, gives the same bytes', () => {
  const { random, seed } = seededRandom();
  outcomes(random, seed, 'dotenv');
});
