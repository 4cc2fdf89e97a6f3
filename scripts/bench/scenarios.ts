/** What is measured, with which load, and what becomes of the counts. */
import { EVENTS_PER_STREAM } from './answers.ts';
import type { LoadJob } from './child-protocol.ts';
import type { Measurement } from './load-client.ts';
import type { Group } from './options.ts';

export type Unit = 'per second' | 'µs' | 'ms' | 'MB/s' | 'MB' | 'KB' | 's';

export interface Metric {
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  /** Which ratios mean something. */
  readonly ratios: readonly ('bare' | 'direct')[];
  /** A difference may be near nothing: its spread is told in its own unit, not in percent. */
  readonly difference?: boolean;
}

type Load = Pick<LoadJob, 'query' | 'connections' | 'bodyBytes' | 'secrets' | 'kind' | 'fresh'>;

/** The load without a proxy, and on the bare one; undefined where that is not measured. */
export interface Beside {
  readonly direct: Measurement | undefined;
  readonly bare: Measurement | undefined;
}

export interface Scenario {
  readonly group: Group;
  readonly id: string;
  readonly load: Load;
  readonly metrics: readonly Metric[];
  /** The values of one measurement, by the metric's id. `beside` holds the same load's on the yardsticks, in the same round. */
  values(own: Measurement, beside: Beside): Record<string, number | undefined>;
  readonly settleMs: number;
  readonly measureMs: number;
  /** Left out of --quick. */
  readonly long: boolean;
}

const MB = 1e6;
/** More than any round takes: paced streams end by the client's hanging up. */
const ENDLESS_EVENTS = 1_000_000;

const times = { settleMs: 250, measureMs: 1000, long: false } as const;

function perCount(own: Measurement): number | undefined {
  return own.cpuUs === null || own.count === 0 ? undefined : own.cpuUs / own.count;
}

function added(own: number | null, direct: number | null | undefined): number | undefined {
  return own === null || direct === null || direct === undefined ? undefined : own - direct;
}

function perSecond({ count, elapsedMs }: Measurement): number {
  return (count / elapsedMs) * 1e3;
}

/** Bytes of a body by the microseconds that it costs beyond what handing it on does: megabytes a second on one core. */
function scanRate(own: Measurement, bare: Measurement | undefined, bytes: number): number | undefined {
  const [cpu, yardstick] = [perCount(own), bare && perCount(bare)];
  // Where that is less than handing it on, it is lost in the noise of both.
  return cpu === undefined || yardstick === undefined || cpu < 2 * yardstick ? undefined : bytes / (cpu - yardstick);
}

function requests(group: Group, id: string, label: string, load: Load): Scenario {
  return {
    ...times, group, id, load,
    metrics: [
      { id: `${id}.rate`, label: `${label}: requests/s`, unit: 'per second', ratios: ['bare', 'direct'] },
      { id: `${id}.cpu`, label: `${label}: CPU per request`, unit: 'µs', ratios: ['bare'] },
      ...(load.connections === 1 ? [{ id: `${id}.added`, label: `${label}: added p50`, unit: 'µs', ratios: [], difference: true } as const] : []),
    ],
    values: (own, { direct }) => {
      const addedMs = load.connections === 1 && own.cpuUs !== null ? added(own.p50Ms, direct?.p50Ms) : undefined;
      return { [`${id}.rate`]: perSecond(own), [`${id}.cpu`]: perCount(own), [`${id}.added`]: addedMs === undefined ? undefined : addedMs * 1e3 };
    },
  };
}

function bodies(group: Group, id: string, label: string, load: Load): Scenario {
  return {
    ...times, group, id, load,
    metrics: [
      { id: `${id}.rate`, label: `${label}: MB/s`, unit: 'MB/s', ratios: ['bare', 'direct'] },
      { id: `${id}.cpu`, label: `${label}: CPU per request`, unit: 'µs', ratios: ['bare'] },
      { id: `${id}.scan`, label: `${label}: bytes by CPU over bare`, unit: 'MB/s', ratios: [] },
    ],
    values: (own, { bare }) => ({ [`${id}.rate`]: (perSecond(own) * load.bodyBytes) / MB, [`${id}.cpu`]: perCount(own), [`${id}.scan`]: scanRate(own, bare, load.bodyBytes) }),
  };
}

function streams(group: Group, id: string, label: string, load: Load): Scenario {
  return {
    ...times, group, id, load,
    metrics: [
      { id: `${id}.rate`, label: `${label}: events/s`, unit: 'per second', ratios: ['bare', 'direct'] },
      { id: `${id}.cpu`, label: `${label}: CPU per event`, unit: 'µs', ratios: ['bare'] },
    ],
    values: (own) => ({ [`${id}.rate`]: perSecond(own), [`${id}.cpu`]: perCount(own) }),
  };
}

