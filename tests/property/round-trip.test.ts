// Redacted on the way up, echoed by the model, restored on the way down: the client sees its own text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJsonRestorer, createSseRestorer } from '../../src/redaction/restorer.ts';
import { cutBytes, cutText, run } from '../support/cuts.ts';
import { seededRandom } from '../support/random.ts';
import { newMemory, plantedRequest, redact, SECRETS } from '../support/redaction.ts';
import { pick, STREAMS } from '../support/sse-fixtures.ts';

const FILE = `export ANTHROPIC_API_KEY=${SECRETS.anthropic}\n\tPASSWORD="${SECRETS.password}" # \u00fcber\n${SECRETS.pem}\n`;
const ARGUMENTS = JSON.stringify({ path: 'C:\\tmp\\.env', content: FILE, id: SECRETS.github });

/** What a model sees of the text and the arguments, in the memory of their token. */
function seenByModel(): { text: string; input: string; memory: ReturnType<typeof newMemory> } {
  const memory = newMemory();
  const body = JSON.stringify({ system: FILE, messages: [{ role: 'assistant', tool_calls: [{ id: 'call_1', function: { arguments: ARGUMENTS } }] }] });
  const seen: unknown = JSON.parse(redact(body, [Buffer.from(body)], memory));
  const [text, input] = [pick(seen, 'system'), pick(seen, 'messages', 0, 'tool_calls', 0, 'function', 'arguments')];
  assert.ok(typeof text === 'string' && typeof input === 'string');
  for (const secret of [SECRETS.anthropic, SECRETS.github, SECRETS.password, SECRETS.pem.split('\n')[1] ?? assert.fail()]) {
    assert.ok(!text.includes(secret) && !input.includes(secret));
  }
  return { text, input, memory };
}

for (const fixture of STREAMS) {
  test(`${fixture.name}: an echoed text streams back as it was sent`, () => {
    const { text, input, memory } = seenByModel();
    const { random, seed } = seededRandom();
    for (let round = 0; round < 30; round++) {
      const stream = Buffer.from(fixture.write(cutText(text, 12, random), cutText(input, 12, random), ''));
      const heard = fixture.hear(run(createSseRestorer({ lookup: memory.lookup }), cutBytes(stream, 200, random)).toString());
      assert.equal(heard.text, FILE, `SEED=${seed}`);
      if (fixture.hasInput) assert.equal(heard.input, ARGUMENTS, `SEED=${seed}`);
    }
  });
}

test('an echoed body comes back byte for byte, and goes up again as the same bytes', () => {
  const memory = newMemory();
  const body = plantedRequest();
  const up = redact(body, [Buffer.from(body)], memory);
  assert.notEqual(up, body);
  const { random, seed } = seededRandom();
  for (let round = 0; round < 20; round++) {
    const down = run(createJsonRestorer({ lookup: memory.lookup }), cutBytes(Buffer.from(up), 300, random)).toString();
    assert.equal(down, body, `SEED=${seed}`);
  }
  assert.equal(redact(body, [Buffer.from(body)], memory), up);
});

test('a secret that is a key comes back wherever it stands, in opaque places too', () => {
  const memory = newMemory();
  const body = JSON.stringify({ type: { [`see ${SECRETS.github}`]: 1 }, id: [{ [SECRETS.github]: 'x' }], signature: { [SECRETS.github]: 2 } });
  const up = redact(body, [Buffer.from(body)], memory);
  assert.ok(!up.includes(SECRETS.github));
  assert.equal(run(createJsonRestorer({ lookup: memory.lookup }), [Buffer.from(up)]).toString(), body);
  const stream = `data: ${up}\n\n`;
  assert.equal(run(createSseRestorer({ lookup: memory.lookup }), [Buffer.from(stream)]).toString(), `data: ${body}\n\n`);
});

test('a value that begins as an escape ends leaves the escape whole, in JSON within JSON too', () => {
  const value = '0k7q2m5xd4t2p';
  for (const letter of ['\\ude00', '\\u20e0']) {
    const inner = `{"command":"${letter}${value.slice(1)}, ${letter}${value}"}`;
    const body = JSON.stringify({ system: `token: ${value}`, text: JSON.parse(`"${letter}${value.slice(1)}"`) as string, arguments: inner });
    const memory = newMemory();
    const up = redact(body, [Buffer.from(body)], memory);
    const seen = JSON.parse((JSON.parse(up) as { arguments: string }).arguments) as { command: string };
    assert.ok(!seen.command.includes(value), seen.command);
    assert.equal(seen.command.charAt(0), JSON.parse(`"${letter}"`) as string);
    assert.equal(run(createJsonRestorer({ lookup: memory.lookup }), [Buffer.from(up)]).toString(), body);
  }
});
