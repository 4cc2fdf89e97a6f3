/**
 * Answers with tool calls as the vendors send them, streamed and whole, and what a client makes of them: the hearing
 * here is as strict as the SDKs' own accumulators (Anthropic's MessageStream, OpenAI's ChatCompletionStream and
 * ResponseStream), and throws where they would.
 */
import { events, pick } from './sse-fixtures.ts';
import { cutEvery } from './cuts.ts';

export interface FixtureCall {
  readonly name: string;
  /** JSON text. */
  readonly input: string;
}

export interface FixtureAnswer {
  readonly thinking: string;
  readonly before: string;
  readonly calls: readonly FixtureCall[];
}

export interface HeardAnswer {
  readonly thinking: string;
  readonly text: string;
  readonly calls: readonly FixtureCall[];
  /** Why the turn ended. */
  readonly stop: string;
}

export interface CallFixture {
  readonly name: string;
  /** Why a turn ends that has calls, and that has none. */
  readonly stops: readonly [string, string];
  /** Between what was said and a refusal. */
  readonly gap: string;
  stream(answer: FixtureAnswer, pieceChars: number, ping?: string): string;
  hearStream(stream: string): HeardAnswer;
  whole(answer: FixtureAnswer): string;
  hearWhole(body: string): HeardAnswer;
}

interface Hearing {
  thinking: string;
  text: string;
  calls: FixtureCall[];
  stop: string;
}

const silence = (): Hearing => ({ thinking: '', text: '', calls: [], stop: '' });

function said(data: unknown, ...path: readonly (string | number)[]): string {
  const value = pick(data, ...path);
  return typeof value === 'string' ? value : '';
}

function list(data: unknown, ...path: readonly (string | number)[]): unknown[] {
  const value = pick(data, ...path);
  return Array.isArray(value) ? value : [];
}

