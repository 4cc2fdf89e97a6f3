/** Questions that one worker asks of all the others: the primary passes them on and gathers what is answered in time. */
import { together, type Question, type Seen } from '../observe/observer.ts';
import type { Member } from './member.ts';

/** One that is stuck is not waited for: what it told last stands in. */
const ANSWER_DEADLINE_MS = 500;

export interface Polls {
  /** What the others have seen, and those that have ended. */
  ask(asker: Member, question: Question): Promise<readonly Seen[]>;
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
  let gone: Seen = {};
  let count = 0;

  function finish(poll: Poll, member: Member): void {
    if (poll.asked.delete(member) && poll.asked.size === 0) poll.done();
  }

  return {
    async ask(asker, question) {
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
      return [...poll.answers, ...[...poll.asked].flatMap((silent) => told.get(silent) ?? []), gone];
    },
    take(member, id, seen) {
      told.set(member, { ...told.get(member), ...lasting(seen) });
      const poll = open.get(id);
      if (poll === undefined || !poll.asked.has(member)) return;
      poll.answers.push(seen);
      finish(poll, member);
    },
    leaves(member, seen) {
      told.set(member, seen);
    },
    ended(member) {
      gone = together([gone, told.get(member) ?? {}]);
      told.delete(member);
      for (const poll of open.values()) finish(poll, member);
    },
  };
}

/** What counts on when its process is gone. */
function lasting({ uses }: Seen): Seen {
  return uses === undefined ? {} : { uses };
}
