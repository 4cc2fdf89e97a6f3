/** "Try it": what would be done with a text, for the page. Nothing of it is kept. */
import { GatewayError } from '../errors.ts';
import type { Trial, TrialFinding } from '../protection/trial.ts';
import { whyOf } from './why.ts';

const MAX_TEXT_BYTES = 262_144;
/** The same as JSON, whose escapes may be six times as long as what they stand for. */
export const MAX_TRY_BYTES = 6 * MAX_TEXT_BYTES + 64;
/** Each keeps the process from its other work now and then. */
const MAX_AT_ONCE = 2;

/** Answers the fields of a call with what is found at each level. @throws GatewayError */
export function createTry(trial: Trial): (fields: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>> {
  let running = 0;
  return async ({ text }) => {
    if (text === undefined) throw new GatewayError('missing_params', 'The field "text" is missing.', 'text');
    if (typeof text !== 'string') throw new GatewayError('invalid_parameters', 'The field "text" must be a text.', 'text');
    if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw new GatewayError('request_body_too_large', `The text takes at most ${MAX_TEXT_BYTES} bytes.`, 'text');
    if (running >= MAX_AT_ONCE) throw new GatewayError('too_many_requests', `${MAX_AT_ONCE} texts are looked at already; try again in a moment.`);
    running++;
    try {
      const levels = await trial(text);
      const told = (findings: readonly TrialFinding[]): object[] => findings.map((finding) => ({ ...finding, why: whyOf(finding.rule, finding.topic) }));
      return { levels: Object.fromEntries(Object.entries(levels).map(([level, { prompt, command }]) => [level, { prompt: told(prompt), command: told(command) }])) };
    } finally {
      running--;
    }
  };
}
