// Files made to be slow: four times the size may cost some four times the work, not sixteen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileFormat } from '../../../src/connect/client.ts';
import { EDITORS } from '../../../src/connect/edit/editor.ts';

const SIZE = 20_000;
/** Sixteen would be the square. */
const MAX_RATIO = 11;
const NOTICEABLE_MS = 4;

const HOSTILE: Readonly<Record<string, readonly [format: FileFormat, text: (n: number) => string]>> = {
  'open brackets in a list': ['json', (n) => `{"a": [${'1,'.repeat(n)}1]}`],
  'a text of backslashes': ['json', (n) => `{"a": "${'\\\\'.repeat(n)}"}`],
  'comments that never end a line': ['jsonc', (n) => `{${'/**/'.repeat(n)}}`],
  'members on one line': ['json5', (n) => `{${Array.from({ length: n }, (_, i) => `k${i}:1`).join(',')}}`],
  'a text that does not end': ['json', (n) => `{"a": "${'x'.repeat(n)}`],
  'tables': ['toml', (n) => '[a]\n'.replace('a', 'x').concat(Array.from({ length: n / 4 }, (_, i) => `[t${i}]\nk = 1\n`).join(''))],
  'quotes in a long text': ['toml', (n) => `a = """${'""\\"'.repeat(n)}"""\n`],
  'backslashes and blanks': ['toml', (n) => `a = """${'\\\\ '.repeat(n)}"""\n`],
  'a long dotted key': ['toml', (n) => `${'a.'.repeat(n)}a = 1\n`],
  'comment lines before an end': ['yaml', (n) => `a:\n  b: 1\n${'# c\n'.repeat(n)}d: 1\n`],
  'colons that end no key': ['yaml', (n) => `a: ${':x'.repeat(n)}\n`],
  'dashes': ['yaml', (n) => `a:\n${'  - - - -\n'.repeat(n / 4)}`],
  'items': ['yaml', (n) => `models:\n${Array.from({ length: n / 4 }, (_, i) => `  - name: m${i}\n    x: 1\n`).join('')}`],
  'blanks before a bar': ['yaml', (n) => `a: b${' '.repeat(n)}c\n${': '.repeat(n)}\n`],
  'quotes that do not close': ['dotenv', (n) => `${'A\\"="\\"\n'.repeat(n)}`],
  'spaces before nothing': ['dotenv', (n) => `${'export '.repeat(n)}\n`],
};

function spent(format: FileFormat, text: string): number {
  const path = format === 'dotenv' ? ['NEW'] : format === 'yaml' && text.startsWith('models') ? ['models', { field: 'name', value: 'none' }] : ['new', 'deep'];
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = process.cpuUsage();
    try {
      EDITORS[format].setPath(text, path, format === 'yaml' && text.startsWith('models') ? { name: 'none' } : 'v');
    } catch {
      // To refuse is fine, as long as it is soon.
    }
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

for (const [name, [format, text]] of Object.entries(HOSTILE)) {
  test(`${format}: ${name} cost what their size is`, () => {
    const [small, large] = [spent(format, text(SIZE)), spent(format, text(4 * SIZE))];
    assert.ok(large < Math.max(small, NOTICEABLE_MS) * MAX_RATIO, `${small.toFixed(1)} ms for ${SIZE}, ${large.toFixed(1)} ms for ${4 * SIZE}`);
  });
}
