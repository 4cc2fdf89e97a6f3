import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { UsageError } from '../../../src/cli/command.ts';
import { confirmed } from '../../../src/connect/prompt.ts';
import { memoryIo } from '../../support/command-io.ts';

function terminal(typed: string): ReturnType<typeof memoryIo> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(typed);
  return { ...memoryIo(), stdin };
}

test('only a yes is one', async () => {
  for (const yes of ['y\n', 'Y\n', 'yes\n', ' yes \n']) assert.equal(await confirmed('Write this?', terminal(yes)), true, yes);
  for (const no of ['\n', 'n\n', 'no\n', 'yess\n', 'maybe y\n']) assert.equal(await confirmed('Write this?', terminal(no)), false, no);
});

test('without a terminal nobody is asked', async () => {
  await assert.rejects(confirmed('Write this?', memoryIo()), UsageError);
});
