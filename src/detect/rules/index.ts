/** All detection rules. Where two find the same span, the earlier one names it: specific families come first. */
import type { Rule } from '../rule.ts';
import { LLM_RULES } from './llm.ts';

export const RULES: readonly Rule[] = [
  ...LLM_RULES,
];
