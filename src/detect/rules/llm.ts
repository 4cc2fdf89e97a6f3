/** Keys of language-model providers. */
import type { Rule } from '../rule.ts';

export const LLM_RULES: readonly Rule[] = [];
