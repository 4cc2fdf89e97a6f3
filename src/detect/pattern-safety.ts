/**
 * Whether a pattern somebody wrote may be run on text somebody else wrote: its time must grow with the text's length
 * and no faster. Also what literal a pattern can't match without, by which it is found.
 */
import { Script, createContext } from 'node:vm';

const CLASS_ESCAPES = /[dDwWsSbBpPkux0-9cfnrtv]/;

interface Piece {
  /** Characters that this piece stands for, when it is a literal that must occur once; else empty. */
  readonly literal: string;
}

interface Reading {
  readonly pieces: readonly Piece[];
  readonly unbounded: boolean;
  readonly nested: boolean;
  readonly end: number;
}

/** The quantifier at `at`: its length in characters, and whether it has no upper bound or may be left out. */
function quantifierAt(source: string, at: number): { length: number; unbounded: boolean; once: boolean } {
  const match = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at, at + 24));
  if (match === null) return { length: 0, unbounded: false, once: true };
  const text = match[0];
  const unbounded = text.startsWith('*') || text.startsWith('+') || /^\{\d+,\}/.test(text);
  return { length: text.length, unbounded, once: false };
}

function skipClass(source: string, at: number): number {
  let i = at + 1;
  while (i < source.length && source.charAt(i) !== ']') i += source.charAt(i) === '\\' ? 2 : 1;
  return i + 1;
}

/** Reads one level of a pattern, up to its end or the parenthesis that closes it. */
function readLevel(source: string, from: number): Reading {
  const pieces: Piece[] = [];
  let unbounded = false;
  let nested = false;
  let alternatives = false;
  let i = from;
  while (i < source.length && source.charAt(i) !== ')') {
    const character = source.charAt(i);
    let literal = '';
    let inner: Reading | undefined;
    if (character === '|') {
      alternatives = true;
      i += 1;
      continue;
    }
    if (character === '(') {
      const opening = /^\((?:\?(?:[:=!]|<[=!]|<[A-Za-z_$][\w$]*>))?/.exec(source.slice(i, i + 64))?.[0] ?? '(';
      inner = readLevel(source, i + opening.length);
      i = inner.end + 1;
    } else if (character === '[') {
      i = skipClass(source, i);
    } else if (character === '\\') {
      const next = source.charAt(i + 1);
      if (!CLASS_ESCAPES.test(next)) literal = next;
      i += 2;
    } else {
      if (!/[.^$]/.test(character)) literal = character;
      i += 1;
    }
    const quantifier = quantifierAt(source, i);
    i += quantifier.length;
    if (quantifier.unbounded) unbounded = true;
    if (inner !== undefined) {
      if (inner.nested || (quantifier.unbounded && inner.unbounded)) nested = true;
      if (inner.unbounded) unbounded = true;
    }
    pieces.push({ literal: quantifier.once ? literal : '' });
  }
  return { pieces: alternatives ? [] : pieces, unbounded, nested, end: i };
}

/**
 * The longest run of literal characters that every match of a pattern holds, or undefined when there is none of two
 * and more. Only characters outside groups count.
 */
export function requiredLiteral(source: string): string | undefined {
  let best = '';
  let run = '';
  for (const piece of [...readLevel(source, 0).pieces, { literal: '' }]) {
    if (piece.literal !== '') {
      run += piece.literal;
      continue;
    }
    if (run.length > best.length) best = run;
    run = '';
  }
  return best.length >= 2 ? best : undefined;
}

/** Lengths of the repetitions that a pattern is tried on, in characters; the second is four times the first. */
const PROBE_CHARS = [1000, 4000] as const;
/** A run as long as this is stopped; when a second one is stopped as well, the pattern is refused. */
const STOP_MS = 300;
/** Processor time below this says nothing of growth: no pattern of linear time takes so long on so little. */
const NOTABLE_MS = 8;
const ROUNDS = 5;
/** Four times the length may take so many times as long; a square takes sixteen. */
const MOST_GROWTH = 8;
const MOST_PUMPS = 24;
const MOST_PREFIXES = 8;
/** Ends a probe: a character hardly any pattern matches, so that all ways of matching are tried. */
const MISFIT = '\u0001';

/**
 * Runs a pattern on a text and gives the processor time it takes in milliseconds, the least of several runs, or
 * Infinity when it had to be stopped. Processor time, since the clock also runs while others have the processor.
 */
function createTrial(pattern: RegExp): (text: string) => number {
  const sandbox = { pattern, text: '' };
  const context = createContext(sandbox);
  const script = new Script('pattern.lastIndex = 0; pattern.test(text);');
  return (text) => {
    sandbox.text = text;
    let best = Infinity;
    let stopped = 0;
    for (let round = 0; round < ROUNDS && stopped < 2; round += 1) {
      const began = process.cpuUsage();
      try {
        script.runInContext(context, { timeout: STOP_MS });
      } catch {
        stopped += 1;
        continue;
      }
      const { user, system } = process.cpuUsage(began);
      best = Math.min(best, (user + system) / 1000);
      if (best < NOTABLE_MS) break;
    }
    return best;
  };
}

/** What a pattern may repeat: characters of its own source and of its examples, alone and in pairs. */
function pumps(source: string, examples: readonly string[]): string[] {
  const characters = new Set<string>();
  for (const character of [...source.replace(/\\(.)/g, '$1')]) if (/[\w \-./+=:@]/.test(character)) characters.add(character);
  for (const character of ['a', '0', 'A', ' ', '_', '-', '\n']) characters.add(character);
  for (const example of examples) for (const character of example.slice(0, 40)) characters.add(character);
  const single = [...characters].slice(0, MOST_PUMPS);
  const pairs = examples.flatMap((example) => [example.slice(0, 2), example.slice(-3), example]).filter((text) => text.length > 1 && text.length < 200);
  return [...single, ...pairs.slice(0, MOST_PREFIXES)];
}

function prefixes(keywords: readonly string[], examples: readonly string[]): string[] {
  const found = new Set<string>(['', ...keywords]);
  for (const example of examples) {
    for (const share of [0.25, 0.5, 1]) found.add(example.slice(0, Math.ceil(example.length * share)));
  }
  return [...found].slice(0, MOST_PREFIXES);
}

/**
 * Why a pattern's time may grow faster than the text, or undefined when nothing speaks for it. Quantifiers without a
 * bound inside one another are refused by their form; the rest is tried on repetitions made from the pattern and its
 * examples, for a bounded time.
 */
export function unsafePattern(source: string, flags: string, keywords: readonly string[], examples: readonly string[]): string | undefined {
  if (readLevel(source, 0).nested) return 'has a quantifier without a bound inside another one; bound one of them, as in {1,64}';
  const trial = createTrial(new RegExp(source, flags.includes('y') ? flags : `${flags}y`));
  for (const prefix of prefixes(keywords, examples)) {
    for (const pump of pumps(source, examples)) {
      const [short, long] = PROBE_CHARS.map((length) => prefix + pump.repeat(Math.ceil(length / pump.length)) + MISFIT);
      const longer = trial(long ?? '');
      if (longer < NOTABLE_MS) continue;
      if (longer === Infinity || longer / Math.max(trial(short ?? ''), 0.01) > MOST_GROWTH) {
        return `takes time that grows faster than the text, seen on a repetition of ${JSON.stringify(pump.slice(0, 8))}`;
      }
    }
  }
  return undefined;
}
