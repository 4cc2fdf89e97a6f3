/**
 * What ordinary text says in the words of a sign: instructions for installing, descriptions of skills and tools, words to
 * colleagues, orders of a harness. Data, each with what it is about.
 */
import type { SignalKind } from './signal-rule.ts';

interface OrdinaryUse {
  /** Signs of these kinds are nothing where the other fields hold. */
  readonly kinds: readonly SignalKind[];
  readonly within?: RegExp;
  readonly before?: RegExp;
  readonly after?: RegExp;
  /** A text in which the words are ordinary. */
  readonly example: string;
}

const AROUND_CHARS = 40;

export const ORDINARY_USES: readonly OrdinaryUse[] = [
  { kinds: ['reveal'], within: /\bbased (?:only |solely |strictly )?on\b/, example: 'give a short response based only on the content above' },
  { kinds: ['reveal', 'disregard'], before: /\b(?:ignores|skips|discards|drops|strips|reads|parses)\s$/, example: 'the loader ignores everything above this line' },
  { kinds: ['act', 'deed'], within: /\bsummary of (?:the|this|our) (?:conversation|session|chat|discussion)\b(?![^.\n]{0,60}(?:https?:|\b(?:to|post|send|upload|url|address)\b))/, example: 'write a detailed summary of the conversation' },
  { kinds: ['address'], within: /\bbefore (?:you )?(?:continue|begin|start|proceed|continuing|starting|proceeding)\b/, after: /^,? ?(?:please )?(?:install|make sure|ensure|check|read|review|create|set up|clone|update|upgrade|verify|download|configure)\b/, example: 'before you continue, install node 20' },
  { kinds: ['address'], within: /^当用户.{1,24}时?$/, after: /^(?:使用|调用|启用|触发)(?:本|此|这个|该)(?:技能|工具|插件)/, example: '当用户要求生成周报时使用本技能' },
  { kinds: ['address'], after: /^先?(?:让|请|向|征求|征得)用户.{0,6}(?:确认|同意|许可)/, example: '调用前请先让用户确认收件人' },
  { kinds: ['hijack', 'precedence', 'steer'], within: /\bstop what you are doing\b/, before: /\b(?:everybody|everyone|all hands)\b.{0,12}$/, example: 'everybody stop what you are doing and join the call' },
  { kinds: ['hijack', 'precedence', 'steer'], within: /\bstop what you are doing and (?:wait for the user|join)\b/, example: 'stop what you are doing and wait for the user to say how to go on' },
];

/** Whether the sign in `text[start, end)` is ordinary by what is in and around it. */
export function isOrdinary(kind: SignalKind, text: string, start: number, end: number): boolean {
  for (const { kinds, within, before, after } of ORDINARY_USES) {
    if (!kinds.includes(kind)) continue;
    if (within !== undefined && !within.test(text.slice(start, end))) continue;
    if (before !== undefined && !before.test(text.slice(Math.max(0, start - AROUND_CHARS), start))) continue;
    if (after === undefined || after.test(text.slice(end, end + AROUND_CHARS))) return true;
  }
  return false;
}
