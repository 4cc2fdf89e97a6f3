/**
 * Judges a command that a tool call is about to run: it is parsed as its shell would parse it, every program in it is
 * found beneath wrappers, substitutions and interpreters, and the rules look at each. Text that is only data, such as
 * what `echo`, `grep` or `git commit -m` are given, is never taken for a command.
 */
import type { Invocation } from './invocation.ts';
import { languagesOf } from './language.ts';
import type { Shell } from './language.ts';
import type { Certainty, CommandFamily, Scene } from './rule.ts';
import { rulesFor } from './rules/index.ts';
import { createSecretFlow } from './secrets.ts';
import type { SecretFlow } from './secrets.ts';
import { walkCommand } from './walk.ts';
import type { Walk } from './walk.ts';
import { mayWrite } from './written.ts';

export type { Shell } from './language.ts';
export type { Certainty, CommandFamily } from './rule.ts';

export interface CommandFinding {
  /** Id of the rule, kebab-case. */
  readonly rule: string;
  readonly family: CommandFamily;
  /** `certain`: blocked at level medium; `likely`: flagged at medium, blocked at high. */
  readonly certainty: Certainty;
  /** Character offsets in the command of the statement at fault. */
  readonly start: number;
  readonly end: number;
}

/** Findings of one command; more of them say nothing new. */
const MAX_FINDINGS = 64;
/** What is longer than this is judged up to here, and that is a finding: padding hides things. */
const MAX_JUDGED_CHARS = 65_536;
const TOO_LONG = 'too-long-to-judge';
const TOO_MANY = 'too-many-programs';

/**
 * All that is dangerous in a command, in order of place; empty for an ordinary command. A rule is told once for each
 * statement. Never throws; takes time linear in the command's length, and bounded however long it is.
 *
 * @param shell the shell that will run it; `unknown` tries what it looks like
 */
export function judgeCommand(command: string, shell: Shell): readonly CommandFinding[] {
  const findings = new Map<string, CommandFinding>();
  const judged = command.slice(0, MAX_JUDGED_CHARS);
  const whole = (rule: string, certainty: Certainty): void => {
    findings.set(rule, { rule, family: 'resource-exhaustion', certainty, start: 0, end: command.length });
  };
  for (const language of languagesOf(judged, shell)) {
    let secrets: SecretFlow | undefined;
    const complete = walkCommand(judged, language, (invocation, walk: Walk) => {
      secrets ??= createSecretFlow(walk);
      if (findings.size >= MAX_FINDINGS || onlyAsks(invocation)) return;
      const scene: Scene = { walk, secrets };
      for (const verb of verbsOf(invocation)) {
        for (const rule of rulesFor(verb)) {
          if (!rule.test(invocation, scene)) continue;
          const { start, end } = invocation.statement;
          const key = `${rule.id} ${start}`;
          if (!findings.has(key)) findings.set(key, { rule: rule.id, family: rule.family, certainty: rule.certainty, start, end });
        }
      }
    });
    if (!complete) whole(TOO_MANY, 'certain');
  }
  if (judged.length < command.length) whole(TOO_LONG, 'likely');
  return [...findings.values()].sort((a, b) => a.start - b.start);
}

/** Whether the program is only asked for its manual, or what it would do. */
function onlyAsks(invocation: Invocation): boolean {
  const { texts, code } = invocation;
  return code === undefined && texts.length > 0 && texts.length < 16 && (texts.includes('--help') || texts.some((text) => /^-whatif$/i.test(text)));
}

/** Under which names rules look at the program. */
function verbsOf(invocation: Invocation): readonly string[] {
  if (invocation.code !== undefined) return [invocation.name === '<script>' ? '<script>' : '<code>'];
  if (invocation.group !== undefined) return [invocation.name];
  const verbs = [invocation.name];
  if (mayWrite(invocation)) verbs.push('<writes>');
  if (invocation.redirects.length > 0) verbs.push('<redirects>');
  if (invocation.files.size > 0) verbs.push('<files>');
  return verbs;
}
