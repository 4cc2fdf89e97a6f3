/** The last hour as the page shows it. */
import { HOUR_MINUTES, type HourFigures, type Tally } from '../observe/hour.ts';
import { percentile, type Counts } from '../observe/log-histogram.ts';

const MINUTE_MS = 60_000;
/** Names in a list, the most frequent first. */
const MAX_ROWS = 50;

interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

interface MinuteRow {
  /** ISO 8601. */
  readonly time: string;
  readonly requests: number;
  readonly errors: number;
  readonly redactions: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface Overview {
  /** The last sixty, oldest first, the one under way last. */
  readonly minutes: readonly MinuteRow[];
  readonly totals: Omit<MinuteRow, 'time'>;
  /** Exchanges under way. */
  readonly open: number;
  readonly rules: readonly { readonly rule: string; readonly count: number }[];
  readonly clients: readonly { readonly client: string; readonly requests: number; readonly redactions: number }[];
  readonly upstreams: readonly { readonly host: string; readonly requests: number; readonly errors: number }[];
  /** Milliseconds; null where nothing happened. Each is known to within a tenth. */
  readonly latency: { readonly firstByteMs: Percentiles; readonly durationMs: Percentiles; readonly addedMs: Percentiles };
}

const NOTHING = { requests: 0, errors: 0, redactions: 0, bytesIn: 0, bytesOut: 0 };

export function overviewOf(hour: HourFigures, nowMs: number): Overview {
  const current = Math.floor(nowMs / MINUTE_MS);
  const byMinute = new Map(hour.minutes.map((minute) => [minute.minute, minute]));
  const totals = { ...NOTHING };
  const minutes = Array.from({ length: HOUR_MINUTES }, (_, index): MinuteRow => {
    const minute = current - HOUR_MINUTES + 1 + index;
    const { requests, errors, redactions, bytesIn, bytesOut } = byMinute.get(minute) ?? NOTHING;
    totals.requests += requests;
    totals.errors += errors;
    totals.redactions += redactions;
    totals.bytesIn += bytesIn;
    totals.bytesOut += bytesOut;
    return { time: new Date(minute * MINUTE_MS).toISOString(), requests, errors, redactions, bytesIn, bytesOut };
  });
  return {
    minutes,
    totals,
    open: hour.open,
    rules: rows(hour.findingsByRule).map(([rule, count]) => ({ rule, count })),
    clients: rows(hour.requestsByClient).map(([client, requests]) => ({ client, requests, redactions: hour.redactionsByClient[client] ?? 0 })),
    upstreams: rows(hour.requestsByUpstream).map(([host, requests]) => ({ host, requests, errors: hour.errorsByUpstream[host] ?? 0 })),
    latency: { firstByteMs: percentiles(hour.firstByte), durationMs: percentiles(hour.duration), addedMs: percentiles(hour.added) },
  };
}

function rows(tally: Tally): [string, number][] {
  return Object.entries(tally).sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1)).slice(0, MAX_ROWS);
}

function percentiles(counts: Counts): Percentiles {
  const rounded = (share: number): number | null => {
    const ms = percentile(counts, share);
    return ms === null ? null : Number(ms.toPrecision(3));
  };
  return { p50: rounded(0.5), p90: rounded(0.9), p99: rounded(0.99) };
}
