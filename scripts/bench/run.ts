/**
 * `npm run bench`: the gateway beside a bare node:http proxy and no proxy at all, under the same load, in one run.
 *
 * Everything is started here, each measured process for itself. The targets are checked first, then measured in turn,
 * round after round, so that a machine that slows down does so for all of them. Ratios are the figures to trust:
 * absolute ones drift with the machine.
 */
import { availableParallelism, loadavg } from 'node:os';
import { checkTarget } from './check.ts';
import { record, runInfo } from './history.ts';
import { startLoad, type LoadClient, type Measurement } from './load-client.ts';
import { measureMemory } from './memory.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { createMeter, HAS_PROC } from './process-meter.ts';
import { compilePrograms, launch, makeGuardian, program, toldPort } from './processes.ts';
import { createResults, type Results } from './results.ts';
import { jobOf, MEMORY_METRICS, PEAK_METRIC, SCENARIOS, type Scenario } from './scenarios.ts';
import { renderTable } from './table.ts';
import { missing, startTarget, type RunningTarget, type TargetName } from './targets.ts';

/** Longest that a whole run may take. */
const RUN_DEADLINE_MS = 45 * 60_000;
const WARM_UP_MS = 300;
const WARM_UP_PACE_MS = 10;

const warnings = new Set<string>();
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Bench {
  readonly options: Options;
  readonly load: LoadClient;
  readonly mockPort: number;
  readonly targets: readonly RunningTarget[];
  readonly results: Results;
}

/** Measures one load on all targets in turn. The order moves on by one each round, so that nobody always comes last. */
async function measureScenario({ options, load, targets, results }: Bench, scenario: Scenario, round: number): Promise<void> {
  const measured = new Map<TargetName, Measurement>();
  for (let i = 0; i < targets.length; i++) {
    const target = targets[(i + round) % targets.length];
    if (!target) continue;
    const measurement = await load.measure(jobOf(scenario, target, options.quick), target.meter);
    measured.set(target.name, measurement);
    if (measurement.errors > 0) warnings.add(`${target.name}: ${measurement.errors} errors in "${scenario.id}", round ${round + 1}`);
  }
  const beside = { direct: measured.get('direct'), bare: measured.get('bare') };
  for (const [name, measurement] of measured) results.add(round, name, scenario.values(measurement, beside));
}

/** Runs each load once, unrecorded, so that the code of every process is compiled by its JIT. */
async function warmUp({ options, load, targets }: Bench, scenarios: readonly Scenario[]): Promise<void> {
  for (const target of targets) {
    for (const scenario of scenarios) {
      const job = jobOf(scenario, target, options.quick);
      const measureMs = options.quick ? WARM_UP_MS / 3 : WARM_UP_MS;
      // At their own pace slow streams would take minutes to warm anything.
      const query = job.query.replace(/\bms=\d+/, `ms=${WARM_UP_PACE_MS}`);
      await load.measure({ ...job, query, settleMs: 0, measureMs }, undefined);
    }
  }
}

async function measureRound(bench: Bench, scenarios: readonly Scenario[], round: number): Promise<void> {
  const { options, load, mockPort, targets, results } = bench;
  for (const scenario of scenarios) await measureScenario(bench, scenario, round);
  // Once is enough for a first look.
  if (!options.only.has('memory') || (options.quick && round > 0)) return;
  for (const target of targets) {
    if (!target.meter) continue;
    try {
      const { values, errors } = await measureMemory(target.name, mockPort, load, options.quick);
      results.add(round, target.name, values);
      if (errors > 0) warnings.add(`${target.name}: ${errors} errors while memory was measured`);
    } catch (error) {
      // A build in the meantime takes dist/ away; what has been measured is kept.
      warnings.add(`${target.name}: memory not measured: ${messageOf(error)}`);
    }
  }
}

/** Starts and checks the targets; one that fails is left out and named. */
async function startTargets(names: readonly TargetName[], mockPort: number): Promise<{ targets: RunningTarget[]; notes: string[] }> {
  const targets: RunningTarget[] = [];
  const notes: string[] = [];
  for (const name of names) {
    const reason = missing(name);
    if (reason !== undefined) {
      notes.push(`${name}: ${reason}`);
      continue;
    }
    try {
      const target = await startTarget(name, mockPort);
      const secrets = await checkTarget(target);
      targets.push(target);
      if (secrets === 'redacted') notes.push(`${name}: redacts and restores`);
    } catch (error) {
      warnings.add(`left out, ${messageOf(error)}`);
    }
  }
  return { targets, notes };
}

async function bench(options: Options): Promise<void> {
  const others = loadavg()[0] ?? 0;
  await compilePrograms();
  const mock = launch(process.execPath, [program('mock-upstream')], { ipc: true });
  const mockPort = await toldPort(mock, 'the mock upstream');
  makeGuardian(mock);
  const load = await startLoad((child) => (HAS_PROC ? createMeter(child) : undefined));
  const { targets, notes } = await startTargets(options.targets, mockPort);
  const results = createResults();
  const scenarios = SCENARIOS.filter(({ group, id, long }) => options.only.has(id) || (options.only.has(group) && !(options.quick && long)));
  const all: Bench = { options, load, mockPort, targets, results };

  await warmUp(all, scenarios);
  for (let round = 0; round < options.rounds; round++) {
    say(`round ${round + 1} of ${options.rounds}`);
    await measureRound(all, scenarios, round);
  }
  for (const target of targets) {
    if (target.meter && scenarios.length > 0) results.add(0, target.name, { [PEAK_METRIC.id]: (await target.meter.memory()).peakBytes / 1e6 });
    await target.stop();
  }

  const names = targets.map(({ name }) => name);
  const metrics = [...scenarios.flatMap((scenario) => scenario.metrics), ...MEMORY_METRICS, PEAK_METRIC];
  const summary = results.summary(metrics, names);
  const info = runInfo(options);
  if (options.json) {
    console.log(JSON.stringify({ ...info, notes, warnings: [...warnings], metrics: summary }, null, 2));
  } else {
    console.log(`\nAegisGate ${info.version}, Node ${info.node}, ${info.platform}, ${info.cpus} CPUs, ${info.rounds} rounds${info.quick ? ', quick' : ''}\n`);
    console.log(renderTable(summary, names));
    if (others > availableParallelism() / 2) console.log(`\nThe machine was busy (load average ${others.toFixed(1)} at the start): trust the ratios only, and only where the spread is small.`);
    console.log(`\nMedian ± half the range of the rounds; ratios are taken within a round. "added" is over direct.`);
    for (const note of notes) console.log(note);
  }
  for (const warning of warnings) say(`warning: ${warning}`);
  if (options.record) record(info, summary);
}

async function main(): Promise<void> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    say(`${messageOf(error)}\n\n${USAGE}`);
    process.exit(2);
  }
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const deadline = setTimeout(() => {
    say(`the run took more than ${RUN_DEADLINE_MS / 60_000} minutes and was given up`);
    process.exit(1);
  }, RUN_DEADLINE_MS);
  await bench(options);
  clearTimeout(deadline);
  process.exit(warnings.size > 0 ? 1 : 0);
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
