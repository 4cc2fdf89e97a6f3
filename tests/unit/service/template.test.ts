import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillTemplate, powershellLiteral, systemdCommand, systemdLine, systemdPattern, systemdWord, windowsArgument, xmlText } from '../../../src/service/template.ts';

/** Names of folders that somebody may well have, and some that nobody should. */
const HOSTILE = ['plain', 'with space', '100%', '%h%%n', 'quo"te', "apo'strophe", 'back\\slash', '$HOME', '${X} $$', '[a]*?', 'a&b<c>d', '漢字 ü', '; rm -rf ~', '`id`', '#hash', '-dash', '‘typo’', '\\"', 'end\\'];

test('a word of a unit: quotes and backslashes are escaped, percent signs doubled', () => {
  const expected: Readonly<Record<string, string>> = {
    plain: '"plain"', 'with space': '"with space"', '100%': '"100%%"', '%h%%n': '"%%h%%%%n"', 'quo"te': '"quo\\"te"', "apo'strophe": '"apo\'strophe"',
    'back\\slash': '"back\\\\slash"', $HOME: '"$HOME"', 'end\\': '"end\\\\"', '\\"': '"\\\\\\""', '#hash': '"#hash"',
  };
  for (const [given, wanted] of Object.entries(expected)) assert.equal(systemdWord(given), wanted);
});

test('a word of a unit reads back as it was', () => {
  for (const name of HOSTILE) {
    const [, inner = ''] = /^"(.*)"$/.exec(systemdWord(name)) ?? [];
    assert.equal(inner.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%'), name);
    assert.doesNotMatch(inner, /(?<!\\)(?:\\\\)*"/, 'no quote ends it before its end');
  }
});

test('a path that takes a line keeps all but its percent signs, and a pattern loses its meaning', () => {
  assert.equal(systemdLine('/a b"\'$%h'), '/a b"\'$%%h');
  assert.equal(systemdPattern('/a b"$%h[1]*?\\x'), '/a b"$%%h\\[1\\]\\*\\?\\\\x');
});

test('a command looks for no variables where a path has a dollar sign', () => {
  assert.equal(systemdCommand(['/usr/bin/node', '/opt/a b/server.js']), '"/usr/bin/node" "/opt/a b/server.js"');
  assert.equal(systemdCommand(['/usr/bin/node', '/opt/$a/server.js']), ':"/usr/bin/node" "/opt/$a/server.js"');
});

test('text of XML reads back as it was, and holds no markup', () => {
  for (const name of HOSTILE) {
    const text = xmlText(name);
    assert.doesNotMatch(text, /[<>]|&(?!(?:amp|lt|gt);)/);
    assert.equal(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'), name);
  }
});

test('a literal of PowerShell doubles every kind of quote that would end it', () => {
  assert.equal(powershellLiteral("C:\\it's $env:X `n \"q\""), "'C:\\it''s $env:X `n \"q\"'");
  assert.equal(powershellLiteral('\u2018a\u2019\u201ab\u201b'), "'\u2018\u2018a\u2019\u2019\u201a\u201ab\u201b\u201b'");
  for (const name of HOSTILE) {
    const inner = powershellLiteral(name).slice(1, -1);
    assert.equal(inner.replaceAll(/(['\u2018-\u201b])\1/g, '$1'), name);
    assert.doesNotMatch(inner.replaceAll(/(['\u2018-\u201b])\1/g, ''), /['\u2018-\u201b]/);
  }
});

/** The rules by which the C runtime of Windows takes a command line apart. */
function takenApart(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let i = 0; i < line.length; ) {
    const [slashes = ''] = /^\\*/.exec(line.slice(i)) ?? [];
    i += slashes.length;
    const next = line[i];
    if (next === '"') {
      word = (word ?? '') + '\\'.repeat(Math.floor(slashes.length / 2));
      if (slashes.length % 2 === 1) word += '"';
      else quoted = !quoted;
      i++;
      continue;
    }
    if (slashes !== '') word = (word ?? '') + slashes;
    if (next === undefined) break;
    if (!quoted && next === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + next;
    }
    i++;
  }
  if (word !== undefined) words.push(word);
  return words;
}

test('arguments of a Windows command line come out as they went in', () => {
  assert.equal(windowsArgument('C:\\Program Files\\x.js'), '"C:\\Program Files\\x.js"');
  assert.equal(windowsArgument('C:\\a b\\'), '"C:\\a b\\\\"');
  assert.deepEqual(takenApart(HOSTILE.map(windowsArgument).join(' ')), HOSTILE);
});

test('a template and its values can not drift apart', () => {
  assert.throws(() => fillTemplate('windows-task.ps1', {}), /windows-task\.ps1 has a placeholder NAME that nothing fills/);
  const values = { NAME: 'n', SYSTEM: 's', ARGUMENTS: 'a', STATE: 't', DO: 'Show' };
  assert.doesNotMatch(fillTemplate('windows-task.ps1', values), /@[A-Z_]+@/);
  assert.throws(() => fillTemplate('windows-task.ps1', { ...values, MORE: 'x' }), /has no placeholder MORE/);
});

test('a value that looks like a placeholder is no placeholder', () => {
  const text = fillTemplate('windows-task.ps1', { NAME: '@STATE@', SYSTEM: 's', ARGUMENTS: 'a', STATE: 't', DO: 'Show' });
  assert.ok(text.includes('$name = @STATE@'));
});
