/** A worker's end of the channel to its primary: what it shares with the others goes through here, in batches. */
import type { ConsoleStart } from '../console/console.ts';
import { GatewayError } from '../errors.ts';
import { createAudit, NO_AUDIT } from '../observe/audit.ts';
import type { Observer, Seen } from '../observe/observer.ts';
import type { Remembered, Vault } from '../redaction/vault.ts';
import { portions, type ToPrimary, type ToWorker } from './messages.ts';
import type { Shared } from './shared.ts';

/** What others have to know waits at most so long for company. */
const BATCH_DELAY_MS = 20;
/** A primary that takes nothing costs at most so much memory; what comes then is told to nobody, or told again later. */
const MAX_BACKLOG_CHARS = 8_388_608;
/** The primary itself waits for a stuck worker's figures for less. */
const SUM_DEADLINE_MS = 3_000;

export interface Link {
  readonly shared: Shared;
  /** Resolves when the message is on its way, whether or not anybody is left to read it. */
  send(message: ToPrimary): Promise<void>;
  /** Tells what stays of this process. */
  sayLastWords(): Promise<void>;
}

export interface LinkOptions {
  /** Whether there is an audit log. */
  readonly audited: boolean;
  /** This worker's own figures. */
  figures(): string;
  /** What the primary wants beyond what is shared. */
  order(message: ToWorker): void;
}

export function createLink({ audited, figures, order }: LinkOptions): Link {
  let vault: Vault | undefined;
  let observer: Observer | undefined;
  let remembered: Remembered[] = [];
  let lines = '';
  let waitingChars = 0;
  let backlogChars = 0;
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;
  const places = new Map<number, (free: boolean) => void>();
  let consoleStart: ConsoleStart | undefined;
  const sums = new Map<number, (text: string) => void>();
  const questions = new Map<number, (seen: readonly Seen[]) => void>();

  function send(message: ToPrimary, chars = 0): Promise<void> {
    backlogChars += chars;
    return new Promise((resolve) => {
      // Without a callback an error would be thrown; a channel that is closed ends the process by itself.
      process.send?.(message, undefined, undefined, () => {
        backlogChars -= chars;
        resolve();
      });
    });
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    waitingChars = 0;
    const sent: Promise<void>[] = [];
    for (const { told, chars } of portions(remembered)) sent.push(send({ kind: 'remembered', told }, chars));
    remembered = [];
    if (lines !== '') sent.push(send({ kind: 'audit', lines }, lines.length));
    lines = '';
    await Promise.all(sent);
  }

  /** Whether there is room for more to be sent. */
  function room(chars: number): boolean {
    if (backlogChars + waitingChars > MAX_BACKLOG_CHARS) return false;
    waitingChars += chars;
    timer ??= setTimeout(() => void flush(), BATCH_DELAY_MS).unref();
    return true;
  }

  process.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'remembered':
        for (const told of message.told) vault?.learn(told);
        return;
      case 'place':
        places.get(message.id)?.(message.free);
        places.delete(message.id);
        return;
      case 'sum':
        sums.get(message.id)?.(message.text);
        sums.delete(message.id);
        return;
      case 'question':
        if (observer !== undefined) void send({ kind: 'seen', id: message.id, seen: observer.answer(message.question) });
        return;
      case 'answers':
        questions.get(message.id)?.(message.seen);
        questions.delete(message.id);
        return;
      case 'tell-figures':
        void send({ kind: 'figures', text: figures() });
        return;
      case 'listen':
        consoleStart = message.console;
        order(message);
        return;
      default:
        order(message);
    }
  });

  const shared: Shared = {
    audit: audited
      ? createAudit({
          append(text) {
            if (room(text.length)) lines += text;
          },
          flush,
        })
      : NO_AUDIT,
    places: {
      take(of, most) {
        const id = ++asked;
        void send({ kind: 'take-place', id, of, most });
        return new Promise((resolve) => places.set(id, resolve));
      },
      give: (of) => void send({ kind: 'give-place', of }),
    },
    remember(told) {
      if (room(told.value.length)) remembered.push(told);
    },
    useVault(own) {
      vault = own;
    },
    useObserver(own) {
      observer = own;
    },
    ask(question) {
      const id = ++asked;
      return new Promise((resolve) => {
        const late = setTimeout(() => {
          questions.delete(id);
          resolve([]);
        }, SUM_DEADLINE_MS);
        questions.set(id, (seen) => {
          clearTimeout(late);
          resolve(seen);
        });
        const own = question.of === 'exchanges' ? {} : (observer?.answer(question) ?? {});
        void send({ kind: 'ask', id, question, own });
      });
    },
    consoleStart() {
      if (consoleStart === undefined) throw new Error('asked before the worker may listen');
      return consoleStart;
    },
    sessionEnded: (nonce) => void send({ kind: 'session-ended', nonce }),
    tokensChanged: () => void send({ kind: 'tokens-changed' }),
    async metrics() {
      const id = ++asked;
      let late: NodeJS.Timeout | undefined;
      try {
        return await new Promise<string>((resolve, reject) => {
          sums.set(id, resolve);
          late = setTimeout(() => reject(new GatewayError('internal_error', 'The figures of all workers can\'t be had: the primary process does not answer.')), SUM_DEADLINE_MS);
          void send({ kind: 'sum-figures', id, own: figures() });
        });
      } finally {
        clearTimeout(late);
        sums.delete(id);
      }
    },
  };
  return {
    shared,
    send,
    sayLastWords: () => (observer === undefined ? Promise.resolve() : send({ kind: 'last-words', seen: observer.lastWords() })),
  };
}
