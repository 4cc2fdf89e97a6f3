/** What an answer says in plain text, put together from its pieces and told to a judge: afterwards, or before it flows. */
import type { JsonNode } from '../../wire/tool-call-tree.ts';
import type { TextJudge } from './answer-guard.ts';
import type { HeldEvent } from './held-event.ts';
import { createHeldText } from './held-text.ts';
import { createToldText } from './told-text.ts';

export interface AnswerText {
  /** The next piece of a text: the content `bytes[start, end)` of a string of the event. */
  add(key: string, bytes: Buffer, start: number, end: number, event: HeldEvent | undefined): void;
  /** Texts whose keys begin so are complete. */
  close(prefix: string): void;
  /** The whole of a text that has come in pieces, or that never did. */
  repeated(key: string, event: HeldEvent, node: JsonNode): void;
  /** Too much waits: what is held is judged as far as it came. */
  letGo(): void;
  /** Whether pieces wait, so that each needs its event. */
  readonly holds: boolean;
}

export function createAnswerText(judge: TextJudge): AnswerText {
  return judge.mode === 'replace' ? createHeldText(judge) : createToldText(judge);
}
