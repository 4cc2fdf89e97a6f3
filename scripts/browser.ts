// Runs the tests in tests/browser, which attack a gateway from web pages in a real headless Chromium. playwright-core, which
// drives it, lives in a package of its own there and is installed by this script when it is missing or older than its
// lockfile. Chromium is the system's own (CHROMIUM names another); where there is none, or the registry can't be reached,
// the run is skipped and says so; every other failure is a failure.
//
//   tsx scripts/browser.ts [--install]
//
// `--install` installs Debian's package chromium first where it is missing; that takes root.
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OUT_OF_REACH, run, writtenAt } from './program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'tests', 'browser');

const INSTALL_DEADLINE_MS = 600_000;
const TESTS_DEADLINE_MS = 180_000;
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

function fail(what: string, output = ''): never {
  if (output !== '') console.error(output.trimEnd());
  console.error(what);
  process.exit(1);
}

function skip(why: string): never {
  console.log(`skipped: ${why}`);
  console.log('0 passed, 0 failed, 1 skipped');
  process.exit(0);
}

/** Path of a Chromium, or undefined. */
function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : fail(`CHROMIUM names ${named}, which is not there.`);
  const places = (process.env['PATH'] ?? '').split(delimiter).flatMap((place) => NAMES.map((name) => join(place, name)));
  return [...places, MAC].find((path) => existsSync(path));
}

async function installChromium(): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) fail('--install knows Debian\'s packages only. Install Chromium, and name it in CHROMIUM where it is not in PATH.');
  console.log('Installing Debian\'s package chromium.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { code, output } = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { cwd: root, deadlineMs: INSTALL_DEADLINE_MS, show: false, env });
  if (code !== 0) fail('apt-get install chromium failed.', output);
}

async function installPlaywright(): Promise<void> {
  // npm writes this file at the end of an install.
  const installed = writtenAt(join(folder, 'node_modules', '.package-lock.json'));
  if (installed > 0 && installed >= writtenAt(join(folder, 'package-lock.json'))) return;
  console.log('Installing playwright-core in tests/browser.');
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
  const { code, output } = await run('npm', args, { cwd: folder, deadlineMs: INSTALL_DEADLINE_MS, show: false });
  if (code === 0) return;
  const reason = OUT_OF_REACH.exec(output)?.[1];
  if (reason !== undefined) skip(`playwright-core could not be installed, the package registry is out of reach (${reason})`);
  fail('npm ci failed in tests/browser.', output);
}

if (process.argv.includes('--install') && findChromium() === undefined) await installChromium();
const chromium = findChromium();
if (chromium === undefined) skip('there is no Chromium on this machine; `npm run test:browser -- --install` installs Debian\'s');
await installPlaywright();

const types = await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], { cwd: root, deadlineMs: TESTS_DEADLINE_MS, show: false });
if (types.code !== 0) fail('The types of tests/browser do not check.', types.output);

const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts')).sort().map((name) => join('tests', 'browser', name));
const { code, output } = await run(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', ...files], {
  cwd: root, deadlineMs: TESTS_DEADLINE_MS, show: true, env: { ...process.env, CHROMIUM: chromium },
});

/** A figure of the reporter's summary, e.g. `ℹ pass 12`. */
function summary(word: string): number {
  return Number([...output.matchAll(new RegExp(`^\\S+ ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
}

const passed = summary('pass');
const failed = summary('fail') + summary('cancelled');
console.log(`${passed} passed, ${failed} failed, ${summary('skipped')} skipped`);
// A run in which nothing passed has shown nothing.
process.exitCode = code !== 0 || failed > 0 || passed === 0 ? 1 : 0;
