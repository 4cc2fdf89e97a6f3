/** The runner's side of the load generator. */
import type { ChildProcess } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { FromLoad, LoadJob, LoadResult, ToLoad } from './child-protocol.ts';
import { awaitOf, launch, program } from './processes.ts';
import type { ProcessMeter } from './process-meter.ts';

/** Beyond the job's own times: opening, draining and slowness. */
const SPARE_MS = 40_000;

export interface Measurement extends LoadResult {
  /** Null for a target without a process. */
  readonly cpuUs: number | null;
  /** Share of one core that the target and the generator took while measuring. */
  readonly targetBusy: number | null;
  readonly loadBusy: number;
}

export interface LoadClient {
  /** Measures one load; `meter` is the target's. */
  measure(job: LoadJob, meter: ProcessMeter | undefined): Promise<Measurement>;
  /** Opens idle streams, calls `meanwhile` once all are open, then hangs up. */
  holdStreams(job: LoadJob, meanwhile: () => Promise<void>): Promise<LoadResult>;
}

export async function startLoad(meterOf: (child: ChildProcess) => ProcessMeter | undefined): Promise<LoadClient> {
  const child = launch(process.execPath, [program('load')], { ipc: true });
  await awaitOf<true>(child, 'the load generator', (found) => {
    const listener = (message: FromLoad): void => {
      if ('ready' in message) found(true);
    };
    child.on('message', listener);
    return () => child.off('message', listener);
  });
  const loadMeter = meterOf(child);
  const say = (message: ToLoad): void => {
    child.send(message);
  };

  async function run(job: LoadJob, onMark: (mark: 'begin' | 'end') => void): Promise<LoadResult> {
    const result = awaitOf<LoadResult | string>(
      child,
      `the load of ${job.query}`,
      (found) => {
        const listener = (message: FromLoad): void => {
          if ('mark' in message) onMark(message.mark);
          else if ('result' in message) found(message.result);
          else if ('failed' in message) found(message.failed);
        };
        child.on('message', listener);
        return () => child.off('message', listener);
      },
      job.settleMs + job.measureMs + SPARE_MS,
    );
    say({ job });
    const value = await result;
    if (typeof value === 'string') throw new Error(`the load generator failed: ${value}`);
    return value;
  }

  return {
    async measure(job, meter) {
      // Both marks are read as they come: a promise for each clock, awaited when the job is over.
      const clocks = { begin: readClocks(undefined, undefined), end: readClocks(undefined, undefined) };
      const result = await run(job, (mark) => {
        clocks[mark] = readClocks(meter, loadMeter);
      });
      const [begin, end] = await Promise.all([clocks.begin, clocks.end]);
      const elapsedUs = (end.atMs - begin.atMs) * 1e3;
      const cpuUs = meter ? end.targetUs - begin.targetUs : null;
      return { ...result, cpuUs, targetBusy: cpuUs === null ? null : cpuUs / elapsedUs, loadBusy: (end.loadUs - begin.loadUs) / elapsedUs };
    },
    async holdStreams(job, meanwhile) {
      let held: Promise<void> = Promise.resolve();
      const result = await run(job, (mark) => {
        if (mark === 'begin') held = meanwhile().finally(() => say({ release: true }));
      });
      await held;
      return result;
    },
  };
}

async function readClocks(target: ProcessMeter | undefined, load: ProcessMeter | undefined): Promise<{ atMs: number; targetUs: number; loadUs: number }> {
  const [targetUs, loadUs] = await Promise.all([target?.cpuUs() ?? 0, load?.cpuUs() ?? 0]);
  return { atMs: performance.now(), targetUs, loadUs };
}
