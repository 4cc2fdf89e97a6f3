/** Collects what each round measured, and sums it up. */
import type { Metric } from './scenarios.ts';
import { summarise, type Summary } from './stats.ts';
import type { TargetName } from './targets.ts';

export interface MetricSummary extends Metric {
  readonly targets: Partial<Record<TargetName, Summary>>;
}

export interface Results {
  add(round: number, target: TargetName, values: Record<string, number | undefined>): void;
  summary(metrics: readonly Metric[], targets: readonly TargetName[]): MetricSummary[];
}

export function createResults(): Results {
  /** metric → target → one value a round. */
  const values = new Map<string, Map<TargetName, (number | undefined)[]>>();
  return {
    add(round, target, measured) {
      for (const [id, value] of Object.entries(measured)) {
        if (value === undefined || !Number.isFinite(value)) continue;
        let byTarget = values.get(id);
        if (!byTarget) values.set(id, (byTarget = new Map()));
        let rounds = byTarget.get(target);
        if (!rounds) byTarget.set(target, (rounds = []));
        rounds[round] = value;
      }
    },
    summary(metrics, targets) {
      return metrics.map((metric) => {
        const byTarget = values.get(metric.id);
        const summaries: Partial<Record<TargetName, Summary>> = {};
        for (const target of targets) {
          // Array.from fills the rounds that were left out.
          const of = (name: TargetName): (number | undefined)[] | undefined => {
            const rounds = byTarget?.get(name);
            return rounds && Array.from(rounds);
          };
          const summary = summarise(of(target) ?? [], of('bare'), of('direct'));
          if (summary) summaries[target] = summary;
        }
        return { ...metric, targets: summaries };
      });
    },
  };
}
