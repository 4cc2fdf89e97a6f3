/** Questions that one worker asks of all the others: the primary passes them on and gathers what is answered in time. */
import type { HourFigures } from '../observe/hour.ts';
import type { Question, Seen } from '../observe/observer.ts';
import { sumUses, type UsesByToken } from '../observe/uses.ts';
import type { Member } from './member.ts';

/** One that is stuck is not waited for: what it told last stands in. */
const ANSWER_DEADLINE_MS = 500;
const HOUR_MS = 3_600_000;
/** Workers that end within an hour whose figures are kept: more are crashes in a row, with little in each. */
const MAX_HOURS = 64;

export interface Polls {
  /** What the others have seen, and those that have ended. @param own the asker's own answer, in case it ends. */
  ask(asker: Member, question: Question, own: Seen): Promise<readonly Seen[]>;
  /** An answer has come. */
  take(member: Member, id: number, seen: Seen): void;
  /** A worker tells what it leaves. */
  leaves(member: Member, seen: Seen): void;
  /** A worker has ended: what it has told stays. */
  ended(member: Member): void;
}

interface Poll {
  readonly asked: Set<Member>;
  readonly answers: Seen[];
  done(): void;
}

export function createPolls(members: () => readonly Member[]): Polls {
  const open = new Map<number, Poll>();
  /** What each has told last that outlives it. */
  const told = new Map<Member, Seen>();
  let gone: UsesByToken = {};
  let goneHours: { readonly untilMs: number; readonly hour: HourFigures }[] = [];
  let count = 0;

  function keep(member: Member, seen: Seen): void {
    told.set(member, { ...told.get(member), ...lasting(seen) });
  }

  function livingHours(): HourFigures[] {
    goneHours = goneHours.filter(({ untilMs }) => untilMs > performance.now());
    return goneHours.map(({ hour }) => hour);
  }

  function finish(poll: Poll, member: Member): void {
    if (poll.asked.delete(member) && poll.asked.size === 0) poll.done();
  }

  return {
    async ask(asker, question, own) {
      keep(asker, own);
      const poll: Poll = { asked: new Set(members().filter((member) => member !== asker && member.hears)), answers: [], done() {} };
      const id = ++count;
      if (poll.asked.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ANSWER_DEADLINE_MS);
          poll.done = () => {
            clearTimeout(timer);
            resolve();
          };
          open.set(id, poll);
          for (const member of poll.asked) member.send({ kind: 'question', id, question });
        });
        open.delete(id);
      }
      if (question.of === 'exchanges') return poll.answers;
      const silent = [...poll.asked].flatMap((member) => told.get(member) ?? []);
      return [...poll.answers, ...silent, ...(question.of === 'uses' ? [{ uses: gone }] : livingHours().map((hour) => ({ hour })))];
    },
    take(member, id, seen) {
      keep(member, seen);
      const poll = open.get(id);
      if (poll === undefined || !poll.asked.has(member)) return;
      poll.answers.push(seen);
      finish(poll, member);
    },
    leaves(member, seen) {
      told.set(member, seen);
    },
    ended(member) {
      const { uses = {}, hour } = told.get(member) ?? {};
      gone = sumUses([gone, uses]);
      if (hour !== undefined) goneHours = [...goneHours.slice(1 - MAX_HOURS), { untilMs: performance.now() + HOUR_MS, hour }];
      told.delete(member);
      for (const poll of open.values()) finish(poll, member);
    },
  };
}

/** What counts on when its process is gone. */
function lasting({ uses, hour }: Seen): Seen {
  return { ...(uses === undefined ? {} : { uses }), ...(hour === undefined ? {} : { hour: { ...hour, open: 0 } }) };
}
