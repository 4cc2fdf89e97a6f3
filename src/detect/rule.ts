/**
 * What a detection rule is. Rules are data: literal keywords which a table-driven pass looks for, a bounded sticky
 * pattern which runs only where a keyword stands, an optional check, and the texts it must and must not match.
 */

/** The rows of the level policy. `exact` is for values the user listed in files of secrets. */
export type FindingClass = 'credential' | 'payment' | 'personal' | 'exact';

export interface Rule {
  /** Unique, kebab-case, e.g. `github-pat-classic`. */
  readonly id: string;
  /** The middle of the placeholder, e.g. `github-token`; only `[a-z2-7-]`, at most 40 characters. */
  readonly kind: string;
  readonly class: FindingClass;
  /** Literals of two bytes and more (three and more are much cheaper); the pattern is tried at every occurrence. */
  readonly keywords: readonly string[];
  /** Keywords match whatever the case of their ASCII letters. */
  readonly caseless?: true;
  /**
   * What may not stand directly before the match: `token` (the default) = `[A-Za-z0-9_]`, `digit` = `[0-9]`,
   * `none` = anything may. Escapes are seen through: the `n` of `\n` is no letter before a token.
   */
  readonly left?: 'token' | 'digit' | 'none';
  /**
   * Characters before the keyword that the pattern needs to see; 0 (the default) means that a match starts at the
   * keyword. Otherwise the pattern is tried at each position of that stretch, from the left, until one matches and
   * covers the keyword.
   */
  readonly before?: number;
  /** Characters from the keyword on that the pattern may look at; 512 unless said, 16384 at most. */
  readonly window?: number;
  /**
   * Sticky (flag `y`), of bounded quantifiers and linear time, written for text whose escapes are decoded. A group
   * named `secret` narrows what is replaced. The right boundary is a lookahead: the next character is not in the
   * token's own alphabet, and nothing more.
   */
  readonly pattern: RegExp;
  /**
   * A first look at raw bytes, escapes and all, before anything is decoded: false means that the rule can find nothing
   * at this keyword. It may err only towards true.
   *
   * @param at where the keyword begins; `start` and `end` bound what may be read
   */
  readonly glance?: (bytes: Uint8Array, at: number, length: number, start: number, end: number) => boolean;
  /** Checksum, entropy or shape of what would be replaced; pure. */
  readonly check?: (secret: string) => boolean;
  /** The vendor's page on the format. */
  readonly page: string;
  /** Texts in which the rule must find something. */
  readonly matches: readonly string[];
  /** Near misses in which it must not. */
  readonly ignores: readonly string[];
}

/**
 * A rule whose match is found by code instead of its pattern, for formats that no bounded pattern describes. The
 * `pattern` then only documents where a match begins.
 */
export interface ScannedRule extends Rule {
  /** Where the secret lies in the decoded text, given a keyword of `length` characters at `at`. */
  readonly find: (text: DecodedText, at: number, length: number) => Span | undefined;
}

/** Character offsets into a decoded text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch of input with its escapes decoded, and the way back to its bytes. */
export interface DecodedText {
  readonly text: string;
  /** Byte offset in the raw input of a character of `text`; `text.length` gives the end of the stretch. */
  rawOffset(index: number): number;
  /** Whether the stretch ends where the input ends, so that no more characters could follow. */
  readonly complete: boolean;
}
