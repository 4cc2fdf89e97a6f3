// All targets.
import type { FuzzTarget } from '../target.ts';
import { ANSWER_TARGETS } from './answers.ts';
import { HTTP_TARGETS } from './http.ts';
import { JSON_TARGETS } from './json.ts';
import { JUDGE_TARGETS } from './judges.ts';
import { REDACTION_TARGETS } from './redaction.ts';
import { SETTING_TARGETS } from './settings.ts';

export const TARGETS: readonly FuzzTarget[] = [...JSON_TARGETS, ...REDACTION_TARGETS, ...ANSWER_TARGETS, ...HTTP_TARGETS, ...SETTING_TARGETS, ...JUDGE_TARGETS];
