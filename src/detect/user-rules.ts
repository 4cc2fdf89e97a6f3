/**
 * The user's own rules, allowances and switches, from one JSON file:
 *
 *     { "rules": [{ "id": "acme-key", "pattern": "acme_[a-z0-9]{32}", "matches": ["…"], "ignores": ["…"] }],
 *       "allow": ["an exact value", { "pattern": "TEST-.{1,40}" }],
 *       "disable": ["some-rule-id"],
 *       "tokens": { "<token or its fingerprint>": { "disable": […], "allow": […] } } }
 *
 * Everything is checked when it is loaded: fields, patterns, and the examples of each rule.
 */
import { readFileSync } from 'node:fs';
import { createEngine } from './engine.ts';
import { requiredLiteral, unsafePattern } from './pattern-safety.ts';
import type { FindingClass, Rule } from './rule.ts';

/** A rules file that can't be used; the message names the rule or the entry, and the field. */
export class UserRulesError extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'UserRulesError';
  }
}

/** What is switched off or let through, for all tokens or for one. */
export interface Policy {
  readonly disabled: ReadonlySet<string>;
  /** Whether a found value is let through. */
  allows(value: string): boolean;
}

export interface UserRules extends Policy {
  readonly rules: readonly Rule[];
  /** The policy of a token, by any of its names (the token itself, its fingerprint), with that of all tokens. */
  forToken(...names: readonly string[]): Policy;
}

const CLASSES: readonly string[] = ['credential', 'payment', 'personal'] satisfies FindingClass[];
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const KIND = /^[a-z2-7](?:[a-z2-7-]{0,38}[a-z2-7])?$/;
const FLAGS = /^[ismu]{0,4}$/;
const RULE_FIELDS = ['id', 'pattern', 'flags', 'keywords', 'kind', 'class', 'matches', 'ignores'];
/** How far before its keyword a match may begin when the pattern does not begin with it, in characters. */
const BEFORE_CHARS = 64;
const PAGE = 'https://developer.mozilla.org/docs/Web/JavaScript/Guide/Regular_expressions';

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, where: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UserRulesError(where, 'must be an object');
  for (const field of Object.keys(value)) {
    if (!allowed.includes(field)) throw new UserRulesError(where, `has an unknown field ${JSON.stringify(field)}; known are ${allowed.join(', ')}`);
  }
  return value as Fields;
}

function listOf(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UserRulesError(where, 'must be a list');
  return value;
}

function textsOf(value: unknown, where: string): readonly string[] {
  return listOf(value, where).map((item, index) => {
    if (typeof item !== 'string' || item === '') throw new UserRulesError(`${where}[${index}]`, 'must be a text that is not empty');
    return item;
  });
}

function textOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new UserRulesError(where, 'must be a text that is not empty');
  return value;
}

function compile(source: string, flags: string, where: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new UserRulesError(where, error instanceof Error ? error.message : 'is not a regular expression');
  }
}

function kindOf(id: string): string {
  const kind = id.replace(/[^a-z2-7-]/g, '').replace(/-{2,}/g, '-').replace(/^-|-$/g, '').slice(0, 40).replace(/-$/, '');
  return KIND.test(kind) ? kind : 'secret';
}

function ruleOf(value: unknown, index: number): Rule {
  const place = `rules[${index}]`;
  const fields = fieldsOf(value, place, RULE_FIELDS);
  const id = textOf(fields['id'], `${place}.id`);
  if (!ID.test(id)) throw new UserRulesError(`${place}.id`, 'must be of lower-case letters, digits and single dashes');
  const where = `rule ${id}`;
  const source = textOf(fields['pattern'], `${where}, pattern`);
  const flags = fields['flags'] === undefined || fields['flags'] === '' ? '' : textOf(fields['flags'], `${where}, flags`);
  if (!FLAGS.test(flags)) throw new UserRulesError(`${where}, flags`, 'may hold only i, s, m and u');
  const pattern = compile(source, `${flags}y`, `${where}, pattern`);
  if (pattern.test('')) throw new UserRulesError(`${where}, pattern`, 'matches the empty text');
  const matches = textsOf(fields['matches'], `${where}, matches`);
  if (matches.length === 0) throw new UserRulesError(`${where}, matches`, 'must hold at least one example of what is to be found');
  const ignores = textsOf(fields['ignores'], `${where}, ignores`);
  const keywords = keywordsOf(fields['keywords'], source, where);
  const kind = fields['kind'] === undefined ? kindOf(id) : textOf(fields['kind'], `${where}, kind`);
  if (!KIND.test(kind)) throw new UserRulesError(`${where}, kind`, 'must be of the letters a to z, the digits 2 to 7 and dashes, 40 at most');
  const className = fields['class'] === undefined ? 'credential' : textOf(fields['class'], `${where}, class`);
  if (!isClass(className)) throw new UserRulesError(`${where}, class`, `must be one of ${CLASSES.join(', ')}`);
  const unsafe = unsafePattern(source, flags, keywords, matches);
  if (unsafe !== undefined) throw new UserRulesError(`${where}, pattern`, unsafe);
  const rule: Rule = {
    id,
    kind,
    class: className,
    keywords,
    ...(flags.includes('i') ? { caseless: true as const } : {}),
    left: 'none',
    before: keywords.every((keyword) => source.startsWith(escape(keyword))) ? 0 : BEFORE_CHARS,
    pattern,
    page: PAGE,
    matches,
    ignores,
  };
  checkExamples(rule, where);
  return rule;
}

