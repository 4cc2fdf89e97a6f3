const CHOICE = ['choices[].index'];
const CALL = ['choices[].index', 'choices[].delta.tool_calls[].index'];
const deltas = [
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
function passesOn(event, channel) {
    if (channel.field.channel === 'call')
        return false;
    return event.leaves.some((leaf) => {
        if (!leaf.place.path.startsWith(CALLS))
            return false;
        const index = event.beside(leaf, 'choices[].index');
        return (index === undefined ? '' : event.text(index)) === channel.ids[0];
    });
}
export const openaiChat = {
    name: 'openai-chat',
    deltas,
    ends(event, channel) {
        for (const leaf of event.leaves) {
            if (leaf.place.path.startsWith('error.') || (leaf.place.path === 'error' && event.text(leaf) !== 'null'))
                return true;
            if (leaf.place.path !== 'choices[].finish_reason' || event.text(leaf) === 'null' || leaf.start === leaf.end)
                continue;
            const index = event.beside(leaf, 'choices[].index');
            if ((index === undefined ? '' : event.text(index)) === channel.ids[0])
                return true;
        }
        return passesOn(event, channel);
    },
};
