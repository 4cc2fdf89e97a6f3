/**
 * Tool calls of OpenAI Responses: output items, told by `output_index`. An item is announced
 * (`response.output_item.added`), its input comes in deltas or not at all, and `response.output_item.done` repeats it
 * whole, as does the list of the closing event. A refused item becomes a message, from the announcement on; clients
 * look for each of a message's events in its order.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
import { spliceValue } from './tool-call-edit.ts';
import type { AnswerSink, CallPiece, CallPlace, CallWire } from './tool-call.ts';
import type { JsonNode } from './tool-call-tree.ts';

const SCOPE = 'r';

/** Where the parts of a kind of call stand in its item. `name` undefined: the item has one. */
interface ItemKind {
  readonly kind: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly isJson?: boolean;
}

const KINDS: ReadonlyMap<string, ItemKind> = new Map<string, ItemKind>([
  ['function_call', { kind: 'function', inputs: ['arguments'] }],
  ['custom_tool_call', { kind: 'custom', inputs: ['input'], isJson: false }],
  ['local_shell_call', { kind: 'local_shell', name: 'local_shell', inputs: ['action'] }],
  ['shell_call', { kind: 'shell', name: 'shell', inputs: ['action'] }],
  ['apply_patch_call', { kind: 'apply_patch', name: 'apply_patch', inputs: ['operation'] }],
  ['computer_call', { kind: 'computer', name: 'computer', inputs: ['actions', 'action'] }],
  ['mcp_call', { kind: 'server', inputs: ['arguments'] }],
  ['code_interpreter_call', { kind: 'server', name: 'code_interpreter', inputs: ['code'], isJson: false }],
  ['web_search_call', { kind: 'server', name: 'web_search', inputs: ['action'] }],
  ['file_search_call', { kind: 'server', name: 'file_search', inputs: ['queries'] }],
]);

/** Events that continue an input, and the kind of call they tell of when nothing announced it. */
const DELTAS: ReadonlyMap<string, string> = new Map([
  ['response.function_call_arguments.delta', 'function_call'],
  ['response.custom_tool_call_input.delta', 'custom_tool_call'],
  ['response.mcp_call_arguments.delta', 'mcp_call'],
  ['response.code_interpreter_call_code.delta', 'code_interpreter_call'],
]);

const ENDS_ALL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled']);
const TEXTS = new Set(['response.output_text.delta', 'response.refusal.delta']);
const TEXT_PARTS = new Set(['output_text', 'refusal']);

export const responsesCalls: CallWire = {
  name: 'openai-responses',

  owns: (root) => root.textAt('type').startsWith('response.') || root.at('output')?.kind === 'array',

  read(root, sink) {
    const type = root.textAt('type');
    const output = outputOf(root);
    if (output !== undefined) {
      if (ENDS_ALL.has(type) || root.at('output') !== undefined) {
        sink.closeCalls('r');
        sink.closeTexts('r');
      }
      output.items.forEach((item, position) => readRepeated(item, position, sink));
      return;
    }
    if (ENDS_ALL.has(type)) {
      sink.closeCalls('r');
      sink.closeTexts('r');
      return;
    }
    readEvent(root, type, sink);
  },

  refuse(event, place, text) {
    const { root } = event;
    const output = outputOf(root);
    if (output !== undefined) {
      const item = output.items[place[0]];
      if (item !== undefined) spliceValue(event, item, messageItem(item.textAt('id'), 'completed', text ?? ''));
      return;
    }
    if (text === undefined) {
      event.drop();
      return;
    }
    event.replace(messageEvents(root, text));
  },
};

function outputOf(root: JsonNode): JsonNode | undefined {
  const output = root.at('output') ?? root.at('response', 'output');
  return output?.kind === 'array' ? output : undefined;
}