function paced(id: string, connections: number, everyMs: number, long: boolean): Scenario {
  const label = `${connections} slow streams`;
  return {
    group: 'paced', id, settleMs: 700, measureMs: 2000, long,
    load: { query: `answer=paced&ms=${everyMs}&events=${ENDLESS_EVENTS}`, connections, bodyBytes: 1024, secrets: 0, kind: 'paced' },
    metrics: [
      { id: `${id}.added50`, label: `${label}: added p50 per event`, unit: 'ms', ratios: [], difference: true },
      { id: `${id}.added99`, label: `${label}: added p99 per event`, unit: 'ms', ratios: [], difference: true },
      { id: `${id}.cpu`, label: `${label}: CPU per event`, unit: 'µs', ratios: ['bare'] },
      { id: `${id}.cpu100k`, label: `${label}: CPU per 100k events`, unit: 's', ratios: [] },
    ],
    values: (own, { direct }) => {
      const cpu = perCount(own);
      return {
        // On the row of `direct` itself stands what the others' figures are added to.
        [`${id}.added50`]: own.cpuUs === null ? (own.p50Ms ?? undefined) : added(own.p50Ms, direct?.p50Ms),
        [`${id}.added99`]: own.cpuUs === null ? (own.p99Ms ?? undefined) : added(own.p99Ms, direct?.p99Ms),
        [`${id}.cpu`]: cpu,
        // Microseconds an event times 100,000, in seconds.
        [`${id}.cpu100k`]: cpu === undefined ? undefined : cpu / 10,
      };
    },
  };
}

const KIB = 1024;
/** Nothing that a gateway might know of an earlier request, but where a conversation goes on. */
const plain = { query: 'answer=json', secrets: 0, kind: 'requests', fresh: 'texts' } as const;

export const SCENARIOS: readonly Scenario[] = [
  requests('small', 'small1', '1 KB, 1 connection', { ...plain, connections: 1, bodyBytes: KIB }),
  requests('small', 'small64', '1 KB, 64 connections', { ...plain, connections: 64, bodyBytes: KIB }),
  bodies('bodies', 'body200k', '200 KB, 8 connections', { ...plain, connections: 8, bodyBytes: 200 * KIB }),
  bodies('bodies', 'turn200k', '200 KB, next turn', { ...plain, connections: 8, bodyBytes: 200 * KIB, fresh: 'turn' }),
  bodies('bodies', 'body1m', '1 MB, 4 connections', { ...plain, connections: 4, bodyBytes: KIB * KIB }),
  bodies('bodies', 'turn1m', '1 MB, next turn', { ...plain, connections: 4, bodyBytes: KIB * KIB, fresh: 'turn' }),
  bodies('bodies', 'body10m', '10 MB, 2 connections', { ...plain, connections: 2, bodyBytes: 10 * KIB * KIB }),
  streams('sse', 'sse100', '100 streams at full speed', { query: 'answer=sse', connections: 100, bodyBytes: KIB, secrets: 0, kind: 'streams', fresh: 'texts' }),
  paced('paced200', 200, 100, false),
  paced('paced1000', 1000, 200, true),
  bodies('secrets', 'secrets200k', '200 KB with 20 secrets', { ...plain, connections: 8, bodyBytes: 200 * KIB, secrets: 20 }),
  // Values are known that might be in them, and are not.
  streams('secrets', 'known100', '100 streams, values known', { query: 'answer=sse', connections: 100, bodyBytes: KIB, secrets: 0, kind: 'streams', fresh: 'texts' }),
  streams('secrets', 'restore32', '32 streams with values to restore', { query: 'answer=restore', connections: 32, bodyBytes: KIB * 20, secrets: 2, kind: 'streams', fresh: 'texts' }),
];

export const MEMORY_METRICS: readonly Metric[] = [
  { id: 'startup', label: 'start-up', unit: 'ms', ratios: [] },
  { id: 'rest', label: 'RSS at rest', unit: 'MB', ratios: [] },
  { id: 'perStream', label: 'RSS per idle stream', unit: 'KB', ratios: ['bare'] },
  { id: 'peak10m', label: '10 MB request: peak RSS', unit: 'MB', ratios: [] },
  { id: 'peak10mOverRest', label: '10 MB request: peak over rest', unit: 'MB', ratios: [] },
];

/** Of the process that carried all other loads, at the end. */
export const PEAK_METRIC: Metric = { id: 'peakAll', label: 'peak RSS of the whole run', unit: 'MB', ratios: [] };

/** Settings that shorten a scenario. */
export function timesOf(scenario: Scenario, quick: boolean): { settleMs: number; measureMs: number } {
  if (!quick) return scenario;
  return scenario.group === 'paced' ? { settleMs: 400, measureMs: 600 } : { settleMs: 80, measureMs: 250 };
}

export function jobOf(scenario: Scenario, at: { port: number; basePath: string; secretsPath: string }, quick: boolean): LoadJob {
  const basePath = scenario.group === 'secrets' ? at.secretsPath : at.basePath;
  return { ...scenario.load, ...timesOf(scenario, quick), port: at.port, basePath, eventsPerStream: EVENTS_PER_STREAM };
}
