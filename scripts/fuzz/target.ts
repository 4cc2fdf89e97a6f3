// What a fuzz target is: one noun of the source, fed with one generated input a time, and judged by what must hold.
import assert from 'node:assert/strict';

/** Choices drawn from one seed. */
export interface Dice {
  /** In [0, 1). */
  readonly random: () => number;
  /** A whole number below `bound`. */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** As many of `from` as a number from `least` to `most`, joined. */
  join(from: readonly string[], least: number, most: number, between?: string): string;
}

export interface FuzzTarget {
  readonly name: string;
  /** Makes one input and judges what becomes of it. @throws AssertionError, or what the tested code should not throw. */
  run(dice: Dice): void;
}

export function diceOf(random: () => number): Dice {
  const below = (bound: number): number => Math.floor(random() * bound);
  const pick = <T>(from: readonly T[]): T => {
    assert.ok(from.length > 0, 'nothing to pick from');
    return from[below(from.length)] as T;
  };
  return {
    random,
    below,
    chance: (probability) => random() < probability,
    pick,
    join: (from, least, most, between = '') => Array.from({ length: least + below(most - least + 1) }, () => pick(from)).join(between),
  };
}

/** The seed of one case of a run, so that a single case can be run again. */
export function caseSeed(seed: number, target: string, index: number): number {
  let hash = (seed ^ 0x9e3779b9) >>> 0;
  for (const char of `${target} ${index}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 1;
}

/** Runs `work` and lets only an error of a declared kind pass for an answer: undefined then. */
export function orDeclared<T>(work: () => T, ...declared: readonly (abstract new (...args: never[]) => Error)[]): T | undefined {
  try {
    return work();
  } catch (error) {
    if (declared.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

/** Processor time of this process for `work`, in milliseconds: others on the machine count for nothing. */
export function processorMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Below this the clock says little. */
const HARMLESS_MS = 150;
/** For four times the text; quadratic time would be sixteen times as long. */
const MOST_GROWTH = 11;
const TRIES = 3;

/** Asserts that four times the text takes about four times as long. */
export function assertGrowth(make: (chars: number) => string, chars: number, judge: (text: string) => void): void {
  const figures: string[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const small = make(chars);
    const large = make(chars * 4);
    const before = processorMs(() => judge(small));
    const after = processorMs(() => judge(large));
    if (after < HARMLESS_MS || after <= before * MOST_GROWTH) return;
    figures.push(`${before.toFixed(0)} ms, then ${after.toFixed(0)} ms`);
  }
  assert.fail(`four times ${JSON.stringify(make(60))}… of ${chars} characters: ${figures.join('; ')}`);
}
