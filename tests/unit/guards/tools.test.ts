import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handsOn, toolUse } from '../../../src/guards/tools.ts';
import type { DeclaredTools } from '../../../src/wire/tool-declarations.ts';

describe('what a tool may do', () => {
  const runs = ['Bash', 'bash', 'shell', 'exec_command', 'container.exec', 'run_terminal_cmd', 'run_in_terminal', 'execute_command', 'run_shell_command', 'builtin_run_terminal_command', 'local_shell', 'write_stdin', 'execute_python', 'mcp__desktop__run_command', 'PowerShell', 'multi_tool_use.parallel'];
  const reaches = ['WebFetch', 'web_fetch', 'browser_navigate', 'http_request', 'fetch', 'open_url', 'upload_file'];
  const neither = ['Read', 'Write', 'Edit', 'MultiEdit', 'str_replace_based_edit_tool', 'apply_patch', 'Grep', 'Glob', 'TodoWrite', 'list_files', 'write_script', 'edit_command', 'search_code', 'create_request_file'];

  for (const name of runs) it(`${name} runs what it is given`, () => assert.equal(toolUse(name, 'function', undefined).runs, true));
  for (const name of reaches) it(`${name} reaches the network`, () => assert.deepEqual(toolUse(name, 'function', undefined), { runs: false, reaches: true }));
  for (const name of neither) it(`${name} does neither`, () => assert.deepEqual(toolUse(name, 'function', undefined), { runs: false, reaches: false }));

  it('is for the inner tool to say where a tool only hands on', () => {
    for (const name of ['tool_call', 'call_tool', 'use_mcp_tool', 'invokeTool', 'mcp__hub__call_tool']) assert.equal(handsOn(name), true, name);
    for (const name of ['tool_search', 'Bash', 'call_person', 'use_case', 'toolbox']) assert.equal(handsOn(name), false, name);
  });

  it('is told by the kind of call where that says enough', () => {
    assert.equal(toolUse('', 'local_shell', undefined).runs, true);
    assert.equal(toolUse('anything', 'shell', undefined).runs, true);
  });

  it('is told by what the request declares, whatever the name', () => {
    const declarations: DeclaredTools = { takesCommand: (name) => name === 'edit_machine', takesAddress: (name) => name === 'look_up' };
    assert.equal(toolUse('edit_machine', 'function', declarations).runs, true);
    assert.equal(toolUse('look_up', 'function', declarations).reaches, true);
    assert.equal(toolUse('other', 'function', declarations).runs, false);
  });
});