function isClass(name: string): name is FindingClass {
  return CLASSES.includes(name);
}

/** A literal as it is written in a pattern. */
function escape(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function keywordsOf(value: unknown, source: string, where: string): readonly string[] {
  const keywords = textsOf(value, `${where}, keywords`);
  keywords.forEach((keyword, index) => {
    if (Buffer.byteLength(keyword) < 2) throw new UserRulesError(`${where}, keywords[${index}]`, 'must be of two bytes at least');
  });
  if (keywords.length > 0) return keywords;
  const literal = requiredLiteral(source);
  if (literal === undefined) throw new UserRulesError(`${where}, keywords`, 'are needed: the pattern has no literal text of two characters and more to be found by');
  return [literal];
}

function checkExamples(rule: Rule, where: string): void {
  const engine = createEngine([rule]);
  const finds = (text: string): boolean => {
    const bytes = Buffer.from(text, 'utf8');
    let found = false;
    engine.scan({ bytes, start: 0, end: bytes.length, json: false, key: undefined }, () => { found = true; });
    return found;
  };
  rule.matches.forEach((example, index) => {
    if (!finds(example)) throw new UserRulesError(`${where}, matches[${index}]`, `is not found; keywords are ${rule.keywords.join(', ')}`);
  });
  rule.ignores.forEach((example, index) => {
    if (finds(example)) throw new UserRulesError(`${where}, ignores[${index}]`, 'is found, and must not be');
  });
}

function policyOf(allow: unknown, disable: unknown, where: string, known: ReadonlySet<string>): Policy {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  listOf(allow, `${where}allow`).forEach((item, index) => {
    const place = `${where}allow[${index}]`;
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
  const disabled = textsOf(disable, `${where}disable`);
  disabled.forEach((id, index) => {
    if (!known.has(id)) throw new UserRulesError(`${where}disable[${index}]`, `there is no rule ${JSON.stringify(id)}`);
  });
  return {
    disabled: new Set(disabled),
    allows: (value) => exact.has(value) || patterns.some((pattern) => pattern.test(value)),
  };
}

function joined(one: Policy, other: Policy): Policy {
  return {
    disabled: new Set([...one.disabled, ...other.disabled]),
    allows: (value) => one.allows(value) || other.allows(value),
  };
}

/**
 * Checks and compiles a parsed rules file.
 *
 * @param known ids of the built-in rules, so that a switch for none is an error
 * @throws UserRulesError naming the rule and the field
 */
export function parseUserRules(value: unknown, known: readonly string[]): UserRules {
  const fields = fieldsOf(value, 'the rules file', ['rules', 'allow', 'disable', 'tokens']);
  const ids = new Set(known);
  const rules = listOf(fields['rules'], 'rules').map((item, index) => {
    const rule = ruleOf(item, index);
    if (ids.has(rule.id)) throw new UserRulesError(`rules[${index}].id`, `there is a rule ${rule.id} already`);
    ids.add(rule.id);
    return rule;
  });
  const common = policyOf(fields['allow'], fields['disable'], '', ids);
  const byToken = new Map<string, Policy>();
  if (fields['tokens'] !== undefined) {
    const tokens = fields['tokens'];
    if (typeof tokens !== 'object' || tokens === null || Array.isArray(tokens)) throw new UserRulesError('tokens', 'must be an object');
    Object.entries(tokens).forEach(([name, entry], index) => {
      // A token is itself a secret of sorts: its place is named instead.
      const where = `tokens, entry ${index + 1}`;
      const own = fieldsOf(entry, where, ['disable', 'allow']);
      byToken.set(name, joined(common, policyOf(own['allow'], own['disable'], `${where}, `, ids)));
    });
  }
  return {
    ...common,
    rules,
    forToken(...names) {
      for (const name of names) {
        const policy = byToken.get(name);
        if (policy !== undefined) return policy;
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
export function loadUserRules(path: string, known: readonly string[]): UserRules {
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
    return parseUserRules(value, known);
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
