// Runs the test files below tests/ with node:test. Node 20's own --test finds no .ts files and knows no globs,
// so the files are listed here. Arguments narrow the run: `npm test -- router hold` takes the files whose path
// holds one of the words.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Folders of tests/ with packages of their own or long forms, run by scripts of their own. */
const APART = new Set(['browser', 'clients', 'console', 'scaling'].map((name) => join(root, 'tests', name)));

function testFiles(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !APART.has(path)) found.push(...testFiles(path));
    } else if (entry.name.endsWith('.test.ts')) {
      found.push(path);
    }
  }
  return found.sort();
}

const words = process.argv.slice(2);
const files = testFiles(join(root, 'tests'))
  .map((path) => relative(root, path))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)));

if (files.length === 0) {
  console.error(`No test file below tests/ matches: ${words.join(' ')}`);
  process.exit(2);
}

// Two at least: gateway tests mostly wait on sockets.
const concurrency = Math.max(2, availableParallelism());
const child = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', `--test-concurrency=${concurrency}`, ...files],
  { cwd: root, stdio: 'inherit' },
);
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
