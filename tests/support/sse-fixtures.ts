/**
 * Streams as the vendors send them, small, and what a client makes of them. Each fixture writes the pieces of a text
 * and of a tool's input into the events of its protocol, and reads them back the way the SDKs do.
 */

/** What a client ends up with: text, and the tool input as JSON text, where the protocol has one. */
export interface Heard {
  readonly text: string;
  readonly input: string;
  /** What must pass untouched: thinking, signatures. */
  readonly thinking: string;
  /** The whole texts that closing events repeat. */
  readonly repeated: readonly string[];
}

export interface StreamFixture {
  readonly name: string;
  /** Whether tool input comes in pieces of JSON text. */
  readonly hasInput: boolean;
  /** A stream whose text and tool input come in these pieces; `thinking` is one piece of thinking. */
  write(pieces: readonly string[], input: readonly string[], thinking: string): string;
  hear(stream: string): Heard;
}

/** What stands at a path of keys and positions, undefined where it leads nowhere. */
export function pick(data: unknown, ...path: readonly (string | number)[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** The string at a path, '' when there is none. */
function text(data: unknown, ...path: readonly (string | number)[]): string {
  const value = pick(data, ...path);
  return typeof value === 'string' ? value : '';
}

const SILENCE: Heard = { text: '', input: '', thinking: '', repeated: [] };

function event(name: string | undefined, data: unknown): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** The data of every event, parsed; `[DONE]` and comments left out. */
export function events(stream: string): unknown[] {
  return stream
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((frame) =>
      frame
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
        .join('\n'),
    )
    .filter((data) => data !== '' && data !== '[DONE]')
    .map((data) => JSON.parse(data) as unknown);
}

const typed = (data: { type: string; [key: string]: unknown }): string => event(data.type, data);

export const anthropicStream: StreamFixture = {
  name: 'Anthropic Messages',
  hasInput: true,
  write(pieces, input, thinking) {
    return [
      typed({ type: 'message_start', message: { id: 'msg_01XyA', type: 'message', role: 'assistant', model: 'claude-sonnet-5', content: [], stop_reason: null, usage: { input_tokens: 25, output_tokens: 1 } } }),
      typed({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } }),
      typed({ type: 'ping' }),
      typed({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking } }),
      typed({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA' } }),
      typed({ type: 'content_block_stop', index: 0 }),
      typed({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }),
      ...pieces.map((piece) => typed({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: piece } })),
      typed({ type: 'content_block_delta', index: 1, delta: { type: 'citations_delta', citation: { type: 'web_search_result_location', cited_text: 'A page', url: 'https://example.com/a', encrypted_index: 'Eo8BCioIAhgBIiQy' } } }),
      typed({ type: 'content_block_stop', index: 1 }),
      typed({ type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'toolu_01A', name: 'Bash', input: {} } }),
      typed({ type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '' } }),
      ...input.map((piece) => typed({ type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: piece } })),
      typed({ type: 'content_block_stop', index: 2 }),
      typed({ type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 15 } }),
      typed({ type: 'message_stop' }),
    ].join('');
  },
  hear(stream) {
    const heard = { text: '', input: '', thinking: '', repeated: [] };
    const open = new Set<unknown>();
    for (const data of events(stream)) {
      const [type, index] = [text(data, 'type'), pick(data, 'index')];
      if (type === 'content_block_start') open.add(index);
      if (type === 'content_block_stop') open.delete(index);
      if (type !== 'content_block_delta') continue;
      if (!open.has(index)) throw new Error('a delta outside its block');
      heard.text += text(data, 'delta', 'text');
      heard.input += text(data, 'delta', 'partial_json');
      heard.thinking += text(data, 'delta', 'thinking');
    }
    return heard;
  },
};

