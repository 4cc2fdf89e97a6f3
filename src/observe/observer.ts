/** What a process has seen and may be asked for by the console: memory of this process alone, gone with it. */
import { createUses, sumUses, type Uses, type UsesByToken } from './uses.ts';

/** What can be asked of every process of a gateway. */
export type Question = { readonly of: 'uses' };

/** What is answered: the field that was asked for. */
export interface Seen {
  readonly uses?: UsesByToken;
}

export interface Observer {
  readonly uses: Uses;
  answer(question: Question): Seen;
  /** All that stays of a process when it ends. */
  lastWords(): Seen;
}

export function createObserver(): Observer {
  const uses = createUses();
  return {
    uses,
    answer(question) {
      switch (question.of) {
        case 'uses':
          return { uses: uses.all() };
      }
    },
    lastWords: () => ({ uses: uses.all() }),
  };
}

/** What several have seen as one. */
export function together(parts: readonly Seen[]): Seen {
  return { uses: sumUses(parts.flatMap(({ uses }) => (uses === undefined ? [] : [uses]))) };
}
