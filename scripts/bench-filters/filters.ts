/**
 * How fast strings are looked through for secrets: MB/s of engine.scan on one core, beside JSON.parse of the same
 * bytes. Inputs are made by a seeded generator, and from the sources of the installed type declarations.
 *
 *   tsx scripts/bench-filters/filters.ts [words of the cases to run]
 *
 * The environment variable CLASSES narrows or widens the classes of rules.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createEngine, OVERLAP_BYTES, WINDOW_BYTES } from '../../src/detect/engine.ts';
import type { Found } from '../../src/detect/engine.ts';
import { RULES } from '../../src/detect/rules/index.ts';

const SIZE_BYTES = 2 ** 20;
const ROUNDS = 20;
const WARM_UP_ROUNDS = 4;
const BYTES_PER_MB = 1e6;

/** A small generator (mulberry32), so that every run measures the same bytes. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function sources(): string {
  const folder = new URL('../../node_modules/@types/node/', import.meta.url);
  return readdirSync(folder).filter((name) => name.endsWith('.d.ts')).sort().map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
}

function filled(piece: () => string): string {
  let text = '';
  while (text.length < SIZE_BYTES) text += piece();
  return text;
}

const random = createRandom(20_260_101);
const pick = (alphabet: string, count: number): string => Array.from({ length: count }, () => alphabet.charAt(random(alphabet.length))).join('');
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const IDEOGRAPHS = Array.from({ length: 600 }, (_, i) => String.fromCharCode(0x4e00 + i * 31)).join('');

const declarations = sources().slice(0, SIZE_BYTES);
const CASES: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'clean code', text: declarations },
  { name: 'code in code (escaped twice)', text: JSON.stringify(declarations) },
  { name: 'Chinese text', text: filled(() => `${pick(IDEOGRAPHS, 30)}，${pick(IDEOGRAPHS, 18)}。\n`) },
  { name: 'base64', text: filled(() => pick(`${ALNUM}+/`, 4096)) },
  { name: 'hex and digits', text: filled(() => `${pick('0123456789abcdef', 64)} ${pick('0123456789', 13)}\n`) },
  { name: 'one secret in 10 KB', text: filled(() => `${declarations.slice(0, 10_000)}\nTOKEN=ghp_${pick(ALNUM, 36)}\n`) },
  { name: 'dense secrets', text: filled(() => `export API_KEY_${random(99)}="sk-proj-${pick(ALNUM, 48)}"\nDB_PASSWORD=${pick(ALNUM, 14)}9!\n`) },
  { name: 'keywords without secrets', text: filled(() => 'the token of a key is a secret, and the password for auth is in the credentials; ') },
];

/** CPU time of a round in milliseconds, averaged: what else the machine does counts less than by the clock. */
function cost(run: () => void): number {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) run();
  const began = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) run();
  return process.cpuUsage(began).user / 1000 / ROUNDS;
}

const words = process.argv.slice(2);
// What the level medium looks for; CLASSES=credential,payment,personal is what high does.
const classes = new Set((process.env['CLASSES'] ?? 'credential,payment').split(','));
const rules = RULES.filter((rule) => classes.has(rule.class));
const engine = createEngine(rules);
console.log(`${rules.length} rules, ${(SIZE_BYTES / BYTES_PER_MB).toFixed(2)} MB each, mean CPU time of ${ROUNDS} rounds`);
console.log(`${'text as a JSON string'.padEnd(32)}${'scan MB/s'.padStart(11)}${'parse MB/s'.padStart(12)}${'found'.padStart(8)}`);
for (const { name, text } of CASES) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const bytes = Buffer.from(JSON.stringify(text), 'utf8');
  let count = 0;
  const tally = (_: Found): void => { count += 1; };
  const scan = cost(() => {
    count = 0;
    const end = bytes.length - 1;
    for (let start = 1; start < end; start += WINDOW_BYTES - OVERLAP_BYTES) {
      engine.scan({ bytes, start, end: Math.min(end, start + WINDOW_BYTES), json: true, key: undefined }, tally);
      if (start + WINDOW_BYTES >= end) break;
    }
  });
  // Windows overlap: what is counted is the text, not what was looked at twice.
  const parse = cost(() => JSON.parse(bytes.toString('utf8')));
  const rate = (ms: number): string => (bytes.length / BYTES_PER_MB / (ms / 1000)).toFixed(0);
  console.log(`${name.padEnd(32)}${rate(scan).padStart(11)}${rate(parse).padStart(12)}${String(count).padStart(8)}`);
}
