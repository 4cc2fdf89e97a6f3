/**
 * What a process has seen and may be asked for by the console: memory of this process alone, gone with it. Bounded: the
 * ring of exchanges (some 6 MB when it is full of findings, 2 MB otherwise), an hour of minutes (some 100 KB, 1 MB with
 * as many names as are kept apart), and a few numbers for each token.
 */
import { createExchangeRing, type Batch, type SeenExchange } from './exchange-ring.ts';
import { createHour, sumHours, type HourFigures } from './hour.ts';
import { createUses, sumUses, type UsesByToken } from './uses.ts';

/** What can be asked of every process of a gateway. */
export type Question =
  | { readonly of: 'uses' }
  | { readonly of: 'hour' }
  /** Exchanges: of each process from its own `count` on, of one that is not named after the `seq` of `since`. */
  | { readonly of: 'exchanges'; readonly since: number; readonly bySource: Readonly<Record<string, number>>; readonly most: number };

/** What is answered: the field that was asked for. */
export interface Seen {
  readonly uses?: UsesByToken;
  readonly hour?: HourFigures;
  readonly exchanges?: Batch & { readonly source: string };
}

export interface Observer {
  /** A request of a token begins. @param fingerprint the token's. */
  began(fingerprint: string): void;
  /** @param redactions placeholders that were put in. */
  ended(exchange: SeenExchange, redactions: number): void;
  answer(question: Question): Seen;
  /** All that stays of a process when it ends. */
  lastWords(): Seen;
}

export function createObserver(): Observer {
  const uses = createUses();
  const hour = createHour();
  const ring = createExchangeRing();
  // A number of a process that has ended may be given again.
  const source = `${process.pid}-${Math.round(performance.timeOrigin)}`;
  function exchangesFor({ since, bySource, most }: Extract<Question, { of: 'exchanges' }>): Batch {
    const count = bySource[source];
    return count === undefined ? ring.after(since, most) : ring.from(count, most);
  }

  return {
    began(fingerprint) {
      uses.began(fingerprint);
      hour.began();
    },
    ended(exchange, redactions) {
      ring.add(exchange);
      hour.ended(exchange, redactions);
      if (exchange.findingCount > 0) uses.found(exchange.token.fingerprint, exchange.findingCount);
    },
    answer(question) {
      switch (question.of) {
        case 'uses':
          return { uses: uses.all() };
        case 'hour':
          return { hour: hour.figures() };
        case 'exchanges':
          return { exchanges: { source, ...exchangesFor(question) } };
      }
    },
    lastWords: () => ({ uses: uses.all(), hour: { ...hour.figures(), open: 0 } }),
  };
}

/** What several have seen of what adds up. */
export function together(parts: readonly Seen[]): { readonly uses: UsesByToken; readonly hour: HourFigures } {
  return {
    uses: sumUses(parts.flatMap(({ uses }) => (uses === undefined ? [] : [uses]))),
    hour: sumHours(parts.flatMap(({ hour }) => (hour === undefined ? [] : [hour]))),
  };
}
