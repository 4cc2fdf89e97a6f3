/** A text cut where findings begin and end. Pure. */

/** A finding with its range in UTF-16 units, end excluded. */
export interface Ranged {
  readonly start: number;
  readonly end: number;
  readonly action: string;
}

export interface Segment<F> {
  readonly text: string;
  /** The finding that marks this piece; null for what nothing was found in. */
  readonly finding: F | null;
  /** Index of the finding in the list that was given; -1 where there is none. */
  readonly index: number;
}

/** What is done, from the strongest to the weakest. */
const STRENGTH = ['block', 'replace', 'quarantine', 'strip', 'redact', 'flag', 'off'];

export function strengthOf(action: string): number {
  const at = STRENGTH.indexOf(action);
  return at === -1 ? STRENGTH.length : at;
}

/** Where findings overlap the shorter one marks the text, so that both are seen, and of two as long the stronger action. */
export function segmentsOf<F extends Ranged>(text: string, findings: readonly F[]): readonly Segment<F>[] {
  const within = findings.map((finding) => ({ start: clamp(finding.start, text.length), end: clamp(finding.end, text.length) }));
  const cuts = new Set([0, text.length]);
  for (const { start, end } of within) {
    cuts.add(start);
    cuts.add(end);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const segments: Segment<F>[] = [];
  for (let at = 0; at + 1 < sorted.length; at += 1) {
    const start = sorted[at] ?? 0;
    const end = sorted[at + 1] ?? start;
    let index = -1;
    within.forEach((range, candidate) => {
      if (range.start > start || range.end < end || range.start === range.end) return;
      if (index === -1 || isNearer(findings, candidate, index)) index = candidate;
    });
    const before = segments.at(-1);
    if (before !== undefined && before.index === index) segments[segments.length - 1] = { ...before, text: before.text + text.slice(start, end) };
    else segments.push({ text: text.slice(start, end), finding: findings[index] ?? null, index });
  }
  return segments;
}

function clamp(at: number, length: number): number {
  return Math.max(0, Math.min(length, at));
}

function isNearer(findings: readonly Ranged[], candidate: number, than: number): boolean {
  const a = findings[candidate];
  const b = findings[than];
  if (a === undefined || b === undefined) return false;
  const longer = (a.end - a.start) - (b.end - b.start);
  return longer < 0 || (longer === 0 && strengthOf(a.action) < strengthOf(b.action));
}
