/** Which rows of a long list are worth elements. Pure. */

/** Rows kept beyond each edge, so that a quick scroll meets no empty space. */
const OVERSCAN_ROWS = 8;

export interface RowWindow {
  /** First row, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

/** @param scrollTop, viewHeight, rowHeight in CSS pixels */
export function rowWindow(scrollTop: number, viewHeight: number, rowHeight: number, rows: number): RowWindow {
  const height = Math.max(1, rowHeight);
  const first = Math.max(0, Math.min(rows, Math.floor(scrollTop / height)) - OVERSCAN_ROWS);
  const end = Math.min(rows, Math.ceil((scrollTop + Math.max(0, viewHeight)) / height) + OVERSCAN_ROWS);
  return { first, end: Math.max(first, end) };
}

/** Where to scroll so that a row stands wholly in view; as little as possible. */
export function scrollToRow(row: number, scrollTop: number, viewHeight: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - viewHeight);
}
