// Runs real agents through a gateway process against a mock upstream, and prints the matrix of program, version and what was
// seen; a run of all programs at level medium also writes it into docs/clients/README.md. The programs are installed by this
// script into tests/clients/programs when they are missing or older than their lockfile: three gigabytes. Nothing leaves
// loopback.
//
//   tsx scripts/programs.ts [--verbose] [--record] [--no-install] [--without-namespaces] [--level=low|medium|high] [word ...]
//
// Words narrow the run to the programs whose id holds one; `--verbose` shows what each program wrote, `--record` keeps the
// requests that reached the upstream in artefacts/programs. Exits 1 when something that was tried has failed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { startBuiltGateway } from '../tests/support/built-gateway.ts';
import { OUT_OF_REACH, run, writtenAt } from './program.ts';
import { PROGRAMS } from './programs/catalogue.ts';
import type { Program } from './programs/catalogue.ts';
import { putBetweenMarkers, renderMatrix, skippedRow, summaryOf, verdictsOf } from './programs/matrix.ts';
import type { Row } from './programs/matrix.ts';
import { enterNamespaces, namespaceCommand, withoutNamespaces } from './programs/sandbox.ts';
import { tryProgram } from './programs/trial.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'tests', 'clients', 'programs');
const modules = join(folder, 'node_modules');
const page = join(root, 'docs', 'clients', 'README.md');
const artefacts = join(root, 'artefacts', 'programs');
const newerNode = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');

const INSTALL_DEADLINE_MS = 900_000;
const BUILD_DEADLINE_MS = 180_000;
const LEAST_NODE_MAJOR = 24;
/** File descriptor on which the inner process tells its rows, one JSON a line. */
const ROWS_FD = 3;
const INSIDE = '--inside';
const OUTSIDE = '--without-namespaces';

const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const level = [...flags].find((flag) => flag.startsWith('--level='))?.slice('--level='.length) ?? 'medium';
const words = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const programs = PROGRAMS.filter(({ id }) => words.length === 0 || words.some((word) => id.includes(word)));

interface Told {
  readonly description: string;
  readonly row: Row | null;
}

/** Undefined when the programs are there; else why not. */
async function install(): Promise<string | undefined> {
  const installed = writtenAt(join(modules, '.package-lock.json'));
  if (installed > 0 && installed >= writtenAt(join(folder, 'package-lock.json'))) return undefined;
  if (flags.has('--no-install')) return 'the programs are not installed';
  console.log('Installing the programs of tests/clients/programs, some three gigabytes.');
  // Not `npm ci`, which wants an entry for every platform's binaries: a registry that lacks some of them makes a lockfile without.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=60000'];
  const { code, timedOut, output } = await run('npm', args, { cwd: folder, deadlineMs: INSTALL_DEADLINE_MS, show: false });
  if (timedOut) return `the programs could not be installed within ${INSTALL_DEADLINE_MS / 1000} s`;
  if (code === 0) return undefined;
  const reason = OUT_OF_REACH.exec(output)?.[1];
  if (reason !== undefined) return `the programs could not be installed, the package registry is out of reach (${reason})`;
  console.error(output.trimEnd());
  throw new Error('npm install failed in tests/clients/programs.');
}

async function build(): Promise<void> {
  const newest = Math.max(...readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs));
  if (writtenAt(join(root, 'dist', 'server.js')) >= newest) return;
  console.log('Building the gateway.');
  const { code, output } = await run('npm', ['run', '--silent', 'build'], { cwd: root, deadlineMs: BUILD_DEADLINE_MS, show: false });
  if (code !== 0) throw new Error(`The gateway could not be built.\n${output}`);
}

async function checkTypes(): Promise<void> {
  const { code, output } = await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], { cwd: root, deadlineMs: BUILD_DEADLINE_MS, show: false });
  if (code !== 0) throw new Error(`The types of tests/clients/programs do not check.\n${output}`);
}

/** A Node for the programs: the one from the registry, or this one where it is new enough. */
function nodeForPrograms(): string | undefined {
  if (existsSync(newerNode)) return newerNode;
  return Number(process.versions.node.split('.')[0]) >= LEAST_NODE_MAJOR ? process.execPath : undefined;
}

