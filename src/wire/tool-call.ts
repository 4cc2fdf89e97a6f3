/**
 * What an event or a whole answer says of tool calls and of text, in words common to all protocols, and how a
 * refused call is taken out of it. Like all of `wire`, read by the fields of the data, never by the route.
 */
import type { Splice } from '../redaction/splice.ts';
import { anthropicCalls } from './tool-call-anthropic.ts';
import { chatCalls } from './tool-call-chat.ts';
import { geminiCalls } from './tool-call-gemini.ts';
import { responsesCalls } from './tool-call-responses.ts';
import type { JsonNode } from './tool-call-tree.ts';

/** Which call in an event: the position of its choice, candidate or item, and its own among those there. */
export type CallPlace = readonly [number, number];

/** What one event says of one call. */
export interface CallPiece {
  readonly wire: CallWire;
  /** Tells the call from others of the answer. */
  readonly key: string;
  /** Calls of one scope decide together why the turn ended. */
  readonly scope: string;
  /** Calls of one line come one after the other: a new one ends those before it. '' where they may overlap. */
  readonly line: string;
  readonly place: CallPlace;
  /** Whether a call begins here. `if-other-id`: when one of the same key is known, only with another id. */
  readonly begins: 'yes' | 'no' | 'if-other-id';
  /** '' where this event does not say it. */
  readonly id: string;
  readonly name: string;
  /** 'function', 'custom', 'local_shell', 'shell', 'apply_patch', 'computer'; 'server' runs at the vendor. */
  readonly kind: string;
  readonly isJson: boolean;
  /** Continues the input. */
  readonly piece: string;
  /** The whole input, where the event tells it; '' where it does not. */
  readonly whole: string;
  /** Pieces of single arguments, told by their paths. */
  readonly args?: readonly { readonly path: string; readonly value: string; readonly isText: boolean }[];
}

/** Told what stands in an event, in its order. */
export interface AnswerSink {
  call(piece: CallPiece): void;
  /** A whole call that earlier events may have told already; ids as an earlier event may have had them. */
  repeatedCall(piece: CallPiece, ids: readonly string[]): void;
  /** Calls whose keys begin so are complete. */
  closeCalls(prefix: string): void;
  /** A new answer begins: what its scope counted is forgotten. */
  openScope(scope: string): void;
  /** Why the turn ended; `replacement` is to stand there when every call of the scope was refused. */
  stopReason(scope: string, node: JsonNode, replacement: string): void;
  /** The position of a call, which moves up when calls before it were refused. */
  position(scope: string, node: JsonNode): void;
  /** A piece of text. */
  text(key: string, node: JsonNode): void;
  closeTexts(prefix: string): void;
  /** A text that came in pieces, once more as a whole. */
  repeatedText(key: string, node: JsonNode): void;
  /** A piece of thinking, which nobody judges. */
  thought(node: JsonNode): void;
}

/** An event in which a refused call is replaced. Splices do not overlap but for those within a removed call. */
export interface EditedEvent {
  readonly root: JsonNode;
  readonly splices: Splice[];
  /** The event does not leave. */
  drop(): void;
  /** Another event of this type leaves behind this one. */
  append(type: string, json: string): void;
  /** These leave in the event's place. A `sequence_number` of 0 in them is filled in. */
  replace(events: readonly { readonly type: string; readonly json: string }[]): void;
  /** Calls removed from an event that may hold several, for the wire's `finish`. */
  readonly removed: { readonly place: CallPlace; readonly text: string | undefined }[];
}

export interface CallWire {
  readonly name: string;
  /** Whether the event is one of this protocol. */
  owns(root: JsonNode): boolean;
  read(root: JsonNode, sink: AnswerSink): void;
  /** Takes a call out of an event. `text` stands in its place; undefined for the events behind the first. */
  refuse(event: EditedEvent, place: CallPlace, text: string | undefined): void;
  /** Makes the splices of `removed`, once all calls of the event are decided. */
  finish?(event: EditedEvent): void;
}

const WIRES: readonly CallWire[] = [anthropicCalls, chatCalls, responsesCalls, geminiCalls];

/**
 * Bytes (seen as Latin-1) without which no event begins a call: `tool_use"`, `tool_calls"`, `function_call"`,
 * `shell_call"` and all items that end so, `functionCall"`, `executableCode"`. What many chunks say instead of a call,
 * `null` and `[]`, does not count, nor does a key such as `server_tool_use`.
 */
export const MAY_CALL = /[_ne](?:use"(?!\s{0,4}:)|calls?"(?!\s{0,4}:\s{0,4}(?:null|\[\s{0,4}\]))|Call"|Code")/g;

/** Reads an event or a whole answer; nothing is told of one that no protocol knows. */
export function readAnswer(root: JsonNode, sink: AnswerSink): void {
  if (root.kind !== 'object') return;
  for (const wire of WIRES) {
    if (!wire.owns(root)) continue;
    wire.read(root, sink);
    return;
  }
}
