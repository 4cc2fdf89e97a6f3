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

  for (const piece of ['```\n', '```sh\n', '```\n\n```\n', '~~~\n', '`a b` ', '$ ', '```\n# x\n```\n`a b` c\n']) {
    it(`take time that grows with the number of blocks, not with its square: ${JSON.stringify(piece)}`, () => {
      const cost = (chars: number): number => {
        const text = piece.repeat(chars / piece.length);
        let best = Infinity;
        for (let round = 0; round < 3; round++) {
          const began = process.cpuUsage().user;
          commandsInText(text);
          best = Math.min(best, process.cpuUsage().user - began);
        }
        return best + 3000;
      };
      // Sixteen times the text; the square would be 256 times, and several seconds.
      assert.ok(cost(256_000) < 60 * cost(16_000));
    });
  }

  it('are the same whatever stands behind them', () => {
    for (const text of ['```sh\n$ ls\n```\n$ rm x\n`a b`', '````\nx y\n````` `a b`', '```\n$ a\n# b\n```', '`a b```\n`c d`']) {
      const alone = found(text);
      assert.deepEqual(found(text + '\n\n```js\n$ not this\n```\n').slice(0, alone.length), alone);
    }
  });
});
