// Hostile clients, upstreams, pages and loads against gateways on this machine, in their long forms, and a table of what
// came of it: cases tried and survived, honest exchanges lost, what leaked. Takes some ten minutes. The short forms run with `npm test`.
//
//   npm run torture [-- word ...]
//
// Words narrow the run to the parts whose names hold one. SEED=<number> repeats a run's random choices.
import { after, test, type TestContext } from 'node:test';
import { runAddresses } from '../tests/torture/addresses.ts';
import { runCutAnswers } from '../tests/torture/cut-answers.ts';
import { runCutRequests } from '../tests/torture/cut-requests.ts';
import type { Figures } from '../tests/torture/figures.ts';
import { runConnections, runFlood, runRefusals } from '../tests/torture/flood.ts';
import { runHostileAnswers } from '../tests/torture/hostile-answers.ts';
import { runMixed } from '../tests/torture/mixed.ts';
import { SLOW_SHAPES, slowPart } from '../tests/torture/slow-clients.ts';
import { runSlowHeads } from '../tests/torture/slow-heads.ts';
import { runSmuggling } from '../tests/torture/smuggling.ts';
import { seededRandom } from '../tests/support/random.ts';

const MAX_FAULTS_SHOWN = 20;
const HEADS_WAIT_MS = 120_000;
const CLIENTS = 500;

const { random, seed } = seededRandom();

const PARTS: Readonly<Record<string, (t: TestContext) => Promise<Figures>>> = {
  smuggling: (t) => runSmuggling(t, { deliveries: ['whole', 'byte by byte', 'cut at random', 'cut at random'], rounds: 2, random }),
  mixed: (t) => runMixed(t, { clients: 8_000, random }),
  'cut-requests': (t) => runCutRequests(t, { step: 1 }),
  'cut-answers': (t) => runCutAnswers(t, { endings: ['closes', 'resets'], step: 1, bytewise: false }),
  'cut-answers-silent': (t) => runCutAnswers(t, { endings: ['falls silent'], step: 1, bytewise: false }),
  'cut-answers-bytewise': (t) => runCutAnswers(t, { endings: ['closes', 'resets'], step: 1, bytewise: true }),
  'hostile-answers': (t) => runHostileAnswers(t, { deliveries: ['whole', 'byte by byte', 'cut at random', 'cut at random'], random }),
  addresses: (t) => runAddresses(t, { everyUrl: true }),
  flood: (t) => runFlood(t, { flooders: 200, honest: 500, surplus: 0 }),
  connections: (t) => runConnections(t, { flooders: 0, honest: 0, surplus: 1_000 }),
  refusals: (t) => runRefusals(t, { flooders: 0, honest: 0, surplus: 1_000 }),
  'slow-heads': (t) => runSlowHeads(t, { clients: CLIENTS, waitMs: HEADS_WAIT_MS }),
  ...Object.fromEntries(SLOW_SHAPES.map((what) => [what.replaceAll(/[ ,]+/g, '-'), (t: TestContext) => slowPart(what)(t, { clients: CLIENTS })])),
};

const words = process.argv.slice(2);
const chosen = Object.entries(PARTS).filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`No part holds one of: ${words.join(' ')}. There are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

const found: Figures[] = [];
for (const [name, run] of chosen) {
  test(name, async (t) => {
    const figures = await run(t);
    found.push(figures);
    for (const fault of figures.faults.slice(0, MAX_FAULTS_SHOWN)) t.diagnostic(fault);
    if (figures.faults.length > MAX_FAULTS_SHOWN) t.diagnostic(`and ${figures.faults.length - MAX_FAULTS_SHOWN} more`);
    if (figures.faults.length + figures.lost + figures.leaked > 0) throw new Error(`${figures.faults.length} faults, ${figures.lost} lost, ${figures.leaked} leaked`);
  });
}

after(() => {
  const rows = found.map(({ part, tried, lost, leaked, faults, notes = [] }) => [part, String(tried), String(Math.max(0, tried - faults.length)), String(lost), String(leaked), notes.join('; ')]);
  const total = (pick: (figures: Figures) => number): string => String(found.reduce((sum, figures) => sum + pick(figures), 0));
  rows.push(['all', total(({ tried }) => tried), total(({ tried, faults }) => Math.max(0, tried - faults.length)), total(({ lost }) => lost), total(({ leaked }) => leaked), `Node ${process.version}, SEED=${seed}`]);
  console.log(`\n| part | tried | survived | lost | leaked | notes |\n|---|---:|---:|---:|---:|---|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
});
