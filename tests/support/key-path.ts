/** Walking the strings of a JSON text with the paths that lead to them, as the request's filter sees them. */
import { JsonScanner } from '../../src/json/scanner.ts';
import type { ObjectPath } from '../../src/json/key-path.ts';

export type Visit = (path: ObjectPath, bytes: Buffer, start: number, end: number, last: boolean, isKey: boolean) => void;

/** @param chunkBytes how the text is cut; whole unless said. */
export function walkJson(value: unknown, visit: Visit, chunkBytes = Infinity): void {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const scanner = new JsonScanner({ content: (piece, start, end, last, isKey) => visit(scanner.path, piece, start, end, last, isKey) });
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, Math.min(bytes.length, at + chunkBytes)));
  scanner.end();
}
