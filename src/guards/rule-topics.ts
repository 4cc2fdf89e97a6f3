/** The topics of the guards' rules, so that the rules file can name each of them. */
import { COMMAND_RULES } from './command/rules/index.ts';
import { SECRET_FLOW_RULE } from './call-judge.ts';
import type { HiddenRun } from './hidden-text.ts';
import type { Topic } from './policy.ts';

const HIDDEN_RULES: readonly HiddenRun['kind'][] = ['tag-characters', 'bidi-override', 'zero-width-run'];

/** What the judge of injections names its findings. */
export const INJECTION_RULES: readonly string[] = [
  'disguised-instructions', 'image-exfiltration', 'hidden-instructions', 'forged-turn', 'instruction-override', 'persona-override',
  'prompt-disclosure', 'covert-action', 'false-authority', 'agent-directed-action', 'encoded-instructions',
];

export const GUARD_TOPICS: ReadonlyMap<string, Topic> = new Map<string, Topic>([
  ...HIDDEN_RULES.map((rule) => [rule, 'hidden-text'] as const),
  ...INJECTION_RULES.map((rule) => [rule, 'injection'] as const),
  ...COMMAND_RULES.map(({ id, certainty }) => [id, certainty === 'certain' ? 'command' : 'doubtful-command'] as const),
  [SECRET_FLOW_RULE, 'secret-flow'],
]);
