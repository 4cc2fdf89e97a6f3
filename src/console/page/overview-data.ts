/** The figures of the last hour, narrowed from what the gateway tells. */
import { fieldsOf, listOf, numberOf, numberOrNull, textOf } from './records.ts';

export interface Minute {
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly requests: number;
  readonly errors: number;
  readonly redactions: number;
}

/** Milliseconds; null where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

export type Tally = readonly (readonly [name: string, count: number])[];

export interface Overview {
  readonly minutes: readonly Minute[];
  readonly openStreams: number;
  readonly findingsByRule: Tally;
  readonly redactionsByClient: Tally;
  readonly errorsByUpstream: Tally;
  readonly firstByte: Percentiles;
  readonly duration: Percentiles;
  readonly added: Percentiles;
}

/** A list of what is named by one field and counted by another. */
function tallyOf(value: unknown, name: string, count: string): Tally {
  return listOf(value).map((item) => {
    const fields = fieldsOf(item);
    return [textOf(fields[name]), numberOf(fields[count])] as const;
  });
}

function percentilesOf(value: unknown): Percentiles {
  const fields = fieldsOf(value);
  return { p50: numberOrNull(fields['p50']), p90: numberOrNull(fields['p90']), p99: numberOrNull(fields['p99']) };
}

export function overviewOf(fields: Readonly<Record<string, unknown>>): Overview {
  const latency = fieldsOf(fields['latency']);
  return {
    minutes: listOf(fields['minutes']).map((value) => {
      const minute = fieldsOf(value);
      return { startMs: Date.parse(textOf(minute['time'])), requests: numberOf(minute['requests']), errors: numberOf(minute['errors']), redactions: numberOf(minute['redactions']) };
    }),
    openStreams: numberOf(fields['open']),
    findingsByRule: tallyOf(fields['rules'], 'rule', 'count'),
    redactionsByClient: tallyOf(fields['clients'], 'client', 'redactions'),
    errorsByUpstream: tallyOf(fields['upstreams'], 'host', 'errors'),
    firstByte: percentilesOf(latency['firstByteMs']),
    duration: percentilesOf(latency['durationMs']),
    added: percentilesOf(latency['addedMs']),
  };
}
