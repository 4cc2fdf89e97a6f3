/** Text that flows at once: kept by the window, as raw as it came, and told when the window is full or the text ends. */
import { decodeContent } from '../../wire/tool-call-tree.ts';
import { TEXT_OVERLAP_CHARS, TEXT_WINDOW_BYTES, type TextJudge } from './answer-guard.ts';
import type { AnswerText } from './answer-text.ts';

const FIRST_BYTES = 1024;
/** Pieces up to this are copied byte by byte: a native call has its price. */
const SHORT_BYTES = 48;

interface Window {
  bytes: Buffer;
  length: number;
  /** The end of what was told before. */
  overlap: string;
}

export function createToldText(judge: TextJudge): AnswerText {
  const windows = new Map<string, Window>();
  /** Every text of the answer, to know one that comes again as a whole. */
  const keys = new Set<string>();
  let last: { key: string; window: Window } | undefined;

  function windowOf(key: string): Window {
    if (last?.key === key) return last.window;
    let window = windows.get(key);
    if (window === undefined) {
      window = { bytes: Buffer.allocUnsafe(FIRST_BYTES), length: 0, overlap: '' };
      windows.set(key, window);
      keys.add(key);
    }
    last = { key, window };
    return window;
  }

  function tell(window: Window): void {
    if (window.length === 0) return;
    const text = window.overlap + decodeContent(window.bytes.toString('utf8', 0, window.length));
    window.length = 0;
    window.overlap = text.slice(-TEXT_OVERLAP_CHARS);
    judge.judge(text);
  }

  function copy(window: Window, bytes: Buffer, start: number, end: number): void {
    const length = window.length + end - start;
    if (length > window.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(length, window.bytes.length * 2), Math.max(length, TEXT_WINDOW_BYTES)));
      window.bytes.copy(larger, 0, 0, window.length);
      window.bytes = larger;
    }
    if (end - start > SHORT_BYTES) {
      bytes.copy(window.bytes, window.length, start, end);
    } else {
      const to = window.bytes;
      for (let from = start, at = window.length; from < end; from++, at++) to[at] = bytes[from] ?? 0;
    }
    window.length = length;
  }

  function add(key: string, bytes: Buffer, start: number, end: number): void {
    const window = windowOf(key);
    for (let from = start; from < end; ) {
      let to = Math.min(end, from + TEXT_WINDOW_BYTES - window.length);
      if (to < end) to = wholeCharacters(bytes, from, to);
      // Nothing whole fits any more.
      if (to === from && window.length === 0) to = end;
      copy(window, bytes, from, to);
      if (to < end || window.length >= TEXT_WINDOW_BYTES) tell(window);
      from = to;
    }
  }

  function close(prefix: string): void {
    for (const [key, window] of windows) {
      if (!key.startsWith(prefix)) continue;
      tell(window);
      windows.delete(key);
    }
    last = undefined;
  }

  return {
    holds: false,
    add,
    close,
    repeated(key, _event, node) {
      if (keys.has(key)) return;
      add(key, node.bytes, node.start + 1, node.end - 1);
      close(key);
    },
    letGo: () => undefined,
  };
}

/** The last offset in `(start, end]` at which neither a character nor an escape is cut; `start` when there is none. */
function wholeCharacters(bytes: Buffer, start: number, end: number): number {
  // An escape has up to six bytes, and a pair of them stands for one character.
  for (let cut = end; cut > start && cut > end - 16; cut--) {
    if (((bytes[cut] ?? 0) & 0xc0) === 0x80) continue;
    let backslash = cut - 1;
    while (backslash >= start && backslash >= cut - 6 && bytes[backslash] !== 0x5c) backslash--;
    if (backslash < start || bytes[backslash] !== 0x5c) return cut;
    let run = 0;
    while (backslash - run >= start && bytes[backslash - run] === 0x5c) run++;
    const isUnicode = run % 2 === 1 && bytes[backslash + 1] === 0x75;
    if (run % 2 === 0 ? true : cut - backslash >= (isUnicode ? 6 : 2)) return cut;
  }
  return start;
}
