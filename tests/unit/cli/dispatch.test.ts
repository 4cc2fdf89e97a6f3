import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallError, UsageError, type Command } from '../../../src/cli/command.ts';
import { dispatch, overview } from '../../../src/cli/dispatch.ts';
import { ConfigError } from '../../../src/config.ts';
import { memoryIo } from '../../support/command-io.ts';

function command(name: string, run: Command['run']): Command {
  return { name, summary: `what ${name} does`, help: `Usage: aegisgate ${name}\n`, run };
}

const told: (readonly string[])[] = [];
const COMMANDS = [
  command('works', (args) => {
    told.push(args);
    return 0;
  }),
  command('finds', () => Promise.resolve(1)),
  command('wrong', () => {
    throw new UsageError('what is wrong');
  }),
  command('called', () => {
    throw new CallError('X is missing');
  }),
  command('settings', () => Promise.reject(new ConfigError(['AEGIS_A: first', 'AEGIS_B: second']))),
  command('broken', () => {
    throw new TypeError('a fault of ours');
  }),
];

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = memoryIo();
  const code = await dispatch(args, io, COMMANDS);
  return { code, out: io.out(), err: io.err() };
}

test('a command gets what follows its name, and its exit code is handed on', async () => {
  told.length = 0;
  assert.deepEqual(await run('works', '--a', 'b'), { code: 0, out: '', err: '' });
  assert.deepEqual(told, [['--a', 'b']]);
  assert.equal((await run('finds')).code, 1);
});

test('what stands behind "--" is not asked for help', async () => {
  told.length = 0;
  assert.equal((await run('works', '--', '--help')).out, '');
  assert.deepEqual(told, [['--', '--help']]);
});

test('help is printed where it was asked for; without a command it is exit code 2', async () => {
  for (const args of [['help'], ['--help'], ['-h']]) assert.deepEqual(await run(...args), { code: 0, out: overview(COMMANDS), err: '' });
  assert.deepEqual(await run(), { code: 2, out: '', err: overview(COMMANDS) });
  const { commands } = JSON.parse((await run('help', '--json')).out) as { commands: { name: string }[] };
  assert.deepEqual(commands.map(({ name }) => name), COMMANDS.map(({ name }) => name));
  assert.equal((JSON.parse((await run('help', 'works', '--json')).out) as { commands: { help: string }[] }).commands[0]?.help, 'Usage: aegisgate works\n');
});

test('the version is the package\'s', async () => {
  assert.match((await run('--version')).out, /^aegisgate \d+\.\d+\.\d+\n$/);
  assert.deepEqual(Object.keys(JSON.parse((await run('--version', '--json')).out) as object), ['version', 'node']);
});

test('an unknown command is exit code 2 and says which one is nearest', async () => {
  const typo = await run('wroks');
  assert.equal(typo.code, 2);
  assert.match(typo.err, /^aegisgate: there is no command "wroks"; did you mean works\? "aegisgate help" lists the commands\n$/);
  assert.match((await run('help', 'fnids')).err, /did you mean finds\?/);
  assert.doesNotMatch((await run('entirely-different')).err, /did you mean/);
  assert.match((await run('--nothing')).err, /no option "--nothing"/);
});

test('what the user can mend is told in lines without a stack; what is ours to mend is not swallowed', async () => {
  assert.deepEqual(await run('wrong'), { code: 2, out: '', err: 'aegisgate: what is wrong\n' });
  assert.deepEqual(await run('called'), { code: 2, out: '', err: 'aegisgate: X is missing\naegisgate help called tells how it is called\n' });
  assert.deepEqual(await run('settings'), { code: 2, out: '', err: 'aegisgate: AEGIS_A: first\naegisgate: AEGIS_B: second\n' });
  await assert.rejects(run('broken'), TypeError);
});
