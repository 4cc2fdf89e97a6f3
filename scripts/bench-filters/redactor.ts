/**
 * What redacting a request costs, in MB/s on one core: the JSON scanner alone, the redactor with an engine that finds
 * nothing, and with the real one, each with no, ten and twenty thousand known values, and with the guards of the level
 * medium beside it, also in a turn whose texts are new (`first`) and in the next one (`next`); and the search for known values by itself. Bodies look like an agent's and hold no secret. Beside it, JSON.parse and a copy of the same bytes.
 *
 *   npx tsx scripts/bench-filters/redactor.ts [words of the bodies to run]
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createEngine, type Engine } from '../../src/detect/engine.ts';
import { RULES } from '../../src/detect/rules/index.ts';
import { createPolicy, type Action } from '../../src/guards/policy.ts';
import { GUARD_SIGNALS, RequestGuard } from '../../src/guards/request-guard.ts';
import { JsonScanner } from '../../src/json/scanner.ts';
import { createKnownValues, type KnownValues } from '../../src/redaction/known-values.ts';
import { createClearedTexts, type ClearedTexts } from '../../src/redaction/cleared.ts';
import { createPlaceholders } from '../../src/redaction/placeholder.ts';
import { Redactor } from '../../src/redaction/redactor.ts';
import { isOpaque, restoreDepth } from '../../src/wire/opaque.ts';
import { ToolDeclarations } from '../../src/wire/tool-declarations.ts';
import { seededRandom } from '../../tests/support/random.ts';

const BODY_CHARS = 1_000_000;
const CHUNK_BYTES = 65_536;
const ROUNDS = 15;
const BYTES_PER_MB = 1e6;
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const { random } = seededRandom(20_260_101);
const pick = (alphabet: string, count: number): string => Array.from({ length: count }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');

function sources(): string {
  const folder = new URL('../../node_modules/@types/node/', import.meta.url);
  return readdirSync(folder).filter((name) => name.endsWith('.d.ts')).sort().map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n').slice(0, BODY_CHARS);
}

/** A conversation whose texts come from `source`, so many characters a message. */
function conversation(source: string, messageChars: number): string {
  const messages: unknown[] = [];
  for (let at = 0; at < source.length; at += messageChars) {
    const text = source.slice(at, at + messageChars);
    const id = `toolu_${pick(ALNUM, 22)}`;
    messages.push(
      { role: 'assistant', content: [{ type: 'tool_use', id, name: 'read_file', input: { path: `/src/part-${at}.ts`, offset: at } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: text, is_error: false }] },
    );
  }
  return JSON.stringify({ model: 'claude-sonnet-5', max_tokens: 64_000, stream: true, system: [{ type: 'text', text: 'You help with code.', cache_control: { type: 'ephemeral' } }], messages });
}

const declarations = sources();
const BODIES: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'agent, 4 KB results', text: conversation(declarations, 4_000) },
  { name: 'agent, 100 KB results', text: conversation(declarations, 100_000) },
  { name: 'one string of 1 MB', text: JSON.stringify({ input: declarations }) },
  { name: 'short strings', text: conversation(declarations, 60) },
  { name: 'base64 media', text: JSON.stringify({ content: [{ type: 'image', source: { type: 'base64', data: pick(`${ALNUM}+/`, BODY_CHARS) } }] }) },
  { name: 'numbers', text: JSON.stringify({ input: Array.from({ length: 130_000 }, () => Math.floor(random() * 200_000)) }) },
];

const MEDIUM = RULES.filter((rule) => rule.class !== 'personal');
const POLICY = createPolicy('medium', new Map<string, Action>(), () => undefined);

function guard(): RequestGuard {
  return new RequestGuard({ policy: POLICY, declarations: new ToolDeclarations(), allowed: () => false, blocked: (message) => new Error(message), onFinding() {} });
}

const GUARDED = createEngine(MEDIUM, GUARD_SIGNALS);
const CLEARED = createClearedTexts();
const ENGINES: readonly { readonly name: string; readonly engine: Engine; readonly guarded?: true; readonly cleared?: () => ClearedTexts }[] = [
  { name: 'no engine', engine: createEngine([]) },
  { name: 'medium', engine: createEngine(MEDIUM) },
  { name: 'guarded', engine: GUARDED, guarded: true },
  { name: 'first', engine: GUARDED, guarded: true, cleared: () => createClearedTexts() },
  { name: 'next', engine: GUARDED, guarded: true, cleared: () => CLEARED },
  { name: 'high', engine: createEngine(RULES) },
];
const COUNTS: readonly number[] = [0, 10, 20_000];

function knownOf(count: number): KnownValues {
  const known = createKnownValues();
  for (let i = 0; i < count; i++) known.add(pick(ALNUM, 12 + (i % 40)), 'secret');
  return known;
}

/** The least time of several rounds, as MB/s of the body. */
function rate(bytes: Buffer, run: () => void): string {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    run();
    least = Math.min(least, performance.now() - began);
  }
  return (bytes.length / BYTES_PER_MB / (least / 1000)).toFixed(0);
}

function chunksOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, i) => bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));
}

const placeholders = createPlaceholders(Buffer.alloc(32, 1));
const knowns = COUNTS.map(knownOf);
const words = process.argv.slice(2);
const columns = ['scanner', ...ENGINES.flatMap(({ name }) => COUNTS.map((count) => `${name} ${count}`)), 'known 10', 'known 20000', 'parse', 'copy'];
console.log(`MB/s, best of ${ROUNDS}, chunks of ${CHUNK_BYTES} bytes, ${RULES.length} rules`);
console.log(''.padEnd(24) + columns.map((column) => column.padStart(15)).join(''));
for (const { name, text } of BODIES) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const bytes = Buffer.from(text);
  const chunks = chunksOf(bytes);
  const row = [
    rate(bytes, () => {
      const scanner = new JsonScanner({ content() {} });
      for (const chunk of chunks) scanner.push(chunk);
      scanner.end();
    }),
  ];
  for (const { engine, guarded, cleared } of ENGINES) {
    for (const known of knowns) {
      row.push(
        rate(bytes, () => {
          const redactor = new Redactor({
            engine,
            classes: new Set(['credential', 'payment', 'exact']),
            placeholders,
            known: [known],
            opaque: isOpaque,
            depth: (path) => restoreDepth(path) || 1,
            remember() {},
            onFinding() {},
            guard: guarded === true ? guard() : undefined,
            cleared: cleared?.(),
          });
          let sent = 0;
          const emit = (piece: Buffer): void => void (sent += piece.length);
          for (const chunk of chunks) redactor.push(chunk, emit);
          redactor.end(emit);
        }),
      );
    }
  }
  for (const known of knowns.slice(1)) row.push(rate(bytes, () => known.find(bytes, 0, bytes.length, () => {})));
  row.push(rate(bytes, () => JSON.parse(bytes.toString('utf8'))));
  row.push(rate(bytes, () => chunks.map((chunk) => Buffer.from(chunk))));
  console.log(name.padEnd(24) + row.map((figure) => figure.padStart(15)).join(''));
}
