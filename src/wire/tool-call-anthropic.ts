/**
 * Tool calls of Anthropic Messages: a content block of type `tool_use`, whose input comes as pieces of JSON text or,
 * with some vendors and in whole messages, as an object in the block. Blocks come strictly one after the other, told
 * by `index`, and the SDK puts each new one at the end of its list, so a refused block must leave one behind.
 * `server_tool_use` and `mcp_tool_use` have run at the vendor when they are told.
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */
import { spliceText, spliceValue } from './tool-call-edit.ts';
import type { AnswerSink, CallPiece, CallWire } from './tool-call.ts';
import type { JsonNode } from './tool-call-tree.ts';

const SCOPE = 'a';
const KEY = 'a.';
const TYPES = new Set(['message', 'message_start', 'message_delta', 'message_stop', 'content_block_start', 'content_block_delta', 'content_block_stop', 'error']);

export const anthropicCalls: CallWire = {
  name: 'anthropic',

  owns: (root) => TYPES.has(root.textAt('type')),

  read(root, sink) {
    const type = root.textAt('type');
    const index = root.idAt('index');
    switch (type) {
      case 'message':
        return readMessage(root, sink);
      case 'message_start':
        sink.closeCalls(KEY);
        return sink.openScope(SCOPE);
      case 'content_block_start':
        sink.closeCalls(KEY);
        return readBlock(root.at('content_block'), index, sink, true);
      case 'content_block_delta':
        return readDelta(root, index, sink);
      case 'content_block_stop':
        sink.closeCalls(`${KEY}${index}.`);
        return sink.closeTexts(`${KEY}${index}.`);
      case 'error':
        // Another protocol's error is of this type, too.
        sink.closeCalls('');
        return sink.closeTexts('');
      default:
        sink.closeCalls(KEY);
        sink.closeTexts(KEY);
        readStopReason(root.at('delta', 'stop_reason'), sink);
    }
  },

  refuse(event, [position], text) {
    const { root } = event;
    if (root.textAt('type') === 'message') {
      const block = root.at('content')?.items[position];
      if (block !== undefined) spliceText(event, block, `{"type":"text","text":`, text ?? '', '}');
      return;
    }
    const block = root.at('content_block');
    if (text === undefined || block === undefined) {
      event.drop();
      return;
    }
    spliceValue(event, block, '{"type":"text","text":""}');
    const index = root.at('index')?.raw ?? '0';
    event.append('content_block_delta', `{"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":${JSON.stringify(text)}}}`);
  },
};

function readMessage(root: JsonNode, sink: AnswerSink): void {
  sink.openScope(SCOPE);
  root.at('content')?.items.forEach((block, position) => {
    readBlock(block, String(position), sink, false, position);
    sink.closeCalls(KEY);
    sink.closeTexts(KEY);
  });
  readStopReason(root.at('stop_reason'), sink);
}

function readBlock(block: JsonNode | undefined, index: string, sink: AnswerSink, streams: boolean, position = 0): void {
  if (block === undefined) return;
  const type = block.textAt('type');
  if (type === 'text') {
    const text = block.at('text');
    if (text?.kind === 'string') sink.text(`${KEY}${index}.`, text);
    return;
  }
  if (!type.endsWith('tool_use')) return;
  const input = block.at('input');
  // In a stream an empty object only says that the input is to come.
  const whole = input === undefined || (streams && input.kind === 'object' && input.members.length === 0) ? '' : input.raw;
  sink.call({ ...piece(index, position), begins: 'yes', id: block.textAt('id'), name: block.textAt('name'), kind: type === 'tool_use' ? 'function' : 'server', whole });
}

function readDelta(root: JsonNode, index: string, sink: AnswerSink): void {
  const delta = root.at('delta');
  switch (delta?.textAt('type')) {
    case 'text_delta': {
      const text = delta.at('text');
      if (text?.kind === 'string') sink.text(`${KEY}${index}.`, text);
      return;
    }
    case 'thinking_delta': {
      const thinking = delta.at('thinking');
      if (thinking !== undefined) sink.thought(thinking);
      return;
    }
    case 'input_json_delta':
      return sink.call({ ...piece(index, 0), piece: delta.textAt('partial_json') });
  }
}

function piece(index: string, position: number): CallPiece {
  return { wire: anthropicCalls, key: `${KEY}${index}.`, scope: SCOPE, line: KEY, place: [position, 0], begins: 'no', id: '', name: '', kind: 'function', isJson: true, piece: '', whole: '' };
}

function readStopReason(node: JsonNode | undefined, sink: AnswerSink): void {
  if (node?.text === 'tool_use') sink.stopReason(SCOPE, node, 'end_turn');
}
