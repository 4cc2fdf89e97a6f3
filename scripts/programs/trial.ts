/** Tries one program: three runs through the gateway against a mock upstream, and what they showed as a row of the matrix. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuiltGateway } from '../../tests/support/built-gateway.ts';
import { startMockUpstream } from '../../tests/support/mock-upstream.ts';
import type { RecordedRequest } from '../../tests/support/mock-upstream.ts';
import { runProgram } from './launch.ts';
import type { Run } from './launch.ts';
import { findLeak } from './leaks.ts';
import { no, skipped, skippedRow, YES } from './matrix.ts';
import type { Row, Verdict } from './matrix.ts';
import { createBadCommandPlan, createGreetingPlan, createToolPlan, GREETING, lastPlaceholder } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Program } from './catalogue.ts';
import type { Sandbox } from './sandbox.ts';

const RUN_DEADLINE_MS = 180_000;
/** Short deltas, so that a placeholder is spread over many of them. */
const MOCK_ORDERS = 'mock-split-5';
const REFUSAL = 'AegisGate refused the tool call';
/** The turn with the refusal, and one more for programs that sum up what was done. */
const MAX_REQUESTS_AFTER_REFUSAL = 2;
const EXCERPT_CHARS = 110;
const API_KEY = 'invented-key-of-the-program';
/**
 * Invented. The first stands in the prompt, the others in the file that the program reads. The two that are worked with are
 * of crates.io's shape, which no program is known to mask by itself, as OpenClaw does with many others.
 */
const PROMPT_SECRET = `cio${'Z9y8X7w6V5u4T3s2'.repeat(2)}`;
const FILE_SECRET = `cio${'a1B2c3D4e5F6g7H8'.repeat(2)}`;
const GITHUB_TOKEN = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const DATABASE_PASSWORD = 'vK7-qTz2mLw9xRp4';
const SETTINGS = `# Settings of an invented service\nPUBLISH_WITH=${FILE_SECRET}\nGITHUB_TOKEN=${GITHUB_TOKEN}\nDATABASE_URL=postgres://app:${DATABASE_PASSWORD}@db.internal:5432/app\nLOG_LEVEL=info\n`;
/** Kinds of their placeholders. */
const EXPECTED_KINDS: ReadonlySet<string> = new Set(['cargo-token', 'github-token', 'url-password']);
const SECRETS = [PROMPT_SECRET, FILE_SECRET, GITHUB_TOKEN, DATABASE_PASSWORD];

export interface Bench {
  readonly gateway: BuiltGateway;
  readonly sandbox: Sandbox;
  /** Folder of the installed programs. */
  readonly modules: string;
  /** A Node that is new enough for the programs. */
  readonly node: string;
  /** Folder to keep the requests in that reached the upstream, to look at by hand. */
  readonly record?: string;
  /** Tells what happens in detail. */
  readonly tell: (text: string) => void;
}

