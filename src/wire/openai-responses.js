/** Reasoning text and summaries: thinking, which Codex and others send back as it was. */
const REASONING = /^response\.reasoning/;
const DELTA = /^response\..+[._]delta$/;
/** Base64, and text of the model's own container rather than of the answer's reader. */
const AUDIO = /^response\.(?:output_)?audio\.delta$/;
const ARGUMENTS = /arguments[._]delta$/;
const isText = (type) => DELTA.test(type) && !AUDIO.test(type) && !ARGUMENTS.test(type);
const isArguments = (type) => DELTA.test(type) && ARGUMENTS.test(type);
const IDS = ['output_index', 'content_index', 'command_index', 'item_id'];
const deltas = [
    { path: 'delta', depth: 1, channel: 'text', ids: IDS, types: isText },
    { path: 'delta', depth: 2, channel: 'arguments', ids: IDS, types: isArguments },
    { path: 'delta.stdout', depth: 1, channel: 'stdout', ids: IDS, types: isText },
    { path: 'delta.stderr', depth: 1, channel: 'stderr', ids: IDS, types: isText },
];
const ENDS_ALL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled', 'error']);
const THINKING_PARTS = new Set(['reasoning_text', 'summary_text']);
export const openaiResponses = {
    name: 'openai-responses',
    deltas,
    ends(event, channel) {
        if (ENDS_ALL.has(event.type))
            return true;
        if (!/[._]done$/.test(event.type))
            return false;
        const index = event.first('output_index');
        return index === undefined || event.text(index) === channel.ids[0];
    },
    thinks: (type) => REASONING.test(type),
    isThinking(event, leaf) {
        if (leaf.place.key !== 'text')
            return false;
        const type = event.beside(leaf, leaf.place.path.replace(/text$/, 'type'));
        return type !== undefined && THINKING_PARTS.has(event.text(type));
    },
};
