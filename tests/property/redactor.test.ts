// What must hold for the request's filter: the cut changes nothing, clean bytes are the same bytes, nothing leaks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cutBytes, run, singleBytes } from '../support/cuts.ts';
import { seededRandom } from '../support/random.ts';
import { newMemory, plantedRequest, redact, SECRETS, testRedactor } from '../support/redaction.ts';

const ESCAPINGS: readonly (readonly [string, (json: string) => string])[] = [
  ['as JSON.stringify writes it', (json) => json],
  ['with slashes escaped', (json) => json.replaceAll('/', '\\/')],
  ['with every letter k as a \\u escape', (json) => json.replace(/(?<!\\)k/g, '\\u006b')],
  ['with every hyphen as a \\u escape', (json) => json.replaceAll('-', '\\u002D')],
];

/** A body without secrets that looks like an agent's: sources as text, tool calls, media, numbers. */
function cleanRequest(bytes: number): Buffer {
  const source = readFileSync(new URL('../../src/redaction/redactor.ts', import.meta.url), 'utf8');
  const text = source.repeat(Math.ceil(bytes / source.length)).slice(0, bytes);
  return Buffer.from(
    JSON.stringify({
      model: 'm', max_tokens: 64_000, temperature: 0.5e-1, stream: true, stop: null,
      messages: [
        { role: 'user', content: text },
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'let me see', signature: 'ErUBCkYICBgCIkAabc+/==' }] },
        { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo'.repeat(500) } }] },
      ],
    }, null, 1),
  );
}

test('no planted secret survives in any escaping', () => {
  for (const [how, escape] of ESCAPINGS) {
    const out = redact(escape(plantedRequest()));
    const seen = deepText(JSON.parse(out));
    for (const [name, secret] of Object.entries(SECRETS)) {
      for (const part of secret.split('\n').filter((line) => !line.startsWith('-----'))) {
        assert.ok(!seen.includes(part), `${name} ${how}`);
        assert.ok(!out.includes(part), `${name} ${how}`);
      }
    }
  }
});

/** All strings of a value, those that hold JSON taken apart as well. */
function deepText(value: unknown): string {
  if (typeof value === 'string') {
    try {
      return `${value}\n${deepText(JSON.parse(value))}`;
    } catch {
      return value;
    }
  }
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, inner]) => `${key}\n${deepText(inner)}`).join('\n');
  return String(value);
}

test('a body in which nothing is found comes out as it went in', () => {
  const body = cleanRequest(200_000);
  const { random, seed } = seededRandom();
  for (const chunks of [cutBytes(body, 65_536, () => 0.999), cutBytes(body, 9000, random), [body]]) {
    const redactor = testRedactor();
    assert.ok(run(redactor, chunks).equals(body), `SEED=${seed}`);
    assert.equal(redactor.redactions.length, 0);
  }
});

test('chunks whose strings are whole and clean leave as the very buffers that came in', () => {
  const chunks = ['{"a":"clean text of some length",', '"b":["x",1,', 'true],', '"c":"more \\n text"}'].map((text) => Buffer.from(text));
  const emitted: Buffer[] = [];
  const redactor = testRedactor();
  for (const chunk of chunks) redactor.push(chunk, (bytes) => emitted.push(bytes));
  redactor.end((bytes) => emitted.push(bytes));
  assert.equal(emitted.length, chunks.length);
  for (const [at, bytes] of emitted.entries()) assert.equal(bytes, chunks[at]);
});

test('only the bytes of what is found change', () => {
  const before = plantedRequest();
  const after = redact(before);
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const gaps = after.split(/aegis-[a-z2-7-]{1,40}?-[a-z2-7]{12}(?![a-z2-7])/);
  assert.ok(gaps.length > 8);
  assert.match(before, new RegExp(`^${gaps.map(literal).join('[^]+?')}$`), 'what stands between placeholders stands in the original, in order');
});

for (const [how, escape] of ESCAPINGS) {
  test(`every two-way cut gives the same bytes, ${how}`, () => {
    const body = Buffer.from(escape(plantedRequest()));
    const whole = redact(body);
    for (let at = 1; at < body.length; at++) {
      const cut = redact('', [body.subarray(0, at), body.subarray(at)]);
      if (cut !== whole) assert.equal(cut, whole, `cut at ${at}`);
    }
    assert.equal(redact('', singleBytes(body)), whole);
  });
}

