/** The figures of all workers as one: those that live, and what those that ended had counted. */
import { sumMetrics } from '../observe/metrics-sum.ts';
import { printProcessMetrics } from '../observe/process-metrics.ts';
import type { Member } from './member.ts';

/** A scrape waits no longer for a worker: then its figures of last time stand in. */
const ANSWER_DEADLINE_MS = 500;

export interface Figures {
  /** A worker has told its own. */
  take(member: Member, text: string): void;
  /** A worker has ended: what it counted stays counted. */
  ended(member: Member, unexpectedly: boolean): void;
  /** Asks all but the one that asks, and adds up. */
  sum(asker: Member, own: string): Promise<string>;
}

export function createFigures(members: () => readonly Member[]): Figures {
  let gone = '';
  let crashes = 0;
  const waiting = new Set<{ readonly silent: Set<Member>; done(): void }>();

  function answered(member: Member): void {
    member.asked = false;
    for (const one of waiting) {
      one.silent.delete(member);
      if (one.silent.size === 0) one.done();
    }
  }

  /** The primary's own. */
  function ownFigures(silent: number): string {
    const gauge = (name: string, help: string, value: number, type = 'gauge'): string => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
    return (
      printProcessMetrics() +
      gauge('aegis_workers', 'Worker processes, with those that only finish what they have.', members().length) +
      gauge('aegis_workers_silent', 'Worker processes that did not answer this scrape in time: their figures are of an earlier one.', silent) +
      gauge('aegis_worker_crashes_total', 'Worker processes that ended unexpectedly.', crashes, 'counter')
    );
  }

  return {
    take(member, text) {
      member.figures = text;
      answered(member);
    },
    ended(member, unexpectedly) {
      gone = sumMetrics([], [gone, member.figures]);
      if (unexpectedly) crashes++;
      answered(member);
    },
    async sum(asker, own) {
      asker.figures = own;
      const silent = new Set(members().filter((member) => member !== asker && member.hears));
      for (const member of silent) {
        if (!member.asked) member.send({ kind: 'tell-figures' });
        member.asked = true;
      }
      if (silent.size > 0) {
        await new Promise<void>((resolve) => {
          const one = {
            silent,
            done(): void {
              clearTimeout(timer);
              waiting.delete(one);
              resolve();
            },
          };
          const timer = setTimeout(() => one.done(), ANSWER_DEADLINE_MS);
          waiting.add(one);
        });
      }
      return sumMetrics([...members().map((member) => member.figures), ownFigures(silent.size)], [gone]);
    },
  };
}
