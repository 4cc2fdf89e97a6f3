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

/** What is told of a finding elsewhere as well. */
type Told = Pick<NotedFinding, 'rule' | 'kind' | 'action' | 'place'>;

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
  #findings: NotedFinding[] | undefined;
  /** Those of more than a few by their keys: most exchanges have none or one. */
  #byKey: Map<string, NotedFinding> | undefined;
  #firstKey = '';

  get findings(): readonly NotedFinding[] {
    return this.#findings ?? NOTHING;
  }

  /**
   * @param key the same for what is the same finding again.
   * @param value is masked at once.
   */
  note(key: string, { rule, kind, action, place }: Told, topic: string, direction: Direction, value: string): void {
    this.count++;
    if (action === 'redact') this.redactions++;
    const found = this.#findings;
    if (found === undefined) {
      this.#findings = [{ rule, kind, topic, action, place, direction, shape: shapeOf(value), count: 1 }];
      this.#firstKey = key;
      return;
    }
    const first = found[0];
    if (this.#byKey === undefined && first !== undefined) {
      if (key === this.#firstKey) {
        first.count++;
        return;
      }
      this.#byKey = new Map([[this.#firstKey, first]]);
    }
    const known = this.#byKey?.get(key);
    if (known !== undefined) {
      known.count++;
    } else if (found.length < MAX_FINDINGS) {
      const finding = { rule, kind, topic, action, place, direction, shape: shapeOf(value), count: 1 };
      found.push(finding);
      this.#byKey?.set(key, finding);
    }
  }
}