function readEvent(root: JsonNode, type: string, sink: AnswerSink): void {
  const index = root.idAt('output_index');
  const key = `r${index}.`;
  const item = root.at('item');
  if (type.startsWith('response.output_item.') && item !== undefined) {
    const isDone = type.endsWith('.done');
    const call = itemPiece(item, key, [0, 0]);
    if (call !== undefined) sink.call(isDone ? { ...call, begins: 'if-other-id' } : call);
    else readParts(item, key, sink);
    if (!isDone) return;
    sink.closeCalls(key);
    sink.closeTexts(key);
    return;
  }
  if (TEXTS.has(type)) {
    const text = root.at('delta');
    if (text?.kind === 'string') sink.text(textKey(key, root), text);
    return;
  }
  const whole = root.at('text') ?? root.at('refusal') ?? root.at('part', 'text') ?? root.at('part', 'refusal');
  if (whole?.kind === 'string' && !type.startsWith('response.reasoning')) {
    if (type.endsWith('.done')) sink.closeTexts(textKey(key, root));
    if (whole.end - whole.start > 2) sink.repeatedText(textKey(key, root), whole);
    return;
  }
  if (type.startsWith('response.reasoning')) {
    const thought = root.at('delta');
    if (thought !== undefined) sink.thought(thought);
    return;
  }
  const delta = DELTAS.get(type);
  const kind = delta === undefined ? undefined : KINDS.get(delta);
  const isJson = kind?.isJson ?? true;
  if (index === '') return;
  sink.call({ ...piece(key, [0, 0]), id: root.textAt('item_id'), kind: kind?.kind ?? 'function', isJson, piece: kind === undefined ? '' : root.textAt('delta'), whole: root.textAt('arguments') || root.textAt('input') });
}

const textKey = (key: string, root: JsonNode): string => `${key}${root.idAt('content_index')}.`;

/** The texts of a message, told as a whole. */
function readParts(item: JsonNode, key: string, sink: AnswerSink): void {
  if (item.textAt('type') !== 'message') return;
  item.at('content')?.items.forEach((part, at) => {
    if (!TEXT_PARTS.has(part.textAt('type'))) return;
    const text = part.at('text') ?? part.at('refusal');
    if (text?.kind === 'string') sink.repeatedText(`${key}${at}.`, text);
  });
}

function readRepeated(item: JsonNode, position: number, sink: AnswerSink): void {
  const key = `r${position}.`;
  const call = itemPiece(item, key, [position, 1]);
  if (call !== undefined) sink.repeatedCall(call, [item.textAt('id'), item.textAt('call_id')].filter((id) => id !== ''));
  else readParts(item, key, sink);
}

function itemPiece(item: JsonNode, key: string, place: CallPlace): CallPiece | undefined {
  const known = KINDS.get(item.textAt('type'));
  if (known === undefined) return undefined;
  const input = known.inputs.map((name) => item.at(name)).find((node) => node !== undefined && !node.isNull);
  const whole = input === undefined ? '' : input.kind === 'string' ? input.text : input.raw;
  return { ...piece(key, place), begins: 'yes', id: item.textAt('id'), name: known.name ?? item.textAt('name'), kind: known.kind, isJson: known.isJson ?? true, whole };
}

function piece(key: string, place: CallPlace): CallPiece {
  return { wire: responsesCalls, key, scope: SCOPE, line: '', place, begins: 'no', id: '', name: '', kind: 'function', isJson: true, piece: '', whole: '' };
}

/** The API refuses a message whose id does not begin so when the client sends it back. */
const messageId = (id: string): string => `msg_${id.slice(id.indexOf('_') + 1)}`;

const textPart = (text: string): string => `{"type":"output_text","annotations":[],"logprobs":[],"text":${JSON.stringify(text)}}`;

function messageItem(id: string, status: string, text: string | undefined): string {
  return `{"id":${JSON.stringify(messageId(id))},"type":"message","status":"${status}","content":[${text === undefined ? '' : textPart(text)}],"role":"assistant"}`;
}

/** A message under the index of the event that told of the call first. */
function messageEvents(root: JsonNode, text: string): { type: string; json: string }[] {
  const id = root.textAt('item', 'id') || root.textAt('item_id');
  const sequence = root.at('sequence_number') === undefined ? '' : ',"sequence_number":0';
  const place = `"output_index":${root.at('output_index')?.raw ?? '0'}`;
  const part = `"item_id":${JSON.stringify(messageId(id))},${place},"content_index":0`;
  const event = (type: string, fields: string): { type: string; json: string } => ({ type, json: `{"type":"${type}"${sequence},${fields}}` });
  return [
    event('response.output_item.added', `${place},"item":${messageItem(id, 'in_progress', undefined)}`),
    event('response.content_part.added', `${part},"part":${textPart('')}`),
    event('response.output_text.delta', `${part},"delta":${JSON.stringify(text)},"logprobs":[]`),
    event('response.output_text.done', `${part},"text":${JSON.stringify(text)},"logprobs":[]`),
    event('response.content_part.done', `${part},"part":${textPart(text)}`),
    event('response.output_item.done', `${place},"item":${messageItem(id, 'completed', text)}`),
  ];
}
