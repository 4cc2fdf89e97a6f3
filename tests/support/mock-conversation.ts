/**
 * One view of a request for every protocol, and the answer the mock gives to it. Each protocol's own file reads its
 * request into a `Conversation` and writes the `Answer` in its own shapes.
 */
import type { Behaviour } from './mock-behaviour.ts';
import type { RecordedRequest } from './mock-record.ts';
import { arrayOf, isObject, objectOf, stringOf } from './mock-json.ts';
import type { JsonObject } from './mock-json.ts';

export interface MockTool {
  name: string;
  /** The JSON schema of its input. */
  schema: JsonObject;
  /** The description of a tool that takes plain text and has no schema (`custom` in OpenAI's Responses). */
  freeform?: string;
}

export interface Conversation {
  model: string;
  stream: boolean;
  messageCount: number;
  systemText: string;
  tools: MockTool[];
  /** `auto`, `none`, or the name of the tool that must be called. */
  toolChoice: string;
  /** Text of the last turn in which the user wrote something. */
  userText: string;
  /** What the tools answered, when the last turn is such an answer. */
  toolResult: string | null;
  /** How many answers of tools the whole conversation holds. */
  toolResultCount: number;
  /** Whether the request asks for reasoning to be shown. */
  wantsThinking: boolean;
}

export interface ToolCall {
  name: string;
  /** The arguments as JSON text; of a freeform tool, the plain text. */
  input: string;
  freeform?: true;
}

export interface Answer {
  thinking: string | null;
  /** Empty where the answer consists of tool calls. */
  text: string;
  calls: ToolCall[];
}

const MAX_QUOTED_CODE_POINTS = 400;

/** Takes the mock's place in deciding what to answer; null leaves it to the mock. */
export type Decide = (conversation: Conversation, record: RecordedRequest) => Answer | null;

/** Decides what to answer: an echo, calls of the tools that were given, or a text that says what the mock saw. */
export function answerTo(conversation: Conversation, behaviour: Behaviour, record: RecordedRequest, decide?: Decide): Answer {
  const decided = decide?.(conversation, record) ?? null;
  if (decided !== null) return decided;
  const thinking = conversation.wantsThinking
    ? `The request has ${conversation.messageCount} messages and ${record.body.length} bytes.`
    : null;
  if (behaviour.echo) return { thinking, text: conversation.toolResult ?? conversation.userText, calls: [] };
  if (conversation.toolResult !== null) {
    const text = `The mock upstream saw the tool's answer: ${quote(conversation.toolResult)}`;
    return { thinking, text, calls: [] };
  }
  const called = toolsToCall(conversation, behaviour);
  if (called.length > 0) {
    const calls = called.map(({ name, schema, freeform }): ToolCall =>
      freeform === undefined ? { name, input: inputFor(schema, conversation.userText) } : { name, input: conversation.userText, freeform: true });
    return { thinking, text: '', calls };
  }
  return { thinking, text: describe(conversation, record), calls: [] };
}

function toolsToCall({ tools, toolChoice }: Conversation, behaviour: Behaviour): MockTool[] {
  if (toolChoice === 'none') return [];
  const named = tools.filter((tool) => tool.name === toolChoice);
  if (named.length > 0) return named;
  return behaviour.allTools ? tools : tools.slice(0, 1);
}

/** Arguments that fit the schema: every wanted string holds the user's text, so that it can be followed both ways. */
function inputFor(schema: JsonObject, text: string): string {
  const properties = objectOf(schema['properties']);
  const required = arrayOf(schema['required']).filter((name) => typeof name === 'string');
  const names = required.length > 0 ? required : Object.keys(properties);
  const input: JsonObject = {};
  for (const name of names) input[name] = valueFor(objectOf(properties[name]), text);
  return JSON.stringify(input);
}

function valueFor(schema: JsonObject, text: string): unknown {
  const choices = arrayOf(schema['enum']);
  if (choices.length > 0) return choices[0];
  switch (schema['type']) {
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [valueFor(objectOf(schema['items']), text)];
    case 'object':
      return {};
    default:
      return text;
  }
}

function describe(conversation: Conversation, record: RecordedRequest): string {
  const parts = [
    `model "${conversation.model}"`,
    count(conversation.messageCount, 'message'),
    count(conversation.tools.length, 'tool'),
    `a system text of ${count([...conversation.systemText].length, 'character')}`,
    `a body of ${count(record.body.length, 'byte')}`,
  ];
  return (
    `The mock upstream saw ${record.method} ${record.url} over HTTP/${record.httpVersion}: ${parts.join(', ')}. ` +
    `The last user text: ${quote(conversation.userText)}`
  );
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function quote(text: string): string {
  const points = [...text];
  if (points.length <= MAX_QUOTED_CODE_POINTS) return `"${text}"`;
  return `"${points.slice(0, MAX_QUOTED_CODE_POINTS).join('')}" and ${points.length - MAX_QUOTED_CODE_POINTS} characters more`;
}

/** Cuts a text into pieces of so many code points; an empty text gives no piece. Surrogate pairs stay whole. */
export function piecesOf(text: string, codePoints: number): string[] {
  const points = [...text];
  const pieces: string[] = [];
  for (let at = 0; at < points.length; at += codePoints) pieces.push(points.slice(at, at + codePoints).join(''));
  return pieces;
}

/**
 * The text of a message's content, which is a string or a list of parts with a `text` (Anthropic's and both of OpenAI's
 * protocols agree in this). Parts of other types are left out.
 */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return arrayOf(content)
    .filter((part) => isObject(part) && typeof part['text'] === 'string')
    .map((part) => stringOf(objectOf(part)['text']))
    .join('\n');
}

/** A rough figure for token counts: four bytes of UTF-8 to a token. */
export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