function chunk(choices: readonly unknown[], more: object = {}): string {
  return event(undefined, { id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeA', object: 'chat.completion.chunk', created: 1741570283, model: 'gpt-5.2', service_tier: 'default', system_fingerprint: 'fp_44709d6fca', choices, ...more });
}

const choice = (delta: object, finish: string | null = null, index = 0): object => ({ index, delta, logprobs: null, finish_reason: finish });

export const chatStream: StreamFixture = {
  name: 'OpenAI Chat Completions',
  hasInput: true,
  write(pieces, input, thinking) {
    return [
      ': OPENROUTER PROCESSING\n\n',
      chunk([choice({ role: 'assistant', content: '', refusal: null })]),
      chunk([choice({ reasoning_content: thinking, content: null })]),
      ...pieces.map((piece) => chunk([choice({ content: piece })], { obfuscation: 'aB3a' })),
      chunk([choice({ tool_calls: [{ index: 0, id: 'call_DdmO9a', type: 'function', function: { name: 'shell', arguments: '' } }] })]),
      ...input.map((piece) => chunk([choice({ tool_calls: [{ index: 0, function: { arguments: piece } }] })])),
      chunk([choice({}, 'tool_calls')]),
      chunk([], { usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 } }),
      event(undefined, '[DONE]'),
    ].join('');
  },
  hear(stream) {
    const heard = { text: '', input: '', thinking: '', repeated: [] };
    for (const data of events(stream)) {
      const delta = pick(data, 'choices', 0, 'delta');
      heard.text += text(delta, 'content');
      heard.thinking += text(delta, 'reasoning_content');
      heard.input += text(delta, 'tool_calls', 0, 'function', 'arguments');
    }
    return heard;
  },
};

/** Two choices whose chunks alternate; the text is the second one's. */
export const twoChoicesStream: StreamFixture = {
  name: 'OpenAI Chat Completions, n = 2',
  hasInput: false,
  write(pieces) {
    return [
      ...pieces.map((piece, at) => chunk([choice({ content: ['An agate ', 'aegis', ' pla', 'y'][at % 4] })]) + chunk([choice({ content: piece }, null, 1)])),
      chunk([choice({}, 'stop', 1)]),
      chunk([choice({}, 'stop')]),
      event(undefined, '[DONE]'),
    ].join('');
  },
  hear(stream) {
    const second = events(stream).filter((data) => pick(data, 'choices', 0, 'index') === 1);
    return { ...SILENCE, text: second.map((data) => text(data, 'choices', 0, 'delta', 'content')).join('') };
  },
};

export const completionsStream: StreamFixture = {
  name: 'legacy completions',
  hasInput: false,
  write(pieces) {
    const line = (piece: string, finish: string | null): string =>
      event(undefined, { id: 'cmpl-7iA7iJjj8V2zOkCGvWF2hAkWa', object: 'text_completion', created: 1690759702, choices: [{ text: piece, index: 0, logprobs: null, finish_reason: finish }], model: 'davinci-002' });
    // The last piece and the reason come in one event.
    return pieces.map((piece, at) => line(piece, at === pieces.length - 1 ? 'stop' : null)).join('') + event(undefined, '[DONE]');
  },
  hear(stream) {
    return { ...SILENCE, text: events(stream).map((data) => text(data, 'choices', 0, 'text')).join('') };
  },
};

export const responsesStream: StreamFixture = {
  name: 'OpenAI Responses',
  hasInput: true,
  write(pieces, input, thinking) {
    let sequence = 0;
    const next = (type: string, data: object): string => typed({ type, sequence_number: sequence++, ...data });
    const [all, args] = [pieces.join(''), input.join('')];
    const reasoning = { id: 'rs_1a', type: 'reasoning', summary: [{ type: 'summary_text', text: thinking }], encrypted_content: 'gAAAAABo' };
    const message = { id: 'msg_67a', type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text: all, annotations: [] }] };
    const call = { id: 'fc_12a', type: 'function_call', status: 'completed', call_id: 'call_a', name: 'shell', arguments: args };
    return [
      next('response.created', { response: { id: 'resp_67ca', object: 'response', status: 'in_progress', model: 'gpt-5.2-codex', output: [] } }),
      next('response.output_item.added', { output_index: 0, item: { id: 'rs_1a', type: 'reasoning', summary: [] } }),
      next('response.reasoning_summary_text.delta', { item_id: 'rs_1a', output_index: 0, summary_index: 0, delta: thinking }),
      next('response.reasoning_summary_text.done', { item_id: 'rs_1a', output_index: 0, summary_index: 0, text: thinking }),
      next('response.output_item.done', { output_index: 0, item: reasoning }),
      next('response.output_item.added', { output_index: 1, item: { id: 'msg_67a', type: 'message', status: 'in_progress', role: 'assistant', content: [] } }),
      next('response.content_part.added', { item_id: 'msg_67a', output_index: 1, content_index: 0, part: { type: 'output_text', text: '', annotations: [] } }),
      ...pieces.map((piece) => next('response.output_text.delta', { item_id: 'msg_67a', output_index: 1, content_index: 0, delta: piece, logprobs: [], obfuscation: 'x9Qa' })),
      next('response.output_text.done', { item_id: 'msg_67a', output_index: 1, content_index: 0, text: all, logprobs: [] }),
      next('response.content_part.done', { item_id: 'msg_67a', output_index: 1, content_index: 0, part: { type: 'output_text', text: all, annotations: [] } }),
      next('response.output_item.done', { output_index: 1, item: message }),
      next('response.output_item.added', { output_index: 2, item: { ...call, status: 'in_progress', arguments: '' } }),
      ...input.map((piece) => next('response.function_call_arguments.delta', { item_id: 'fc_12a', output_index: 2, delta: piece })),
      next('response.function_call_arguments.done', { item_id: 'fc_12a', output_index: 2, arguments: args }),
      next('response.output_item.done', { output_index: 2, item: call }),
      next('response.completed', { response: { id: 'resp_67ca', object: 'response', status: 'completed', model: 'gpt-5.2-codex', output: [reasoning, message, call], usage: { input_tokens: 37, output_tokens: 11 } } }),
    ].join('');
  },
  hear(stream) {
    const heard = { text: '', input: '', thinking: '', repeated: [] as string[] };
    for (const data of events(stream)) {
      switch (text(data, 'type')) {
        case 'response.output_text.delta':
          heard.text += text(data, 'delta');
          break;
        case 'response.function_call_arguments.delta':
          heard.input += text(data, 'delta');
          break;
        case 'response.reasoning_summary_text.delta':
          heard.thinking += text(data, 'delta');
          break;
        case 'response.output_text.done':
          heard.repeated.push(text(data, 'text'));
          break;
        case 'response.content_part.done':
          heard.repeated.push(text(data, 'part', 'text'));
          break;
        case 'response.function_call_arguments.done':
          heard.repeated.push(text(data, 'arguments'));
          break;
        case 'response.completed': {
          const output = pick(data, 'response', 'output');
          heard.repeated.push(text(output, 1, 'content', 0, 'text'), text(output, 2, 'arguments'), text(output, 0, 'summary', 0, 'text'));
        }
      }
    }
    return heard;
  },
};

