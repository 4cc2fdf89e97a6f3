import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJsonRestorer } from '../../../src/redaction/json-restorer.ts';
import { cutBytes, run, singleBytes } from '../../support/cuts.ts';
import { seededRandom } from '../../support/random.ts';

const VALUE = 'p"w\\\n\u{1f511}';
const PLACEHOLDER = 'aegis-pw-abcdefghijkl';
const lookup = (id: string): string | undefined => (id === 'abcdefghijkl' ? VALUE : undefined);
const make = (): ReturnType<typeof createJsonRestorer> => createJsonRestorer({ lookup });

/** Restores a body, the same for every two-way cut and byte by byte. */
function restore(body: string): string {
  const bytes = Buffer.from(body);
  const whole = run(make(), [bytes]).toString();
  assert.equal(run(make(), singleBytes(bytes)).toString(), whole, 'one byte at a time');
  for (let cut = 1; cut < bytes.length; cut++) {
    assert.equal(run(make(), [bytes.subarray(0, cut), bytes.subarray(cut)]).toString(), whole, `cut at ${cut}`);
  }
  return whole;
}

/** The body with every placeholder replaced by the value, as if the whole had been written by JSON.stringify. */
const asJson = (data: unknown): string => JSON.stringify(data);

test('strings, keys and strings in arrays are restored at their depth', () => {
  const body = (secret: string): string => asJson({ id: 'msg_a', content: [{ text: `is ${secret}, yes a` }, { [secret]: secret }], list: [secret, 1, null], more: { a: secret } });
  assert.equal(restore(body(PLACEHOLDER)), body(VALUE));
});

test('tool arguments are restored as JSON inside JSON', () => {
  const body = (secret: string): string =>
    asJson({ choices: [{ message: { tool_calls: [{ function: { name: 'x', arguments: asJson({ command: `echo ${secret}` }) } }] } }] });
  assert.equal(restore(body(PLACEHOLDER)), body(VALUE));
});

test('tool input and Gemini arguments, which are objects, are restored at their own depth', () => {
  const body = (secret: string): string => asJson({ content: [{ type: 'tool_use', id: 'a', input: { id: secret, deep: [{ data: secret }] } }], parts: [{ functionCall: { args: { arguments: secret } } }] });
  assert.equal(restore(body(PLACEHOLDER)), body(VALUE));
});

test('opaque fields and thinking stay as they are', () => {
  const body = asJson({
    id: PLACEHOLDER,
    model: PLACEHOLDER,
    content: [{ type: 'thinking', thinking: PLACEHOLDER, signature: PLACEHOLDER }, { type: 'redacted_thinking', data: PLACEHOLDER }],
    choices: [{ message: { reasoning_content: PLACEHOLDER } }],
    output: [{ encrypted_content: PLACEHOLDER, summary: [{ text: PLACEHOLDER }] }],
  });
  assert.equal(restore(body), body);
});

test('JSON Lines, values one after the other, bare strings and a byte order mark are read', () => {
  const lines = (secret: string): string => `\ufeff{"a":${asJson(secret)}}\n{"b":[${asJson(secret)}]}\r\n\x1e${asJson(secret)} 12 true\n`;
  assert.equal(restore(lines(PLACEHOLDER)), lines(VALUE));
});

test('what is no JSON passes untouched', () => {
  for (const body of [`<p>"${PLACEHOLDER}"</p>`, `error: "${PLACEHOLDER}"`, `"a" then {"b":"${PLACEHOLDER}"}`, '', '{', `{"a":"${PLACEHOLDER.slice(0, 15)}`, '"\\u00']) {
    assert.equal(restore(body), body);
  }
});

test('a placeholder that is not known stays as it is, and so do all other bytes', () => {
  const body = '{ "a" : "aegis-pw-zzzzzzzzzzzz \\u0061 \\/ \\ud83d\\ude00 a" ,\n\t"n":-1.50E+3, "gr\u00fc":[ ] }  ';
  assert.equal(restore(body), body);
});

test('escaped letters of a placeholder are seen through', () => {
  assert.equal(restore(`{"a":"\\u0061egis\\u002Dpw-abcdefghijk\\u006c"}`), asJson({ a: VALUE }));
});

