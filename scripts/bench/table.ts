/** The table that people read: a column a target, a line a figure, its ratios below it. */
import type { MetricSummary } from './results.ts';
import type { Metric, Unit } from './scenarios.ts';
import type { Summary } from './stats.ts';
import type { TargetName } from './targets.ts';

const UNIT_TEXT: Record<Unit, string> = { 'per second': '', µs: ' µs', ms: ' ms', 'MB/s': ' MB/s', MB: ' MB', KB: ' KB', s: ' s' };
const NOTHING = '–';

/** Three digits that mean something, thousands as k. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (size >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** The median, and how far the rounds lie apart: half the way from the lowest to the highest. */
function cell(summary: Summary, { unit, difference = false }: Metric): string {
  const text = digits(summary.median);
  const spread = (summary.max - summary.min) / 2;
  if (summary.rounds < 2 || summary.median === 0) return text + UNIT_TEXT[unit];
  if (difference) return `${text} ±${digits(spread)}${UNIT_TEXT[unit]}`;
  return `${text}${UNIT_TEXT[unit]} ±${((spread / summary.median) * 100).toFixed(0)}%`;
}

export function renderTable(metrics: readonly MetricSummary[], targets: readonly TargetName[]): string {
  const rows: string[][] = [['', ...targets]];
  for (const metric of metrics) {
    const shown = targets.map((target) => metric.targets[target]);
    if (shown.every((summary) => summary === undefined)) continue;
    rows.push([metric.label, ...shown.map((summary) => (summary ? cell(summary, metric) : NOTHING))]);
    for (const base of metric.ratios) {
      const ratios = shown.map((summary) => (base === 'bare' ? summary?.ratioToBare : summary?.ratioToDirect));
      if (ratios.every((value) => value === undefined || value === null)) continue;
      rows.push([`  × ${base}`, ...ratios.map((value) => (value === undefined || value === null ? NOTHING : value.toFixed(2)))]);
    }
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => row.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  '))
    .join('\n');
}