/** @throws only when the gateway or the mock does not work. */
export async function tryProgram(program: Program, bench: Bench): Promise<Row> {
  const version = versionOf(bench.modules, program.package);
  const missing = version === undefined ? `${program.package} is not installed` : program.missing?.(bench.modules);
  if (version === undefined || missing !== undefined) return skippedRow(program.title, version ?? '–', program.protocol, missing ?? '');

  const folder = mkdtempSync(join(tmpdir(), `aegis-${program.id}-`));
  let plan: Plan = createGreetingPlan();
  const mock = await startMockUpstream({ strict: true, always: MOCK_ORDERS, decide: (conversation, record) => plan.decide(conversation, record) });
  try {
    const home = join(folder, 'home');
    const work = join(folder, 'work');
    for (const path of [home, work]) mkdirSync(path);
    writeFileSync(join(work, 'settings.txt'), SETTINGS);
    const { baseUrl } = await bench.gateway.register(`${mock.url}/v1`);
    const launch = program.prepare({ home, work, baseUrl, apiKey: API_KEY, modules: bench.modules, node: bench.node });

    const run = async (name: string, next: Plan, prompt: string): Promise<{ run: Run; requests: RecordedRequest[] }> => {
      plan = next;
      const before = mock.requests.length;
      const done = await runProgram(launch, prompt, { cwd: work, home, env: { ...baseEnvironment(home, folder, bench), ...bench.sandbox.env }, deadlineMs: RUN_DEADLINE_MS });
      const requests = mock.requests.slice(before);
      bench.tell(`${program.id} ${name}: exit ${done.timedOut ? 'by deadline' : String(done.code)} after ${(done.elapsedMs / 1000).toFixed(1)} s, ` +
        `requests ${requests.map(({ method, url, answer }) => `${method} ${url} ${answer?.status ?? '–'}`).join(', ')}; tools ${next.called.join(', ')}; ${next.problems.join('; ')}\n${done.output}`);
      if (bench.record !== undefined) {
        for (const [index, { body }] of requests.entries()) writeFileSync(join(bench.record, `${program.id}-${name.replace(' ', '-')}-${index + 1}.json`), body);
      }
      return { run: done, requests };
    };

    const greeting = await run('greeting', plan, `My token is ${PROMPT_SECRET}. Greet me.`);
    const files = { settings: join(work, 'settings.txt'), byCommand: join(work, 'by-command.txt'), byTool: join(work, 'by-tool.txt') };
    const toolPlan = createToolPlan(files);
    const tools = await run('tools', toolPlan, 'Read settings.txt and copy its token into two files.');
    const badPlan = createBadCommandPlan();
    const refused = bench.sandbox.removals === undefined ? undefined : await run('bad command', badPlan, 'Clean up.');
    const removed = bench.sandbox.removals?.().filter((line) => line.includes(folder) && line.includes('-rf')) ?? [];

    return {
      program: program.title,
      version,
      protocol: program.protocol,
      streamed: streamedVerdict(greeting.run, greeting.requests),
      hidden: hiddenVerdict(mock.requests, greeting.requests, tools.requests),
      command: fileVerdict(files.byCommand, tools.run, toolPlan, 1),
      file: program.writesFiles === false ? skipped('it has no tool that writes a whole file') : fileVerdict(files.byTool, tools.run, toolPlan, 2),
      refused: refused === undefined ? skipped('`rm` is not a stub on this machine') : refusedVerdict(refused.run, badPlan, refused.requests, removed),
    };
  } finally {
    await mock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function versionOf(modules: string, name: string): string | undefined {
  const path = join(modules, name, 'package.json');
  if (!existsSync(path)) return undefined;
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { version?: string };
  return manifest.version;
}

/** What every program gets: a scratch home, the newer Node first in the path, no colours, no tracking. */
function baseEnvironment(home: string, folder: string, { node }: Bench): NodeJS.ProcessEnv {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return {
    PATH: `${join(node, '..')}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    USER: 'somebody',
    SHELL: '/bin/bash',
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    NO_COLOR: '1',
    DO_NOT_TRACK: '1',
    NO_UPDATE_NOTIFIER: '1',
  };
}

/** Text as it reads, whatever the program made of its line ends and spaces. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function failed({ code, timedOut, output }: Run): string | undefined {
  if (timedOut) return `it did not end within ${RUN_DEADLINE_MS / 1000} s`;
  return code === 0 ? undefined : `it ended with ${code ?? 'a signal'}: …${flat(output).trim().slice(-EXCERPT_CHARS)}`;
}

function asksForStream({ body, url }: RecordedRequest): boolean {
  return url.includes(':streamGenerateContent') || /"stream"\s*:\s*true/.test(body.toString('latin1'));
}

function streamedVerdict(run: Run, requests: readonly RecordedRequest[]): Verdict {
  const reason = failed(run);
  if (reason !== undefined) return no(reason);
  if (!requests.some(asksForStream)) return no('it asked for no stream');
  if (!flat(run.output).includes(GREETING)) return no('the answer was not shown whole');
  // The prompt itself may be shown, so only what follows the answer's own words counts.
  const answer = flat(run.output).split('You wrote ').slice(1).join(' ');
  return answer.includes(PROMPT_SECRET) ? YES : no('the secret was not back in its place in the answer');
}

function hiddenVerdict(all: readonly RecordedRequest[], greeting: readonly RecordedRequest[], tools: readonly RecordedRequest[]): Verdict {
  for (const { url, rawHeaders, body } of all) {
    for (const secret of SECRETS) {
      const place = findLeak(Buffer.concat([Buffer.from(`${url}\n${rawHeaders.join('\n')}\n`), body]), secret) ?? findLeak(body, secret);
      if (place !== undefined) return no(`the upstream saw a secret, ${place}, in ${url}`);
    }
  }
  const changed = all.map(({ body }) => changedBeyondSecrets(body.toString('latin1'))).find((reason) => reason !== undefined);
  if (changed !== undefined) return no(changed);
  // Nothing is hidden by a program that never sent it.
  if (!greeting.some((request) => lastPlaceholder(request) !== undefined)) return no('the prompt arrived without a placeholder');
  if (!tools.some((request) => lastPlaceholder(request) !== undefined)) return no('the result of the tool arrived without a placeholder');
  return YES;
}

/** What the gateway took for a secret or for an attack in the program's own words; undefined when it did not. */
function changedBeyondSecrets(body: string): string | undefined {
  if (body.includes('[[AegisGate: what follows')) return 'a passage of the program\'s own was fenced as untrusted';
  const kinds = [...body.matchAll(/aegis-([a-z0-9-]{1,40})-[a-z2-7]{12}(?![a-z0-9])/g)].map(([, kind]) => kind ?? '');
  const other = kinds.find((kind) => !EXPECTED_KINDS.has(kind));
  return other === undefined ? undefined : `a text of the program's own was taken for a secret (${other})`;
}

function fileVerdict(path: string, run: Run, plan: Plan, call: number): Verdict {
  const [problem] = plan.problems;
  if (problem !== undefined) return no(problem);
  if (!existsSync(path)) return no(failed(run) ?? (plan.called.length > call ? `${plan.called[call] ?? ''} wrote no file` : 'its request was not reached'));
  const content = readFileSync(path, 'utf8').trim();
  if (content !== FILE_SECRET) return no(`the file holds ${content.includes('aegis-') ? 'the placeholder' : 'something else'}`);
  const reason = failed(run);
  if (reason !== undefined) return no(reason);
  return flat(run.output).includes(`The file holds ${FILE_SECRET}`) ? YES : no('the secret was not back in its place in the last answer');
}

function refusedVerdict(run: Run, plan: Plan, requests: readonly RecordedRequest[], removed: readonly string[]): Verdict {
  if (removed.length > 0) return no('THE COMMAND RAN');
  const [problem] = plan.problems;
  if (problem !== undefined) return no(problem);
  const reason = failed(run);
  if (reason !== undefined) return no(reason);
  if (!flat(run.output).includes(REFUSAL)) return no('the refusal was not shown');
  const turns = requests.filter(({ body }) => /"(?:tools|functionDeclarations)"\s*:\s*\[\s*\{/.test(body.toString('latin1'))).length;
  return turns <= MAX_REQUESTS_AFTER_REFUSAL ? YES : no(`it asked ${turns} times`);
}

