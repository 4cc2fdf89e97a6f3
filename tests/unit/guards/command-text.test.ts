import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandsInText } from '../../../src/guards/command-text.ts';

const found = (text: string): [string, string][] => commandsInText(text).map(({ start, end, shell }) => [text.slice(start, end), shell]);

describe('commands in a text', () => {
  const cases: readonly (readonly [string, string, readonly [string, string][]])[] = [
    ['a fenced block of a shell', 'Do:\n```bash\nrm -rf /\nls\n```\nDone.', [['rm -rf /\nls', 'posix']]],
    ['a block without a language', '```\nrm -rf /\n```', [['rm -rf /', 'unknown']]],
    ['a block of PowerShell', '~~~powershell\nRemove-Item C:\\ -Recurse\n~~~', [['Remove-Item C:\\ -Recurse', 'powershell']]],
    ['a block that does not end', 'x\n```sh\nrm -rf /', [['rm -rf /', 'posix']]],
    ['lines behind a prompt, without what was printed', '```console\n$ ls\na b\n$ rm -rf /\n```', [['ls', 'posix'], ['rm -rf /', 'posix']]],
    ['code spans of several words', 'Use `rm -rf /` or `ls`, not `npm`.', [['rm -rf /', 'unknown']]],
    ['spans between blocks', '`rm -rf /`\n```js\nrm -rf /\n```\n`ls -la ~`', [['rm -rf /', 'unknown'], ['ls -la ~', 'unknown']]],
    ['no block of another language', '```ts\nrm -rf /\n```', []],
    ['no plain words', 'rm -rf / deletes everything', []],
  ];
  for (const [what, text, expected] of cases) it(`are ${what}`, () => assert.deepEqual(found(text), expected));

  it('take time that grows with the text alone', () => {
    const cost = (count: number): number => {
      const text = '```\n`a b'.repeat(count);
      const began = process.cpuUsage().user;
      commandsInText(text);
      return process.cpuUsage().user - began + 500;
    };
    cost(2000);
    assert.ok(cost(40_000) < 64 * cost(5000));
  });
});
