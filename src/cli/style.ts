/** Colours for terminals, and text cut to columns. */
import type { CommandIo } from './command.ts';

export type Paint = (text: string) => string;

export interface Style {
  readonly good: Paint;
  readonly doubtful: Paint;
  readonly bad: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** SGR codes: ECMA-48 section 8.3.117. */
const paint = (code: number, end: number): Paint => (text) => `\x1b[${code}m${text}\x1b[${end}m`;
const plain: Paint = (text) => text;

/** Colours only where somebody looks, and nobody has asked for none (https://no-color.org). */
export function createStyle(stream: CommandIo['stdout'], env: CommandIo['env']): Style {
  if (stream.isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') {
    return { good: plain, doubtful: plain, bad: plain, faint: plain, strong: plain };
  }
  return { good: paint(32, 39), doubtful: paint(33, 39), bad: paint(31, 39), faint: paint(2, 22), strong: paint(1, 22) };
}

/** The width of the screen that is written to, in characters; without end where there is none. */
export function widthOf(stream: CommandIo['stdout']): number {
  return stream.isTTY === true && 'columns' in stream && typeof stream.columns === 'number' && stream.columns > 0 ? stream.columns : Infinity;
}

/** Rows as columns, each as wide as its widest cell; nothing behind the last cell of a row. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd()}\n`).join('');
}

/**
 * Text from elsewhere fit for a terminal: characters that move the cursor, change colours or turn the direction of text
 * are shown as "·".
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
}
