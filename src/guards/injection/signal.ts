/** Finds the signs of `signal-rule.ts` in a folded text. */
import type { Signal, SignalRule } from './signal-rule.ts';
import { createWordFinder, nextSum, standsNear } from './words.ts';
import type { Words } from './words.ts';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/ /g, '\\s{1,3}');

/** Compiled when first needed: that is what costs at the start. */
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

export interface SignalFinder {
  /** The words of a folded text; they are overwritten by the next text. */
  read(text: string): Words;
  /** The signs that begin at heads [first, last), in order of their beginning; `leading` for the leading rules or the others. */
  among(text: string, words: Words, first: number, last: number, leading: boolean, direct: boolean, found: Signal[]): void;
  /** Every sign in a folded text, in order of its beginning. */
  find(text: string): Signal[];
}

/** Makes the finder: rules are tried only where one of their first words stands. */
export function createSignalFinder(rules: readonly SignalRule[], isLeading: (rule: SignalRule) => boolean = () => true): SignalFinder {
  const { read, entries } = createWordFinder(rules, isLeading);

  const finder: SignalFinder = {
    read,
    among(text, words, first, last, leading, direct, found) {
      for (let i = first; i < last; i += 1) {
        const entry = entries[words.heads[i] as number];
        const group = leading ? entry?.leading : entry?.others;
        if (group === undefined || group.starts.length === 0) continue;
        const at = words.headsAt[i] as number;
        if (group.needs !== undefined && !standsNear(words, group.needs, at)) continue;
        let next: number | undefined;
        if (group.nexts !== undefined && !group.nexts.has((next = nextSum(text, at)))) continue;
        for (const start of group.starts) {
          const { rule, nexts } = start;
          if (direct && rule.direct !== true) continue;
          if (nexts !== undefined && !nexts.has((next ??= nextSum(text, at)))) continue;
          if (rule.needs !== undefined && !standsNear(words, rule.needs, at)) continue;
          const pattern = (start.pattern ??= patternOf(rule));
          pattern.lastIndex = at;
          if (pattern.test(text)) found.push({ rule, start: at, end: pattern.lastIndex });
        }
      }
    },
    find(text) {
      const words = read(text);
      const found: Signal[] = [];
      finder.among(text, words, 0, words.headCount, true, false, found);
      finder.among(text, words, 0, words.headCount, false, false, found);
      return found.sort((a, b) => a.start - b.start);
    },
  };
  return finder;
}
