/**
 * OpenAI Chat Completions and the many who speak it, and legacy completions (`choices[].text`). Every chunk holds
 * deltas of some choices, told by `choices[].index`; a choice ends with a `finish_reason`, the stream with the data
 * `[DONE]`. Tool calls are told by their own index in the delta. Chunks without choices carry usage.
 * https://platform.openai.com/docs/api-reference/chat-streaming
 *
 * Mistral sends `delta.content` as an array of parts at times; their `thinking` parts are opaque by their key.
 * https://docs.mistral.ai/capabilities/reasoning
 */
import type { EventDocument } from './event-document.ts';
import type { DeltaField, OpenChannel, EventWire } from './wire.ts';

const CHOICE = ['choices[].index'];
const CALL = ['choices[].index', 'choices[].delta.tool_calls[].index'];

const deltas: readonly DeltaField[] = [
  { path: 'choices[].delta.content', depth: 1, channel: 'content', ids: CHOICE },
  { path: 'choices[].delta.content[].text', depth: 1, channel: 'content', ids: CHOICE },
  { path: 'choices[].delta.refusal', depth: 1, channel: 'refusal', ids: CHOICE },
  { path: 'choices[].delta.audio.transcript', depth: 1, channel: 'transcript', ids: CHOICE },
  { path: 'choices[].text', depth: 1, channel: 'content', ids: CHOICE },
  { path: 'choices[].delta.function_call.arguments', depth: 2, channel: 'function', ids: CHOICE },
  { path: 'choices[].delta.tool_calls[].function.arguments', depth: 2, channel: 'call', ids: CALL },
  { path: 'choices[].delta.tool_calls[].custom.input', depth: 1, channel: 'call', ids: CALL },
];

const CALLS = 'choices[].delta.tool_calls[]';

/** Whether this event goes on with something after the channel's text in the same choice. */
function passesOn(event: EventDocument, channel: OpenChannel): boolean {
  if (channel.field.channel === 'call') return false;
  return event.leaves.some((leaf) => {
    if (!leaf.place.path.startsWith(CALLS)) return false;
    const index = event.beside(leaf, 'choices[].index');
    return (index === undefined ? '' : event.text(index)) === channel.ids[0];
  });
}

export const openaiChat: EventWire = {
  name: 'openai-chat',
  deltas,
  ends(event, channel) {
    for (const leaf of event.leaves) {
      if (leaf.place.path.startsWith('error.') || (leaf.place.path === 'error' && event.text(leaf) !== 'null')) return true;
      if (leaf.place.path !== 'choices[].finish_reason' || event.text(leaf) === 'null' || leaf.start === leaf.end) continue;
      const index = event.beside(leaf, 'choices[].index');
      if ((index === undefined ? '' : event.text(index)) === channel.ids[0]) return true;
    }
    return passesOn(event, channel);
  },
};
