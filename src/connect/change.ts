/** What connecting changes in a document, and how it is taken back. Pure: texts in, texts out. */
import type { FileFormat, PathStep, Setting } from './client.ts';
import type { Trace } from './edit/document.ts';
import { EDITORS } from './edit/editor.ts';

/** One value that was set. Kept until it is taken back. */
export interface Change {
  readonly path: readonly PathStep[];
  /** The bytes that stood there; absent = nothing did. */
  readonly before?: string;
  readonly after: string;
  readonly trace: Trace;
  /** The API that it was set for. */
  readonly api: string;
}

const samePath = (a: readonly PathStep[], b: readonly PathStep[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Applies settings to a document.
 * @param api which of the client's APIs they are for
 * @param earlier what earlier calls have set in it: what was there before them stays known. What one has set for the same
 *   API and is not wanted any more is taken back
 * @returns the new text, and everything in it that is ours
 * @throws EditError; nothing is to be written then
 */
export function applySettings(text: string, format: FileFormat, settings: readonly Setting[], api: string, earlier: readonly Change[] = []): { readonly text: string; readonly changes: readonly Change[] } {
  const editor = EDITORS[format];
  const unwanted = earlier.filter((change) => change.api === api && !settings.some(({ path }) => samePath(path, change.path)));
  let result = undoChanges(text, format, unwanted).text;
  const changes: Change[] = [];
  for (const { path, value, onlyIfAbsent } of settings) {
    const found = editor.readPath(result, path);
    const known = earlier.find((change) => samePath(change.path, path));
    const ours = found !== undefined && known?.after === found.raw ? known : undefined;
    if (found !== undefined && (onlyIfAbsent === true || found.value === value)) {
      // Within what was put there whole, one value may be set anew below: taking back the other way round compares it then.
      const kept = onlyIfAbsent === true ? known : ours;
      if (kept !== undefined) changes.push(kept);
      continue;
    }
    const trace = ours?.trace ?? editor.tracePath(result, path);
    result = editor.setPath(result, path, value);
    const after = editor.readPath(result, path)?.raw ?? '';
    const before = ours === undefined ? found?.raw : ours.before;
    changes.push({ path, after, trace, api, ...(before === undefined ? {} : { before }) });
  }
  // What was set for another API of the same client stays ours.
  for (const change of earlier) {
    if (change.api !== api && !settings.some(({ path }) => samePath(path, change.path)) && editor.readPath(result, change.path)?.raw === change.after) changes.unshift(change);
  }
  return { text: result, changes };
}

/**
 * Takes changes back, the last one first.
 * @returns the text, and the changes that somebody has changed again since, which stay as they are
 * @throws EditError
 */
export function undoChanges(text: string, format: FileFormat, changes: readonly Change[]): { readonly text: string; readonly left: readonly Change[] } {
  const editor = EDITORS[format];
  let result = text;
  const left: Change[] = [];
  for (const change of [...changes].reverse()) {
    const found = editor.readPath(result, change.path);
    if (found === undefined) continue;
    if (found.raw !== change.after) left.unshift(change);
    else result = change.before === undefined ? editor.removePath(result, change.path, change.trace) : editor.putBack(result, change.path, change.before);
  }
  return { text: result, left };
}