export const geminiStream: StreamFixture = {
  name: 'Gemini',
  hasInput: false,
  write(pieces, _input, thinking) {
    const part = (parts: readonly object[], more: object = {}): string =>
      event(undefined, { candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }], usageMetadata: { promptTokenCount: 4, totalTokenCount: 12 }, modelVersion: 'gemini-2.5-pro', responseId: 'kK0HacWwJqqjnvgPsbmYwAa' });
    return (
      part([{ text: thinking, thought: true }]) +
      pieces.map((piece, at) => part([{ text: piece }], at === pieces.length - 1 ? { finishReason: 'STOP' } : {})).join('') +
      part([{ functionCall: { name: 'shell', args: { id: pieces.join('') } }, thoughtSignature: 'CvQBAVSoXO4' }])
    ).replaceAll('\n\n', '\r\n\r\n');
  },
  hear(stream) {
    const heard = { text: '', input: '', thinking: '', repeated: [] as string[] };
    for (const data of events(stream)) {
      const part = pick(data, 'candidates', 0, 'content', 'parts', 0);
      if (pick(part, 'thought') === true) heard.thinking += text(part, 'text');
      else if (pick(part, 'functionCall') !== undefined) heard.repeated.push(text(part, 'functionCall', 'args', 'id'));
      else heard.text += text(part, 'text');
    }
    return heard;
  },
};

/** A vendor nobody described: whole strings in every event. */
export const unknownStream: StreamFixture = {
  name: 'an unknown protocol',
  hasInput: false,
  write: (pieces) => event('note', { note: { lines: [pieces.join('')] } }) + ': keep-alive\n\n',
  hear: (stream) => ({ ...SILENCE, text: events(stream).map((data) => text(data, 'note', 'lines', 0)).join('') }),
};

export const STREAMS: readonly StreamFixture[] = [anthropicStream, chatStream, twoChoicesStream, completionsStream, responsesStream, geminiStream, unknownStream];
