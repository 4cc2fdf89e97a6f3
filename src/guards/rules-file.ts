/**
 * The user's rules file (AEGIS_RULES_PATH), one JSON object:
 *
 *     { "rules": [{ "id": "acme-key", "pattern": "acme_[a-z0-9]{32}", "matches": ["…"], "ignores": ["…"] }],
 *       "allow": ["an exact value", { "pattern": "TEST-.{1,40}" }],
 *       "allow_hosts": ["api.github.com", "*.corp.example"],
 *       "disable": ["some-rule-id"],
 *       "policy": { "injection": "flag", "delete-root": "block" },
 *       "tokens": { "<token or its fingerprint>": { "disable": […], "allow": […], "allow_hosts": […], "policy": {…} } } }
 *
 * Everything is checked when it is loaded.
 */
import { readFileSync } from 'node:fs';
import { compile, fieldsOf, listOf, shownName, textOf, textsOf, UserRulesError } from '../detect/checked-fields.ts';
import { unsafePattern } from '../detect/pattern-safety.ts';
import type { Rule } from '../detect/rule.ts';
import { ruleOf } from '../detect/user-rules.ts';
import { allowedActions, TOPICS, type Action, type Overrides, type Topic } from './policy.ts';

/** What the user decided for all tokens, or for one. */
export interface Exceptions {
  /** Actions set for topics and rules; a rule that is switched off is `off`. */
  readonly overrides: Overrides;
  /** Whether a found value is let through. */
  allows(value: string): boolean;
  /** Whether secrets may be sent to a host. */
  allowsHost(host: string): boolean;
}

export interface RulesFile extends Exceptions {
  readonly rules: readonly Rule[];
  /** The exceptions of a token, by any of its names (the token itself, its fingerprint), with those of all tokens. */
  forToken(...names: readonly string[]): Exceptions;
  /** The topic of a rule, built-in or the user's; undefined where there is no such rule. */
  topicOf(rule: string): Topic | undefined;
}

const FILE_FIELDS = ['rules', 'allow', 'allow_hosts', 'disable', 'policy', 'tokens'];
const TOKEN_FIELDS = ['allow', 'allow_hosts', 'disable', 'policy'];
const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?$/;

function valuesOf(value: unknown, where: string): (value: string) => boolean {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  listOf(value, where).forEach((item, index) => {
    const place = `${where}[${index}]`;
    if (typeof item === 'string') {
      exact.add(textOf(item, place));
      return;
    }
    const source = textOf(fieldsOf(item, place, ['pattern'])['pattern'], `${place}.pattern`);
    const pattern = compile(`^(?:${source})$`, 's', `${place}.pattern`);
    const unsafe = unsafePattern(pattern.source, 's', [], []);
    if (unsafe !== undefined) throw new UserRulesError(`${place}.pattern`, unsafe);
    patterns.push(pattern);
  });
  return (found) => exact.has(found) || patterns.some((pattern) => pattern.test(found));
}

function hostsOf(value: unknown, where: string): (host: string) => boolean {
  const exact = new Set<string>();
  const endings: string[] = [];
  textsOf(value, where).forEach((text, index) => {
    const host = text.toLowerCase();
    if (!HOST.test(host)) throw new UserRulesError(`${where}[${index}]`, 'must be a host name such as "api.github.com" or "*.corp.example", without scheme, port and path');
    if (host.startsWith('*.')) endings.push(host.slice(1));
    else exact.add(host);
  });
  return (host) => exact.has(host) || endings.some((ending) => host.endsWith(ending));
}

function overridesOf(value: unknown, disabled: readonly string[], where: string, topicOf: (rule: string) => Topic | undefined): Overrides {
  const overrides = new Map<string, Action>();
  if (value !== undefined) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UserRulesError(where, 'must be an object of topics or rules and their actions');
    for (const [name, action] of Object.entries(value)) {
      const topic = TOPICS.find((known) => known === name) ?? topicOf(name);
      if (topic === undefined) throw new UserRulesError(where, `there is no topic and no rule ${shownName(name)}; topics are ${TOPICS.join(', ')}`);
      const allowed = allowedActions(topic);
      const known = allowed.find((one) => one === action);
      if (known === undefined) throw new UserRulesError(`${where}.${name}`, `must be one of ${allowed.join(', ')}`);
      overrides.set(name, known);
    }
  }
  for (const rule of disabled) overrides.set(rule, 'off');
  return overrides;
}

