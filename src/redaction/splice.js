/**
 * A value as the content of a JSON string: escaped once for each level. The result holds no line end and no quote
 * of its own level, so it can stand in an event's data line.
 */
export function escapeValue(value, depth) {
    let text = value;
    for (let level = 0; level < depth; level++)
        text = JSON.stringify(text).slice(1, -1);
    return Buffer.from(text);
}
/** `bytes[start, end)` with the splices made; they lie in it, in any order, without overlap. */
export function applySplices(bytes, start, end, splices) {
    if (splices.length === 0)
        return bytes.subarray(start, end);
    const pieces = [];
    let at = start;
    for (const splice of [...splices].sort((one, other) => one.start - other.start)) {
        pieces.push(bytes.subarray(at, splice.start), splice.bytes);
        at = splice.end;
    }
    pieces.push(bytes.subarray(at, end));
    return Buffer.concat(pieces);
}
