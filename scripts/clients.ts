// Runs the tests in tests/clients, which drive the vendors' own SDKs through a gateway process. The SDKs live in a package
// of their own there, installed by this script when they are missing or older than their lockfile. Where the registry can't
// be reached the run is skipped and says so; every other failure is a failure.
//
//   tsx scripts/clients.ts [--direct] [word ...]
//
// `--direct` leaves the gateway out, to tell its faults from others; words narrow the run to the files that hold one.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, OUT_OF_REACH, run, skip, writtenAt } from './program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'tests', 'clients');

const INSTALL_DEADLINE_MS = 180_000;
const TESTS_DEADLINE_MS = 180_000;

function newestBelow(path: string): number {
  let newest = 0;
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return newest;
}

async function install(): Promise<void> {
  // npm writes this file at the end of an install.
  const installed = writtenAt(join(folder, 'node_modules', '.package-lock.json'));
  if (installed > 0 && installed >= writtenAt(join(folder, 'package-lock.json'))) return;
  console.log('Installing the SDKs of tests/clients.');
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
  const { code, timedOut, output } = await run('npm', args, { cwd: folder, deadlineMs: INSTALL_DEADLINE_MS, show: false });
  if (timedOut) skip(`the SDKs could not be installed within ${INSTALL_DEADLINE_MS / 1000} s`);
  if (code === 0) return;
  const reason = OUT_OF_REACH.exec(output)?.[1];
  if (reason !== undefined) skip(`the SDKs could not be installed, the package registry is out of reach (${reason})`);
  fail('npm ci failed in tests/clients.', output);
}

async function build(): Promise<void> {
  const built = writtenAt(join(root, 'dist', 'server.js'));
  if (built > 0 && built >= newestBelow(join(root, 'src'))) return;
  console.log('Building the gateway.');
  const { code, output } = await run('npm', ['run', '--silent', 'build'], { cwd: root, deadlineMs: INSTALL_DEADLINE_MS, show: false });
  if (code !== 0) fail('The gateway could not be built.', output);
}

async function checkTypes(): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await run(process.execPath, [tsc, '-p', folder], { cwd: root, deadlineMs: TESTS_DEADLINE_MS, show: false });
  if (code !== 0) fail('The types of tests/clients do not check.', output);
}

/** The environment without what the SDKs would read for themselves: the tests give them all they need. */
function environment(direct: boolean): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(?:ANTHROPIC|OPENAI)_/.test(name));
  return { ...Object.fromEntries(entries), CLIENTS_DIRECT: direct ? '1' : '' };
}

const words = process.argv.slice(2).filter((argument) => argument !== '--direct');
const direct = process.argv.includes('--direct');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && (words.length === 0 || words.some((word) => name.includes(word))))
  .sort()
  .map((name) => join('tests', 'clients', name));
if (files.length === 0) fail(`No test file in tests/clients matches: ${words.join(' ')}`);

await install();
if (!direct) await build();
await checkTypes();

const { code, timedOut, output } = await run(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', '--test-concurrency=2', ...files],
  { cwd: root, deadlineMs: TESTS_DEADLINE_MS, show: true, env: environment(direct) },
);
if (timedOut) fail(`The client tests took longer than ${TESTS_DEADLINE_MS / 1000} s.`);

/** A figure of the reporter's summary, e.g. `ℹ pass 12`. */
function summary(word: string): number {
  const pattern = new RegExp(`^\\S+ ${word} (\\d+)$`, 'gm');
  return Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
}

const passed = summary('pass');
const failed = summary('fail') + summary('cancelled');
console.log(`${passed} passed, ${failed} failed, ${summary('skipped')} skipped`);
// A run in which nothing passed has shown nothing.
process.exitCode = code !== 0 || failed > 0 || passed === 0 ? 1 : 0;