const frame = (data: object, name?: string): string => `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
const typed = (data: { type: string; [key: string]: unknown }): string => frame(data, data.type);

export const anthropicCallFixture: CallFixture = {
  name: 'Anthropic Messages',
  stops: ['tool_use', 'end_turn'],
  gap: '',
  stream({ thinking, before, calls }, pieceChars, ping = '') {
    const blocks: string[] = [];
    const block = (start: object, deltas: readonly object[]): void => {
      const index = blocks.length;
      blocks.push(
        typed({ type: 'content_block_start', index, content_block: start }) +
          deltas.map((delta) => typed({ type: 'content_block_delta', index, delta }) + ping).join('') +
          typed({ type: 'content_block_stop', index }),
      );
    };
    if (thinking !== '') block({ type: 'thinking', thinking: '', signature: '' }, [{ type: 'thinking_delta', thinking }, { type: 'signature_delta', signature: 'EqQBCgIYAhIM' }]);
    if (before !== '') block({ type: 'text', text: '' }, cutEvery(before, pieceChars).map((text) => ({ type: 'text_delta', text })));
    calls.forEach(({ name, input }, at) => {
      block({ type: 'tool_use', id: `toolu_0${at}`, name, input: {} }, ['', ...cutEvery(input, pieceChars)].map((partial_json) => ({ type: 'input_json_delta', partial_json })));
    });
    return [
      typed({ type: 'message_start', message: { id: 'msg_01XyA', type: 'message', role: 'assistant', model: 'claude-sonnet-5', content: [], stop_reason: null, usage: { input_tokens: 25, output_tokens: 1 } } }),
      ...blocks,
      typed({ type: 'message_delta', delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null }, usage: { output_tokens: 15 } }),
      typed({ type: 'message_stop' }),
    ].join('');
  },
  hearStream(stream) {
    const content: Record<string, string>[] = [];
    let stop = '';
    let open = -1;
    for (const data of events(stream)) {
      const index = pick(data, 'index');
      switch (said(data, 'type')) {
        case 'content_block_start':
          if (index !== content.length || open !== -1) throw new Error('blocks out of order');
          open = content.length;
          content.push({ type: said(data, 'content_block', 'type'), name: said(data, 'content_block', 'name'), text: said(data, 'content_block', 'text'), input: '', thinking: '' });
          break;
        case 'content_block_delta': {
          const block = content[open];
          if (index !== open || block === undefined) throw new Error('a delta outside its block');
          const [kind, wanted] = { text_delta: ['text', 'text'], input_json_delta: ['partial_json', 'tool_use'], thinking_delta: ['thinking', 'thinking'], signature_delta: ['signature', 'thinking'] }[said(data, 'delta', 'type')] ?? [];
          if (block['type'] !== wanted) throw new Error(`a ${wanted} delta in a ${block['type']} block`);
          const key = kind === 'partial_json' ? 'input' : (kind ?? '');
          block[key] = (block[key] ?? '') + said(data, 'delta', kind ?? '');
          break;
        }
        case 'content_block_stop':
          if (index !== open) throw new Error('another block ends');
          open = -1;
          break;
        case 'message_delta':
          stop = said(data, 'delta', 'stop_reason');
      }
    }
    const heard = { ...silence(), stop };
    for (const block of content) {
      heard.text += block['type'] === 'text' ? block['text'] : '';
      heard.thinking += block['thinking'];
      if (block['type'] === 'tool_use') heard.calls.push({ name: block['name'] ?? '', input: block['input'] ?? '' });
    }
    return heard;
  },
  whole({ thinking, before, calls }) {
    return JSON.stringify({
      id: 'msg_01XyA', type: 'message', role: 'assistant', model: 'claude-sonnet-5',
      content: [
        ...(thinking === '' ? [] : [{ type: 'thinking', thinking, signature: 'EqQBCgIYAhIM' }]),
        ...(before === '' ? [] : [{ type: 'text', text: before }]),
        ...calls.map(({ name, input }, at) => ({ type: 'tool_use', id: `toolu_0${at}`, name, input: JSON.parse(input) as unknown })),
      ],
      stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null, usage: { input_tokens: 25, output_tokens: 15 },
    });
  },
  hearWhole(body) {
    const data = JSON.parse(body) as unknown;
    const heard = { ...silence(), stop: said(data, 'stop_reason') };
    for (const block of list(data, 'content')) {
      heard.text += said(block, 'text');
      heard.thinking += said(block, 'thinking');
      if (said(block, 'type') === 'tool_use') heard.calls.push({ name: said(block, 'name'), input: JSON.stringify(pick(block, 'input')) });
    }
    return heard;
  },
};

const CHUNK = { id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeA', object: 'chat.completion.chunk', created: 1741570283, model: 'gpt-5.2' };

function chunk(delta: object, finish: string | null = null): string {
  return frame({ ...CHUNK, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
}

export const chatCallFixture: CallFixture = {
  name: 'OpenAI Chat Completions',
  stops: ['tool_calls', 'stop'],
  gap: '\n\n',
  stream({ thinking, before, calls }, pieceChars, ping = '') {
    return [
      chunk({ role: 'assistant', content: before === '' ? null : '', refusal: null }),
      ...(thinking === '' ? [] : [chunk({ reasoning_content: thinking, content: null })]),
      ...cutEvery(before, pieceChars).map((content) => chunk({ content })),
      ...calls.flatMap(({ name, input }, index) => [
        chunk({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }] }),
        ...cutEvery(input, pieceChars).map((piece) => ping + chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ]),
      chunk({}, calls.length > 0 ? 'tool_calls' : 'stop'),
      frame({ ...CHUNK, choices: [], usage: { prompt_tokens: 19, completion_tokens: 10 } }),
      'data: [DONE]\n\n',
    ].join('');
  },
  hearStream(stream) {
    if (!stream.endsWith('data: [DONE]\n\n')) throw new Error('no end');
    const heard = silence();
    const calls: { name: string; input: string; type: string }[] = [];
    for (const data of events(stream)) {
      const choice = pick(data, 'choices', 0);
      const delta = pick(choice, 'delta');
      heard.text += said(delta, 'content');
      heard.thinking += said(delta, 'reasoning_content');
      heard.stop += said(choice, 'finish_reason');
      for (const call of list(delta, 'tool_calls')) {
        const index = Number(pick(call, 'index'));
        if (index > calls.length) throw new Error('a hole in the calls');
        calls[index] ??= { name: '', input: '', type: said(call, 'type') };
        const known = calls[index];
        if (known.type === '') throw new Error('a call without a type');
        known.name = said(call, 'function', 'name') || known.name;
        known.input += said(call, 'function', 'arguments');
      }
    }
    return { ...heard, calls: calls.map(({ name, input }) => ({ name, input })) };
  },
  whole({ thinking, before, calls }) {
    const tool_calls = calls.map(({ name, input }, at) => ({ id: `call_${at}`, type: 'function', function: { name, arguments: input } }));
    const message = { role: 'assistant', content: before === '' ? null : before, ...(thinking === '' ? {} : { reasoning_content: thinking }), ...(calls.length > 0 ? { tool_calls } : {}), refusal: null };
    return JSON.stringify({ ...CHUNK, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }], usage: { prompt_tokens: 19 } });
  },
  hearWhole(body) {
    const choice = pick(JSON.parse(body), 'choices', 0);
    if (pick(choice, 'message', 'tool_calls') !== undefined && list(choice, 'message', 'tool_calls').length === 0) throw new Error('an empty list of calls');
    return {
      text: said(choice, 'message', 'content'), thinking: said(choice, 'message', 'reasoning_content'), stop: said(choice, 'finish_reason'),
      calls: list(choice, 'message', 'tool_calls').map((call) => ({ name: said(call, 'function', 'name'), input: said(call, 'function', 'arguments') })),
    };
  },
};

type Item = { readonly id: string; readonly type: string; readonly [key: string]: unknown };

function itemsOf({ thinking, before, calls }: FixtureAnswer): Item[] {
  return [
    ...(thinking === '' ? [] : [{ id: 'rs_1a', type: 'reasoning', summary: [{ type: 'summary_text', text: thinking }], encrypted_content: 'gAAAAABo' }]),
    ...(before === '' ? [] : [{ id: 'msg_67a', type: 'message', status: 'completed', content: [{ type: 'output_text', annotations: [], logprobs: [], text: before }], role: 'assistant' }]),
    ...calls.map(({ name, input }, at) => ({ id: `fc_12a${at}`, type: 'function_call', status: 'completed', arguments: input, call_id: `call_${at}`, name })),
  ];
}

const responseOf = (output: readonly Item[], status: string): object => ({ id: 'resp_67ca', object: 'response', status, model: 'gpt-5.2-codex', output, usage: status === 'completed' ? { input_tokens: 37, output_tokens: 11 } : null });

export const responsesCallFixture: CallFixture = {
  name: 'OpenAI Responses',
  stops: ['completed', 'completed'],
  gap: '',
  stream(answer, pieceChars, ping = '') {
    let sequence = 0;
    const next = (type: string, data: object): string => typed({ type, sequence_number: sequence++, ...data });
    const items = itemsOf(answer);
    return [
      next('response.created', { response: responseOf([], 'in_progress') }),
      ...items.flatMap((item, output_index) => {
        const place = { item_id: item.id, output_index };
        const part = { ...place, content_index: 0 };
        const opening = { ...item, status: 'in_progress', ...(item.type === 'function_call' ? { arguments: '' } : item.type === 'message' ? { content: [] } : { summary: [] }) };
        const empty = { type: 'output_text', annotations: [], logprobs: [], text: '' };
        const added = next('response.output_item.added', { output_index, item: opening });
        const inner = item.type === 'reasoning'
          ? [next('response.reasoning_summary_text.delta', { ...place, summary_index: 0, delta: answer.thinking })]
          : item.type === 'message'
            ? [
                next('response.content_part.added', { ...part, part: empty }),
                ...cutEvery(answer.before, pieceChars).map((delta) => next('response.output_text.delta', { ...part, delta, logprobs: [], obfuscation: 'x9Qa' })),
                next('response.output_text.done', { ...part, text: answer.before, logprobs: [] }),
                next('response.content_part.done', { ...part, part: { ...empty, text: answer.before } }),
              ]
            : [
                ...cutEvery(String(item['arguments']), pieceChars).map((delta) => next('response.function_call_arguments.delta', { ...place, delta, obfuscation: 'q' }) + ping),
                next('response.function_call_arguments.done', { ...place, arguments: item['arguments'] }),
              ];
        return [added, ...inner, next('response.output_item.done', { output_index, item })];
      }),
      next('response.completed', { response: responseOf(items, 'completed') }),
    ].join('');
  },
  hearStream(stream) {
    interface Heard { type: string; name: string; text: string[]; input: string; done: boolean }
    const output: Heard[] = [];
    const heard = silence();
    let last = -1;
    let completed = '';
    for (const data of events(stream)) {
      const type = said(data, 'type');
      if (type === 'ping') continue;
      const sequence = Number(pick(data, 'sequence_number'));
      if (!(sequence > last)) throw new Error(`${type} has the number ${sequence} after ${last}`);
      last = sequence;
      const index = Number(pick(data, 'output_index') ?? -1);
      const item = output[index];
      if (index >= 0 && type !== 'response.output_item.added' && (item === undefined || item.done)) throw new Error(`${type} for an item that is not open`);
      switch (type) {
        case 'response.output_item.added':
          if (index !== output.length) throw new Error('items out of order');
          output.push({ type: said(data, 'item', 'type'), name: said(data, 'item', 'name'), text: [], input: '', done: false });
          break;
        case 'response.content_part.added':
          item?.text.push(said(data, 'part', 'text'));
          break;
        case 'response.output_text.delta':
          if (item?.text[0] === undefined || item.type !== 'message') throw new Error('missing content');
          item.text[0] += said(data, 'delta');
          break;
        case 'response.output_text.done':
          if (item?.text[0] !== said(data, 'text')) throw new Error('the done text differs');
          break;
        case 'response.content_part.done':
          if (item?.text[0] !== said(data, 'part', 'text')) throw new Error('the part differs');
          break;
        case 'response.function_call_arguments.delta':
          if (item?.type !== 'function_call') throw new Error('arguments of no call');
          item.input += said(data, 'delta');
          break;
        case 'response.reasoning_summary_text.delta':
          heard.thinking += said(data, 'delta');
          break;
        case 'response.output_item.done': {
          if (item === undefined) break;
          item.done = true;
          if (item.type !== said(data, 'item', 'type')) throw new Error('the item has another type');
          if (item.type === 'message' && item.text.join('') !== list(data, 'item', 'content').map((part) => said(part, 'text')).join('')) throw new Error('the item says something else');
          if (item.type === 'function_call' && item.input !== said(data, 'item', 'arguments')) throw new Error('the item has other arguments');
          break;
        }
        case 'response.completed':
          completed = JSON.stringify(pick(data, 'response'));
      }
    }
    const whole = this.hearWhole(completed);
    const text = output.map((item) => item.text.join('')).join('');
    const calls = output.filter(({ type }) => type === 'function_call').map(({ name, input }) => ({ name, input }));
    if (whole.text !== text || JSON.stringify(whole.calls) !== JSON.stringify(calls)) throw new Error('the closing event differs from what was streamed');
    return { ...heard, text, calls, stop: whole.stop };
  },
  whole: (answer) => JSON.stringify(responseOf(itemsOf(answer), 'completed')),
  hearWhole(body) {
    const data = JSON.parse(body) as unknown;
    const heard = { ...silence(), stop: said(data, 'status') };
    for (const item of list(data, 'output')) {
      heard.thinking += said(item, 'summary', 0, 'text');
      heard.text += said(item, 'content', 0, 'text');
      if (said(item, 'type') === 'message' && !said(item, 'id').startsWith('msg_')) throw new Error('a message with the id of something else');
      if (said(item, 'type') === 'function_call') heard.calls.push({ name: said(item, 'name'), input: said(item, 'arguments') });
    }
    return heard;
  },
};

function geminiOf(parts: readonly object[], finish?: string): object {
  return { candidates: [{ content: { parts, role: 'model' }, ...(finish === undefined ? {} : { finishReason: finish }), index: 0 }], usageMetadata: { promptTokenCount: 4, totalTokenCount: 12 }, modelVersion: 'gemini-2.5-pro' };
}

const geminiCall = ({ name, input }: FixtureCall): object => ({ functionCall: { name, args: JSON.parse(input) as unknown }, thoughtSignature: 'CvQBAVSoXO4' });

function hearGemini(answers: readonly unknown[]): HeardAnswer {
  const heard = silence();
  for (const answer of answers) {
    const candidate = pick(answer, 'candidates', 0);
    heard.stop += said(candidate, 'finishReason');
    for (const part of list(candidate, 'content', 'parts')) {
      if (pick(part, 'thought') === true) heard.thinking += said(part, 'text');
      else heard.text += said(part, 'text');
      const call = pick(part, 'functionCall');
      if (call !== undefined) heard.calls.push({ name: said(call, 'name'), input: JSON.stringify(pick(call, 'args')) });
    }
  }
  return heard;
}

export const geminiCallFixture: CallFixture = {
  name: 'Gemini',
  stops: ['STOP', 'STOP'],
  gap: '\n\n',
  stream({ thinking, before, calls }, pieceChars, ping = '') {
    return [
      ...(thinking === '' ? [] : [geminiOf([{ text: thinking, thought: true }])]),
      ...cutEvery(before, pieceChars).map((text) => geminiOf([{ text }])),
      // The last two calls come in one event.
      ...calls.slice(0, -2).map((call) => geminiOf([geminiCall(call)])),
      geminiOf(calls.slice(-2).map(geminiCall), 'STOP'),
    ].map((data) => frame(data) + ping).join('').replaceAll('\n\n', '\r\n\r\n');
  },
  hearStream: (stream) => hearGemini(events(stream)),
  whole({ thinking, before, calls }) {
    return JSON.stringify(geminiOf([...(thinking === '' ? [] : [{ text: thinking, thought: true }]), ...(before === '' ? [] : [{ text: before }]), ...calls.map(geminiCall)], 'STOP'), null, 2);
  },
  hearWhole: (body) => hearGemini([JSON.parse(body)]),
};

export const CALL_FIXTURES: readonly CallFixture[] = [anthropicCallFixture, chatCallFixture, responsesCallFixture, geminiCallFixture];
