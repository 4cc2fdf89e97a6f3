/**
 * All protocols of streamed answers in one table. An event is read by its own fields, not by the route it came on,
 * so a vendor that speaks another's protocol, or several at once, needs no setting. Events of no known protocol hold
 * no deltas: their strings are restored one by one.
 */
import { anthropic } from './anthropic.js';
import { gemini } from './gemini.js';
import { openaiChat } from './openai-chat.js';
import { openaiResponses } from './openai-responses.js';
export const WIRES = [anthropic, openaiChat, openaiResponses, gemini];
const BY_PATH = new Map();
for (const wire of WIRES) {
    for (const field of wire.deltas) {
        const fields = BY_PATH.get(field.path) ?? [];
        fields.push({ wire, field });
        BY_PATH.set(field.path, fields);
    }
}
/** The delta field that this string of an event is, if it is one. */
export function deltaField(event, leaf) {
    if (leaf.kind !== 'string')
        return undefined;
    const fields = BY_PATH.get(leaf.place.path);
    if (fields === undefined)
        return undefined;
    for (const entry of fields) {
        const { field } = entry;
        if (field.types !== undefined && !field.types(event.type))
            continue;
        if (field.unless !== undefined && isTrue(event, leaf, field.unless))
            continue;
        return entry;
    }
    return undefined;
}
/** What tells the text that `leaf` continues from others of its channel. */
export function channelIds(event, leaf, field) {
    return field.ids.map((path) => {
        const id = event.beside(leaf, path);
        return id === undefined ? '' : event.text(id);
    });
}
/** Whether the text of `field` may go on in a later event, as far as the delta itself tells. */
export function continues(event, leaf, field) {
    return field.continues === undefined || isTrue(event, leaf, field.continues);
}
/** Whether all strings of an event of this type are thinking. */
export function thinks(type) {
    return WIRES.some((wire) => wire.thinks?.(type) === true);
}
/** Whether a string is thinking by what stands beside it. */
export function isThinking(event, leaf) {
    return WIRES.some((wire) => wire.isThinking?.(event, leaf) === true);
}
function isTrue(event, leaf, path) {
    const found = event.beside(leaf, path);
    return found !== undefined && found.kind === 'other' && event.text(found) === 'true';
}
