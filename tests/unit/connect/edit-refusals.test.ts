// What an editor refuses, with the place, and what it must not be fooled by.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileFormat, PathStep } from '../../../src/connect/client.ts';
import { EditError } from '../../../src/connect/edit/document.ts';
import { EDITORS } from '../../../src/connect/edit/editor.ts';

const MODEL: readonly PathStep[] = ['models', { field: 'name', value: 'x' }];

const REFUSED: readonly (readonly [format: FileFormat, text: string, path: readonly PathStep[], line: number, column: number])[] = [
  ['json', '{"a": 1,}', ['b'], 1, 9],
  ['json', '{\n  // c\n}', ['b'], 2, 3],
  ['json', '{"a": 01}', ['b'], 1, 8],
  ['json', "{'a': 1}", ['b'], 1, 2],
  ['json', '{"a": "\t"}', ['b'], 1, 8],
  ['json', '{"a": "\\x41"}', ['b'], 1, 8],
  ['json', '{"a": 1} x', ['b'], 1, 10],
  ['json', '{"a": 1', ['b'], 1, 8],
  ['json', '[1]', ['b'], 1, 1],
  ['json', '{"a": 1, "a": 2}', ['a'], 1, 10],
  ['json', '{"a": {"b": {}}}', ['a', 'b'], 1, 13],
  ['json', '{"a": "text"}', ['a', 'b'], 1, 7],
  ['json', `${'['.repeat(300)}`, ['b'], 1, 202],
  ['jsonc', '{"a": 1 /* c }', ['b'], 1, 9],
  ['jsonc', '{a: 1}', ['b'], 1, 2],
  ['json5', '{a: 1, "a": 2}', ['a'], 1, 8],
  ['toml', 'a = 1\na.b = 2', ['a', 'b'], 1, 5],
  ['toml', 'a = {b = 1}', ['a', 'c'], 1, 5],
  ['toml', '[[a]]\nb = 1', ['a', 'b'], 1, 1],
  ['toml', 'a = 1\na = 2', ['a'], 2, 1],
  ['toml', '[a]\n[a]\n', ['a', 'b'], 2, 1],
  ['toml', 'a = "b', ['c'], 1, 5],
  ['toml', 'a = """b\n"', ['c'], 1, 5],
  ['toml', 'a = 2x', ['c'], 1, 5],
  ['toml', 'a = [1, 2', ['c'], 1, 10],
  ['toml', '[a\n', ['c'], 1, 3],
  ['toml', 'a', ['c'], 1, 2],
  ['toml', 'a = 1 b = 2', ['c'], 1, 7],
  ['toml', '[a.b]\nx = 1', ['a'], 1, 1],
  ['yaml', 'a: 1\n...\n', ['b'], 2, 1],
  ['yaml', '%YAML 1.2\n---\na: 1', ['b'], 1, 1],
  ['yaml', '- a\n', ['b'], 1, 1],
  ['yaml', '{a: 1}', ['b'], 1, 1],
  ['yaml', '? a\n: b', ['b'], 1, 1],
  ['yaml', 'a: 1\n\tb: 2', ['b'], 2, 1],
  ['yaml', 'a: 1\n b: 2\nc', ['b'], 3, 1],
  ['yaml', 'models: *others', MODEL, 1, 9],
  ['yaml', 'models: [{name: x}]', MODEL, 1, 9],
  ['yaml', 'models:\n  a: 1', MODEL, 1, 1],
  ['yaml', 'models:\n  - name: x\n  - name: x\n', MODEL, 3, 3],
  ['yaml', '<<: *base\na: 1', ['b'], 1, 1],
  ['yaml', 'a: |+\n  x\n\n', ['b'], 1, 2],
  ['yaml', 'a: |\n  x', ['b'], 2, 4],
  ['dotenv', 'A=1\nA=2', ['A'], 2, 1],
];

