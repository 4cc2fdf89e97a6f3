/** Keys of language-model providers. */
import { entropyBits, hasDigit } from '../checks.ts';
import type { Rule } from '../rule.ts';

/** Bits per character below which a tail of letters and digits is no key. */
const KEY_BITS = 3;
const randomTail = (secret: string): boolean => hasDigit(secret) && entropyBits(secret) >= KEY_BITS;

export const LLM_RULES: readonly Rule[] = [
  {
    id: 'anthropic-key',
    kind: 'anthropic-key',
    class: 'credential',
    keywords: ['sk-ant-'],
    pattern: /sk-ant-(?:api|admin|oat|ort|sid|usr)[0-9]{2}-[A-Za-z0-9_-]{60,180}(?![A-Za-z0-9_-])/y,
    check: randomTail,
    page: 'https://docs.anthropic.com/en/api/getting-started',
    matches: [
      'sk-ant-api03-Rk8vQ2mZ5xT1nB7wY4cJ9pL3sD6fG0hK2aE5uI8oV1rN4tM7qX0zC3bW6yP9lS2dF5gH8jA1eU4iO7kR0vT3nQ6mZ-AA',
      'sk-ant-oat01-Rk8vQ2mZ5xT1nB7wY4cJ9pL3sD6fG0hK2aE5uI8oV1rN4tM7qX0zC3bW6yP9lS2dF5gH8jA1eU4iO7kR0vT3nQ6m-_AA',
    ],
    ignores: ['sk-ant-api03-short', `sk-ant-api03-${'x'.repeat(95)}`, 'task-ant-api03', 'sk-ant-…'],
  },
];
