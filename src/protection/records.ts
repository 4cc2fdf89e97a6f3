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

/** Distinct findings that are recorded one by one; agents send the same ones again with every turn. */
const MAX_RECORDS = 1000;

interface Noted {
  readonly finding: Finding;
  count: number;
}

/** What one exchange has found; nothing is made for one that finds nothing. */
export class Records {
  readonly #options: RecordsOptions;
  #noted: Map<string, Noted> | undefined;

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  note(finding: Finding, { topic, direction, value }: Sighting): void {
    const { count, findings, notes } = this.#options;
    const { rule, action, place, fingerprint } = finding;
    findings.add(`${rule}=${action}`);
    count(rule, action);
    const key = `${rule} ${action} ${fingerprint} ${place}`;
    notes.note(key, finding, topic, direction, value);
    const noted = (this.#noted ??= new Map<string, Noted>());
    const record = noted.get(key);
    if (record !== undefined) record.count++;
    else if (noted.size < MAX_RECORDS) noted.set(key, { finding, count: 1 });
  }

  /** Writes what was noted since the last time. */
  write(): void {
    const noted = this.#noted;
    if (noted === undefined) return;
    this.#noted = undefined;
    const { audit, requestId, token, wire } = this.#options;
    for (const { finding, count } of noted.values()) audit.write({ id: requestId, token, wire, ...finding, count });
  }
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
