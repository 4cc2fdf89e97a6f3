import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../src/cli/command.ts';
import { dispatch, overview } from '../../../src/cli/dispatch.ts';
import { COMMANDS } from '../../../src/cli/index.ts';
import { UnknownOptionError } from '../../../src/cli/options.ts';
import { memoryIo } from '../../support/command-io.ts';

/** A screen of 24 × 80, of which the last line is the prompt's. */
function assertFits(text: string, what: string): void {
  assert.ok(text.endsWith('\n'), what);
  const lines = text.trimEnd().split('\n');
  assert.ok(lines.length <= 23, `${what}: ${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, `${what}: ${JSON.stringify(line)} has ${line.length} characters`);
}

test('the list of commands fits a screen and names each with its summary', () => {
  const text = overview(COMMANDS);
  assertFits(text, 'overview');
  for (const { name, summary } of COMMANDS) assert.ok(text.includes(`  ${name.padEnd(12)}${summary}\n`), name);
});

test('no name and no summary stands twice', () => {
  assert.equal(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length);
  assert.equal(new Set(COMMANDS.map(({ summary }) => summary)).size, COMMANDS.length);
});

for (const command of COMMANDS) {
  test(`help of ${command.name} fits a screen and begins with how it is called`, () => {
    assertFits(command.help, command.name);
    assert.ok(command.help.startsWith(`Usage: aegisgate ${command.name}`));
    assert.match(command.help, /--json/, 'each command prints for programs');
    assert.match(command.help, /Exit code/i);
  });

  test(`help of ${command.name} names each option that it takes, and no other`, async () => {
    const named = new Set([...command.help.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)].map(([, name = '']) => name));
    assert.ok(named.delete('help'));
    // Of other programs, in examples.
    for (const name of foreign[command.name] ?? []) assert.ok(named.delete(name), name);
    let known: readonly string[] | undefined;
    try {
      await command.run(['--no-such-option'], memoryIo());
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
      if (error instanceof UnknownOptionError) known = error.known;
    }
    assert.deepEqual([...named].sort(), [...(known ?? [])].sort());
  });

  test(`help of ${command.name} is had in three ways`, async () => {
    for (const args of [['help', command.name], [command.name, '--help'], [command.name, '-h']]) {
      const io = memoryIo();
      assert.equal(await dispatch(args, io, COMMANDS), 0);
      assert.equal(io.out(), command.help);
      assert.equal(io.err(), '');
    }
  });
}

const foreign: Readonly<Record<string, readonly string[]>> = { scan: ['cached', 'name-only', 'diff-filter'] };
