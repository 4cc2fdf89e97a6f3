/**
 * What the filters of one exchange note for people who watch: in memory only. Nothing of it may reach a file, the log or
 * the metrics.
 */
import { shapeOf } from './shape.ts';

export type Direction = 'request' | 'response';

export interface NotedFinding {
  readonly rule: string;
  readonly kind: string;
  readonly topic: string;
  readonly action: string;
  /** Where it was found: keys, or a tool's name. */
  readonly place: string;
  readonly direction: Direction;
  /** The masked form of what was found. */
  readonly shape: string;
  /** How often. */
  count: number;
}

/** Different findings of one exchange that are kept apart; agents send the same ones again with every turn. */
const MAX_FINDINGS = 100;
const NOTHING: readonly NotedFinding[] = [];

export class ExchangeNotes {
  /** As the request names it; null where it is not known. */
  model: string | null = null;
  /** All findings, those included that are not kept. */
  count = 0;
  /** Those that are replaced by a placeholder. */
  redactions = 0;
  #found: Map<string, NotedFinding> | undefined;

  get findings(): readonly NotedFinding[] {
    return this.#found === undefined ? NOTHING : [...this.#found.values()];
  }

  /** @param fingerprint tells one value from another. @param value is masked at once. */
  note(finding: Omit<NotedFinding, 'shape' | 'count'>, fingerprint: string, value: string): void {
    this.count++;
    if (finding.action === 'redact') this.redactions++;
    this.#found ??= new Map();
    const key = `${finding.rule} ${finding.action} ${fingerprint} ${finding.place}`;
    const known = this.#found.get(key);
    if (known !== undefined) known.count++;
    else if (this.#found.size < MAX_FINDINGS) this.#found.set(key, { ...finding, shape: shapeOf(value), count: 1 });
  }
}