function exceptionsOf(fields: Readonly<Record<string, unknown>>, where: string, topicOf: (rule: string) => Topic | undefined): Exceptions {
  const disabled = textsOf(fields['disable'], `${where}disable`);
  disabled.forEach((id, index) => {
    if (topicOf(id) === undefined) throw new UserRulesError(`${where}disable[${index}]`, `there is no rule ${shownName(id)}`);
  });
  return {
    overrides: overridesOf(fields['policy'], disabled, `${where}policy`, topicOf),
    allows: valuesOf(fields['allow'], `${where}allow`),
    allowsHost: hostsOf(fields['allow_hosts'], `${where}allow_hosts`),
  };
}

/** What holds for one token: its own decisions before those for all. */
function joined(common: Exceptions, own: Exceptions): Exceptions {
  return {
    overrides: new Map([...common.overrides, ...own.overrides]),
    allows: (value) => common.allows(value) || own.allows(value),
    allowsHost: (host) => common.allowsHost(host) || own.allowsHost(host),
  };
}

/**
 * Checks and compiles a parsed rules file.
 *
 * @param builtIn the topics of the built-in rules by their ids, so that a switch for none is an error
 * @throws UserRulesError naming the rule and the field
 */
export function parseRulesFile(value: unknown, builtIn: ReadonlyMap<string, Topic>): RulesFile {
  const fields = fieldsOf(value, 'the rules file', FILE_FIELDS);
  const topics = new Map(builtIn);
  const rules = listOf(fields['rules'], 'rules').map((item, index) => {
    const rule = ruleOf(item, index);
    if (topics.has(rule.id)) throw new UserRulesError(`rules[${index}].id`, `there is a rule ${rule.id} already`);
    if (TOPICS.some((topic) => topic === rule.id)) throw new UserRulesError(`rules[${index}].id`, `${rule.id} is the name of a topic`);
    topics.set(rule.id, rule.class);
    return rule;
  });
  const topicOf = (rule: string): Topic | undefined => topics.get(rule);
  const common = exceptionsOf(fields, '', topicOf);
  const byToken = new Map<string, Exceptions>();
  if (fields['tokens'] !== undefined) {
    const tokens = fields['tokens'];
    if (typeof tokens !== 'object' || tokens === null || Array.isArray(tokens)) throw new UserRulesError('tokens', 'must be an object');
    Object.entries(tokens).forEach(([name, entry], index) => {
      // A token is itself a secret of sorts: its place is named instead.
      const where = `tokens, entry ${index + 1}`;
      byToken.set(name, joined(common, exceptionsOf(fieldsOf(entry, where, TOKEN_FIELDS), `${where}, `, topicOf)));
    });
  }
  return {
    ...common,
    rules,
    topicOf,
    forToken(...names) {
      for (const name of names) {
        const exceptions = byToken.get(name);
        if (exceptions !== undefined) return exceptions;
      }
      return common;
    },
  };
}

/**
 * Reads a rules file.
 *
 * @throws UserRulesError naming the file, and the rule and the field where there is one
 */
export function loadRulesFile(path: string, builtIn: ReadonlyMap<string, Topic>): RulesFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserRulesError(path, `can't be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserRulesError(path, `is not JSON${jsonPlace(error, text)}`);
  }
  try {
    return parseRulesFile(value, builtIn);
  } catch (error) {
    if (error instanceof UserRulesError) throw new UserRulesError(path, error.message);
    throw error;
  }
}

/** Where a parser stopped, as a line; its own message quotes the text, which may hold a secret. */
function jsonPlace(error: unknown, text: string): string {
  const position = error instanceof SyntaxError ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
}
