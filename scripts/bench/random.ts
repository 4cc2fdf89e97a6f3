/** The benchmark's own seeded generator, so that every run and every process makes the same bytes. */

export interface Random {
  /** An integer in [0, below). */
  below(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** `length` characters of `alphabet`. */
  text(alphabet: string, length: number): string;
}

export const HEX = '0123456789abcdef';
export const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const BASE64 = `${BASE62}+/`;

/** Marsaglia's xorshift32. https://www.jstatsoft.org/article/view/v008i14 */
export function createRandom(seed: number): Random {
  let state = seed | 0 || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return {
    below,
    // The index is below the length and the list is not empty.
    pick: <T>(items: readonly [T, ...T[]]) => items[below(items.length)] as T,
    text(alphabet, length) {
      let text = '';
      for (let i = 0; i < length; i++) text += alphabet[below(alphabet.length)];
      return text;
    },
  };
}
