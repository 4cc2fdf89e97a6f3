/**
 * Adds up what several processes print as metrics (the text format of metrics.ts, and no other): counters, histograms and
 * gauges sample by sample. Pure.
 */

/** The same in every process: the largest stands for all. */
const COMMON_GAUGES: ReadonlySet<string> = new Set(['aegis_tokens', 'aegis_build_info', 'process_max_fds']);
/** The gateway's is that of the process that was first. */
const FIRST_GAUGES: ReadonlySet<string> = new Set(['process_start_time_seconds']);

interface Family {
  readonly head: string;
  readonly type: string;
  /** By name and labels as printed. */
  readonly samples: Map<string, number>;
}

/**
 * @param living what processes print that live.
 * @param ended what ended ones printed last: what they have counted stays counted, what they measured is gone.
 */
export function sumMetrics(living: readonly string[], ended: readonly string[] = []): string {
  const families = new Map<string, Family>();
  for (const text of living) addTo(families, text, true);
  for (const text of ended) addTo(families, text, false);
  let out = '';
  for (const { head, samples } of families.values()) {
    out += head;
    for (const [key, value] of samples) out += `${key} ${value === Infinity ? '+Inf' : value}\n`;
  }
  return out;
}

function joined(name: string, one: number, other: number): number {
  if (COMMON_GAUGES.has(name)) return Math.max(one, other);
  return FIRST_GAUGES.has(name) ? Math.min(one, other) : one + other;
}

function addTo(families: Map<string, Family>, text: string, lives: boolean): void {
  let help = '';
  let name = '';
  let family: Family | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('# HELP ')) {
      help = line;
    } else if (line.startsWith('# TYPE ')) {
      const [, , named = '', type = ''] = line.split(' ');
      name = named;
      family = families.get(name) ?? { head: `${help}\n${line}\n`, type, samples: new Map() };
      if (lives || family.type !== 'gauge') families.set(name, family);
      else family = undefined;
    } else if (line !== '' && family !== undefined) {
      const end = line.lastIndexOf(' ');
      const key = line.slice(0, end);
      const value = Number(line.slice(end + 1).replace('+Inf', 'Infinity'));
      const before = family.samples.get(key);
      family.samples.set(key, before === undefined ? value : joined(name, before, value));
    }
  }
}
