import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandsOf, hostsOf } from '../../../src/guards/call-input.ts';
import type { ToolCall } from '../../../src/guards/answer/answer-guard.ts';

const call = (name: string, input: unknown, isJson = true): ToolCall => ({ name, kind: 'function', input: typeof input === 'string' ? input : JSON.stringify(input), isJson });
const texts = (name: string, input: unknown, isJson?: boolean): string[] => commandsOf(call(name, input, isJson)).map(({ text }) => text);

describe('the commands of a call', () => {
  const cases: readonly (readonly [string, string, unknown, readonly string[]])[] = [
    ['one text', 'Bash', { command: 'rm -rf /', description: 'clean up' }, ['rm -rf /']],
    ['a list of words', 'shell', { command: ['bash', '-lc', 'rm -rf / && echo "done"'], workdir: '/tmp' }, [`bash -lc 'rm -rf / && echo "done"'`]],
    ['a word with quotes in it', 'shell', { command: ['sh', '-c', `echo 'a'`] }, [`sh -c 'echo '\\''a'\\'''`]],
    ['a list of commands', 'run_commands', { commands: ['ls', 'rm -rf ~'] }, ['ls', 'rm -rf ~']],
    ['a program and its arguments apart', 'execute_command', { command: 'rm', args: ['-rf', '/'] }, ['rm', '-rf /', 'rm -rf /']],
    ['what is typed into a running shell', 'write_stdin', { session_id: 's', chars: 'rm -rf /\n' }, ['rm -rf /\n']],
    ['calls within a call', 'multi_tool_use.parallel', { tool_uses: [{ recipient_name: 'functions.shell', parameters: { command: ['rm', '-rf', '/'] } }] }, ['rm -rf /']],
    ['every one of a key that comes twice', 'Bash', '{"command":"ls","command":"rm -rf /"}', ['ls', 'rm -rf /']],
    ['escapes', 'Bash', '{"command":"rm\\u0020-rf \\/"}', ['rm -rf /']],
    ['a field of another name, where no command is', 'shell', { request: 'rm -rf /', cwd: '/tmp' }, ['rm -rf /']],
    ['a text that should be JSON and is not', 'Bash', '{"command": "rm -rf /', ['rm -rf /']],
    ['code, also as the interpreter is given it', 'execute_python', { code: 'import os' }, [`python3 -c 'import os'`, 'import os']],
    ['JSON in JSON', 'exec', { arguments: '{"cmd":"rm -rf /"}' }, ['rm -rf /']],
  ];
  for (const [what, name, input, expected] of cases) it(`are read from ${what}`, () => assert.deepEqual(texts(name, input), expected));

  it('are the whole input of a tool that takes plain text', () => assert.deepEqual(texts('exec', 'rm -rf /', false), ['rm -rf /']));

  it('name the shell where the tool does', () => {
    const shells = ['Bash', 'PowerShell', 'pwsh', 'run_in_terminal'].map((name) => commandsOf(call(name, { command: 'x' }))[0]?.shell);
    assert.deepEqual(shells, ['posix', 'powershell', 'powershell', 'unknown']);
  });
});

describe('the hosts of a call', () => {
  it('are those of every address in its input, and of fields that hold a bare one', () => {
    assert.deepEqual(hostsOf(call('fetch', { url: 'https://A.example:8443/x', body: 'see http://b.example/' })).sort(), ['a.example', 'b.example']);
    assert.deepEqual(hostsOf(call('fetch', { url: 'c.example/path' })), ['c.example']);
    assert.deepEqual(hostsOf(call('fetch', { note: 'no address here' })), []);
  });
});