/** The inner process: tries the programs one after the other. It ends with the outer one, whatever ends that. */
async function tryAll(): Promise<void> {
  process.stdin.on('end', () => process.exit(1)).resume();
  const sandbox = flags.has(OUTSIDE) ? withoutNamespaces() : enterNamespaces([root, process.execPath, process.cwd()]);
  const report = (row: Row | null): void => writeFileSync(ROWS_FD, `${JSON.stringify({ description: sandbox.description, row } satisfies Told)}\n`);
  const node = nodeForPrograms();
  report(null);
  const record = flags.has('--record') ? { record: artefacts } : {};
  if (flags.has('--record')) mkdirSync(artefacts, { recursive: true });
  const gateway = await startBuiltGateway({ AEGIS_SECURITY_LEVEL: level });
  try {
    for (const program of programs) {
      const tell = (text: string): void => console.log(flags.has('--verbose') ? text : text.split('\n', 1)[0]);
      const row = node === undefined
        ? skippedRow(program.title, '–', program.protocol, `there is no Node ${LEAST_NODE_MAJOR} for it`)
        : await tryProgram(program, { gateway, sandbox, modules, node, tell, ...record });
      report(row);
    }
  } finally {
    await gateway.stop();
    process.stdin.destroy();
  }
}

/** Starts the inner process, inside namespaces where the machine allows, and gathers what it tells. */
async function gather(): Promise<{ rows: Row[]; description: string; code: number | null }> {
  const namespaces = flags.has(OUTSIDE) ? undefined : namespaceCommand();
  const [command, ...args] = [...(namespaces ?? []), process.execPath, '--import', 'tsx', fileURLToPath(import.meta.url), ...process.argv.slice(2), INSIDE, ...(namespaces === undefined ? [OUTSIDE] : [])];
  const child = spawn(command ?? process.execPath, args, { cwd: root, stdio: ['pipe', 'inherit', 'inherit', 'pipe'] });
  const rows: Row[] = [];
  let description = '';
  // The fourth stream is the pipe asked for above.
  const lines = createInterface({ input: child.stdio[ROWS_FD] as Readable });
  lines.on('line', (line) => {
    const told = JSON.parse(line) as Told;
    description = told.description;
    if (told.row === null) return;
    rows.push(told.row);
    console.log(`  ${told.row.program}, ${told.row.protocol}: ${verdictsOf(told.row).map((verdict) => (verdict.kind === 'yes' ? 'yes' : `${verdict.kind} (${verdict.reason})`)).join(', ')}`);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { rows, description, code };
}

function rowsWithout(reason: string, among: readonly Program[]): Row[] {
  return among.map(({ title, protocol }) => skippedRow(title, '–', protocol, reason));
}

async function main(): Promise<void> {
  if (programs.length === 0) throw new Error(`No program's id holds: ${words.join(' ')}. There are: ${PROGRAMS.map(({ id }) => id).join(', ')}`);
  const absent = await install();
  if (absent !== undefined) {
    console.log(renderMatrix(rowsWithout(absent, programs)));
    console.log(`skipped: ${absent}`);
    return;
  }
  await build();
  await checkTypes();
  const { rows, description, code } = await gather();
  const tried = new Set(rows.map(({ program, protocol }) => `${program}\n${protocol}`));
  const lost = rowsWithout('the run broke off before', programs.filter(({ title, protocol }) => !tried.has(`${title}\n${protocol}`)));
  const matrix = renderMatrix([...rows, ...lost]);
  const summary = summaryOf([...rows, ...lost]);
  console.log(`\n${matrix}\n\n${description}\n${summary}`);
  const failed = [...rows, ...lost].flatMap(verdictsOf).some(({ kind }) => kind === 'no');
  process.exitCode = code !== 0 || failed || !rows.flatMap(verdictsOf).some(({ kind }) => kind === 'yes') ? 1 : 0;
  if (words.length > 0 || lost.length > 0 || level !== 'medium' || flags.has(OUTSIDE)) return;
  const date = new Date().toISOString().slice(0, 10);
  const about = `Seen on ${date}, ${process.platform} ${process.arch}, gateway at level medium. ${description} ${summary}.`;
  writeFileSync(page, putBetweenMarkers(readFileSync(page, 'utf8'), `${matrix}\n\n${about}`));
  console.log(`Written into ${page.slice(root.length)}.`);
}

await (flags.has(INSIDE) ? tryAll() : main());
