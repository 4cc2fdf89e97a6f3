// Feeds generated and damaged inputs to the parsers, filters and judges, and checks what must hold of every one.
//
//   npm run fuzz -- [--minutes N] [--seed N] [--target NAME]…   runs the targets in turn (10 minutes, a new seed, all)
//   npm run fuzz -- --target NAME --case N                      runs one case again, as a failure names it
//
// Exit code 1 when a case failed: its target and case are printed, with the error.
import { parseArgs } from 'node:util';
import { seededRandom } from '../../tests/support/random.ts';
import { caseSeed, diceOf, processorMs, type FuzzTarget } from './target.ts';
import { TARGETS } from './targets/index.ts';

/** A target's turn. Short, so that all get theirs in a short run as well. */
const TURN_MS = 500;
/** No case has input for so long. */
const CASE_MOST_MS = 5000;
/** The same fault found ten times says nothing new. */
const MOST_FAILURES = 5;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' }, target: { type: 'string', multiple: true }, case: { type: 'string' } },
});
const unknown = (values.target ?? []).filter((name) => !TARGETS.some((target) => target.name === name));
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (unknown.length > 0 || !(minutes > 0) || !Number.isInteger(seed) || (values.case !== undefined && values.target?.length !== 1)) {
  console.error(`usage: npm run fuzz -- [--minutes N] [--seed N] [--target NAME]… [--case N, with one target]\ntargets: ${TARGETS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const targets = TARGETS.filter(({ name }) => values.target?.includes(name) ?? true);

interface Tally {
  readonly target: FuzzTarget;
  cases: number;
  slowestMs: number;
  failures: number;
}

const tallies: Tally[] = targets.map((target) => ({ target, cases: 0, slowestMs: 0, failures: 0 }));

function runCase(tally: Tally, seedOfCase: number): void {
  try {
    const spentMs = processorMs(() => tally.target.run(diceOf(seededRandom(seedOfCase).random)));
    tally.slowestMs = Math.max(tally.slowestMs, spentMs);
    if (spentMs > CASE_MOST_MS) throw new Error(`the case took ${spentMs.toFixed(0)} ms`);
  } catch (error) {
    tally.failures++;
    console.error(`\nFAILED --target ${tally.target.name} --case ${seedOfCase}\n${error instanceof Error ? error.stack : String(error)}`);
  }
  tally.cases++;
}

if (values.case !== undefined) {
  for (const tally of tallies) runCase(tally, Number(values.case));
} else {
  console.log(`seed ${seed}, ${minutes} minutes, ${targets.length} targets, Node ${process.version}`);
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end && tallies.some(({ failures }) => failures < MOST_FAILURES)) {
    for (const tally of tallies) {
      const turnEnd = Math.min(end, performance.now() + TURN_MS);
      while (performance.now() < turnEnd && tally.failures < MOST_FAILURES) runCase(tally, caseSeed(seed, tally.target.name, tally.cases));
    }
  }
}
for (const { target, cases, slowestMs, failures } of tallies) console.log(`${target.name.padEnd(18)}${String(cases).padStart(10)} cases ${String(failures).padStart(4)} failed   slowest ${slowestMs.toFixed(0)} ms`);
const cases = tallies.reduce((sum, tally) => sum + tally.cases, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failures, 0);
console.log(`${'all'.padEnd(18)}${String(cases).padStart(10)} cases ${String(failed).padStart(4)} failed`);
process.exitCode = failed > 0 ? 1 : 0;
