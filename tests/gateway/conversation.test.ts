// Ten turns of an agent with thinking and tools: what has gone up once goes up again as the same bytes, so that the
// provider's prompt cache hits and its signatures hold, while the client only ever sees its own text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { SECRETS } from '../support/redaction.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';

const TURNS = 10;

interface Block {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Message {
  readonly role: string;
  readonly content: string | readonly Block[];
}

interface UpstreamTurn {
  readonly body: string;
  readonly messages: readonly string[];
}

/** An upstream that thinks with a signature over its thinking, and asks for a command with what it was told. */
function answerTo(body: string, turn: number): Block[] {
  const placeholders = [...new Set(body.match(/aegis-[a-z2-7-]{1,40}?-[a-z2-7]{12}/g) ?? [])];
  const seen = placeholders.at(turn % placeholders.length) ?? 'nothing';
  return [
    { type: 'thinking', thinking: `They gave me ${seen}.`, signature: Buffer.from(`signed ${turn} ${seen}`).toString('base64') },
    { type: 'text', text: `Turn ${turn}: I use ${seen}, and "quote" it.` },
    { type: 'tool_use', id: `toolu_${turn}`, name: 'bash', input: { command: `deploy --key ${seen} && echo "done"`, note: `line\nbreak ${seen}` } },
  ];
}

function asStream(blocks: readonly Block[]): string {
  const events: unknown[] = [{ type: 'message_start', message: { id: 'msg', role: 'assistant', content: [] } }];
  blocks.forEach((block, index) => {
    const pieces = (text: string): string[] => text.match(/[^]{1,5}/g) ?? [];
    const start = { ...block, ...('thinking' in block ? { thinking: '', signature: '' } : 'text' in block ? { text: '' } : { input: {} }) };
    events.push({ type: 'content_block_start', index, content_block: start });
    const delta = (value: object): void => void events.push({ type: 'content_block_delta', index, delta: value });
    if ('thinking' in block) {
      for (const thinking of pieces(String(block['thinking']))) delta({ type: 'thinking_delta', thinking });
      delta({ type: 'signature_delta', signature: block['signature'] });
    } else if ('text' in block) for (const text of pieces(String(block['text']))) delta({ type: 'text_delta', text });
    else for (const partial_json of pieces(JSON.stringify(block['input']))) delta({ type: 'input_json_delta', partial_json });
    events.push({ type: 'content_block_stop', index });
  });
  events.push({ type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { type: 'message_stop' });
  return events.map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** What an SDK makes of the stream. */
function fromStream(stream: string): Block[] {
  const blocks: Record<string, unknown>[] = [];
  const json: string[] = [];
  for (const line of stream.split('\n').filter((text) => text.startsWith('data: '))) {
    const event = JSON.parse(line.slice(6)) as { type: string; index: number; content_block?: Record<string, unknown>; delta?: Record<string, string> };
    if (event.type === 'content_block_start' && event.content_block) blocks[event.index] = event.content_block;
    const block = blocks[event.index];
    if (event.type !== 'content_block_delta' || block === undefined) continue;
    for (const [field, piece] of Object.entries(event.delta ?? {})) {
      if (field === 'partial_json') json[event.index] = (json[event.index] ?? '') + piece;
      else if (field !== 'type') block[field] = String(block[field]) + piece;
    }
  }
  blocks.forEach((block, index) => {
    if (json[index] !== undefined) block['input'] = JSON.parse(json[index]);
  });
  return blocks as unknown as Block[];
}

for (const stream of [true, false]) {
  test(`over ten turns each request begins with the bytes of the last one, ${stream ? 'streamed' : 'not streamed'}`, async (t) => {
    const turns: UpstreamTurn[] = [];
    const upstream = await startUpstream(t, (req, res) => {
      void bodyOf(req).then((bytes) => {
        const body = bytes.toString('utf8');
        const parsed = JSON.parse(body) as { messages: Message[] };
        turns.push({ body, messages: parsed.messages.map((message) => JSON.stringify(message)) });
        const blocks = answerTo(body, turns.length);
        if (stream) res.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(asStream(blocks));
        else res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ type: 'message', content: blocks }));
      });
    });
    const gateway = await startGateway(t);
    const token = await gateway.register(`${upstream.url}/v1`);

    const secrets = Object.values(SECRETS);
    const messages: Message[] = [{ role: 'user', content: `Deploy with ANTHROPIC_API_KEY=${SECRETS.anthropic}, password: "${SECRETS.password}"` }];
    for (let turn = 1; turn <= TURNS; turn++) {
      const response = await fetch(`${gateway.url}/v1/__gw__/t/${token}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', stream, messages }),
      });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      const blocks = stream ? fromStream(text) : (JSON.parse(text) as { content: Block[] }).content;
      const tool = blocks.find((block) => block.type === 'tool_use');
      assert.ok(tool && blocks.length === 3);
      const command = String((tool['input'] as Record<string, unknown>)['command']);
      assert.ok(!command.includes('aegis-'), 'the client runs the real value');
      messages.push({ role: 'assistant', content: blocks });
      const file = turn % 3 === 0 ? `GITHUB_TOKEN=${SECRETS.github}\n${SECRETS.pem}` : `ran ${command}, your ${SECRETS.password} is weak`;
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${turn}`, content: file }] });
    }

    assert.equal(turns.length, TURNS);
    turns.forEach((turn, index) => {
      for (const secret of secrets) assert.ok(!turn.body.includes(secret) && !turn.body.includes(JSON.stringify(secret).slice(1, -1)), `turn ${index + 1} leaks`);
      const earlier = turns[index - 1];
      if (earlier === undefined) return;
      assert.deepEqual(turn.messages.slice(0, earlier.messages.length), earlier.messages);
      // The array's closing bracket is where the longer one goes on.
      const prefix = earlier.body.slice(0, earlier.body.lastIndexOf(']}'));
      assert.equal(turn.body.slice(0, prefix.length), prefix);
      const last = JSON.parse(turn.messages[earlier.messages.length] ?? '{}') as { content: Block[] };
      const thinking = last.content.find((block) => block.type === 'thinking');
      const told = /They gave me (\S+)\.$/.exec(String(thinking?.['thinking']))?.[1];
      assert.equal(Buffer.from(String(thinking?.['signature']), 'base64').toString(), `signed ${index} ${told}`, 'thinking and signature return as they were');
    });
  });
}
