/**
 * The user's own detection rules, from the list `rules` of the rules file. Everything is checked when it is loaded:
 * fields, patterns, and the examples of each rule.
 */
import { compile, fieldsOf, textOf, textsOf, UserRulesError } from './checked-fields.ts';
import { createEngine } from './engine.ts';
import { requiredLiteral, unsafePattern } from './pattern-safety.ts';
import type { FindingClass, Rule } from './rule.ts';

const CLASSES: readonly string[] = ['credential', 'payment', 'personal'] satisfies FindingClass[];
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const KIND = /^[a-z2-7](?:[a-z2-7-]{0,38}[a-z2-7])?$/;
const FLAGS = /^[ismu]{0,4}$/;
const RULE_FIELDS = ['id', 'pattern', 'flags', 'keywords', 'kind', 'class', 'matches', 'ignores'];
/** How far before its keyword a match may begin when the pattern does not begin with it, in characters. */
const BEFORE_CHARS = 64;
const PAGE = 'https://developer.mozilla.org/docs/Web/JavaScript/Guide/Regular_expressions';

function kindOf(id: string): string {
  const kind = id.replace(/[^a-z2-7-]/g, '').replace(/-{2,}/g, '-').replace(/^-|-$/g, '').slice(0, 40).replace(/-$/, '');
  return KIND.test(kind) ? kind : 'secret';
}

/**
 * A rule as the user wrote it, checked and compiled.
 *
 * @param index its place in the list, for the message
 * @throws UserRulesError naming the rule and the field
 */
export function ruleOf(value: unknown, index: number): Rule {
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
    if (!finds(example)) throw new UserRulesError(`${where}, matches[${index}]`, 'is not found by the rule\'s keywords and pattern');
  });
  rule.ignores.forEach((example, index) => {
    if (finds(example)) throw new UserRulesError(`${where}, ignores[${index}]`, 'is found, and must not be');
  });
}
