/**
 * Text that is judged before it flows: held by the paragraph or the fenced code block, event by event. What is
 * replaced is spliced into the events' own strings, and once more where a closing event repeats the whole text.
 */
import { characterBytes, isPair } from '../../json/utf8.ts';
import { decodeContent, encodeContent, type JsonNode } from '../../wire/tool-call-tree.ts';
import { PARAGRAPH_MAX_CHARS, type TextJudge, type TextSpan } from './answer-guard.ts';
import type { AnswerText } from './answer-text.ts';
import type { HeldEvent } from './held-event.ts';
import { Paragraphs } from './paragraph.ts';

interface Piece {
  readonly event: HeldEvent;
  /** Where its raw content stands in the event. */
  readonly start: number;
  readonly end: number;
  /** Where it stands in the whole text, in characters. */
  readonly offset: number;
  readonly length: number;
}

interface Channel {
  readonly paragraphs: Paragraphs;
  /** What is not judged yet, and where it begins in the whole text. */
  text: string;
  from: number;
  pieces: Piece[];
  /** What was replaced, by its place in the whole text. */
  readonly changes: TextSpan[];
}

const NOTHING = Buffer.alloc(0);

export function createHeldText(judge: TextJudge): AnswerText {
  const open = new Map<string, Channel>();
  /** Texts that are complete. Only the changed ones keep more than their length. */
  const complete = new Map<string, { readonly length: number; readonly changes: readonly TextSpan[] }>();

  function channelOf(key: string): Channel {
    const known = open.get(key);
    if (known !== undefined) return known;
    const channel: Channel = { paragraphs: new Paragraphs(), text: '', from: 0, pieces: [], changes: [] };
    open.set(key, channel);
    return channel;
  }

  /** Judges the first `chars` of what waits, and lets go of the events whose text ends there. */
  function decide(channel: Channel, chars: number): void {
    if (chars === 0) return;
    for (const span of judge.judge(channel.text.slice(0, chars))) {
      const change = { start: channel.from + span.start, end: channel.from + span.end, replacement: span.replacement };
      channel.changes.push(change);
      spliceSpan(channel.pieces, change);
    }
    channel.text = channel.text.slice(chars);
    channel.paragraphs.forget(chars);
    channel.from += chars;
    let count = 0;
    for (const piece of channel.pieces) {
      if (piece.offset + piece.length > channel.from) break;
      piece.event.holds--;
      count++;
    }
    if (count > 0) channel.pieces = channel.pieces.slice(count);
  }

  function add(key: string, bytes: Buffer, start: number, end: number, event: HeldEvent | undefined): void {
    if (event === undefined || start === end) return;
    const channel = channelOf(key);
    const text = decodeContent(bytes.toString('utf8', start, end));
    channel.pieces.push({ event, start, end, offset: channel.from + channel.text.length, length: text.length });
    event.holds++;
    channel.text += text;
    if (text.includes('\n')) decide(channel, channel.paragraphs.end(channel.text));
    if (channel.text.length > PARAGRAPH_MAX_CHARS) decide(channel, channel.text.length);
  }

  function close(prefix: string): void {
    for (const [key, channel] of open) {
      if (!key.startsWith(prefix)) continue;
      decide(channel, channel.text.length);
      open.delete(key);
      complete.set(key, { length: channel.from, changes: channel.changes });
    }
  }

  function repeated(key: string, event: HeldEvent, node: JsonNode): void {
    const known = complete.get(key);
    const { text } = node;
    if (known === undefined || known.length !== text.length) {
      // It never came in pieces, or says something else.
      add(`${key}whole`, event.bytes, node.start + 1, node.end - 1, event);
      close(`${key}whole`);
      return;
    }
    const piece = { event, start: node.start + 1, end: node.end - 1, offset: 0, length: text.length };
    for (const change of known.changes) spliceSpan([piece], change);
  }

  return {
    holds: true,
    add,
    close,
    repeated,
    letGo() {
      for (const channel of open.values()) decide(channel, channel.text.length);
    },
  };
}

/** The replacement goes where the span begins; its other pieces go. */
function spliceSpan(pieces: readonly Piece[], { start, end, replacement }: TextSpan): void {
  let bytes: Buffer = Buffer.from(encodeContent(replacement));
  for (const piece of pieces) {
    const from = Math.max(start, piece.offset);
    const to = Math.min(end, piece.offset + piece.length);
    if (from > to || (from === to && (start !== end || bytes === NOTHING))) continue;
    const first = rawOffset(piece, from - piece.offset);
    piece.event.splices.push({ start: first, end: rawOffset(piece, to - piece.offset), bytes });
    bytes = NOTHING;
  }
}

/** Where the character at `chars` of a piece stands in its event: an escape, and what UTF-8 makes of one character, are passed over as one. */
function rawOffset({ event, start, end }: Piece, chars: number): number {
  const { bytes } = event;
  let at = start;
  let left = chars;
  while (left > 0 && at < end) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x5c) {
      at += bytes[at + 1] === 0x75 ? 6 : 2;
    } else {
      const count = characterBytes(bytes, at, end);
      at += count;
      // A span that cuts a pair in two takes it whole.
      if (isPair(count)) left--;
    }
    left--;
  }
  return Math.min(at, end);
}
