/**
 * What a sign of an injected instruction is. Signs are data: phrases by language and kind, each with a weight. No sign
 * decides alone; several of different kinds close together do.
 */

/**
 * `disregard` an order to drop other orders · `persona` a new self without rules · `markup` the mark-up of turns and roles ·
 * `authority` a claim to speak for the system · `address` words to the assistant itself · `reveal` the prompt asked for ·
 * `act` a sensitive act · `mild` an act that is ordinary elsewhere ·
 * `steer` what is to be said or answered · `conceal` the user is to know nothing · `unasked` no leave
 * is to be asked · `precedence` the order comes first ·
 * `reader` words to a machine that reads this · `hijack` the task at hand is to be left ·
 * `machine` a word for one · `follow` an order goes on · `image` an image that carries data away.
 */
export type SignalKind =
  | 'disregard' | 'persona' | 'markup' | 'authority' | 'address' | 'reveal' | 'act' | 'mild' | 'steer' | 'conceal' | 'unasked' | 'precedence' | 'reader' | 'hijack' | 'machine' | 'follow' | 'image';

export interface SignalRule {
  /** Unique, kebab-case. */
  readonly id: string;
  readonly kind: SignalKind;
  readonly weight: number;
  /** The words or characters a match begins with, in lower case, as alternatives; each begins with a word or a sign. */
  readonly first: readonly string[];
  /** What follows, as the source of a bounded expression over folded text (see `foldText`). */
  readonly then: string;
  /** It only counts as an order: not told of others, not forbidden, not an infinitive. */
  readonly order?: true;
  /** The user's own turn is judged by it too. */
  readonly direct?: true;
  readonly matches: readonly string[];
  readonly ignores: readonly string[];
}

export interface Signal {
  readonly rule: SignalRule;
  /** Places in the folded text. */
  readonly start: number;
  readonly end: number;
}

/** 1 for a character of a Latin or Cyrillic word of folded text. */
export function isWordCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x430 && code <= 0x45f);
}

interface Compiled {
  readonly rule: SignalRule;
  readonly pattern: RegExp;
}

export interface SignalFinder {
  /** Every sign in a folded text, in order of its beginning. */
  find(text: string): Signal[];
}

function wordAt(text: string, at: number): number {
  let end = at;
  while (end < text.length && isWordCode(text.charCodeAt(end))) end += 1;
  return end;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '\\s{1,3}');

/** Compiled once, for all finders: the first run of a pattern is what costs. */
const PATTERNS = new WeakMap<SignalRule, RegExp>();

/** The sticky pattern of a rule, for its tests too. */
export function patternOf(rule: SignalRule): RegExp {
  const known = PATTERNS.get(rule);
  if (known !== undefined) return known;
  const first = [...rule.first].sort((a, b) => b.length - a.length).map(escaped).join('|');
  const pattern = new RegExp(`(?:${first})${rule.then}`, 'y');
  PATTERNS.set(rule, pattern);
  return pattern;
}

/** Makes the finder: rules are tried only where one of their first words stands. */
export function createSignalFinder(rules: readonly SignalRule[]): SignalFinder {
  const byHead = new Map<string, Compiled[]>();
  /** By the last bits of a head's first two characters, so that most words are never cut out. */
  const likely = new Uint8Array(4096);
  const slot = (first: number, second: number): number => ((first & 63) << 6) | (second & 63);
  for (const rule of rules) {
    const compiled: Compiled = { rule, pattern: patternOf(rule) };
    const heads = new Set(rule.first.map((text) => (isWordCode(text.charCodeAt(0)) ? text.slice(0, wordAt(text, 0)) : text.charAt(0))));
    for (const head of heads) {
      const list = byHead.get(head);
      if (list === undefined) byHead.set(head, [compiled]);
      else list.push(compiled);
      if (head.length > 1) likely[slot(head.charCodeAt(0), head.charCodeAt(1))] = 1;
    }
  }
  /** Whether a sign or an ideograph, which is a head by itself, begins a rule. */
  const signs = new Uint8Array(65_536);
  for (const head of byHead.keys()) if (head.length === 1) signs[head.charCodeAt(0)] = 1;

  return {
    find(text) {
      const found: Signal[] = [];
      function tryHead(head: string, at: number): void {
        for (const { rule, pattern } of byHead.get(head) ?? []) {
          pattern.lastIndex = at;
          if (pattern.test(text)) found.push({ rule, start: at, end: pattern.lastIndex });
        }
      }
      let i = 0;
      while (i < text.length) {
        const code = text.charCodeAt(i);
        if (isWordCode(code)) {
          const end = wordAt(text, i);
          if (end - i === 1 ? signs[code] === 1 : likely[slot(code, text.charCodeAt(i + 1))] === 1) tryHead(text.slice(i, end), i);
          i = end;
        } else {
          if (signs[code] === 1) tryHead(text.charAt(i), i);
          i += 1;
        }
      }
      return found;
    },
  };
}
