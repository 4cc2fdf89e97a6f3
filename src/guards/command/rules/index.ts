/** All rules, and a way to those that look at a program. */
import type { CommandRule } from '../rule.ts';
import { CLOUD_RULES } from './cloud.ts';
import { DATABASE_RULES } from './database.ts';
import { DESTRUCTION_RULES } from './destruction.ts';
import { DISK_RULES } from './disk.ts';
import { DOWNLOAD_RUN_RULES } from './download-run.ts';
import { ESCALATION_RULES } from './escalation.ts';
import { EXFILTRATION_RULES } from './exfiltration.ts';
import { LIST_RULES } from './lists.ts';
import { PERSISTENCE_RULES } from './persistence.ts';
import { PRIVILEGE_RULES } from './privilege.ts';
import { RESOURCE_RULES } from './resources.ts';
import { REVERSE_SHELL_RULES } from './reverse-shell.ts';
import { TRACE_RULES } from './traces.ts';

export const COMMAND_RULES: readonly CommandRule[] = [
  ...DESTRUCTION_RULES, ...DISK_RULES, ...DATABASE_RULES, ...REVERSE_SHELL_RULES, ...DOWNLOAD_RUN_RULES, ...EXFILTRATION_RULES,
  ...PERSISTENCE_RULES, ...PRIVILEGE_RULES, ...ESCALATION_RULES, ...LIST_RULES, ...TRACE_RULES, ...CLOUD_RULES, ...RESOURCE_RULES,
];

const EVERYWHERE = COMMAND_RULES.filter((rule) => rule.verbs.includes('*'));
const BY_VERB = new Map<string, readonly CommandRule[]>();
for (const verb of new Set(COMMAND_RULES.flatMap((rule) => rule.verbs))) {
  BY_VERB.set(verb, COMMAND_RULES.filter((rule) => rule.verbs.includes(verb) || (rule.verbs.includes('*') && !verb.startsWith('<'))));
}

/** The rules that look at a program of this name. */
export function rulesFor(verb: string): readonly CommandRule[] {
  return BY_VERB.get(verb) ?? (verb.startsWith('<') ? [] : EVERYWHERE);
}
