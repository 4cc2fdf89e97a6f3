import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProgram, invocation } from '../../../src/connect/program.ts';

const there = (...paths: string[]) => (path: string): boolean => paths.includes(path);

test('a program is found on the PATH, in its order, and never in the current folder unasked', () => {
  const around = { env: { PATH: ':/a:/b' }, home: '/h', platform: 'linux' } as const;
  assert.equal(findProgram('claude', around, '/cwd', there('/b/claude', '/cwd/claude')), '/b/claude');
  assert.equal(findProgram('claude', around, '/cwd', there('/a/claude', '/b/claude')), '/a/claude');
  assert.equal(findProgram('claude', around, '/cwd', there('/cwd/claude')), undefined);
  assert.equal(findProgram('./app', around, '/cwd', there('/cwd/app')), '/cwd/app');
  assert.equal(findProgram('/x/app', around, '/cwd', there('/x/app')), '/x/app');
});

test('on Windows the endings of PATHEXT count, and not npm\'s script for other shells', () => {
  const around = { env: { Path: 'C:\\a;"C:\\b c"', PATHEXT: '.EXE;.CMD' }, home: 'C:\\h', platform: 'win32' } as const;
  assert.equal(findProgram('claude', around, 'C:\\cwd', there('C:\\b c\\claude', 'C:\\b c\\claude.CMD')), 'C:\\b c\\claude.CMD');
  assert.equal(findProgram('node.exe', around, 'C:\\cwd', there('C:\\a\\node.exe')), 'C:\\a\\node.exe');
});

test('a script of cmd.exe is started by it, with nothing in the arguments left for it to read', () => {
  const around = { env: { ComSpec: 'C:\\cmd.exe' }, platform: 'win32' } as const;
  assert.deepEqual(invocation('C:\\n\\codex.EXE', ['a b'], around), { file: 'C:\\n\\codex.EXE', args: ['a b'], verbatim: false });
  const { file, args, verbatim } = invocation('C:\\my n\\codex.CMD', ['-c', 'k=http://h/t', 'say "hi" & calc', '%PATH%', 'end\\'], around);
  assert.equal(file, 'C:\\cmd.exe');
  assert.equal(verbatim, true);
  assert.deepEqual(args.slice(0, 3), ['/d', '/s', '/c']);
  const line = args[3] ?? '';
  assert.ok(line.startsWith('""C:\\my n\\codex.CMD" '), line);
  // Both readings by cmd.exe take one caret away from each; what is left is quoted for the program.
  const read = (text: string): string => text.replace(/\^(.)/g, '$1');
  assert.equal(read(read(line.slice('""C:\\my n\\codex.CMD" '.length, -1))), '"-c" "k=http://h/t" "say \\"hi\\" & calc" "%PATH%" "end\\\\"');
  for (const twice of ['^^^&', '^^^%PATH^^^%', '^^^"']) assert.ok(line.includes(twice), `${twice} in ${line}`);
});

test('elsewhere a program is started as it is', () => {
  assert.deepEqual(invocation('/a/x.cmd', ['$HOME'], { env: {}, platform: 'linux' }), { file: '/a/x.cmd', args: ['$HOME'], verbatim: false });
});
