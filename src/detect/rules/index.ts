/** All detection rules. Where two find the same span, the earlier one names it: specific families come first. */
import type { Rule } from '../rule.ts';
import { CODE_HOST_RULES } from './code-hosts.ts';
import { LLM_RULES } from './llm.ts';
import { REGISTRY_RULES } from './registries.ts';

export const RULES: readonly Rule[] = [
  ...LLM_RULES,
  ...CODE_HOST_RULES,
  ...REGISTRY_RULES,
];
