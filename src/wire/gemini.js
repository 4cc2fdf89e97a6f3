const PARTS = 'candidates[].content.parts[]';
const TEXT = `${PARTS}.text`;
const PARTIAL = `${PARTS}.functionCall.partialArgs[]`;
const INDEX = 'candidates[].index';
const deltas = [
    { path: TEXT, depth: 1, channel: 'text', ids: [INDEX], unless: `${PARTS}.thought` },
    { path: `${PARTIAL}.stringValue`, depth: 1, channel: 'argument', ids: [INDEX, `${PARTIAL}.jsonPath`], continues: `${PARTIAL}.willContinue` },
];
export const gemini = {
    name: 'gemini',
    deltas,
    ends(event, channel) {
        for (const leaf of event.leaves) {
            if (leaf.place.path === 'error' || leaf.place.path.startsWith('error.'))
                return true;
            const finishes = leaf.place.path === 'candidates[].finishReason';
            const otherPart = channel.field.channel === 'text' && leaf.place.path.startsWith(`${PARTS}.`) && leaf.place.path !== TEXT && leaf.place.key !== 'thoughtSignature';
            if (!finishes && !otherPart)
                continue;
            const index = event.beside(leaf, INDEX);
            if ((index === undefined ? '' : event.text(index)) === channel.ids[0])
                return true;
        }
        return false;
    },
    isThinking(event, leaf) {
        if (leaf.place.key !== 'text')
            return false;
        const thought = event.beside(leaf, leaf.place.path.replace(/text$/, 'thought'));
        return thought !== undefined && event.text(thought) === 'true';
    },
};