test('random cuts of large bodies with secrets across window borders give the same bytes', () => {
  const { random, seed } = seededRandom();
  for (let round = 0; round < 4; round++) {
    // One string over several windows, with secrets strewn in so that some lie across each border.
    let text = '';
    while (text.length < 260_000) {
      const names = Object.values(SECRETS);
      text += `${'const x = compute(y); // ordinary line\n'.repeat(Math.floor(random() * 60))}\nexport TOKEN_${text.length}="${names[Math.floor(random() * names.length)]}"\n`;
    }
    const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: text }, { role: 'user', content: text.slice(0, 70_000) }] }));
    const whole = redact(body);
    for (const secret of [SECRETS.anthropic, SECRETS.github]) assert.ok(!whole.includes(secret), `SEED=${seed}`);
    for (const max of [50, 4000, 65_536, 200_000]) {
      assert.ok(redact('', cutBytes(body, max, random)) === whole, `SEED=${seed} round ${round}, pieces up to ${max}`);
    }
  }
});

test('random texts of secrets, names and escapes come out as JSON that restores to the same text', () => {
  const { random, seed } = seededRandom();
  const pieces = [...Object.values(SECRETS), 'password', 'api_key', 'token', '=', ': ', '"', "'", '\\', '\\\\', '\n', '\t', '/', 'é', '密码', '😀', ' ', 'u0041', 'Bearer ', 'postgres://app:', '@db/', '\\n', '\\"', '{', '}', 'aegis-password-aaaabbbbcccc'];
  for (let round = 0; round < 1500; round++) {
    const parts = Array.from({ length: 1 + Math.floor(random() * 10) }, () => pieces[Math.floor(random() * pieces.length)] ?? '');
    const text = random() < 0.3 ? JSON.stringify({ inner: parts.join('') }) : parts.join('');
    let raw = JSON.stringify(text);
    if (random() < 0.3) raw = raw.replaceAll('/', '\\/');
    if (random() < 0.3) raw = raw.replaceAll('-', '\\u002d');
    const redactor = testRedactor();
    const out = run(redactor, [Buffer.from(`{"text":${raw},"password":${raw}}`)]).toString();
    const seen = JSON.parse(out) as { text: string; password: string };
    for (const came of [seen.text, seen.password]) {
      const back = came.replace(/aegis-[a-z2-7-]{1,40}?-([a-z2-7]{12})/g, (placeholder, id: string) => redactor.memory.lookup(id) ?? placeholder);
      assert.equal(back, text, `SEED=${seed} round ${round}`);
    }
  }
});

test('redacting what is redacted changes nothing, and the same request twice gives the same bytes', () => {
  const memory = newMemory();
  const once = redact(plantedRequest(), undefined, memory);
  assert.equal(redact(once, undefined, memory), once, 'with the memory');
  assert.equal(redact(once), once, 'without it');
  assert.equal(redact(plantedRequest(), undefined, memory), once, 'a second turn');
  assert.equal(redact(plantedRequest()), once, 'another process');
});

test('a value found by its context is redacted later without it, and again in the next request', () => {
  const memory = newMemory();
  const first = redact(JSON.stringify({ messages: [`password = "${SECRETS.password}"`, `your ${SECRETS.password} is weak`] }), undefined, memory);
  assert.ok(!first.includes(SECRETS.password));
  assert.ok(!redact(JSON.stringify({ input: `again ${SECRETS.password}` }), undefined, memory).includes(SECRETS.password));
});

test('a value found by its context is redacted without it later in the very same string', () => {
  const out = redact(JSON.stringify({ input: `password = "${SECRETS.password}"\nbut ${SECRETS.password} is weak` }));
  assert.ok(!out.includes(SECRETS.password), out);
});

test('signatures, encrypted content, media and identifiers are not looked at', () => {
  const body = JSON.stringify({
    content: [
      { type: 'thinking', thinking: `key ${SECRETS.github}`, signature: SECRETS.github },
      { type: 'redacted_thinking', data: SECRETS.github },
      { type: 'reasoning', encrypted_content: SECRETS.github, id: SECRETS.github },
      { functionCall: {}, thoughtSignature: SECRETS.github },
    ],
  });
  assert.equal(redact(body), body);
});

test('a secret that is an object key is redacted as well', () => {
  assert.ok(!redact(JSON.stringify({ [SECRETS.github]: 1 })).includes(SECRETS.github));
});

test('the redactor holds no more of a long string than a few windows', () => {
  const redactor = testRedactor();
  let emitted = 0;
  let pushed = 0;
  const push = (text: string): void => {
    pushed += text.length;
    redactor.push(Buffer.from(text), (bytes) => (emitted += bytes.length));
  };
  push('{"content":"');
  for (let i = 0; i < 200; i++) {
    push('ordinary words, one after the other. '.repeat(500));
    assert.ok(pushed - emitted < 200_000, `${pushed - emitted} bytes held`);
  }
  push('"}');
  assert.equal(run(redactor, []).length, 0);
  assert.equal(emitted, pushed);
});
