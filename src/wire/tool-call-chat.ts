/**
 * Tool calls of Chat Completions: `tool_calls` of a choice's `delta` or, in a whole answer, of its `message`, told by
 * `index`; a custom tool's input is plain text. Before them there was one `function_call` for a choice. A call has no
 * end of its own: the next one, the choice's `finish_reason` or `[DONE]` ends it. Ollama's own answers hold one
 * `message` without choices.
 * https://platform.openai.com/docs/api-reference/chat-streaming, https://docs.ollama.com/api/chat
 *
 * The SDKs put calls into an array at their index, so that one left out would be a hole: those behind a refused call
 * move up. Some vendors leave `index` out or give every call index 0, and some give every piece a new id; so another
 * call begins only where a name comes with another id.
 */
import { appendText, spliceOut, spliceText } from './tool-call-edit.ts';
import type { AnswerSink, CallPiece, CallPlace, CallWire, EditedEvent } from './tool-call.ts';
import type { JsonNode } from './tool-call-tree.ts';

/** The place of the one call of `function_call`. */
const LEGACY = -1;
/** Between what a choice said before and the refusal: all its text is one. */
const GAP = '\n\n';

/** What is removed from one choice, and what it says instead. */
interface Removed {
  readonly gone: Set<number>;
  readonly texts: string[];
}

export const chatCalls: CallWire = {
  name: 'openai-chat',

  owns: (root) => root.at('choices')?.kind === 'array' || (root.at('message')?.kind === 'object' && root.at('type') === undefined),

  read(root, sink) {
    const error = root.at('error');
    if (error !== undefined && !error.isNull) {
      sink.closeCalls('c');
      sink.closeTexts('c');
    }
    choicesOf(root).forEach((choice, position) => readChoice(choice, position, sink));
  },

  refuse(event, place, text) {
    event.removed.push({ place, text });
  },

  finish(event) {
    const { root, removed } = event;
    const choices = choicesOf(root);
    const byChoice = new Map<number, Removed>();
    for (const { place, text } of removed) {
      const here = byChoice.get(place[0]) ?? { gone: new Set(), texts: [] };
      here.gone.add(place[1]);
      if (text !== undefined) here.texts.push(text);
      byChoice.set(place[0], here);
    }
    const bare = choices.map((choice, position) => {
      const here = byChoice.get(position);
      return here !== undefined && removeCalls(event, choice, here);
    });
    const usage = root.at('usage');
    const only = choices.length === 1 && bare[0] === true && (usage === undefined || usage.isNull);
    if (only && isNothing(choices[0]?.at('finish_reason')) && root.at('done')?.raw !== 'true') event.drop();
  },
};

function isNothing(node: JsonNode | undefined): boolean {
  return node === undefined || node.isNull;
}

function choicesOf(root: JsonNode): readonly JsonNode[] {
  return root.at('choices')?.items ?? [root];
}

function holderOf(choice: JsonNode): JsonNode | undefined {
  return choice.at('delta') ?? choice.at('message');
}

function readChoice(choice: JsonNode, position: number, sink: AnswerSink): void {
  const scope = `c${choice.idAt('index')}`;
  const line = `${scope}.`;
  const isWhole = choice.at('delta') === undefined && choice.at('message') !== undefined && choice.at('done') === undefined;
  if (isWhole) sink.openScope(scope);
  readTexts(choice, line, sink);
  const holder = holderOf(choice);
  const legacy = holder?.at('function_call');
  if (legacy?.kind === 'object') readCall(legacy, legacy, [position, LEGACY], 'f', scope, sink);
  holder?.at('tool_calls')?.items.forEach((entry, at) => {
    const custom = entry.at('custom');
    readCall(entry, custom ?? entry.at('function'), [position, at], isWhole ? String(at) : entry.idAt('index'), scope, sink, custom === undefined ? 'function' : 'custom');
    const index = entry.at('index');
    if (index !== undefined && !isWhole) sink.position(scope, index);
  });
  const reason = choice.at('finish_reason');
  const isDone = choice.at('done')?.raw === 'true';
  if (!isWhole && !isDone && (reason === undefined || reason.isNull || reason.text === '')) return;
  sink.closeCalls(line);
  sink.closeTexts(line);
  if (reason?.text === 'tool_calls' || reason?.text === 'function_call') sink.stopReason(scope, reason, 'stop');
}

