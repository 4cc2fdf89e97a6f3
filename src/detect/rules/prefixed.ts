/** Keys that begin with a literal of their vendor's: the form of the draft, and what must hold for the rest of the key. */
import { mixed, mixedCase, varied } from './credential.ts';
import type { CredentialDraft } from './credential.ts';

/** Letters alone, of both cases, are random enough from this length on: one key in a thousand has no digit. */
const LETTERS_ALONE_CHARS = 36;

/** Whether what follows a prefix may be a key: varied, and with a digit unless it is long. */
export function keyLike(secret: string): boolean {
  if (secret.length < LETTERS_ALONE_CHARS) return mixed(secret);
  return varied(secret) && (/[0-9]/.test(secret.slice(-24)) || mixedCase(`${secret}0`));
}

export interface Prefixed {
  readonly id: string;
  readonly kind?: string;
  /** The literal a key begins with; also the keyword, unless there are longer ones. */
  readonly prefix: string;
  /** Longer literals, one of which each key begins with: much cheaper to look for than a prefix of three characters. */
  readonly keywords?: readonly string[];
  /** Source of the pattern of what follows. */
  readonly body: string;
  /** Source of a character class: what may not follow. */
  readonly not?: string;
  readonly page: string;
  /** What follows the prefix in the example. */
  readonly example: string;
  readonly ignores?: readonly string[];
  /** What else must hold; see {@link keyLike}. */
  readonly check?: (secret: string) => boolean;
}

/** A key that its prefix gives away. Its near misses: cut short, filler, and the prefix inside a longer word. */
export function prefixed(draft: Prefixed): CredentialDraft {
  const { id, prefix, body, not = '[A-Za-z0-9_-]', page, example } = draft;
  const literal = prefix.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return {
    id,
    kind: draft.kind ?? id,
    keywords: draft.keywords ?? [prefix],
    pattern: new RegExp(`${literal}${body}(?!${not})`, 'y'),
    check: draft.check ?? keyLike,
    page,
    matches: [prefix + example],
    ignores: draft.ignores ?? [prefix + example.slice(0, 6), prefix + 'x'.repeat(example.length), `a${prefix}${example}`],
  };
}
