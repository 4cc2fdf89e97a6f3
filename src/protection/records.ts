/** What was found in one exchange, on its way into the audit log, the metrics and the answer's header. Never a value. */
import type { KeyPath } from '../json/key-path.ts';
import type { Topic } from '../guards/policy.ts';
import type { Audit } from '../observe/audit.ts';
import type { Direction, ExchangeNotes } from '../observe/notes.ts';

export interface Finding {
  readonly rule: string;
  readonly kind: string;
  readonly action: string;
  /** Where it was found: keys, or a tool's name. */
  readonly place: string;
  /** Keyed fingerprint of what was found. */
  readonly fingerprint: string;
}

/** What is told to those who watch, beyond what is written. */
export interface Sighting {
  readonly topic: Topic;
  readonly direction: Direction;
  /** What was found: masked at once, and never written. */
  readonly value: string;
}

export interface RecordsOptions {
  readonly audit: Audit;
  /** Counts a finding, by rule and action. */
  count(rule: string, action: string): void;
  /** Names for the `x-aegis-findings` header. */
  readonly findings: Set<string>;
  readonly requestId: string;
  /** The token's fingerprint. */
  readonly token: string;
  readonly wire: string;
  readonly notes: ExchangeNotes;
}

export interface Records {
  note(finding: Finding, sighting: Sighting): void;
  /** Writes what was noted since the last time. */
  write(): void;
}

/** Distinct findings that are recorded one by one; agents send the same ones again with every turn. */
const MAX_RECORDS = 1000;

export function createRecords({ audit, count, findings, requestId, token, wire, notes }: RecordsOptions): Records {
  const noted = new Map<string, { readonly finding: Finding; count: number }>();
  return {
    note(finding, { topic, direction, value }) {
      const { rule, action, place, fingerprint } = finding;
      findings.add(`${rule}=${action}`);
      count(rule, action);
      const key = `${rule} ${action} ${fingerprint} ${place}`;
      notes.note(key, finding, topic, direction, value);
      const record = noted.get(key);
      if (record !== undefined) record.count++;
      else if (noted.size < MAX_RECORDS) noted.set(key, { finding, count: 1 });
    },
    write() {
      for (const { finding, count: times } of noted.values()) audit.write({ id: requestId, token, wire, ...finding, count: times });
      noted.clear();
    },
  };
}

const PLACE_KEYS = 5;

/** The nearest keys, outermost first. A key that does not look like a field's name may be somebody's text. */
export function placeOf(path: KeyPath): string {
  const keys: string[] = [];
  for (let up = Math.min(path.depth, PLACE_KEYS) - 1; up >= 0; up--) {
    const key = path.at(up);
    keys.push(key !== undefined && /^[A-Za-z_]{1,32}$/.test(key) ? key : '*');
  }
  return keys.join('.');
}