function readTexts(choice: JsonNode, key: string, sink: AnswerSink): void {
  const holder = holderOf(choice);
  const thinking = holder?.at('reasoning_content') ?? holder?.at('reasoning');
  if (thinking?.kind === 'string') sink.thought(thinking);
  for (const node of [holder?.at('content'), choice.at('text')]) {
    if (node?.kind === 'string') sink.text(key, node);
    for (const part of node?.items ?? []) {
      const text = part.at('text');
      if (text?.kind === 'string' && part.textAt('type') === 'text') sink.text(key, text);
    }
  }
}

function readCall(entry: JsonNode, call: JsonNode | undefined, place: CallPlace, index: string, scope: string, sink: AnswerSink, kind = 'function'): void {
  const line = `${scope}.`;
  const input = call?.at(kind === 'custom' ? 'input' : 'arguments');
  const name = call?.textAt('name') ?? '';
  const id = entry.textAt('id');
  const begins = name !== '' && index === '' && id === '' ? 'yes' : 'if-other-id';
  const piece: CallPiece = {
    wire: chatCalls, key: `${line}${index}.`, scope, line, place, begins, id, name, kind, isJson: kind !== 'custom',
    piece: input?.kind === 'string' ? input.text : '',
    // Some send the arguments as an object.
    whole: input?.kind === 'object' ? input.raw : '',
  };
  sink.call(piece);
}

/** Removes calls of one choice and says their texts; whether nothing is left to be told of it. */
function removeCalls(event: EditedEvent, choice: JsonNode, { gone, texts }: Removed): boolean {
  const holder = holderOf(choice);
  if (holder === undefined) return false;
  const isGone = (at: number): boolean => gone.has(at);
  const calls = holder.at('tool_calls')?.items ?? [];
  const allCalls = calls.length > 0 && calls.every((_, at) => isGone(at));
  const goes = (key: string): boolean => (key === 'tool_calls' && allCalls) || (key === 'function_call' && isGone(LEGACY));
  const before = choice.at('delta') !== undefined || (holder.textAt('content') !== '' || (holder.at('content')?.items.length ?? 0) > 0) ? GAP : '';
  const said = texts.length === 0 ? undefined : before + texts.join(GAP);

  if (!allCalls) spliceOut(event, calls, isGone);
  const members = holder.members.map(({ start, value }) => ({ start, end: value.end }));
  const taken = said === undefined ? -1 : say(event, holder, said, goes);
  spliceOut(event, members, (at) => at !== taken && goes(holder.members[at]?.key ?? ''));
  return said === undefined && holder.members.every(({ key }) => goes(key));
}

/** Puts a text into `content`; the position of the member that became it, -1 when one was there or was added. */
function say(event: EditedEvent, holder: JsonNode, text: string, goes: (key: string) => boolean): number {
  const content = holder.at('content');
  if (content?.kind === 'string') {
    appendText(event, content, text);
    return -1;
  }
  const lastPart = content?.items[content.items.length - 1];
  if (lastPart !== undefined) {
    event.splices.push({ start: lastPart.end, end: lastPart.end, bytes: Buffer.from(`,{"type":"text","text":${JSON.stringify(text)}}`) });
    return -1;
  }
  if (content !== undefined) {
    spliceText(event, content, '', text, '');
    return -1;
  }
  const taken = holder.members.findIndex(({ key }) => goes(key));
  const member = holder.members[taken];
  const json = `"content":${JSON.stringify(text)}`;
  if (member !== undefined) {
    event.splices.push({ start: member.start, end: member.value.end, bytes: Buffer.from(json) });
    return taken;
  }
  const first = holder.members[0]?.start ?? holder.start + 1;
  event.splices.push({ start: first, end: first, bytes: Buffer.from(`${json},`) });
  return -1;
}
