/**
 * Anthropic Messages. A message streams as content blocks, each told by its `index`:
 * content_block_start, content_block_delta …, content_block_stop; then message_delta and message_stop. `ping` may
 * come anywhere, `error` ends everything. Text, citations and tool input come as deltas, tool input as pieces of
 * JSON text cut anywhere (with fine-grained tool streaming not even valid at the end); a compaction block's summary
 * comes as one `compaction_delta`. thinking_delta and signature_delta are opaque by their keys.
 * https://platform.claude.com/docs/en/build-with-claude/streaming
 */
import type { DeltaField, EventWire } from './wire.ts';

const BLOCK = ['index'];

/** Blocks of text may begin with text in content_block_start, which the deltas continue. */
const deltas: readonly DeltaField[] = [
  { path: 'content_block.text', depth: 1, channel: 'text', ids: BLOCK },
  { path: 'delta.text', depth: 1, channel: 'text', ids: BLOCK },
  { path: 'delta.content', depth: 1, channel: 'compaction', ids: BLOCK },
  { path: 'delta.partial_json', depth: 2, channel: 'input', ids: BLOCK },
];

export const anthropic: EventWire = {
  name: 'anthropic',
  deltas,
  ends(event, channel) {
    if (event.type === 'content_block_delta' || event.type === 'ping') return false;
    if (event.type !== 'content_block_stop' && event.type !== 'content_block_start') return event.type !== '';
    const index = event.first('index');
    const same = (index === undefined ? '' : event.text(index)) === channel.ids[0];
    return event.type === 'content_block_stop' && same;
  },
};
