/**
 * What a command line is once it is parsed, whatever the shell: pipelines of stages, a stage being a simple command or
 * a group. Quotes and escapes are gone, known variables expanded, here-documents attached.
 */

/** How deep substitutions, groups and strings handed to interpreters are followed. */
export const MAX_DEPTH = 24;

/** Character offsets in the command that is judged. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The language of a script. */
export type Language = 'posix' | 'powershell' | 'cmd';

export interface Word extends Span {
  /** The value: without quotes, escapes decoded, known variables expanded. What is unknown stays as `$NAME` or `$()`. */
  readonly text: string;
  /** Whether any part was quoted or escaped. */
  readonly quoted: boolean;
  /** Scripts that run when this word is expanded. */
  readonly nested: readonly Script[];
  /** Scripts whose output is part of the value, whether they run here or ran when a variable was set. */
  readonly carried: readonly Script[];
  /** Where else its text comes from: the values of variables. */
  readonly sources: readonly Span[];
  /** A list, as of a loop or an array: each element is a word of its own, even in quotes. */
  readonly list?: true;
  /** The value with all unknown variables taken as unset, when they stand within it: `r${x}m` is `rm`. */
  readonly bare?: string;
  /** What a process substitution holds, when it can be told. */
  readonly content?: string;
}

export type RedirectOperator = '>' | '>>' | '<' | '<>' | '>&' | '<&' | '<<' | '<<<';

export interface Redirect {
  readonly operator: RedirectOperator;
  /** The file, the descriptor, or the text of a here-document or here-string. */
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface Simple extends Span {
  readonly kind: 'simple';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
}

export interface Group extends Span {
  readonly kind: 'group';
  /** `function` has a name; all others are run where they stand. */
  readonly keyword: 'list' | 'loop' | 'function';
  readonly name: string;
  readonly body: Script;
  readonly redirects: readonly Redirect[];
}

export type Stage = Simple | Group;

export interface Pipeline extends Span {
  readonly stages: readonly Stage[];
  readonly background: boolean;
}

export interface Script {
  readonly language: Language;
  readonly pipelines: readonly Pipeline[];
}

/** Characters that may still be produced by expanding variables and by looking into strings: it keeps time linear. */
export interface Budget {
  left: number;
}

/** A budget for a command of so many characters. */
export function createBudget(length: number): Budget {
  return { left: 65_536 + 4 * length };
}

/** Takes `amount` from the budget; false when it is spent. */
export function spend(budget: Budget, amount: number): boolean {
  budget.left -= amount;
  return budget.left >= 0;
}

const NOTHING: readonly never[] = [];

/** A word without substitutions. */
export function plainWord(text: string, span: Span, quoted = false): Word {
  return { text, start: span.start, end: span.end, quoted, nested: NOTHING, carried: NOTHING, sources: NOTHING };
}

/** The same word with another value. */
export function withText(word: Word, text: string): Word {
  return { ...word, text };
}
