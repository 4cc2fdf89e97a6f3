/** What credential rules have in common: their class, a gate against filler, and the form of a named setting. */
import type { Rule } from '../rule.ts';
import { glanced } from './glance.ts';

/** A credential rule less what all of them share. */
export interface CredentialDraft extends Omit<Rule, 'class'> {
  /** How many characters of a token must follow, keyword included, before anything is decoded; see `glance.ts`. */
  readonly least?: number;
}

/** How much of the end of a token is looked at for variety: past any prefix, whatever its length. */
const TAIL_CHARS = 16;
/** Random hex of 16 characters has about ten different ones; fewer than this comes up once in millions. */
const TAIL_DIFFERENT = 6;

/**
 * Whether a value may be a real one: its end is not a few characters over and over. What says of itself that it
 * stands for a secret (`your-api-key`) the engine leaves out for all rules.
 */
export function varied(secret: string): boolean {
  const from = Math.max(0, secret.length - TAIL_CHARS);
  const seen = new Set<number>();
  for (let i = from; i < secret.length; i++) seen.add(secret.charCodeAt(i));
  return seen.size >= Math.min(TAIL_DIFFERENT, (secret.length + 1) >> 1);
}

/** {@link varied}, and with a digit and a letter: for values that would otherwise pass as words or numbers. */
export function mixed(secret: string): boolean {
  return /[0-9]/.test(secret) && /[A-Za-z]/.test(secret) && varied(secret);
}

/** {@link varied}, of at least two sorts of characters: for short values behind a prefix, in which a digit may be missing. */
export function twoSorts(secret: string): boolean {
  const sorts = Number(/[0-9]/.test(secret)) + Number(/[A-Z]/.test(secret)) + Number(/[a-z]/.test(secret));
  return sorts >= 2 && varied(secret);
}

/** {@link mixed}, in both cases of letters: for values without any prefix, which hashes and identifiers resemble. */
export function mixedCase(secret: string): boolean {
  return /[a-z]/.test(secret) && /[A-Z]/.test(secret) && mixed(secret);
}

/** Completes drafts: class `credential`, and the check {@link varied} where none is given. */
export function credentials(drafts: readonly CredentialDraft[]): readonly Rule[] {
  return drafts.map(({ least, ...draft }) => {
    const rule: Rule = { check: varied, ...draft, class: 'credential' };
    return least === undefined ? rule : glanced(rule, least);
  });
}

/** A value without a shape of its own, known by the name of the setting it is given to. */
export interface SettingDraft extends Omit<CredentialDraft, 'pattern' | 'caseless' | 'left'> {
  /** Source of a case-insensitive pattern of the name, beginning with one of the keywords. */
  readonly name: string;
  /** Source of the pattern of the value. */
  readonly value: string;
  /** Source of a character class: what may not follow the value; letters and digits unless said. */
  readonly alphabet?: string;
}

/** The rest of a name after the vendor's word, up to and past what says that a secret follows. */
export const SECRET_NAME =
  '[\\w .\\u4e00-\\u9fff-]{0,24}?(?:key|token|secret|passw(?:or)?d|pwd|auth|pat|pass|credential|密钥|秘钥|令牌|密码|口令)[\\w .-]{0,16}';

/** Between a name and its value: any assignment, JSON, YAML, XML, headers, a call's next argument, prose. */
const ASSIGNED = '["\'`\\])}]{0,3}\\s{0,6}(?:=>|:=|={1,3}|:{1,2}|：|,|>|\\|{1,2}|是|为|\\bis\\b)\\s{0,6}["\'`(\\[{]{0,3}';

/**
 * A rule for a value which only its name gives away. The name stands first, an assignment of any syntax follows, and
 * the value alone is replaced. The vendor's word may be part of a longer name (`MY_FASTLY_API_KEY`).
 */
export function setting(draft: SettingDraft): CredentialDraft {
  const { name, value, alphabet = '[0-9A-Za-z]', ...rest } = draft;
  return {
    check: mixed,
    ...rest,
    caseless: true,
    left: 'none',
    pattern: new RegExp(`(?:${name})${ASSIGNED}(?<secret>${value})(?!${alphabet})`, 'iy'),
  };
}
