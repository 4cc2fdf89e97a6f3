/**
 * scripts/bench/history.jsonl: one line a recorded run, so that a change for the worse is seen where it came in.
 * Figures of different machines say nothing about each other; the ratios to `bare` come nearest.
 *
 * A line is {"date","version","node","platform","cpus","rounds","quick","medians":{metric:{target:[median, × bare or null]}}}.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Options } from './options.ts';
import { ROOT } from './processes.ts';
import type { MetricSummary } from './results.ts';

const HISTORY = join(ROOT, 'scripts/bench/history.jsonl');
const SIGNIFICANT_DIGITS = 4;

export interface RunInfo {
  readonly date: string;
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly cpus: number;
  readonly rounds: number;
  readonly quick: boolean;
}

export function runInfo(options: Options): RunInfo {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return {
    date: new Date().toISOString(),
    version: manifest.version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpus: availableParallelism(),
    rounds: options.rounds,
    quick: options.quick,
  };
}

export function record(info: RunInfo, metrics: readonly MetricSummary[]): void {
  const round = (value: number): number => Number(value.toPrecision(SIGNIFICANT_DIGITS));
  const medians = Object.fromEntries(
    metrics.map(({ id, targets }) => [
      id,
      Object.fromEntries(
        Object.entries(targets).map(([name, { median, ratioToBare }]) => [name, [round(median), ratioToBare === null ? null : round(ratioToBare)]]),
      ),
    ]),
  );
  appendFileSync(HISTORY, `${JSON.stringify({ ...info, medians })}\n`);
}
