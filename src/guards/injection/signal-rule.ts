/**
 * What a sign of an injected instruction is. Signs are data: phrases by language and kind, each with a weight. No sign
 * decides alone; several of different kinds close together do.
 */

/**
 * `disregard` an order to drop other orders · `persona` a new self without rules · `markup` the mark-up of turns and roles ·
 * `authority` a claim to speak for the system · `address` words to the assistant itself · `reveal` the prompt asked for ·
 * `act` a sensitive act ·
 * `deed` one by classes of words alone, for those who are spoken to · `mild` an act that is ordinary elsewhere ·
 * `steer` what is to be said or answered · `conceal` the user is to know nothing · `unasked` no leave
 * is to be asked · `precedence` the order comes first ·
 * `reader` words to a machine that reads this · `hijack` the task at hand is to be left ·
 * `machine` a word for one · `follow` an order goes on · `image` an image that carries data away.
 */
export type SignalKind =
  | 'disregard' | 'persona' | 'markup' | 'authority' | 'address' | 'reveal' | 'act' | 'deed' | 'mild' | 'steer' | 'conceal' | 'unasked' | 'precedence' | 'reader' | 'hijack' | 'machine' | 'follow' | 'image';

export interface SignalRule {
  /** Unique, kebab-case. */
  readonly id: string;
  readonly kind: SignalKind;
  readonly weight: number;
  /** The words or characters a match begins with, in lower case, as alternatives; each begins with a word or a sign. */
  readonly first: readonly string[];
  /** What follows, as the source of a bounded expression over folded text (see `foldText`). */
  readonly then: string;
  /** Classes of the lexicon (`WORD`) one of which must stand in it, or near behind its beginning: what is seldom is looked for first. */
  readonly needs?: number;
  /** It only counts as an order: not told of others, not forbidden, not an infinitive. */
  readonly order?: true;
  /** The user's own turn is judged by it too. */
  readonly direct?: true;
  /** In the user's own turn it needs no other sign beside it. */
  readonly alone?: true;
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
