/** `aegisgate doctor`: looks at all that a gateway needs, and says what to do. */
import * as zlib from 'node:zlib';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { parseUpstreamBase, type Upstream } from '../http/upstream-url.ts';
import { TOKEN_PREFIX } from '../router.ts';
import { readVersion } from '../version.ts';
import { EXIT_DONE, EXIT_FOUND, UsageError, type Command, type CommandIo } from './command.ts';
import { judgeClock, type ClockReading } from './doctor/clock.ts';
import { checkFiles } from './doctor/files.ts';
import { hasProblem, type Finding } from './doctor/finding.ts';
import { checkPort } from './doctor/port.ts';
import { count, printFinding, printSum } from './doctor/report.ts';
import { checkProviderStream, questionFor } from './doctor/provider-stream.ts';
import { judgeDifferences, readProcess } from './doctor/running.ts';
import { judgeRuntime } from './doctor/runtime.ts';
import { judgeSettings } from './doctor/settings.ts';
import { checkStream, isLeftBehind } from './doctor/stream.ts';
import { checkUpstream } from './doctor/upstream.ts';
import { judgeWsl } from './doctor/wsl.ts';
import { readWsl } from './doctor/wsl-readings.ts';
import { noArgument, parseOptions } from './options.ts';
import { createStyle, widthOf } from './style.ts';
import { callsOfGateway, RefusedError } from './tokens/admin-calls.ts';
import { createDesk } from './tokens/desk.ts';

const HELP = `Usage: aegisgate doctor [--offline | --upstream BASE] [--json]
       aegisgate doctor --upstream BASE --key-env NAME --model MODEL [--json]

Looks at Node, the settings of this shell, the gateway's files, its port and who
holds it, WSL, each registered upstream (name, proxy, connection, TLS, answer),
the clock, and whether the gateway streams. Each finding says what to do.

  --offline        contact no upstream
  --upstream BASE  contact this registered one alone
  --key-env NAME   ask it one short question with the key that the variable NAME
                   holds, to see whether its answer streams (costs a few tokens)
  --model MODEL    the model to ask
  --json           one JSON object
  --help           this text

Nobody but registered upstreams is contacted, each by one GET without a body and
without a key. To try the stream, a token for a local upstream is registered
with the gateway that runs, and taken away again.

Exit code: 0 no problem, though there may be warnings, 1 a problem, 2 the call
is wrong.
`;

/** So many upstreams are looked at at once. */
const AT_ONCE = 8;

/** What is registered, as far as it matters here. */
interface Known {
  readonly fingerprint: string;
  readonly upstreamBase: string;
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    offline: { type: 'boolean' }, upstream: { type: 'string' }, 'key-env': { type: 'string' }, model: { type: 'string' }, json: { type: 'boolean' },
  });
  noArgument(positionals);
  const asked = readAsked(values, io.env);
  const style = createStyle(io.stdout, io.env);
  const findings: Finding[] = [];
  const tell = (...found: readonly Finding[]): void => {
    findings.push(...found);
    if (values.json !== true) for (const finding of found) io.stdout.write(printFinding(finding, style, widthOf(io.stdout)));
  };

  tell(judgeRuntime({ version: process.versions.node, platform: io.platform, arch: process.arch, zstd: 'createZstdDecompress' in zlib }));
  const shell = judgeSettings(io.env);
  tell(...shell.findings);
  const port = await checkPort(shell.config, io.platform);
  tell(port.finding);
  const running = port.running === undefined ? undefined : await readProcess(port.pid, io.platform);
  if (running !== undefined) tell(...judgeDifferences(io.env, running));
  // What is looked at from here on is what the gateway sees, where that is known.
  const config = running === undefined ? shell.config : { ...judgeSettings(running.env).config, port: shell.config.port };
  const files = await checkFiles(config, running?.cwd ?? io.cwd, process.getuid?.());
  tell(...files.findings);
  const fromFile = files.tokens.map(({ fingerprint, upstream }): Known => ({ fingerprint, upstreamBase: upstream.base }));
  const gateway = port.running === undefined ? undefined : await askGateway(port.running, shell.config, fromFile);
  tell(...(gateway?.findings ?? []));
  if (io.platform === 'linux') tell(...judgeWsl(await readWsl(config.host, config.port, port.running !== undefined)));

  const registered = gateway?.tokens ?? fromFile;
  tell(...leftBehind(registered));
  const upstreams = chosen(distinct(registered), asked.upstream);
  if (values.offline === true) tell({ check: 'upstream', status: 'skipped', message: `${upstreams.length} registered, none contacted (--offline)` });
  else await checkUpstreams(upstreams, config, tell);
  if (port.running === undefined) tell({ check: 'stream', status: 'skipped', message: 'no gateway runs that could stream' });
  else if (gateway?.tokens !== undefined) tell(await checkStream(port.running, shell.config.gatewayKey), ...(await checkProvider(port.running, shell.config.gatewayKey, asked)));

  if (values.json === true) io.stdout.write(`${JSON.stringify({ healthy: !hasProblem(findings), problems: count(findings, 'problem'), warnings: count(findings, 'warning'), findings })}\n`);
  else io.stdout.write(printSum(findings, style));
  return hasProblem(findings) ? EXIT_FOUND : EXIT_DONE;
}

/** What the call asks for beyond the usual. */
interface Asked {
  readonly upstream: Upstream | undefined;
  /** Undefined: no question. */
  readonly question: { readonly upstream: Upstream; readonly key: string; readonly model: string } | undefined;
}

