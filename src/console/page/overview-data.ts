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

function tallyOf(value: unknown): Tally {
  if (Array.isArray(value)) {
    return value.map((item) => {
      const fields = fieldsOf(item);
      return [textOf(fields['name']) || textOf(fields['rule']) || textOf(fields['client']) || textOf(fields['upstream']), numberOf(fields['count'])] as const;
    });
  }
  return Object.entries(fieldsOf(value)).map(([name, count]) => [name, numberOf(count)] as const);
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
    openStreams: numberOf(fields['openStreams']),
    findingsByRule: tallyOf(fields['findingsByRule']),
    redactionsByClient: tallyOf(fields['redactionsByClient']),
    errorsByUpstream: tallyOf(fields['errorsByUpstream']),
    firstByte: percentilesOf(latency['firstByteMs']),
    duration: percentilesOf(latency['durationMs']),
    added: percentilesOf(latency['addedMs']),
  };
}
