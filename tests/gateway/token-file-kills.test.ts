// Many processes killed while they change one token file. Each is the store alone, which starts ten times as fast as a
// gateway: what it answers it writes into a pipe, in one piece, as soon as the store has said so.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { compiledFolder } from '../support/compiled-process.ts';
import { seededRandom } from '../support/random.ts';
import { until, within } from '../support/until.ts';

/** `npm run faults` asks for a thousand. */
const KILLS = Number(process.env['KILLS'] ?? 40);
/** So many on one token file: beyond that, each change mostly writes a large file. */
const BATCH_KILLS = 50;
/** A process is to be caught at any point of a change, which takes a few milliseconds. */
const LONGEST_LIFE_MS = 60;
/** Its lock, the lock's draft and the file's. */
const LEFT_BY_ONE = 3;

/** Lane 0 takes back what it has registered; the others only register. */
const WRITER = `
import { writeSync } from 'node:fs';
const [store, url, path, name, pauseMs] = process.argv.slice(1);
const { openTokenStore } = await import(store);
const { parseUpstreamBase } = await import(url);
const say = (line) => void writeSync(1, line + '\\n');
const tell = (message, fields) => void writeSync(2, message + ' ' + JSON.stringify(fields) + '\\n');
const tokens = await openTokenStore(path, { debug() {}, info() {}, warn: tell, error: tell });
say('ready');
for (const lane of [0, 1, 2]) void (async () => {
  for (let i = 0; ; i++) {
    const base = 'http://127.0.0.1:9/' + name + '/' + lane + '/' + i;
    const { entry } = await tokens.register(parseUpstreamBase(base), {});
    say('+ ' + entry.token + ' ' + base);
    if (lane === 0) {
      if (!(await tokens.unregister(entry.token))) throw new Error('the token was not there');
      say('- ' + entry.token);
    }
    await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
  }
})();
setInterval(() => {}, 1000);
`;

interface Writer {
  readonly child: ChildProcess;
  /** Whole lines so far. */
  lines(): string[];
  errors(): string;
  readonly closed: Promise<void>;
}

async function startWriter(t: TestContext, path: string, name: string, pauseMs = 0): Promise<Writer> {
  const folder = await compiledFolder();
  const modules = ['tokens/store.js', 'http/upstream-url.js'].map((file) => pathToFileURL(join(folder, file)).href);
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, ...modules, path, name, String(pauseMs)], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (errors += chunk.toString()));
  const writer: Writer = { child, lines: () => out.split('\n').slice(0, -1), errors: () => errors, closed: new Promise((resolve) => child.once('close', () => resolve())) };
  await until('a writer to be ready', () => out.includes('ready') || child.exitCode !== null);
  assert.equal(child.exitCode, null, errors);
  return writer;
}

interface Figures {
  kills: number;
  answered: number;
  lost: number;
  broken: number;
}

function tokensOf(path: string): Map<string, string> {
  const { tokens } = JSON.parse(readFileSync(path, 'utf8')) as { tokens: Record<string, { upstream_base: string }> };
  return new Map(Object.entries(tokens).map(([token, { upstream_base: base }]) => [token, base]));
}

async function killRounds(t: TestContext, kills: number, random: () => number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-kills-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'gw_tokens.json');
  const survivor = await startWriter(t, path, 'survivor', 15);
  await until('the file to be there', () => survivor.lines().length > 1);
  const lines: string[] = [];
  let broken = 0;
  let next = startWriter(t, path, '0');
  for (let round = 1; round <= kills; round++) {
    const victim = await next;
    // The next one starts meanwhile.
    if (round < kills) next = startWriter(t, path, String(round));
    await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_LIFE_MS));
    victim.child.kill('SIGKILL');
    await within('the killed process to be gone', victim.closed);
    lines.push(...victim.lines());
    assert.equal(victim.errors(), '');
    // Whole at every moment: it is read as it stands, without a lock.
    try {
      tokensOf(path);
    } catch {
      broken++;
    }
  }
  const before = survivor.lines().length;
  await until('the surviving process to write on', () => survivor.lines().length > before + 3);
  survivor.child.kill('SIGKILL');
  await within('the survivor to be gone', survivor.closed);
  assert.equal(survivor.errors(), '');
  lines.push(...survivor.lines());

  const inFile = tokensOf(path);
  const bases = new Map<string, string>();
  const removed = new Set<string>();
  for (const [sign, token = '', base = ''] of lines.map((line) => line.split(' '))) {
    if (sign === '+') bases.set(token, base);
    else if (sign === '-') removed.add(token);
  }
  // Of one that is taken back the answer may not have come any more: it may be in the file or not.
  const kept = [...bases].filter(([token, base]) => !removed.has(token) && !/^http:\/\/127\.0\.0\.1:9\/\w+\/0\//.test(base));
  const lost = kept.filter(([token, base]) => inFile.get(token) !== base).length + [...removed].filter((token) => inFile.has(token)).length;

  // Whoever comes next sweeps away what the killed ones left: an empty draft only when it is old.
  const last = await startWriter(t, path, 'last', 1000);
  await until('a change after all', () => last.lines().length > 1);
  last.child.kill('SIGKILL');
  await within('the last one to be gone', last.closed);
  const left = readdirSync(folder).filter((name) => name !== 'gw_tokens.json' && statSync(join(folder, name)).size > 0);
  assert.ok(left.length <= LEFT_BY_ONE && left.every((name) => /\.lock|\.draft-/.test(name)), left.join(', '));
  return { kills, answered: kept.length + removed.size, lost, broken };
}

test('of changes that were answered none is lost to kill -9 at random instants, and no file is broken', async (t) => {
  const { random, seed } = seededRandom();
  t.diagnostic(`SEED=${seed}`);
  const sum: Figures = { kills: 0, answered: 0, lost: 0, broken: 0 };
  while (sum.kills < KILLS) {
    const { kills, answered, lost, broken } = await killRounds(t, Math.min(BATCH_KILLS, KILLS - sum.kills), random);
    sum.kills += kills;
    sum.answered += answered;
    sum.lost += lost;
    sum.broken += broken;
  }
  t.diagnostic(`${sum.kills} kills, ${sum.answered} answered changes, ${sum.lost} lost, ${sum.broken} files broken`);
  assert.deepEqual([sum.lost, sum.broken], [0, 0], `SEED=${seed}`);
  assert.ok(sum.answered > KILLS, 'there was something to lose');
});
