/** Which programs a command runs, as the parsers and the walk see them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { walkCommand } from '../../../../src/guards/command/walk.ts';
import type { Language } from '../../../../src/guards/command/syntax.ts';

function programs(command: string, language: Language = 'posix'): string[] {
  const seen: string[] = [];
  walkCommand(command, language, (invocation) => {
    if (invocation.name !== '<script>') seen.push([invocation.name, ...invocation.texts].join(' '));
  });
  return seen;
}

/** The last program that runs: what is left beneath wrappers. */
function innermost(command: string, language: Language = 'posix'): string | undefined {
  return programs(command, language).at(-1);
}

const CASES: readonly (readonly [string, string])[] = [
  ["r''m -rf /", 'rm -rf /'], ['\\rm x', 'rm x'], ['"r"m x', 'rm x'], ['/bin/rm x', 'rm x'], ["$'\\x72m' x", 'rm x'], ['X=rm; $X x', 'rm x'], ['rm$IFS-rf${IFS}x', 'rm -rf x'], ['{rm,-rf,x}', 'rm -rf x'],
  ['X=a; rm "$X"b', 'rm ab'], ['rm ${X:-/}', 'rm /'], ['rm ${HOME:0:1}', 'rm /'], ['rm "$HOME/x"', 'rm $HOME/x'], ["rm 'a b' c\\ d", 'rm a b c d'], ['rm a\\\nb', 'rm ab'], ['$(echo rm) x', 'rm x'], ['`echo rm` x', 'rm x'],
  ['sudo -u root -- rm x', 'rm x'], ['env A=b rm x', 'rm x'], ['nohup nice -n 5 timeout -s KILL 5 rm x', 'rm x'], ['A=b C=d rm x', 'rm x'], ['time ! rm x', 'rm x'], ['xargs -n 1 rm x < f', 'rm x'], ['find a -exec rm {} \\;', 'rm a/*'],
  ['ssh -p 22 h rm x', 'rm x'], ["ssh h 'cd a; rm x'", 'rm x'], ['docker run --rm -v a:b -it img rm x', 'rm x'], ['docker compose exec -T web rm x', 'rm x'], ['kubectl exec -it p -- rm x', 'rm x'], ["su - bob -c 'rm x'", 'rm x'], ["watch -n 1 'rm x'", 'rm x'],
  ["bash -lc 'rm x'", 'rm x'], ["sh -c 'rm \"$1\"' _ x", 'rm x'], ["sh -c \"sh -c 'rm x'\"", 'rm x'], ["eval 'rm' x", 'rm x'], ["bash <<< 'rm x'", 'rm x'], ["python3 -c \"import os; os.system('rm x')\"", 'rm x'], ["python3 -c \"import subprocess; subprocess.run(['rm', 'x'])\"", 'rm x'], ["node -e \"require('child_process').spawn('rm', ['x'])\"", 'rm x'],
  ["perl -e 'system(\"rm x\")'", 'rm x'], ["ruby -e '`rm x`'", 'rm x'], ["trap 'rm x' EXIT", 'rm x'], ['cmd /c rd x', 'rd x'], ['busybox rm x', 'rm x'],
  ['if a; then rm x; fi', 'rm x'], ['for i in 1 2; do rm $i; done', 'rm 1 2'], ['while a; do rm x; done', 'rm x'], ['case a in b) c;; *) rm x;; esac', 'rm x'], ['{ a; rm x; }', 'rm x'], ['(a; rm x)', 'rm x'], ['f() { rm x; }', 'rm x'], ['a <(rm x) | b', 'b'],
];

describe('the program beneath', () => {
  for (const [command, expected] of CASES) it(`is ${expected} in: ${command.replaceAll('\n', '⏎')}`, () => assert.equal(innermost(command), expected));
});

describe('PowerShell', () => {
  for (const [command, expected] of [
    ['ri x -Recurse', 'remove-item x -Recurse'], ["& ('Remove'+'-Item') x", 'remove-item x'], ['I`E`X x', 'invoke-expression x'], ["$a = 'x'; ri $a", 'remove-item x'], ['gci | % { ri x }', 'foreach-object {}'], ['if (Test-Path a) { ri x }', 'remove-item x'], ['ri x # y', 'remove-item x'], ["ri @'\nx\n'@", 'remove-item x'],
    ['iex "ri x"', 'remove-item x'], ['powershell -enc cgBpACAAeAA=', 'remove-item x'],
  ] as const) {
    it(`sees ${expected} in: ${command.replaceAll('\n', '⏎')}`, () => assert.ok(programs(command, 'powershell').includes(expected), programs(command, 'powershell').join('; ')));
  }
  it('runs script blocks and the right side of assignments', () => {
    assert.ok(programs('gci | % { ri x }', 'powershell').includes('remove-item x'));
    assert.ok(programs('$a = ri x', 'powershell').includes('remove-item x'));
  });
});

describe('cmd', () => {
  for (const [command, expected] of [
    ['del/f/s/q x', 'del /f /s /q x'], ['d^el x', 'del x'], ['@del x', 'del x'], ['if exist x del x', 'del x'], ['for %i in (a b) do del x', 'del x'], ['set A=del& %A% x', 'del x'], ['a && (b & del x)', 'del x'], ['del "a b"', 'del a b'], ['cmd /c "del x"', 'del x'],
  ] as const) {
    it(`sees ${expected} in: ${command}`, () => assert.equal(innermost(command, 'cmd'), expected));
  }
});

describe('what flows into a program', () => {
  it('are the stages before it', () => {
    const feeds: string[] = [];
    walkCommand('a | b | c', 'posix', (invocation) => feeds.push(`${invocation.feeds.map((feed) => feed.name).join(',')}>${invocation.name}`));
    assert.deepEqual(feeds, ['>a', 'a>b', 'b>c']);
  });
  it('is the text of a here-document, with its expansions unless its delimiter is quoted', () => {
    const texts: string[] = [];
    for (const delimiter of ['E', "'E'"]) {
      walkCommand(`X=1; cat <<${delimiter}\na $X\nE\nls`, 'posix', (invocation) => {
        if (invocation.name === 'cat') texts.push(invocation.redirects[0]?.target.text ?? '');
      });
    }
    assert.deepEqual(texts, ['a 1\n', 'a $X\n']);
  });
});
