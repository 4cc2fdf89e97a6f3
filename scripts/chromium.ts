/**
 * Runs a folder of tests in a real headless Chromium. playwright-core, which drives it, lives in the folder's own package
 * and is installed when it is missing or older than its lockfile. Chromium is the system's own (CHROMIUM names another);
 * where there is none, or the registry can't be reached, the run is skipped and says so; every other failure is a failure.
 */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, OUT_OF_REACH, run, skip, writtenAt } from './program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const INSTALL_DEADLINE_MS = 600_000;
const TYPES_DEADLINE_MS = 180_000;
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

export interface BrowserTests {
  /** Name of the folder below tests/. */
  readonly folder: string;
  /** npm's name of the run, for the hint. */
  readonly script: string;
  readonly deadlineMs: number;
  /** Debian's packages beside chromium that `--install` installs. */
  readonly fonts?: readonly string[];
}

/** Path of a Chromium, or undefined. */
function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : fail(`CHROMIUM names ${named}, which is not there.`);
  const places = (process.env['PATH'] ?? '').split(delimiter).flatMap((place) => NAMES.map((name) => join(place, name)));
  return [...places, MAC].find((path) => existsSync(path));
}

async function installChromium(fonts: readonly string[]): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) fail('--install knows Debian\'s packages only. Install Chromium, and name it in CHROMIUM where it is not in PATH.');
  console.log('Installing Debian\'s package chromium.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { code, output } = await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', ...fonts], { cwd: root, deadlineMs: INSTALL_DEADLINE_MS, show: false, env });
  if (code !== 0) fail('apt-get install chromium failed.', output);
}

async function installPackages(name: string): Promise<void> {
  const folder = join(root, 'tests', name);
  // npm writes this file at the end of an install.
  const installed = writtenAt(join(folder, 'node_modules', '.package-lock.json'));
  if (installed > 0 && installed >= writtenAt(join(folder, 'package-lock.json'))) return;
  console.log(`Installing the packages of tests/${name}.`);
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
  const { code, output } = await run('npm', args, { cwd: folder, deadlineMs: INSTALL_DEADLINE_MS, show: false });
  if (code === 0) return;
  const reason = OUT_OF_REACH.exec(output)?.[1];
  if (reason !== undefined) skip(`the packages of tests/${name} could not be installed, the package registry is out of reach (${reason})`);
  fail(`npm ci failed in tests/${name}.`, output);
}

/** A figure of the reporter's summary, e.g. `ℹ pass 12`. */
function summary(output: string, word: string): number {
  return Number([...output.matchAll(new RegExp(`^\\S+ ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
}

/** Runs the tests of a folder, those whose file's name holds one of the words on the command line, if there are any; sets the process's exit code. */
export async function runBrowserTests({ folder: name, script, deadlineMs, fonts = [] }: BrowserTests): Promise<void> {
  const folder = join(root, 'tests', name);
  const install = process.argv.includes('--install');
  if (install && findChromium() === undefined) await installChromium(fonts);
  const chromium = findChromium();
  if (chromium === undefined) skip(`there is no Chromium on this machine; \`npm run ${script} -- --install\` installs Debian's`);
  await installPackages(name);

  const types = await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], { cwd: root, deadlineMs: TYPES_DEADLINE_MS, show: false });
  if (types.code !== 0) fail(`The types of tests/${name} do not check.`, types.output);

  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts') && (words.length === 0 || words.some((word) => file.includes(word)))).sort();
  if (files.length === 0) fail(`No test file in tests/${name} matches: ${words.join(' ')}`);
  // One file after the other: a browser takes what processors there are.
  const { code, output } = await run(process.execPath, ['--import', 'tsx', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files.map((file) => join('tests', name, file))], {
    cwd: root, deadlineMs, show: true, env: { ...process.env, CHROMIUM: chromium },
  });

  const passed = summary(output, 'pass');
  const failed = summary(output, 'fail') + summary(output, 'cancelled');
  console.log(`${passed} passed, ${failed} failed, ${summary(output, 'skipped')} skipped`);
  // A run in which nothing passed has shown nothing.
  process.exitCode = code !== 0 || failed > 0 || passed === 0 ? 1 : 0;
}
