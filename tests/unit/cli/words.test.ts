import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../src/cli/command.ts';
import { nearest } from '../../../src/cli/nearest.ts';
import { noArgument, onlyArgument, parseOptions } from '../../../src/cli/options.ts';
import { columns, createStyle, printable } from '../../../src/cli/style.ts';
import { readTokenName } from '../../../src/cli/tokens/token-name.ts';
import { gatewayBase, localBase } from '../../../src/cli/tokens/address.ts';
import { memoryIo } from '../../support/command-io.ts';

const COMMANDS = ['serve', 'register', 'tokens', 'lookup', 'unregister', 'scan', 'policy', 'run'];

test('a slip of the finger leads to the word that was meant', () => {
  for (const [typo, meant] of [
    ['srve', 'serve'], ['sevre', 'serve'], ['regsiter', 'register'], ['unregster', 'unregister'], ['token', 'tokens'], ['TOKENS', 'tokens'], ['lokup', 'lookup'],
    ['rn', 'run'], ['scam', 'scan'], ['reg', 'register'], ['unreg', 'unregister'],
  ] as const) assert.equal(nearest(typo, COMMANDS), meant, typo);
});

test('what is near to none leads nowhere', () => {
  for (const word of ['', 'x', 'zz', 'install', 'r'.repeat(100_000), 'ab']) assert.equal(nearest(word, COMMANDS), undefined, word.slice(0, 20));
});

test('options at fault are named, with the one that was meant', () => {
  const options = { level: { type: 'string' }, json: { type: 'boolean' } } as const;
  const parse = (...args: string[]): unknown => parseOptions(args, options).values;
  assert.deepEqual({ ...(parse('--json', '--level', 'low') as object) }, { json: true, level: 'low' });
  assert.throws(() => parse('--levle', 'low'), /there is no option --levle; did you mean --level\?/);
  assert.throws(() => parse('--unheard-of'), /^CallError: there is no option --unheard-of$/);
  assert.throws(() => parse('-x'), /there is no option -x/);
  assert.throws(() => parse('--level'), /--level needs a value/);
  assert.throws(() => parse('--level', '--json'), /--level needs a value/);
  assert.throws(() => parse('--json=1'), /--json takes no value/);
  for (const wrong of [['--level'], ['--nope'], ['--json=1']]) assert.throws(() => parse(...wrong), UsageError);
});

test('arguments are counted', () => {
  assert.equal(onlyArgument(['a'], 'NAME'), 'a');
  assert.throws(() => onlyArgument([], 'NAME'), /NAME is missing/);
  assert.throws(() => onlyArgument([''], 'NAME'), /NAME is missing/);
  assert.throws(() => onlyArgument(['a', 'b'], 'NAME'), /"b" is one too many/);
  noArgument([]);
  assert.throws(() => noArgument(['a']), /"a" is not taken here/);
});

test('there are colours on a terminal alone, and not where NO_COLOR says so', () => {
  const painted = (env: Record<string, string>, terminal: boolean): string => {
    const io = memoryIo({ env, terminal });
    return createStyle(io.stdout, io.env).bad('x');
  };
  assert.equal(painted({}, true), '\x1b[31mx\x1b[39m');
  assert.equal(painted({}, false), 'x');
  assert.equal(painted({ NO_COLOR: '1' }, true), 'x');
  assert.equal(painted({ NO_COLOR: '' }, true), '\x1b[31mx\x1b[39m');
  assert.equal(painted({ TERM: 'dumb' }, true), 'x');
});

test('columns are as wide as their widest cell, with nothing behind the last', () => {
  assert.equal(columns([['A', 'BB', 'C'], ['aaa', 'b', '']]), 'A    BB  C\naaa  b\n');
  assert.equal(columns([]), '');
});

test('text from elsewhere can\'t move the cursor, nor turn its own direction', () => {
  assert.equal(printable('a\x1b[31mb\r\nc\u202ed\u2028e 令牌'), 'a·[31mb··c·d·e 令牌');
});

test('a token is named by itself, its fingerprint, its base URL or its upstream', () => {
  assert.deepEqual(readTokenName('https://api.anthropic.com/v1'), { upstreamBase: 'https://api.anthropic.com/v1' });
  assert.deepEqual(readTokenName('Ab3k9Qx7'), { token: 'Ab3k9Qx7' });
  assert.deepEqual(readTokenName('Ab3k9Qx7__passthrough'), { token: 'Ab3k9Qx7' });
  assert.deepEqual(readTokenName('http://127.0.0.1:18080/v1/__gw__/t/Ab3k9Qx7/'), { token: 'Ab3k9Qx7' });
  assert.deepEqual(readTokenName('https://gw.example.com/v1/__gw__/t/Ab3k9Qx7__redact/messages?x=1'), { token: 'Ab3k9Qx7' });
});

test('the gateway of the settings is called by an address that leads to it', () => {
  assert.equal(localBase({ host: '127.0.0.1', port: 18080 }), 'http://127.0.0.1:18080');
  assert.equal(localBase({ host: '0.0.0.0', port: 1 }), 'http://127.0.0.1:1');
  assert.equal(localBase({ host: '::', port: 1 }), 'http://[::1]:1');
  assert.equal(localBase({ host: 'fd00::5', port: 1 }), 'http://[fd00::5]:1');
  assert.throws(() => gatewayBase({ host: '127.0.0.1', port: 0 }, undefined), /AEGIS_PORT is 0.*--url/);
  assert.equal(gatewayBase({ host: '127.0.0.1', port: 0 }, 'https://gw.example.com/below/'), 'https://gw.example.com/below');
  for (const url of ['gw.example.com', 'ftp://x', 'http://u:p@x', 'http://x/?a', 'http://x#', '']) {
    assert.throws(() => gatewayBase({ host: '127.0.0.1', port: 1 }, url), UsageError, url);
  }
});