test('what can\'t be edited safely is refused with its line and column', () => {
  for (const [format, text, path, line, column] of REFUSED) {
    assert.throws(
      () => EDITORS[format].setPath(text, path, 'v'),
      (error: unknown) => {
        assert.ok(error instanceof EditError, `${format} ${JSON.stringify(text)}: ${String(error)}`);
        assert.deepEqual([error.line, error.column], [line, column], `${format} ${JSON.stringify(text)}: ${error.message}`);
        assert.ok(error.message.startsWith(`line ${line}, column ${column}: `));
        return true;
      },
      `${format} ${JSON.stringify(text)}`,
    );
  }
});

test('a key within a text, a comment, another table or a block is not the key', () => {
  const cases: readonly (readonly [format: FileFormat, text: string, path: readonly PathStep[]])[] = [
    ['jsonc', '{\n  // "url": 1\n  "x": "\\"url\\": 2", "y": {"url": 3} /* "url": 4 */\n}\n', ['url']],
    ['json5', "{x: '\"url\": 1', // url: 2\n}", ['url']],
    ['toml', '# url = 1\nx = """\nurl = 2\n[url]\n"""\ny = \'url = 3\'\n[t]\nurl = 4\n', ['url']],
    ['toml', 'x = [\n  "[t]", # [t]\n]\n[t.u]\nv = 1\n', ['t', 'v']],
    ['yaml', '# url: 1\nx: "url: 2"\ny: |\n  url: 3\nz:\n  url: 4\nw: {url: 5}\n', ['url']],
    ['dotenv', '# URL=1\nX="\nURL=2\n"\nMY_URL=3\n', ['URL']],
  ];
  for (const [format, text, path] of cases) {
    const editor = EDITORS[format];
    assert.equal(editor.readPath(text, path), undefined, text);
    const after = editor.setPath(text, path, 'new');
    assert.equal(editor.readPath(after, path)?.value, 'new', after);
    assert.equal(editor.removePath(after, path, editor.tracePath(text, path)), text);
  }
});

test('a value from before comes back with its own spelling', () => {
  const cases: readonly (readonly [format: FileFormat, text: string, path: readonly PathStep[], raw: string])[] = [
    ['json', '{"a" : "\\u0041" }', ['a'], '"\\u0041"'],
    ['json5', "{a: 'x', // c\n}", ['a'], "'x'"],
    ['toml', "a = '''x\ny''' # c\n", ['a'], "'''x\ny'''"],
    ['toml', '"a b".c = "x"\n', ['a b', 'c'], '"x"'],
    ['yaml', "a:   'it''s'   # c\n", ['a'], "'it''s'"],
    ['yaml', 'models:\n- name: x # c\n  apiBase: http://old/#x # d\n', [...MODEL, 'apiBase'], 'http://old/#x'],
    ['dotenv', 'export A = `x` # c\n', ['A'], '`x`'],
  ];
  for (const [format, text, path, raw] of cases) {
    const editor = EDITORS[format];
    assert.equal(editor.readPath(text, path)?.raw, raw);
    const after = editor.setPath(text, path, 'http://new');
    assert.notEqual(after, text);
    assert.equal(editor.putBack(after, path, raw), text);
  }
});

test('a table that somebody has put a comment or a key into stays', () => {
  const path = ['model_providers', 'aegisgate', 'base_url'];
  const trace = EDITORS.toml.tracePath('', path);
  const after = EDITORS.toml.setPath('', path, 'http://x');
  assert.equal(EDITORS.toml.removePath(`${after}# mine\n`, path, trace), '[model_providers.aegisgate]\n# mine\n');
  assert.equal(EDITORS.toml.removePath(`${after}mine = 1\n`, path, trace), '[model_providers.aegisgate]\nmine = 1\n');
  const json = EDITORS.json.setPath('{}', ['env', 'A'], 'x');
  assert.deepEqual(JSON.parse(EDITORS.json.removePath(json.replace('"x"', '"x",\n    "B": "mine"'), ['env', 'A'], { keep: 0, glue: '{}' })), { env: { B: 'mine' } });
});
