/**
 * The exchanges that the page knows, and the list that is shown of them. Pure.
 *
 * While a list is held (paused, or somebody reads in it) nothing is put into it, and nothing is lost: what arrives is
 * counted, and shown when the list is released.
 */
import { createMatcher, NO_FILTER, type Filter } from './filter.ts';
import type { Exchange } from './records.ts';

/** Exchanges kept; the oldest go first. Two hours of ten thousand an hour. */
export const MAX_EXCHANGES = 20_000;
/** The oldest are dropped so many at a time, since moving the rest costs. */
const DROPPED_AT_ONCE = 1_000;

export interface Facets {
  readonly clients: ReadonlySet<string>;
  /** Fingerprint → name. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly wires: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
}

export interface ExchangeStore {
  /** Takes an exchange in, once. @returns whether it was new. */
  add(exchange: Exchange): boolean;
  /** Exchanges known now. */
  readonly size: number;
  /** What there is to choose from in a filter. */
  readonly facets: Facets;
  /** Exchanges shown, newest first. */
  at(row: number): Exchange | undefined;
  readonly shown: number;
  /** Row of an exchange, or -1. */
  rowOf(exchange: Exchange): number;
  /** Exchanges that match and wait until the list is released. */
  readonly waiting: number;
  readonly held: boolean;
  hold(held: boolean): void;
  /** Shows what waits now, held or not. */
  showWaiting(): void;
  readonly filter: Filter;
  setFilter(filter: Filter): void;
}

export function createExchangeStore(max = MAX_EXCHANGES, droppedAtOnce = Math.min(DROPPED_AT_ONCE, max)): ExchangeStore {
  /** In the order of arrival; ordinals count from the page's start. */
  let known: { readonly ordinal: number; readonly exchange: Exchange }[] = [];
  const ids = new Set<string>();
  let nextOrdinal = 0;
  /** The same order; a subset of those with an ordinal below `shownBelow`. */
  let shown: typeof known = [];
  let shownBelow = 0;
  let waiting = 0;
  let held = false;
  let filter = NO_FILTER;
  let matches = createMatcher(filter);
  const clients = new Set<string>();
  const tokens = new Map<string, string>();
  const wires = new Set<string>();
  const rules = new Set<string>();

  function note(exchange: Exchange): void {
    if (exchange.client !== '') clients.add(exchange.client);
    if (exchange.fingerprint !== '') tokens.set(exchange.fingerprint, exchange.token);
    if (exchange.wire !== '') wires.add(exchange.wire);
    for (const { rule } of exchange.findings) if (rule !== '') rules.add(rule);
  }

  function dropOldest(): void {
    const gone = known.splice(0, droppedAtOnce);
    for (const { exchange } of gone) ids.delete(exchange.id);
    const first = known[0]?.ordinal ?? nextOrdinal;
    const keptFrom = shown.findIndex(({ ordinal }) => ordinal >= first);
    shown = keptFrom === -1 ? [] : shown.slice(keptFrom);
    waiting = known.filter(({ ordinal, exchange }) => ordinal >= shownBelow && matches(exchange)).length;
  }

  function rebuild(): void {
    shown = known.filter(({ ordinal, exchange }) => ordinal < shownBelow && matches(exchange));
    waiting = known.filter(({ ordinal, exchange }) => ordinal >= shownBelow && matches(exchange)).length;
  }

  function showWaiting(): void {
    for (let at = known.length - (nextOrdinal - shownBelow); at < known.length; at += 1) {
      const entry = known[Math.max(0, at)];
      if (at >= 0 && entry !== undefined && matches(entry.exchange)) shown.push(entry);
    }
    shownBelow = nextOrdinal;
    waiting = 0;
  }

  return {
    add(exchange) {
      if (ids.has(exchange.id)) return false;
      ids.add(exchange.id);
      note(exchange);
      const entry = { ordinal: nextOrdinal, exchange };
      nextOrdinal += 1;
      known.push(entry);
      if (!held) {
        shownBelow = nextOrdinal;
        if (matches(exchange)) shown.push(entry);
      } else if (matches(exchange)) {
        waiting += 1;
      }
      if (known.length > max) dropOldest();
      return true;
    },
    get size() {
      return known.length;
    },
    facets: { clients, tokens, wires, rules },
    at: (row) => shown[shown.length - 1 - row]?.exchange,
    get shown() {
      return shown.length;
    },
    rowOf(exchange) {
      const at = shown.findLastIndex((entry) => entry.exchange === exchange);
      return at === -1 ? -1 : shown.length - 1 - at;
    },
    get waiting() {
      return waiting;
    },
    get held() {
      return held;
    },
    hold(value) {
      held = value;
      if (!held && shownBelow < nextOrdinal) showWaiting();
    },
    showWaiting,
    get filter() {
      return filter;
    },
    setFilter(value) {
      filter = value;
      matches = createMatcher(value);
      rebuild();
    },
  };
}