test('a chunk without a placeholder leaves in the same push, uncopied', () => {
  const chunk = Buffer.from('{"text":"nothing here","more":["b');
  const out: Buffer[] = [];
  make().push(chunk, (bytes) => out.push(bytes));
  assert.equal(out.length, 1);
  assert.equal(out[0]?.buffer, chunk.buffer);
  assert.equal(out[0]?.length, chunk.length);
});

test('only what may still become a placeholder waits', () => {
  const filter = make();
  let out = '';
  const emit = (bytes: Buffer): void => void (out += bytes.toString());
  filter.push(Buffer.from('{"text":"some text aegis-pw-abcd'), emit);
  assert.equal(out, '{"text":"some text ');
  filter.push(Buffer.from('efghijkl and'), emit);
  assert.equal(out, `{"text":"some text ${asJson(VALUE).slice(1, -1)} and`);
});

test('a text that goes on in a later element of Gemini\'s array is one text', () => {
  const part = (text: string): object => ({ candidates: [{ content: { parts: [{ text }], role: 'model' } }], usageMetadata: { totalTokenCount: 5 } });
  const body = (...texts: readonly string[]): string => `[${texts.map((text) => JSON.stringify(part(text), null, 2)).join('\n,\r\n')}\n]\n`;
  assert.equal(restore(body('see ', 'is aegis-', 'pw-abcdef', 'ghijkl, is a')), body('see ', `is ${VALUE}`, '', ', is a'));
  assert.equal(restore(body('is a', 'is aegis-pw', '-zzz')), body('is a', 'is aegis-pw', '-zzz'));
});

test('a text that goes on in a later line of JSON Lines is one text, and strings between are restored too', () => {
  const line = (content: string, more = ''): string => `${JSON.stringify({ model: 'm', message: { role: 'assistant', content, more }, done: false })}\n`;
  assert.equal(restore(line('is aegis-p', PLACEHOLDER) + line('w-abcdefghijkl') + line('is a')), line(`is ${VALUE}`, VALUE) + line('') + line('is a'));
});

test('a text that does not go on for long is let go, the same for every cut', () => {
  const line = (content: string, more = ''): string => `${JSON.stringify({ message: { content }, more })}\n`;
  const { random, seed } = seededRandom();
  for (const size of [60_000, 70_000]) {
    const body = Buffer.from(line('aegis-pw-', 'x'.repeat(size)) + line('abcdefghijkl'));
    const expected = size < 65_536 ? line(VALUE, 'x'.repeat(size)) + line('') : body.toString();
    assert.equal(run(make(), [body]).toString(), expected);
    for (const max of [1000, 50_000]) assert.equal(run(make(), cutBytes(body, max, random)).toString(), expected, `SEED=${seed}`);
  }
});

test('nesting of any depth passes, in bounded memory', () => {
  const deep = '['.repeat(5000) + `"${PLACEHOLDER}"` + ']'.repeat(5000);
  assert.equal(run(make(), cutBytes(Buffer.from(deep), 700, seededRandom().random)).toString(), deep);
});

test('every placeholder replaced is told', () => {
  const told: string[] = [];
  run(createJsonRestorer({ lookup, onRestored: (id) => told.push(id) }), [Buffer.from(asJson([PLACEHOLDER, PLACEHOLDER.toUpperCase(), 'aegis-pw-zzzzzzzzzzzz']))]);
  assert.deepEqual(told, ['abcdefghijkl', 'abcdefghijkl']);
});

test('random documents come back the same as parsed, for random cuts', () => {
  const { random, seed } = seededRandom();
  const words = [PLACEHOLDER, 'a', 'aegis-', '"', '\\', '\n', '\u00e9', 'text', 'AEGIS', '-'];
  const word = (): string => Array.from({ length: 1 + random() * 5 }, () => words[Math.floor(random() * words.length)]).join('');
  const value = (secret: boolean, depth: number): unknown => {
    if (depth > 3 || random() < 0.4) return word();
    if (random() < 0.5) return Array.from({ length: random() * 4 }, () => value(secret, depth + 1));
    return Object.fromEntries(Array.from({ length: random() * 4 }, (_, at) => [`k${at}${word()}`, value(secret, depth + 1)]));
  };
  for (let round = 0; round < 200; round++) {
    const body = asJson({ content: value(true, 0) });
    const expected = body.replaceAll(PLACEHOLDER, asJson(VALUE).slice(1, -1));
    assert.equal(run(make(), cutBytes(Buffer.from(body), 12, random)).toString(), expected, `SEED=${seed}`);
  }
});
