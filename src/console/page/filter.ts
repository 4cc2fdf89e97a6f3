/** Which exchanges are shown. Pure. */
import type { Exchange } from './records.ts';

/** Empty means any. */
export interface Filter {
  readonly search: string;
  readonly client: string;
  readonly token: string;
  readonly wire: string;
  /** `2`, `3`, `4`, `5`: the status' first digit; `0`: no answer. */
  readonly status: string;
  readonly rule: string;
  readonly withFindings: boolean;
}

export const NO_FILTER: Filter = { search: '', client: '', token: '', wire: '', status: '', rule: '', withFindings: false };

export function isNoFilter(filter: Filter): boolean {
  return !filter.withFindings && [filter.search, filter.client, filter.token, filter.wire, filter.status, filter.rule].every((text) => text.trim() === '');
}

/** The words of a search must all be found, in any order, in whatever a record tells. */
export function createMatcher(filter: Filter): (exchange: Exchange) => boolean {
  const words = filter.search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return (exchange) =>
    (filter.client === '' || exchange.client === filter.client) &&
    (filter.token === '' || exchange.fingerprint === filter.token) &&
    (filter.wire === '' || exchange.wire === filter.wire) &&
    (filter.status === '' || String(Math.floor(exchange.status / 100)) === filter.status) &&
    (!filter.withFindings || exchange.findings.length > 0) &&
    (filter.rule === '' || exchange.findings.some(({ rule }) => rule === filter.rule)) &&
    (words.length === 0 || holdsAll(searchTextOf(exchange), words));
}

function holdsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

const searchTexts = new WeakMap<Exchange, string>();

function searchTextOf(exchange: Exchange): string {
  const known = searchTexts.get(exchange);
  if (known !== undefined) return known;
  const { id, client, token, fingerprint, upstream, wire, method, path, model, status, outcome, code, findings } = exchange;
  const text = [id, client, token, fingerprint, upstream, wire, method, path, model, status, outcome, code]
    .concat(findings.flatMap(({ rule, kind, topic, action, place, shape }) => [rule, kind, topic, action, place, shape]))
    .join('\n')
    .toLowerCase();
  searchTexts.set(exchange, text);
  return text;
}
