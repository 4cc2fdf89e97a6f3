/**
 * Reminders of a coding agent's own harness, which stand in turns and behind tool results: orders to the model, to keep
 * things from the user among them, and all of them legitimate. Anybody can write the same tags, so that only what orders
 * nothing harmful is let be.
 */
const OPEN = /<system[-_]reminder>/g;
const CLOSE = /<\/system[-_]reminder>/g;
/** An element that is longer is nobody's reminder. */
const MOST_CHARS = 16_384;

/** Whether a stretch of a folded text lies within a reminder, tags included. A window may end within one. */
export function createReminders(text: string): (start: number, end: number) => boolean {
  const elements: { readonly start: number; readonly end: number }[] = [];
  OPEN.lastIndex = 0;
  for (let open = OPEN.exec(text); open !== null; open = OPEN.exec(text)) {
    CLOSE.lastIndex = open.index;
    const close = CLOSE.exec(text);
    const end = close === null ? text.length : close.index + close[0].length;
    if (end - open.index <= MOST_CHARS) elements.push({ start: open.index, end });
    OPEN.lastIndex = end;
  }
  return (start, end) => elements.some((element) => start >= element.start && end <= element.end);
}
