import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSseRestorer } from '../../src/redaction/sse-restorer.ts';
import { cutBytes, cutEvery, cutText, run, singleBytes } from '../support/cuts.ts';
import { seededRandom } from '../support/random.ts';
import { STREAMS, type StreamFixture } from '../support/sse-fixtures.ts';

/** Values of every kind of awkwardness: quotes, backslashes, line ends, letters beyond ASCII. */
const VALUES = new Map([
  ['k7q2m9xd4t2p'.replace('9', '5'), 'ghp_invented0123456789'],
  ['abcdefghijkl', 'pa"ss\\word'],
  ['aaaaaaaaaaaa', '-----BEGIN KEY-----\nMIIB\tx\r\n-----END KEY-----'],
  ['234567234567', 'g\u00fcnstig \u{1f511} key'],
]);
const PLACEHOLDERS = ['aegis-github-token-k7q2m5xd4t2p', 'AEGIS-PW-ABCDEFGHIJKL', 'aegis-private-key-aaaaaaaaaaaa', 'Aegis-x-234567234567'];

const lookup = (id: string): string | undefined => VALUES.get(id);
const restorer = (): ReturnType<typeof createSseRestorer> => createSseRestorer({ lookup });
const valueOf = (placeholder: string): string => lookup(placeholder.slice(-12).toLowerCase()) ?? assert.fail();

/** What the client is to see of a text that holds the placeholders above. */
function expected(text: string): string {
  return PLACEHOLDERS.reduce((seen, placeholder) => seen.replaceAll(placeholder, valueOf(placeholder)), text);
}

const TEXT = `Use ${PLACEHOLDERS[0]}, or ${PLACEHOLDERS[1]}abc: an aegis-gate of a\u00e9gis-; ${PLACEHOLDERS[2]}${PLACEHOLDERS[3]} aegis-unknown-zzzzzzzzzzzz is a`;
const COMMAND = `echo "${PLACEHOLDERS[1]}" \\ > a\tb; cat <<'a'\n${PLACEHOLDERS[2]}\na\u00e9gis-${PLACEHOLDERS[0]}`;
const INPUT = JSON.stringify({ command: COMMAND, id: PLACEHOLDERS[3], data: 'a' });
const THINKING = `the token ${PLACEHOLDERS[0]} is a`;

/** Asserts what a client hears of the restored stream. */
function assertHeard(fixture: StreamFixture, stream: Buffer, message: string): void {
  const heard = fixture.hear(stream.toString());
  assert.equal(heard.text, expected(TEXT), message);
  if (heard.thinking !== '') assert.equal(heard.thinking, THINKING, message);
  if (fixture.hasInput) {
    assert.deepEqual(JSON.parse(heard.input), { command: expected(COMMAND), id: expected(PLACEHOLDERS[3] ?? ''), data: 'a' }, message);
  }
  for (const whole of heard.repeated) {
    assert.ok([heard.text, heard.input, THINKING].includes(whole), `${message}: a closing event says ${whole}`);
  }
}

for (const fixture of STREAMS) {
  test(`${fixture.name}: the client sees its own text for deltas of every size`, () => {
    for (let size = 1; size <= 64; size++) {
      const stream = Buffer.from(fixture.write(cutEvery(TEXT, size), cutEvery(INPUT, size), THINKING));
      assertHeard(fixture, run(restorer(), [stream]), `deltas of ${size}`);
    }
  });

  test(`${fixture.name}: the client sees its own text wherever a delta ends`, () => {
    for (let cut = 0; cut <= Math.max(TEXT.length, INPUT.length); cut++) {
      const pieces = (whole: string): string[] => [whole.slice(0, cut), '', whole.slice(cut)];
      const stream = Buffer.from(fixture.write(pieces(TEXT), pieces(INPUT), THINKING));
      assertHeard(fixture, run(restorer(), [stream]), `cut after ${cut}`);
    }
  });

  test(`${fixture.name}: the bytes are the same for every way of cutting the stream`, () => {
    const { random, seed } = seededRandom();
    for (const size of [3, 17]) {
      const stream = Buffer.from(fixture.write(cutEvery(TEXT, size), cutEvery(INPUT, size), THINKING));
      const whole = run(restorer(), [stream]);
      assertHeard(fixture, whole, `deltas of ${size}`);
      assert.ok(run(restorer(), singleBytes(stream)).equals(whole), 'one byte at a time');
      for (let round = 0; round < 60; round++) {
        assert.ok(run(restorer(), cutBytes(stream, 1 + round * 12, random)).equals(whole), `random cuts, SEED=${seed}`);
      }
    }
    const small = Buffer.from(fixture.write([`see ${PLACEHOLDERS[0]?.slice(0, 9)}`, `${PLACEHOLDERS[0]?.slice(9)} a`], [INPUT.slice(0, 30), INPUT.slice(30)], THINKING));
    const whole = run(restorer(), [small]);
    for (let cut = 1; cut < small.length; cut++) {
      assert.ok(run(restorer(), [small.subarray(0, cut), small.subarray(cut)]).equals(whole), `cut at ${cut}`);
    }
  });

  test(`${fixture.name}: a stream in which nothing is found leaves byte for byte`, () => {
    const { random, seed } = seededRandom();
    const plain = 'A llama, a gate aegis-gateway ae\u00e9 aegis- aegi \\ \\u00 aegis-pw-mmmmmmmmmmmm "a" AEGIS a';
    const input = JSON.stringify({ path: '/a/aegis/a', text: plain, more: plain });
    for (let size = 1; size <= 24; size++) {
      const stream = Buffer.from(fixture.write(cutEvery(plain, size), cutEvery(input, size), plain));
      assert.equal(run(restorer(), [stream]).toString(), stream.toString(), `deltas of ${size}`);
      assert.ok(run(restorer(), cutBytes(stream, 40, random)).equals(stream), `random cuts, SEED=${seed}`);
    }
  });

  test(`${fixture.name}: random texts come back in random deltas and chunks`, () => {
    const { random, seed } = seededRandom();
    const words = [...PLACEHOLDERS, 'a', 'aegis', '-', ' ', 'ae', '\\', '"', '\n', '\u00e9', 'aegis-', 'plain text', 'x'];
    for (let round = 0; round < 40; round++) {
      let text = '';
      while (text.length < 120) text += words[Math.floor(random() * words.length)];
      const input = JSON.stringify({ text });
      const stream = Buffer.from(fixture.write(cutText(text, 9, random), cutText(input, 9, random), ''));
      const heard = fixture.hear(run(restorer(), cutBytes(stream, 90, random)).toString());
      assert.equal(heard.text, expected(text), `SEED=${seed}`);
      if (fixture.hasInput) assert.equal(JSON.parse(heard.input).text, expected(text), `SEED=${seed}`);
    }
  });
}

test('a stream that ends within a line ends with it: what waits for more goes before, not behind', () => {
  const waiting = 'data: {"choices":[{"index":0,"delta":{"content":"see aegis-gi"}}]}\n\n';
  for (const rest of ['event: resp', ': keep', 'id: 7\n', 'even']) {
    for (const chunks of [[Buffer.from(waiting + rest)], singleBytes(Buffer.from(waiting + rest))]) assert.equal(run(restorer(), chunks).toString(), waiting + rest);
  }
});
