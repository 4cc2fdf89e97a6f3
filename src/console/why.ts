/** Why something was found, in a sentence for somebody who knows nothing of the rules. Of the rule alone: never a value. */
import { RULES } from '../detect/rules/index.ts';
import { SECRET_FLOW_RULE } from '../guards/call-judge.ts';
import { meaningOf, TOPICS } from '../guards/policy.ts';
import { COMMAND_REASONS } from './command-reasons.ts';

const BY_RULE: ReadonlyMap<string, string> = new Map([
  [SECRET_FLOW_RULE, 'The tool call would send a secret, which had been replaced on its way to the model, to a host on the network.'],
  ['known', 'The same value was found before by its context, or stands in a file of AEGIS_SECRET_FILES.'],
  ['tag-characters', 'Unicode tag characters: they spell words that nobody sees and a model reads.'],
  ['bidi-override', 'Characters that turn the direction of writing: text then reads otherwise than it is.'],
  ['zero-width-run', 'A run of characters without width: they can carry hidden words.'],
  ['disguised-instructions', 'Instructions to the assistant, written with look-alike letters or broken up so that filters miss them.'],
  ['image-exfiltration', 'An image address that would carry data away when it is shown.'],
  ['hidden-instructions', 'Instructions to the assistant in a part of the text that a reader does not see.'],
  ['forged-turn', 'Text that pretends to be a turn of the conversation, of the system or of a tool.'],
  ['instruction-override', 'Text that tells the assistant to disregard its instructions.'],
  ['persona-override', 'Text that tells the assistant to be somebody without its rules.'],
  ['prompt-disclosure', 'Text that tells the assistant to give away its instructions.'],
  ['covert-action', 'Text that tells the assistant to do something without telling the user.'],
  ['false-authority', 'Text that claims an authority over the assistant which it does not have.'],
  ['agent-directed-action', 'Text in data that orders the assistant to act.'],
  ['encoded-instructions', 'Instructions to the assistant in an encoded form.'],
  ...Object.entries(COMMAND_REASONS),
  ...RULES.map(({ id, kind }) => [id, `It has the form of a secret or an identifier that has no business there: ${kind.replaceAll('-', ' ')}.`] as const),
]);

/** @param topic of the finding; for rules of the user's own, and those that judge without a rule. */
export function whyOf(rule: string, topic: string): string {
  const known = BY_RULE.get(rule);
  if (known !== undefined) return known;
  const named = TOPICS.find((name) => name === topic);
  return named === undefined ? 'A rule of this gateway found it.' : `Found by a rule for ${meaningOf(named)}.`;
}
