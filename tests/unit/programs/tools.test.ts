// Calls in the tool vocabularies of real agents, as their requests declare them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandCall, readCall, writeCall } from '../../../scripts/programs/tools.ts';
import type { MockTool } from '../../support/mock-conversation.ts';

const text = { type: 'string' };
const tool = (name: string, properties: object, required: string[] = Object.keys(properties)): MockTool => ({ name, schema: { type: 'object', properties, required } });
const EXEC: MockTool = { name: 'exec', schema: {}, freeform: 'declare const tools: { exec_command(args: {\n  cmd: string;\n}): Promise<{}>; };\ndeclare const tools: { apply_patch(input: string): Promise<unknown>; };' };

describe('a call that runs a command', () => {
  const cases: readonly (readonly [string, MockTool, unknown])[] = [
    ['Claude Code', tool('Bash', { command: text, description: text, timeout: { type: 'number' } }, ['command']), { command: 'ls' }],
    ['Codex, a function', tool('exec_command', { cmd: text, workdir: text }, ['cmd']), { cmd: 'ls' }],
    ['a list of words', tool('shell', { command: { type: 'array', items: text } }), { command: ['bash', '-lc', 'ls'] }],
    ['Cline', tool('run_commands', { commands: { type: 'array', items: text } }), { commands: ['ls'] }],
    ['Qwen Code', tool('run_shell_command', { command: text, is_background: { type: 'boolean' } }), { command: 'ls', is_background: false }],
    ['Gemini, types in capitals', tool('run_shell_command', { command: { type: 'STRING' }, description: { type: 'STRING' } }), { command: 'ls', description: 'A check of the gateway' }],
  ];
  for (const [name, declared, expected] of cases) {
    it(`fits ${name}`, () => assert.deepEqual(JSON.parse(commandCall([tool('write_stdin', { chars: text }), declared], 'ls')?.input ?? 'null'), expected));
  }

  it('is code where the tool takes code', () => {
    assert.deepEqual(commandCall([EXEC], 'ls'), { name: 'exec', input: 'const result = await tools.exec_command({"cmd":"ls"});\ntext(result.output ?? result);\n', freeform: true });
  });

  it('is none where no tool runs commands', () => assert.equal(commandCall([tool('read_file', { path: text }), tool('process', { command: text })], 'ls'), undefined));
});

describe('a call that reads or writes a file', () => {
  it('fits the tools that read', () => {
    assert.deepEqual(JSON.parse(readCall([tool('Read', { file_path: text, limit: { type: 'number' } }, ['file_path'])], '/a')?.input ?? ''), { file_path: '/a' });
    assert.deepEqual(JSON.parse(readCall([tool('read_files', { files: { type: 'array', items: { type: 'object', properties: { path: text } } } })], '/a')?.input ?? ''), { files: [{ path: '/a' }] });
    assert.equal(readCall([tool('list_mcp_resources', { path: text })], '/a'), undefined);
  });

  it('fits the tools that write, and those that patch', () => {
    const patch = '*** Begin Patch\n*** Add File: /a\n+x\n*** End Patch';
    assert.deepEqual(JSON.parse(writeCall([tool('write', { filePath: text, content: text })], '/a', 'x')?.input ?? ''), { filePath: '/a', content: 'x' });
    assert.deepEqual(JSON.parse(writeCall([tool('editor', { path: text, old_text: text, new_text: text }, ['path', 'new_text'])], '/a', 'x')?.input ?? ''), { path: '/a', new_text: 'x' });
    assert.deepEqual(JSON.parse(writeCall([tool('apply_patch', { patchText: text })], '/a', 'x')?.input ?? ''), { patchText: patch });
    assert.deepEqual(writeCall([{ name: 'apply_patch', schema: {}, freeform: 'patches' }], '/a', 'x'), { name: 'apply_patch', input: patch, freeform: true });
    assert.match(writeCall([EXEC], '/a', 'x')?.input ?? '', /^const result = await tools\.apply_patch\("\*\*\* Begin Patch\\n/);
    assert.equal(writeCall([tool('Bash', { command: text })], '/a', 'x'), undefined);
  });
});