function readAsked(values: { offline?: boolean; upstream?: string; 'key-env'?: string; model?: string }, env: CommandIo['env']): Asked {
  const { offline, model } = values;
  const name = values['key-env'];
  if (offline === true && (values.upstream ?? name) !== undefined) throw new UsageError('--offline contacts no upstream: leave out --upstream and --key-env');
  const upstream = values.upstream === undefined ? undefined : readUpstream(values.upstream);
  if (name === undefined) {
    if (model !== undefined) throw new UsageError('--model goes with --key-env');
    return { upstream, question: undefined };
  }
  // A key must never go to an upstream that was not meant.
  if (upstream === undefined) throw new UsageError('--key-env needs --upstream, so that the key goes to nobody else');
  if (model === undefined) throw new UsageError('--key-env needs --model');
  const key = env[name] ?? '';
  if (key === '') throw new UsageError('--key-env: there is no such variable, or it is empty; give the variable\'s name, not the key');
  return { upstream, question: { upstream, key, model } };
}

function readUpstream(text: string): Upstream {
  try {
    return parseUpstreamBase(text);
  } catch (error) {
    if (error instanceof GatewayError) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError for an upstream that is not registered: only those are contacted. */
function chosen(upstreams: readonly Upstream[], upstream: Upstream | undefined): readonly Upstream[] {
  if (upstream === undefined) return upstreams;
  const found = upstreams.find(({ base }) => base === upstream.base);
  if (found === undefined) throw new UsageError(`${upstream.base} is not registered; aegisgate register ${upstream.base} does that`);
  return [found];
}

async function checkProvider(base: string, gatewayKey: string, { question }: Asked): Promise<readonly Finding[]> {
  const check = 'stream';
  if (question === undefined) {
    return [{ check, status: 'skipped', message: 'whether a provider\'s own answers stream can\'t be known without a key', advice: 'aegisgate doctor --upstream BASE --key-env NAME --model MODEL asks one short question' }];
  }
  const { upstream, key, model } = question;
  const subject = upstream.base;
  const found = await createDesk(callsOfGateway(base, gatewayKey), base).lookup(upstream.base);
  if (found === undefined) return [{ check, subject, status: 'skipped', message: 'it was unregistered meanwhile' }];
  // By the address that leads there from here, whatever AEGIS_PUBLIC_URL says.
  const path = found.baseUrl.slice(found.baseUrl.indexOf(TOKEN_PREFIX));
  return [{ check, subject, ...(await checkProviderStream(`${base}${path}`, questionFor(upstream, model, key))) }];
}

/** The tokens of the gateway that runs, and whether it is the one that these settings are about. */
async function askGateway(base: string, config: Config, fromFile: readonly Known[]): Promise<{ tokens: readonly Known[] | undefined; findings: readonly Finding[] }> {
  const about = { check: 'gateway', subject: base };
  let tokens: readonly Known[];
  try {
    tokens = await createDesk(callsOfGateway(base, config.gatewayKey), base).list();
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof RefusedError)) throw error;
    return { tokens: undefined, findings: [{ ...about, status: 'problem', message: error.message, advice: 'commands that talk to the gateway need this' }] };
  }
  const here = new Set(fromFile.map(({ fingerprint }) => fingerprint));
  if (tokens.length === here.size && tokens.every(({ fingerprint }) => here.has(fingerprint))) {
    return { tokens, findings: [{ ...about, status: 'ok', message: `the gateway at ${base} knows the tokens of the token file`, facts: { tokens: tokens.length } }] };
  }
  return {
    tokens,
    findings: [{
      ...about, status: 'warning', message: `the gateway at ${base} has other tokens (${tokens.length}) than the token file of these settings (${here.size}): it was started in another folder or with other settings`,
      advice: 'its start line names its token file; set AEGIS_GW_TOKENS_PATH to it here', facts: { tokens: tokens.length, tokens_in_file: here.size },
    }],
  };
}

function leftBehind(tokens: readonly Known[]): readonly Finding[] {
  return tokens.filter(({ upstreamBase }) => isLeftBehind(upstreamBase)).map(({ fingerprint, upstreamBase }) => ({
    check: 'gateway', subject: upstreamBase, status: 'warning', message: `the token ${fingerprint} for ${upstreamBase} was left by a doctor that was killed`, advice: `aegisgate unregister ${fingerprint}`,
  }));
}

/** Each upstream once. A base that is none, of a gateway of another version, is none here. */
function distinct(tokens: readonly Known[]): readonly Upstream[] {
  const bases = new Map<string, Upstream>();
  for (const { upstreamBase } of tokens) {
    if (isLeftBehind(upstreamBase)) continue;
    try {
      bases.set(upstreamBase, parseUpstreamBase(upstreamBase));
    } catch {
      // The gateway that has it will say so.
    }
  }
  return [...bases.values()];
}

async function checkUpstreams(upstreams: readonly Upstream[], config: Config, tell: (...found: readonly Finding[]) => void): Promise<void> {
  if (upstreams.length === 0) {
    tell({ check: 'upstream', status: 'warning', message: 'none is registered', advice: 'aegisgate register https://api.anthropic.com/v1' });
    return;
  }
  const clock: ClockReading[] = [];
  const userAgent = `aegisgate-doctor/${readVersion()}`;
  for (let at = 0; at < upstreams.length; at += AT_ONCE) {
    const some = upstreams.slice(at, at + AT_ONCE);
    const checks = await Promise.all(some.map((upstream) => checkUpstream(upstream, { config, userAgent })));
    checks.forEach(({ findings, clockAheadMs }, i) => {
      tell(...findings);
      const upstream = some[i]?.base;
      if (clockAheadMs !== undefined && upstream !== undefined) clock.push({ upstream, aheadMs: clockAheadMs });
    });
  }
  tell(judgeClock(clock));
}

export const doctor: Command = { name: 'doctor', summary: 'what is wrong with the set-up, and what to do', help: HELP, run };
