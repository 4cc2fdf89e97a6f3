/**
 * Tool calls of Gemini: a `functionCall` part, whole in one event; on Vertex AI the arguments may stream as
 * `partialArgs`, over events of which all but the last say `willContinue`. A refused part becomes a text part, which
 * takes its `thoughtSignature` with it: that one signs the call. `executableCode` runs at the vendor. Code Assist
 * wraps the whole in `response`.
 * https://ai.google.dev/api/caching#FunctionCall,
 * https://googleapis.github.io/js-genai/release_docs/interfaces/types.PartialArg.html
 */
import { spliceText } from './tool-call-edit.ts';
import type { AnswerSink, CallPiece, CallWire } from './tool-call.ts';
import type { JsonNode } from './tool-call-tree.ts';

/** Clients join the parts' texts. */
const GAP = '\n\n';

export const geminiCalls: CallWire = {
  name: 'gemini',

  owns: (root) => candidatesOf(root) !== undefined,

  read(root, sink) {
    candidatesOf(root)?.forEach((candidate, position) => {
      const line = `g${candidate.idAt('index')}.`;
      candidate.at('content', 'parts')?.items.forEach((part, at) => readPart(part, line, position, at, sink));
      const reason = candidate.at('finishReason');
      if (reason === undefined || reason.isNull) return;
      sink.closeCalls(line);
      sink.closeTexts(line);
    });
  },

  refuse(event, [position, at], text) {
    const part = candidatesOf(event.root)?.[position]?.at('content', 'parts')?.items[at];
    if (part !== undefined) spliceText(event, part, '{"text":', text === undefined ? '' : `${GAP}${text}`, '}');
  },
};

function candidatesOf(root: JsonNode): readonly JsonNode[] | undefined {
  const candidates = root.at('candidates') ?? root.at('response', 'candidates');
  return candidates?.kind === 'array' ? candidates.items : undefined;
}

function readPart(part: JsonNode, line: string, position: number, at: number, sink: AnswerSink): void {
  const text = part.at('text');
  if (text?.kind === 'string') {
    if (part.at('thought')?.raw === 'true') sink.thought(text);
    else sink.text(line, text);
    return;
  }
  const call = part.at('functionCall');
  const code = part.at('executableCode');
  if (call === undefined && code === undefined) return;
  sink.closeTexts(line);
  const key = `${line}call.`;
  const name = call?.textAt('name') ?? 'executableCode';
  const args = call?.at('args');
  const partial = call?.at('partialArgs')?.items ?? [];
  const piece: CallPiece = {
    wire: geminiCalls, key, scope: line, line, place: [position, at], begins: name === '' ? 'no' : 'yes',
    id: call?.textAt('id') ?? '', name, kind: call === undefined ? 'server' : 'function', isJson: true, piece: '',
    whole: code?.raw ?? (args === undefined ? '' : args.raw),
  };
  sink.call(partial.length === 0 ? piece : { ...piece, args: partial.map(readArgument) });
  if (call?.at('willContinue')?.raw !== 'true') sink.closeCalls(key);
}

/** One piece of an argument: `{"jsonPath":"$.command","stringValue":"ls","willContinue":true}`. */
function readArgument(arg: JsonNode): { path: string; value: string; isText: boolean } {
  const path = arg.textAt('jsonPath').replace(/^\$\.?/, '');
  const text = arg.at('stringValue');
  if (text !== undefined) return { path, value: text.text, isText: true };
  return { path, value: (arg.at('numberValue') ?? arg.at('boolValue'))?.raw ?? 'null', isText: false };
}
