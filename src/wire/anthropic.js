const BLOCK = ['index'];
/** Blocks of text may begin with text in content_block_start, which the deltas continue. */
const deltas = [
    { path: 'content_block.text', depth: 1, channel: 'text', ids: BLOCK },
    { path: 'delta.text', depth: 1, channel: 'text', ids: BLOCK },
    { path: 'delta.content', depth: 1, channel: 'compaction', ids: BLOCK },
    { path: 'delta.partial_json', depth: 2, channel: 'input', ids: BLOCK },
];
export const anthropic = {
    name: 'anthropic',
    deltas,
    ends(event, channel) {
        if (event.type === 'content_block_delta' || event.type === 'ping')
            return false;
        if (event.type !== 'content_block_stop' && event.type !== 'content_block_start')
            return event.type !== '';
        const index = event.first('index');
        const same = (index === undefined ? '' : event.text(index)) === channel.ids[0];
        return event.type === 'content_block_stop' && same;
    },
};
