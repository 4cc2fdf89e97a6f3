/** What the gateway would do with a text, narrowed from its answer. */
import { LEVELS, type Level } from './api.ts';
import { fieldsOf, listOf, numberOf, textOf } from './records.ts';

export interface TrialFinding {
  /** UTF-16 units, the end excluded. */
  readonly start: number;
  readonly end: number;
  readonly rule: string;
  readonly kind: string;
  readonly topic: string;
  readonly action: string;
  readonly why: string;
}

/** How the text is looked at: as a prompt that goes up, or as a command that a model wants to run. */
export type Reading = 'prompt' | 'command';
export const READINGS: readonly Reading[] = ['prompt', 'command'];

export type Trial = Readonly<Record<Level, Readonly<Record<Reading, readonly TrialFinding[]>>>>;

function findingOf(value: unknown): TrialFinding {
  const fields = fieldsOf(value);
  return {
    start: numberOf(fields['start']), end: numberOf(fields['end']), rule: textOf(fields['rule']), kind: textOf(fields['kind']),
    topic: textOf(fields['topic']), action: textOf(fields['action']), why: textOf(fields['why']),
  };
}

export function trialOf(fields: Readonly<Record<string, unknown>>): Trial {
  const levels = fieldsOf(fields['levels']);
  const of = (level: Level): Trial[Level] => {
    const told = fieldsOf(levels[level]);
    return { prompt: listOf(told['prompt']).map(findingOf), command: listOf(told['command']).map(findingOf) };
  };
  const [low, medium, high] = LEVELS.map(of);
  const none = { prompt: [], command: [] };
  return { low: low ?? none, medium: medium ?? none, high: high ?? none };
}
