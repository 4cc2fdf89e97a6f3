/** Start-up time and memory, each in a process of its own that has done nothing else. */
import { EVENTS_PER_STREAM } from './answers.ts';
import type { LoadJob } from './child-protocol.ts';
import type { LoadClient } from './load-client.ts';
import { resetPeak } from './process-meter.ts';
import { startTarget, type RunningTarget, type TargetName } from './targets.ts';

const KB = 1024;
const MB = 1e6;
const REST_MS = 250;
/** Streams that come and go before the count, so that tables, pools and the young generation have their size. */
const WARM_STREAMS = 500;
const STREAMS = 1000;
const STREAMS_QUICK = 200;
const BODY_BYTES = 10 * 1024 * 1024;
const TEN_MB_MS = 1000;
const TEN_MB_QUICK_MS = 300;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The values of MEMORY_METRICS for one target. `errors` counts what failed on the way. */
export async function measureMemory(name: TargetName, mockPort: number, load: LoadClient, quick: boolean): Promise<{ values: Record<string, number>; errors: number }> {
  const streams = await withFresh(name, mockPort, load, async (target, rest) => {
    const job = (connections: number): LoadJob => jobFor(target, 'answer=idle', 'idle', connections, KB);
    const warm = await load.holdStreams(job(WARM_STREAMS), () => sleep(REST_MS));
    await sleep(REST_MS);
    const before = await rssOf(target);
    const count = quick ? STREAMS_QUICK : STREAMS;
    let during = before;
    const held = await load.holdStreams(job(count), async () => {
      await sleep(2 * REST_MS);
      during = await rssOf(target);
    });
    return { rest, startup: target.startupMs, perStream: (during - before) / count / KB, errors: warm.errors + held.errors };
  });
  const large = await withFresh(name, mockPort, load, async (target, rest) => {
    if (target.pid !== undefined) resetPeak(target.pid);
    const { errors } = await load.measure(jobFor(target, 'answer=json', 'requests', 1, BODY_BYTES, quick ? TEN_MB_QUICK_MS : TEN_MB_MS), undefined);
    const { peakBytes } = await (target.meter?.memory() ?? Promise.reject(new Error('no process to measure')));
    return { peak: peakBytes, over: peakBytes - rest, errors };
  });
  return {
    values: {
      startup: streams.startup,
      rest: streams.rest / MB,
      perStream: streams.perStream,
      peak10m: large.peak / MB,
      peak10mOverRest: large.over / MB,
    },
    errors: streams.errors + large.errors,
  };
}

async function withFresh<T>(name: TargetName, mockPort: number, load: LoadClient, then: (target: RunningTarget, restBytes: number) => Promise<T>): Promise<T> {
  const target = await startTarget(name, mockPort);
  try {
    // At rest means: has answered, and is left alone.
    await load.measure(jobFor(target, 'answer=json', 'requests', 1, KB, 20), undefined);
    await sleep(REST_MS);
    return await then(target, await rssOf(target));
  } finally {
    await target.stop();
  }
}

async function rssOf(target: RunningTarget): Promise<number> {
  return (await target.meter?.memory())?.rssBytes ?? Number.NaN;
}

function jobFor(target: RunningTarget, query: string, kind: LoadJob['kind'], connections: number, bodyBytes: number, measureMs = 0): LoadJob {
  return {
    port: target.port, basePath: target.basePath, query, kind, connections, bodyBytes,
    secrets: 0, settleMs: 0, measureMs, eventsPerStream: EVENTS_PER_STREAM,
  };
}
