/** What the prefilter is to look for, made from rules: their keywords as they may stand in raw bytes, and the escapes that may hide one. */
import { headAfter, slashForms, unescapedPart, type Head } from './keyword.ts';
import { createPrefilter, lowerAscii, type Literal, type Prefilter } from './prefilter.ts';
import type { Rule, ScannedRule } from './rule.ts';

const DEFAULT_WINDOW_CHARS = 512;
const MAX_WINDOW_CHARS = 16_384;
/** A part of a keyword is looked for in its stead when it is so long. */
const SHORTEST_PART_CHARS = 3;

/** A rule made ready: its pattern with indices where it has a group, its limits with their defaults. */
export interface Ready {
  readonly rule: Rule;
  readonly rank: number;
  readonly pattern: RegExp;
  readonly left: 'token' | 'digit' | 'none';
  readonly before: number;
  readonly window: number;
  readonly scanned: ScannedRule | undefined;
}

export interface Target {
  readonly text: string;
  readonly caseless: boolean;
  /**
   * `plain`: the literal is the keyword. `part`: it is a part of it, `skip` characters from its start, since the rest
   * may be escaped. `slashed`: it is how the keyword begins when its first slash is escaped. `escaped`: it is the code
   * of the first character's \u escape. `hidden`: it begins an escape that may hide any keyword. But for `plain`,
   * `text` is compared once decoded. `needless`: it is an escape that hides no keyword. `signal`: it is no rule's, and
   * `skip` is its index.
   */
  readonly how: 'plain' | 'part' | 'slashed' | 'escaped' | 'hidden' | 'needless' | 'signal';
  readonly skip: number;
  /** Bytes of the literal. */
  readonly length: number;
  readonly rules: Ready[];
  /** For each of the rules, what its pattern asks of the bytes behind the keyword. */
  readonly heads: (Head | undefined)[];
}

function makeReady(rule: Rule, rank: number): Ready {
  const grouped = rule.pattern.source.includes('(?<secret>');
  const flags = rule.pattern.flags;
  if (!flags.includes('y')) throw new TypeError(`the pattern of rule ${rule.id} is not sticky`);
  return {
    rule,
    rank,
    pattern: grouped && !flags.includes('d') ? new RegExp(rule.pattern.source, `${flags}d`) : rule.pattern,
    // A rule that finds by code sees to its own boundaries unless it says otherwise.
    left: rule.left ?? ('find' in rule ? 'none' : 'token'),
    before: rule.before ?? 0,
    window: Math.min(rule.window ?? DEFAULT_WINDOW_CHARS, MAX_WINDOW_CHARS),
    scanned: 'find' in rule ? (rule as ScannedRule) : undefined,
  };
}

export interface Targets {
  /** By the index that the prefilter gives. */
  readonly targets: readonly Target[];
  /** 1 for the ASCII characters that occur in keywords: an escape that stands for one may hide a keyword. */
  readonly inKeywords: Uint8Array;
  /** Characters. */
  readonly longestKeyword: number;
  readonly prefilter: Prefilter;
}

/**
 * @throws TypeError for a pattern that is not sticky
 * @throws RangeError for a keyword shorter than two bytes
 */
export function createTargets(rules: readonly Rule[], signals: readonly Literal[]): Targets {
  const targets: Target[] = [];
  const literals: string[] = [];
  const known = new Map<string, Target>();
  /** ASCII characters that occur in keywords: an escape that stands for one may hide a keyword. */
  const inKeywords = new Uint8Array(128);

  function add(literal: string, caseless: boolean, how: Target['how'], text: string, skip: number, ready: Ready | undefined): void {
    const id = `${how} ${caseless ? 'i' : 'c'} ${skip} ${literal} ${text}`;
    let target = known.get(id);
    if (target === undefined) {
      target = { text, caseless, how, skip, length: Buffer.byteLength(literal), rules: [], heads: [] };
      known.set(id, target);
      targets.push(target);
      literals.push(literal);
    }
    if (ready !== undefined) {
      target.rules.push(ready);
      target.heads.push(how === 'plain' ? headAfter(text, ready.rule) : undefined);
    }
  }

  rules.forEach((rule, rank) => {
    const ready = makeReady(rule, rank);
    const caseless = rule.caseless === true;
    for (const keyword of rule.keywords) {
      const text = caseless ? lowerAscii(keyword) : keyword;
      const part = unescapedPart(text);
      if (part === text) add(text, caseless, 'plain', text, 0, ready);
      else if (part.length >= SHORTEST_PART_CHARS) add(part, caseless, 'part', text, text.indexOf(part), ready);
      else for (const written of slashForms(text)) add(written, caseless, written === text ? 'plain' : 'slashed', text, 0, ready);
      for (const character of text) {
        const code = character.charCodeAt(0);
        if (code < 128) {
          inKeywords[code] = 1;
          if (caseless) inKeywords[character.toUpperCase().charCodeAt(0)] = 1;
        }
      }
      const first = text.charCodeAt(0);
      if (first >= 128) add(`u${first.toString(16).padStart(4, '0')}`, true, 'escaped', text, 0, ready);
    }
  });
  signals.forEach(({ text, caseless }, index) => add(caseless ? lowerAscii(text) : text, caseless, 'signal', text, index, undefined));
  add('\\u00', false, 'hidden', '', 0, undefined);
  add('\\/', false, 'needless', '', 0, undefined);
  const prefilter = createPrefilter(
    targets.map(({ caseless, how, rules: wanting }, index) => ({
      text: literals[index] ?? '',
      caseless,
      initial: how === 'plain' && wanting.every((ready) => ready.left === 'token' && ready.before === 0),
    })),
  );
  const longestKeyword = literals.reduce((most, literal) => Math.max(most, literal.length), 0);
  return { targets, inKeywords, longestKeyword, prefilter };
}
