/** Splicing into an event: values, texts, and the removal of members and elements with the commas between them. */
import type { Splice } from '../redaction/splice.ts';
import { encodeContent, type JsonNode } from './tool-call-tree.ts';

interface Edited {
  readonly splices: Splice[];
}

/** Puts JSON in the place of a value. */
export function spliceValue(event: Edited, node: JsonNode, json: string): void {
  event.splices.push({ start: node.start, end: node.end, bytes: Buffer.from(json) });
}

/** Puts JSON around a text in the place of a value. */
export function spliceText(event: Edited, node: JsonNode, before: string, text: string, after: string): void {
  spliceValue(event, node, `${before}${JSON.stringify(text)}${after}`);
}

/** Appends a text to a string. */
export function appendText(event: Edited, node: JsonNode, text: string): void {
  event.splices.push({ start: node.end - 1, end: node.end - 1, bytes: Buffer.from(encodeContent(text)) });
}

/** Removes some of the elements or members that stand side by side, with the commas that would be left. */
export function spliceOut(event: Edited, siblings: readonly { readonly start: number; readonly end: number }[], removed: (position: number) => boolean): void {
  const empty = Buffer.alloc(0);
  let position = 0;
  while (position < siblings.length) {
    const first = siblings[position];
    if (first === undefined || !removed(position)) {
      position++;
      continue;
    }
    let last = position;
    while (last + 1 < siblings.length && removed(last + 1)) last++;
    const next = siblings[last + 1];
    const before = siblings[position - 1];
    const end = siblings[last]?.end ?? first.end;
    if (next !== undefined) event.splices.push({ start: first.start, end: next.start, bytes: empty });
    else event.splices.push({ start: before?.end ?? first.start, end, bytes: empty });
    position = last + 1;
  }
}
