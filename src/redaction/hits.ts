/** What is to be replaced in a string: secrets, and what a guard wants to stand there instead. */
import type { Rule } from '../detect/rule.ts';
import type { Change } from '../guards/request-guard.ts';

export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly rule: Rule | undefined;
  readonly certain: boolean;
  readonly value: string;
  /** What a guard puts in its place; undefined for a secret. */
  readonly text?: string;
}

/**
 * A guard's changes among the hits. Where one begins within a hit it gives way: a secret is replaced whole, and what was to
 * stand within it stands before or behind it.
 *
 * @param done what lies before has left already
 */
export function withChanges(hits: readonly Hit[], changes: readonly Change[], done: number): Hit[] {
  const all: Hit[] = [];
  let next = 0;
  /** Whether the next insertion opens a fence, which goes before the hit it falls into, or closes it. */
  let opens = true;
  const add = (start: number, end: number, text: string): void => void all.push({ start, end, text, kind: '', rule: undefined, certain: false, value: '' });
  for (const change of changes) {
    while (next < hits.length && (hits[next] as Hit).end <= change.start) all.push(hits[next++] as Hit);
    const hit = hits[next];
    if (change.start === change.end) {
      const within = hit !== undefined && hit.start < change.start;
      if (within && !opens) all.push(hits[next++] as Hit);
      const at = Math.max(done, within ? (opens ? hit.start : hit.end) : change.start);
      add(at, at, change.text);
      opens = !opens;
      continue;
    }
    let from = Math.max(done, change.start);
    while (next < hits.length && (hits[next] as Hit).start < change.end) {
      const over = hits[next++] as Hit;
      if (over.start > from) add(from, over.start, change.text);
      all.push(over);
      from = Math.max(from, over.end);
    }
    if (from < change.end) add(from, change.end, change.text);
  }
  while (next < hits.length) all.push(hits[next++] as Hit);
  return all;
}
