/** All signs, by language. */
import type { SignalRule } from '../signal-rule.ts';
import { CHINESE } from './chinese.ts';
import { DIRECT } from './direct.ts';
import { DIRECT_LANGUAGES } from './direct-languages.ts';
import { EAST_ASIAN } from './east-asian.ts';
import { ENGLISH_ACTS } from './english-acts.ts';
import { ENGLISH_ORDERS } from './english-orders.ts';
import { EUROPEAN } from './european.ts';
import { MARKUP } from './markup.ts';
import { MORE_LANGUAGES } from './more-languages.ts';
import { STEERING } from './steering.ts';

export const SIGNAL_RULES: readonly SignalRule[] = [...MARKUP, ...ENGLISH_ORDERS, ...ENGLISH_ACTS, ...CHINESE, ...EUROPEAN, ...EAST_ASIAN, ...MORE_LANGUAGES, ...STEERING, ...DIRECT, ...DIRECT_LANGUAGES];
