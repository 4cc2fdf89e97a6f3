// Mixed traffic through the built gateway for ten minutes, or `--minutes N`; prints what its process uses after the
// warm-up and at the end. Exits 0 when it did not grow, 1 when it grew by more than the bounds below or an exchange did
// not go as it must, 2 when the call is wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBuiltGateway } from '../tests/support/built-gateway.ts';
import { createMemoryProbe, type MemoryUse } from '../tests/support/memory-probe.ts';
import { createMixedTraffic } from '../tests/support/mixed-traffic.ts';
import { startMockUpstream } from '../tests/support/mock-upstream.ts';
import { seededRandom } from '../tests/support/random.ts';

const MB = 1024 * 1024;
const CONCURRENCY = 16;
/** The code is compiled, the tables and the memory of placeholders are full. */
const WARM_UP_SHARE = 0.2;
const SAMPLES = 20;
/** Of the samples, so many at either end are compared by their medians: one alone is chance. */
const COMPARED = 5;
/** What the heap may have grown by between the first samples and the last. */
const HEAP_BOUND_BYTES = 3 * MB;
/** Resident memory goes up and down with the allocator's mood. */
const RSS_BOUND_BYTES = 24 * MB;

function minutesAsked(): number {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 1440)) throw new Error('--minutes takes a number above 0 and up to 1440');
  return minutes;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const shown = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;

async function soak(minutes: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-soak-'));
  const probe = createMemoryProbe(folder);
  const mock = await startMockUpstream();
  const gateway = await startBuiltGateway({ ...probe.env, AEGIS_LOG_LEVEL: 'warn', AEGIS_AUDIT_LOG_PATH: join(folder, 'audit.jsonl') });
  const { token } = await gateway.register(`${mock.url}/v1`);
  const { random, seed } = seededRandom();
  console.log(`seed ${seed}`);
  const traffic = createMixedTraffic({ gateway: gateway.url, token, mock, random });
  try {
    const samples: MemoryUse[] = [];
    const startedAt = performance.now();
    for (let i = 0; i < SAMPLES; i++) {
      const until = startedAt + minutes * 60_000 * (WARM_UP_SHARE + ((1 - WARM_UP_SHARE) * i) / (SAMPLES - 1));
      await traffic.run(CONCURRENCY, () => performance.now() < until);
      // Between two exchanges: what is under way is no growth.
      const sample = await probe.ask(gateway.pid);
      samples.push(sample);
      const exchanges = [...traffic.counts.values()].reduce((sum, count) => sum + count, 0);
      console.log(`${((performance.now() - startedAt) / 60_000).toFixed(1).padStart(5)} min  ${String(exchanges).padStart(8)} exchanges  RSS ${shown(sample.rssBytes)}  heap ${shown(sample.heapBytes)}  buffers ${shown(sample.externalBytes)}`);
    }
    for (const [kind, count] of traffic.counts) console.log(`${String(count).padStart(8)} × ${kind}`);
    const grown = (of: (use: MemoryUse) => number): number => median(samples.slice(-COMPARED).map(of)) - median(samples.slice(0, COMPARED).map(of));
    const heap = grown(({ heapBytes, externalBytes }) => heapBytes + externalBytes);
    const rss = grown(({ rssBytes }) => rssBytes);
    console.log(`heap and buffers grew by ${shown(heap)} (at most ${shown(HEAP_BOUND_BYTES)}), RSS by ${shown(rss)} (at most ${shown(RSS_BOUND_BYTES)}): medians of the first and the last ${COMPARED} samples after a warm-up of ${(minutes * WARM_UP_SHARE).toFixed(1)} min`);
    return heap <= HEAP_BOUND_BYTES && rss <= RSS_BOUND_BYTES;
  } finally {
    traffic.close();
    await gateway.stop();
    await mock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

let minutes: number;
try {
  minutes = minutesAsked();
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
soak(minutes).then(
  (steady) => {
    console.log(steady ? 'steady' : 'it grew');
    process.exitCode = steady ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
