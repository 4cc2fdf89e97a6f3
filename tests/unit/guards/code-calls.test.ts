import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCodeCalls } from '../../../src/guards/code-calls.ts';

const textsOf = (code: string): readonly string[] => readCodeCalls(code)?.texts ?? [];

describe('what code that calls tools would run', () => {
  const cases: readonly (readonly [what: string, code: string, expected: string])[] = [
    ['a member', 'const r = await tools.exec_command({cmd: "ls -la"});\ntext(r.output);', 'ls -la'],
    ['a member with a quoted key', `await tools.exec_command({"cmd": 'ls -la'})`, 'ls -la'],
    ['a bracketed name', 'await tools["exec_command"]({cmd: "ls -la"})', 'ls -la'],
    ['an optional call', 'await tools?.["exec_command"]?.({cmd: "ls -la"})', 'ls -la'],
    ['escapes', 'await tools.exec_command({cmd: "\\x6cs \\u002dla"})', 'ls -la'],
    ['a template', 'await tools.exec_command({cmd: `ls -la`})', 'ls -la'],
    ['a raw template', 'await tools.exec_command({cmd: String.raw`printf "\\n"`})', 'printf "\\n"'],
    ['a name', 'const cmd = "ls -la"; await tools.exec_command({cmd})', 'ls -la'],
    ['a sum', 'await tools.exec_command({cmd: "ls " + "-la"})', 'ls -la'],
    ['a sum with a name', 'const dir = "~/"; await tools.exec_command({cmd: "ls " + dir})', 'ls ~/'],
    ['a template with a name', 'const dir = "~/"; await tools.exec_command({cmd: `ls ${dir}`})', 'ls ~/'],
    ['joined words', 'await tools.exec_command({cmd: ["ls", "-la", "~/"].join(" ")})', 'ls -la ~/'],
    ['words with quotes in them', `await tools.shell({command: ["sh", "-c", "echo 'a'"]})`, `sh -c 'echo '\\''a'\\'''`],
    ['what it decodes', 'await tools.exec_command({cmd: atob("bHMgLWxhIH4v")})', 'ls -la ~/'],
    ['what follows a regular expression with a mark in it', 'const mark = /[`/"]/; await tools.exec_command({cmd: "ls -la"})', 'ls -la'],
    ['what follows a comment with a mark in it', `// don't\n/* nor "this */ await tools.exec_command({cmd: "ls -la"})`, 'ls -la'],
    ['what follows a division', 'const half = 4 / 2; await tools.exec_command({cmd: "ls -la"}) / 1', 'ls -la'],
    ['what follows a text that is not closed', `const a = 'open\nawait tools.exec_command({cmd: "ls -la"})`, 'ls -la'],
  ];
  for (const [what, code, expected] of cases) it(`is read from ${what}`, () => assert.ok(textsOf(code).includes(expected), JSON.stringify(textsOf(code))));

  it('is not a patch, nor what stands under a key for something else', () => {
    const code = 'const patch = "*** Begin Patch\\n*** Add File: a.sh\\n+rm -rf /\\n*** End Patch";\nawait tools.apply_patch(patch);\nawait tools.exec_command({cmd: "ls", workdir: "/srv", justification: "look"})';
    assert.deepEqual(textsOf(code), ['ls']);
  });

  it('names the tools, and says when a name is hidden', () => {
    const read = (code: string): unknown => {
      const calls = readCodeCalls(code);
      return calls && [calls.names, calls.hidesNames];
    };
    assert.deepEqual(read('await tools.exec_command({}); tools["apply_patch"]("")'), [['exec_command', 'apply_patch'], false]);
    assert.deepEqual(read('await tools[name]({})'), [[], true]);
    assert.deepEqual(read('await tools[`${a}b`]({})'), [[], true]);
    assert.deepEqual(read('const { exec_command: run } = tools;'), [[], true]);
    assert.deepEqual(read('const run = tools.exec_command; run({})'), [['exec_command'], false]);
  });

  it('is nothing where no tool is called', () => {
    for (const code of ['', 'ls -la', 'const settings = { tools: ["a"] }', 'result.tools.length', 'toolset.run("ls")', '"tools.exec_command" // tools.exec']) assert.equal(readCodeCalls(code), undefined, code);
  });

  it('takes time that grows with the code, whatever the code', () => {
    const hostile: readonly ((n: number) => string)[] = [
      (n) => `tools.x;${'a = a + a;'.repeat(n)}`,
      (n) => `tools.x; let a = "${'x'.repeat(n)}";${'a = a + a;'.repeat(n)}`,
      (n) => `tools.x; let a = "x";${'a = `${a}${a}`;'.repeat(n)}`,
      (n) => `tools.x;${'"'.repeat(n)}`,
      (n) => `tools.x;${'`${a'.repeat(n)}`,
      (n) => `tools.x;${'/['.repeat(n)}`,
      (n) => `tools.x;${'['.repeat(n)}${'"a",'.repeat(n)}`,
      (n) => `tools.x;${'/*'.repeat(n)}`,
      (n) => `tools.x;${'a'.repeat(n)}/`.repeat(4),
    ];
    for (const make of hostile) {
      for (const n of [500, 2000]) {
        const code = make(n);
        const made = readCodeCalls(code)?.texts.reduce((sum, text) => sum + text.length, 0) ?? 0;
        assert.ok(made <= 8 * code.length + 16_384, `${code.slice(0, 40)}: ${made} characters of ${code.length}`);
      }
    }
  });
});
