/** The matrix of programs and what they were seen to do, as a Markdown table, and its place in a page between two comments. */

/** `yes` was seen; `no` was tried and failed; `skipped` was not tried. The reason tells the last two. */
export type Verdict = { readonly kind: 'yes' } | { readonly kind: 'no' | 'skipped'; readonly reason: string };

export interface Row {
  readonly program: string;
  readonly version: string;
  /** The protocol it spoke, as in `Anthropic Messages`. */
  readonly protocol: string;
  /** A streamed answer was shown, with the secret of the prompt back in its place. */
  readonly streamed: Verdict;
  /** The upstream has not seen a secret, in any spelling, and nothing else of the requests was changed for one. */
  readonly hidden: Verdict;
  /** A command with a placeholder in it worked on the real value. */
  readonly command: Verdict;
  /** A file written with a placeholder in it holds the real value. */
  readonly file: Verdict;
  /** A refused command did not run, and the program ended its turn with the refusal as text. */
  readonly refused: Verdict;
}

export const YES: Verdict = { kind: 'yes' };
export const no = (reason: string): Verdict => ({ kind: 'no', reason });
export const skipped = (reason: string): Verdict => ({ kind: 'skipped', reason });

export const BEGIN = '<!-- programs:begin -->';
export const END = '<!-- programs:end -->';

const COLUMNS = ['streamed', 'hidden', 'command', 'file', 'refused'] as const;
const TITLES = ['program', 'version', 'protocol', 'streamed answer', 'secret hidden', 'command acts on the real value', 'file holds the real value', 'refusal ends as a normal turn'];
const REASON_MAX_CHARS = 160;

/** All verdicts of a row, in the columns' order. */
export function verdictsOf(row: Row): Verdict[] {
  return COLUMNS.map((column) => row[column]);
}

/** A row for a program that could not be tried at all. */
export function skippedRow(program: string, version: string, protocol: string, reason: string): Row {
  const all = skipped(reason);
  return { program, version, protocol, streamed: all, hidden: all, command: all, file: all, refused: all };
}

/** Text that can't end a cell or a line of a Markdown table, nor begin a tag or a comment in it. */
function cell(text: string): string {
  const short = text.length > REASON_MAX_CHARS ? `${text.slice(0, REASON_MAX_CHARS)}…` : text;
  return short.replace(/\s+/g, ' ').trim().replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function verdictCell(verdict: Verdict): string {
  return verdict.kind === 'yes' ? 'yes' : cell(`${verdict.kind}: ${verdict.reason}`);
}

/** The table, one line a row, without a line end after the last. */
export function renderMatrix(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(TITLES),
    line(TITLES.map(() => '---')),
    ...rows.map((row) => line([...[row.program, row.version, row.protocol].map(cell), ...verdictsOf(row).map(verdictCell)])),
  ].join('\n');
}

/**
 * The page with `text` between the two comments, all else as it was.
 *
 * @throws when a comment is missing, stands there twice, or the two stand in the wrong order.
 */
export function putBetweenMarkers(page: string, text: string): string {
  for (const marker of [BEGIN, END]) {
    const count = page.split(marker).length - 1;
    if (count !== 1) throw new Error(`The page holds ${marker} ${count} times, not once.`);
  }
  const start = page.indexOf(BEGIN) + BEGIN.length;
  const end = page.indexOf(END);
  if (end < start) throw new Error(`The page holds ${END} before ${BEGIN}.`);
  return `${page.slice(0, start)}\n${text}\n${page.slice(end)}`;
}

/** `3 rows: 12 yes, 1 no, 2 skipped` */
export function summaryOf(rows: readonly Row[]): string {
  const count = (kind: Verdict['kind']): number => rows.flatMap(verdictsOf).filter((verdict) => verdict.kind === kind).length;
  return `${rows.length} rows: ${count('yes')} yes, ${count('no')} no, ${count('skipped')} skipped`;
}
