/** What the gateway tells of exchanges: unknown until it is narrowed here, so that a newer gateway's record breaks nothing. */

export interface Finding {
  readonly rule: string;
  readonly kind: string;
  readonly topic: string;
  readonly action: string;
  /** Keys of the field it was found in, or the name of the tool that was called. */
  readonly place: string;
  readonly direction: string;
  readonly count: number;
  /** What was replaced, masked by the gateway: at most two characters at each end. Empty where there is none. */
  readonly shape: string;
  /** The rule's own sentence on what it looks for; may be empty. */
  readonly why: string;
}

export interface Exchange {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly client: string;
  /** The token's name, or its fingerprint where it has none; empty where the request named no token. */
  readonly token: string;
  readonly fingerprint: string;
  readonly upstream: string;
  readonly wire: string;
  readonly method: string;
  readonly path: string;
  readonly model: string;
  /** 0 where no answer began. */
  readonly status: number;
  readonly outcome: string;
  /** The gateway's own error code, or empty. */
  readonly code: string;
  readonly firstByteMs: number | null;
  readonly durationMs: number | null;
  readonly addedMs: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly findings: readonly Finding[];
  /** Findings that the gateway counted but does not list. */
  readonly unlisted: number;
}

type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function findingOf(value: unknown): Finding {
  const fields = fieldsOf(value);
  return {
    rule: textOf(fields['rule']),
    kind: textOf(fields['kind']),
    topic: textOf(fields['topic']) || textOf(fields['class']),
    action: textOf(fields['action']),
    place: textOf(fields['place']),
    direction: textOf(fields['direction']),
    count: Math.max(1, numberOf(fields['count'])),
    shape: textOf(fields['shape']),
    why: textOf(fields['why']),
  };
}

/** @param text the data of an `exchange` event. @returns undefined for what is no record. */
export function exchangeOf(text: string): Exchange | undefined {
  const fields = fieldsOf(parse(text));
  const id = textOf(fields['id']);
  const timeMs = Date.parse(textOf(fields['time']));
  if (id === '' || Number.isNaN(timeMs)) return undefined;
  const token = fieldsOf(fields['token']);
  const fingerprint = textOf(token['fingerprint']);
  const findings = listOf(fields['findings']).map(findingOf);
  const listed = findings.reduce((sum, { count }) => sum + count, 0);
  return {
    id,
    timeMs,
    client: textOf(fields['client']),
    token: textOf(token['name']) || fingerprint,
    fingerprint,
    upstream: textOf(fields['upstream']),
    wire: textOf(fields['wire']),
    method: textOf(fields['method']),
    path: textOf(fields['path']),
    model: textOf(fields['model']),
    status: numberOf(fields['status']),
    outcome: textOf(fields['outcome']),
    code: textOf(fields['code']),
    firstByteMs: numberOrNull(fields['firstByteMs']),
    durationMs: numberOrNull(fields['durationMs']),
    addedMs: numberOrNull(fields['addedMs']),
    bytesIn: numberOf(fields['bytesIn']),
    bytesOut: numberOf(fields['bytesOut']),
    findings,
    unlisted: Math.max(0, numberOf(fields['findingCount']) - listed),
  };
}

/** How many exchanges a `gap` event says were missed. */
export function missedOf(text: string): number {
  return numberOf(fieldsOf(parse(text))['missed']);
}
