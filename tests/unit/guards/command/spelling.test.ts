/** Texts that only come to be at run time, read as they would run. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodedInCode } from '../../../../src/guards/command/code.ts';
import { filterText, printedBy } from '../../../../src/guards/command/filters.ts';
import { judgeCommand } from '../../../../src/guards/command/judge.ts';
import { spelledOut } from '../../../../src/guards/command/powershell-spelling.ts';
import { walkCommand } from '../../../../src/guards/command/walk.ts';
import type { Language } from '../../../../src/guards/command/syntax.ts';

function programs(command: string, language: Language = 'posix'): string[] {
  const seen: string[] = [];
  walkCommand(command, language, (invocation) => seen.push([invocation.name, ...invocation.texts].join(' ')));
  return seen;
}

describe('filters of text', () => {
  for (const [name, texts, input, expected] of [
    ['rev', [], 'ab\ncd', 'ba\ndc'], ['tr', ['a-c', 'x-z'], 'abcd', 'xyzd'], ['tr', ['-d', 'x'], 'rxmx', 'rm'], ['tr', ['[:lower:]', '[:upper:]'], 'rm', 'RM'], ['tr', ['abc', 'x'], 'abc', 'xxx'], ['base64', ['-d'], 'cm0=', 'rm'], ['xxd', ['-r', '-p'], '726d', 'rm'],
    ['sed', ['s/x//g'], 'rxmx', 'rm'], ['sed', ['s|a|b|;s|b|c|'], 'a', 'c'], ['cut', ['-c', '2-3'], 'abcd', 'bc'], ['cut', ['-d,', '-f2'], 'a,b,c', 'b'], ['cat', [], 'a', 'a'],
    ['sed', ['s/[ab]//'], 'a', undefined], ['tr', ['-cd', 'a'], 'ab', undefined], ['base64', [], 'a', undefined], ['awk', ['1'], 'a', undefined],
  ] as const) {
    it(`${name} ${texts.join(' ')} of ${JSON.stringify(input)} is ${JSON.stringify(expected)}`, () => assert.equal(filterText(name, texts, input)?.text, expected));
  }
  it('print as echo and printf do', () => {
    assert.deepEqual(printedBy('echo', ['-n', 'a', 'b']), { text: 'a b', decoded: false });
    assert.deepEqual(printedBy('echo', ['-e', '\\x72m']), { text: 'rm', decoded: true });
    assert.deepEqual(printedBy('printf', ['%s-%s\\n', 'a', 'b', 'c', 'd']), { text: 'a-b\nc-d\n', decoded: false });
    assert.deepEqual(printedBy('printf', ['100%%']), { text: '100%', decoded: false });
  });
});

describe('a program spelt at run time', () => {
  for (const [command, expected] of [
    ["$(echo -n 'mr' | rev) x", 'rm x'], ['r${u}m${v} x', 'rm x'], ['IFS=,;c=rm,x;$c', 'rm x'], ["w='r m'; ${w// /} x", 'rm x'], ['t=RM; ${t,,} x', 'rm x'], ["bash <<< \"$(rev <<< 'x mr')\"", 'rm x'], ["bash <(printf 'rm x')", 'rm x'],
    ["perl -e 'system(pack(\"H*\",\"726d2078\"))'", 'rm x'], ["python3 -c \"__import__('os').system('x mr'[::-1])\"", 'rm x'], ["python3 -c \"import os;os.system('r'+'m x')\"", 'rm x'], ['ls /srv | xargs rm', 'rm /srv/*'], ["ls / | awk '{print \"/\"$1}' | xargs rm", 'rm /*'], ['ls -A | while read f; do rm -- "$f"; done', 'rm -- *'],
  ] as const) {
    it(`is ${expected} in: ${command}`, () => assert.ok(programs(command).includes(expected), programs(command).join('; ')));
  }
  it('is not guessed from what only running would tell', () => {
    assert.ok(programs('read x; rm -rf "$x"').includes('rm -rf $x'));
    assert.ok(programs('a=${1:-}; rm -rf $a/').includes('rm -rf $1/'));
  });
});

describe('a program beneath more wrappers', () => {
  for (const command of ["tmux new -d -s a 'rm x'", "tmux send-keys -t a 'rm x' Enter", "screen -dmS a sh -c 'rm x'", 'docker -H tcp://h run -v a:b img rm x', "npx -c 'rm x'", 'poetry run rm x', "nix-shell --run 'rm x'", 'aws-vault exec p -- rm x', "git bisect run rm x", "git submodule foreach 'rm x'", "ansible all -m shell -a 'rm x'", "pdsh -w h1,h2 'rm x'", 'cross-env A=b rm x', 'start-stop-daemon --start --exec rm -- x']) {
    it(`is seen: ${command}`, () => assert.equal(programs(command).at(-1), 'rm x'));
  }
});

describe('texts decoded in code', () => {
  for (const [code, expected] of [['String.fromCharCode(114,109,32,120)', 'rm x'], ['chr(114)+chr(109)+chr(32)+chr(120)', 'rm x'], ['["726d2078"].pack("H*")', 'rm x'], ['strrev("x mr")', 'rm x']] as const) {
    it(`are found in ${code}`, () => assert.ok(decodedInCode(code).includes(expected)));
  }
});

describe('PowerShell in pieces', () => {
  for (const [script, expected] of [
    ["'a'+'b'", "'ab'"], ["&('I'+'EX') x", ' IEX  x'], ["$a.('Down'+'loadString').Invoke('u')", "$a.DownloadString('u')"], ["'{1}{0}' -f 'X','IE'", "'IEX'"], ['[char]73+[char]88', "'IX'"], ["'xei'[-1..-3] -join ''", "'iex'"], ["'IzEzX'.Replace('z','')", "'IEX'"], ['I`EX', 'IEX'],
  ] as const) {
    it(`${script} is ${expected}`, () => assert.equal(spelledOut(script), expected));
  }
  it('is nothing when it is whole', () => assert.equal(spelledOut("Get-ChildItem 'a' | Remove-Item"), undefined));
});

describe('sets that cmd goes through', () => {
  for (const [command, expected] of [['for /d %i in (C:\\Users\\*) do rd /s /q "%i"', 'rd /s /q C:\\Users\\*'], ["for /f %i in ('dir /b C:\\') do rd /s /q C:\\%i", 'rd /s /q C:\\*'], ['set a=r& set b=d& %a%%b% x', 'rd x']] as const) {
    it(`are put in: ${command}`, () => assert.ok(programs(command, 'cmd').includes(expected), programs(command, 'cmd').join('; ')));
  }
});

describe('harmless spelling', () => {
  for (const command of ['echo hello | rev', 'python$V -m venv a', "IFS=, read -r a b <<< 'x,y'", 'VERSION=$(echo v1 | sed s/v//); echo $VERSION', 'node -e "console.log(String.fromCharCode(104,105,33))"']) {
    it(`is no finding: ${command}`, () => assert.deepEqual(judgeCommand(command, 'posix'), []));
  }
});
