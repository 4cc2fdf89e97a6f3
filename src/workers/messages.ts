/**
 * What the primary and its workers say to each other, over the channel that node:cluster keeps between them: a pipe that
 * no other process has an end of. What placeholders stand for goes through it, and is never logged.
 */
import type { ConsoleStart } from '../console/console.ts';
import type { Question, Seen } from '../observe/observer.ts';
import type { Remembered } from '../redaction/vault.ts';

export type ToPrimary =
  /** Its ears are open. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'listening'; readonly address: string; readonly tokens: number; readonly tokensPath: string }
  /** It can't start; what to tell of it. */
  | { readonly kind: 'failed'; readonly lines: readonly string[] }
  | { readonly kind: 'remembered'; readonly told: readonly Remembered[] }
  | { readonly kind: 'audit'; readonly lines: string }
  | { readonly kind: 'tokens-changed' }
  | { readonly kind: 'take-place'; readonly id: number; readonly of: string; readonly most: number }
  | { readonly kind: 'give-place'; readonly of: string }
  /** Its own figures, as it was asked for; those sent without being asked for are its last. */
  | { readonly kind: 'figures'; readonly text: string }
  /** It wants those of all. */
  | { readonly kind: 'sum-figures'; readonly id: number; readonly own: string }
  /** It wants to know what the others have seen, and tells what it has itself of what outlives it. */
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question; readonly own: Seen }
  | { readonly kind: 'seen'; readonly id: number; readonly seen: Seen }
  /** A session of the console was ended; the others are told the same. */
  | { readonly kind: 'session-ended'; readonly nonce: string }
  /** What stays of it: it is about to end. */
  | { readonly kind: 'last-words'; readonly seen: Seen };

export type ToWorker =
  | { readonly kind: 'remembered'; readonly told: readonly Remembered[] }
  /** It has been told all there is to know. */
  | { readonly kind: 'listen'; readonly console: ConsoleStart; readonly endedSessions: readonly string[] }
  | { readonly kind: 'session-ended'; readonly nonce: string }
  | { readonly kind: 'tokens-changed' }
  | { readonly kind: 'place'; readonly id: number; readonly free: boolean }
  | { readonly kind: 'tell-figures' }
  | { readonly kind: 'sum'; readonly id: number; readonly text: string }
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  | { readonly kind: 'answers'; readonly id: number; readonly seen: readonly Seen[] }
  | { readonly kind: 'drain'; readonly graceMs: number }
  /** It is to end with the last of what it has: another one goes on. */
  | { readonly kind: 'retire' };

/** What a primary puts on a worker's command line: it tells the one from the other in a list of processes. */
export const WORKER_ARGUMENT = 'worker';

/** Whether this process was started by a primary of this program. */
export function isWorker(): boolean {
  return process.argv[2] === WORKER_ARGUMENT && process.send !== undefined;
}

/** More than this waits in no message: the channel's reader takes them one by one, between its requests. */
const MAX_MESSAGE_CHARS = 262_144;

/** Cuts what is remembered into pieces fit for a message. */
export function* portions(told: Iterable<Remembered>): Generator<{ told: Remembered[]; chars: number }> {
  let portion: Remembered[] = [];
  let chars = 0;
  for (const one of told) {
    portion.push(one);
    chars += one.value.length + one.token.length;
    if (chars < MAX_MESSAGE_CHARS) continue;
    yield { told: portion, chars };
    portion = [];
    chars = 0;
  }
  if (portion.length > 0) yield { told: portion, chars };
}
