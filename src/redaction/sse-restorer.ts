/**
 * Restores placeholders in a stream of server-sent events.
 *
 * One native search over a chunk tells whether anything in it could matter: `aegis-` in any case, an escape that
 * could stand for one of its letters, or a string that ends like the beginning of one. Frames it does not hit leave
 * as parts of the chunk, neighbours together. A frame it hits is read (event-document.ts), and what is found is
 * spliced into its raw bytes.
 */
import { createFrameStream, nextFrame } from '../sse/frame-stream.ts';
import { dataRanges, lastFrameEnd, type Range } from '../sse/framing.ts';
import { Gathered } from '../sse/gathered.ts';
import { readEvent, type EventDocument, type Leaf } from '../wire/event-document.ts';
import { channelIds, continues, deltaField, isThinking, thinks, type WireField } from '../wire/index.ts';
import type { EventWire, OpenChannel } from '../wire/wire.ts';
import { createJsonRestorer } from './json-restorer.ts';
import { OpenText, type Carrier } from './open-text.ts';
import type { RestorerOptions, RestoringFilter } from './restorer.ts';
import { applySplices, escapeValue } from './splice.ts';
import { TextMatcher, type Depth } from './text-matcher.ts';

/** A longer frame is not gathered: its strings are restored as they stream, and it ends every open text. */
export const FRAME_MAX_BYTES = 262_144;
/** When more than this waits behind an undecided piece of text, the piece is let go. */
export const WAITING_MAX_BYTES = 262_144;

/**
 * The end of a string that may be the beginning of a placeholder: the quote after it, no name of a member, and not
 * the value of a field which is never text but is in every event.
 */
const STRING_END = String.raw`"(?![ \t]*:)(?<!"(?:type|object|id|item_id|response_id|responseId|model|modelVersion|system_fingerprint|obfuscation)":[ ]?"[\w.:\/=+-]{0,200}")`;

/** Bytes (seen as Latin-1) at which a frame has to be read. */
const MAY_MATTER = new RegExp(
  [
    `[aA](?:[eE][gG][iI][sS]-|(?:[eE](?:[gG](?:[iI][sS]?)?)?)?${STRING_END})`,
    // a, e, g, i, s, the hyphen, or the backslash of the next level, as \uXXXX.
    String.raw`\\u00(?:[46][1579]|[57]3|2[dD]|5[cC])`,
    // JSON in a string, cut inside an escape: an odd number of its backslashes, so twice an odd number here.
    String.raw`(?<!\\)(?:\\{4})*\\\\(?:u(?:0(?:0[24-7]?)?)?)?` + STRING_END,
  ].join('|'),
  'g',
);

/** A text under way, and what tells that an event ends it. */
interface Channel extends OpenChannel {
  readonly text: OpenText;
  readonly wire: EventWire;
}

interface Frame extends Carrier {
  readonly bytes: Buffer;
  /** A comment or a ping: a sign of life, which no text depends on. */
  isKeepalive: boolean;
}

export function createSseRestorer(options: RestorerOptions): RestoringFilter {
  /** A frame whose end has not come. */
  const unfinished = new Gathered();
  /** Restores a frame too long to be gathered. */
  let stream: RestoringFilter | undefined;

  const channels = new Map<string, Channel>();
  /** Frames that wait, in their order: the first of them for what a text will become. */
  let queue: Frame[] = [];
  let queuedBytes = 0;
  let keepalives = 0;

  /** For strings that stand whole in one event. */
  let reading: { event: EventDocument; leaf: Leaf; frame: Frame } | undefined;
  const matchers = ([0, 1, 2] as const).map(
    (depth: Depth) =>
      new TextMatcher({
        depth,
        lookup: options.lookup,
        found(start, end, id, value) {
          if (reading === undefined || isThinking(reading.event, reading.leaf)) return;
          reading.frame.splices.push({ start, end, bytes: escapeValue(value, depth) });
          options.onRestored?.(id);
        },
      }),
  );

  function closeChannels(which: (channel: Channel) => boolean): void {
    for (const [key, channel] of channels) {
      if (!which(channel)) continue;
      channel.text.close();
      channels.delete(key);
    }
  }

  function readDelta(event: EventDocument, leaf: Leaf, frame: Frame, { wire, field }: WireField): void {
    const ids = channelIds(event, leaf, field);
    const key = `${wire.name} ${field.channel} ${ids.join(' ')}`;
    const text = channels.get(key)?.text ?? new OpenText(field.depth, options);
    text.add(frame, frame.bytes, leaf.start, leaf.end, leaf.start);
    if (!continues(event, leaf, field)) text.close();
    if (text.waits) channels.set(key, { text, wire, field, ids });
    else channels.delete(key);
  }

  function readLeaf(event: EventDocument, leaf: Leaf, frame: Frame): void {
    const entry = deltaField(event, leaf);
    if (entry !== undefined) {
      readDelta(event, leaf, frame, entry);
      return;
    }
    const matcher = matchers[leaf.kind === 'key' ? 1 : leaf.place.restoreDepth];
    if (matcher === undefined) return;
    reading = { event, leaf, frame };
    matcher.feed(frame.bytes, leaf.start, leaf.end, leaf.start);
    matcher.reset();
    reading = undefined;
  }

  /** Data that is no JSON: a value may stand in it only if it is one line, for a line end would end the data. */
  function readPlainText(frame: Frame, { start, end }: Range): void {
    const matcher = new TextMatcher({
      depth: 0,
      lookup: options.lookup,
      found(from, to, id, value) {
        if (/[\r\n]/.test(value)) return;
        frame.splices.push({ start: from, end: to, bytes: Buffer.from(value) });
        options.onRestored?.(id);
      },
    });
    matcher.feed(frame.bytes, start, end, start);
  }

  /** Reads one frame: what is to be replaced in it, and which texts it continues or ends. */
  function read(bytes: Buffer): Frame {
    const frame: Frame = { bytes, splices: [], holds: 0, isKeepalive: false };
    if (isTooLong(frame)) return frame;
    const ranges = dataRanges(bytes);
    if (ranges.length === 0) {
      frame.isKeepalive = true;
      return frame;
    }
    if (isDone(bytes, ranges)) {
      closeChannels(() => true);
      return frame;
    }
    const event = readEvent(bytes, ranges);
    if (event === undefined) {
      for (const range of ranges) readPlainText(frame, range);
      return frame;
    }
    if (event.type === 'ping') {
      frame.isKeepalive = true;
      return frame;
    }
    if (!thinks(event.type)) {
      for (const leaf of event.leaves) if (leaf.kind === 'key' || (leaf.kind === 'string' && leaf.place.restoreDepth !== 0)) readLeaf(event, leaf, frame);
    }
    if (channels.size > 0) closeChannels((channel) => channel.wire.ends(event, channel));
    return frame;
  }

  /** Whether a frame that was read may leave as it came, at once. */
  function isPlain(frame: Frame): boolean {
    return queue.length === 0 && frame.holds === 0 && frame.splices.length === 0 && !isTooLong(frame);
  }

  /** Sends a frame on its way: at once, or behind those that wait. */
  function pass(frame: Frame, emit: (bytes: Buffer) => void): void {
    if (isTooLong(frame)) {
      openStream(frame.bytes, emit);
      closeStream(emit);
      return;
    }
    // The first sign of life waits in line; further ones pass, so that no watchdog of the client's fires.
    if (frame.isKeepalive && queue.length > 0 && ++keepalives > 1) {
      emit(frame.bytes);
      return;
    }
    queue.push(frame);
    queuedBytes += frame.bytes.length;
    drain(emit);
    if (queue.length > 1 && queuedBytes > WAITING_MAX_BYTES) {
      closeChannels(() => true);
      drain(emit);
    }
  }

  /** Emits the frames at the head of the line that nothing holds. */
  function drain(emit: (bytes: Buffer) => void): void {
    let count = 0;
    for (const frame of queue) {
      if (frame.holds > 0) break;
      emit(applySplices(frame.bytes, 0, frame.bytes.length, frame.splices));
      queuedBytes -= frame.bytes.length;
      count++;
    }
    if (count > 0) queue = queue.slice(count);
    if (queue.length === 0) keepalives = 0;
  }

  /** Begins a frame that is too long to be gathered, with the bytes there are. */
  function openStream(bytes: Buffer, emit: (bytes: Buffer) => void): void {
    closeChannels(() => true);
    drain(emit);
    stream = createJsonRestorer(options);
    const data = dataRanges(bytes)[0]?.start ?? 0;
    emit(bytes.subarray(0, data));
    stream.push(bytes.subarray(data), emit);
  }

  function closeStream(emit: (bytes: Buffer) => void): void {
    stream?.end(emit);
    stream = undefined;
  }

  function keep(piece: Buffer, emit: (bytes: Buffer) => void): void {
    if (stream !== undefined) {
      stream.push(piece, emit);
      return;
    }
    unfinished.add(piece);
    if (unfinished.length > FRAME_MAX_BYTES) openStream(Buffer.concat(unfinished.take()), emit);
  }

  /** Ends the frame that earlier chunks began; the offset in `chunk` from where on nothing has left yet. */
  function finishFrame(chunk: Buffer, end: number, emit: (bytes: Buffer) => void): number {
    if (stream !== undefined) {
      stream.push(chunk.subarray(0, end), emit);
      closeStream(emit);
      return end;
    }
    const pieces = unfinished.take();
    const whole = Buffer.concat([...pieces, chunk.subarray(0, end)]);
    MAY_MATTER.lastIndex = 0;
    if (queue.length > 0 || MAY_MATTER.test(whole.toString('latin1'))) {
      const frame = read(whole);
      if (!isPlain(frame)) {
        pass(frame, emit);
        return end;
      }
    }
    for (const piece of pieces) emit(piece);
    return 0;
  }

  /** Handles the whole frames `chunk[start, end)`, of which what comes before `start` from `from` on may leave too. */
  function takeFrames(chunk: Buffer, from: number, start: number, end: number, emit: (bytes: Buffer) => void): void {
    const text = chunk.toString('latin1', start, end);
    let run = from;
    let at = start;
    while (at < end) {
      if (queue.length === 0) {
        MAY_MATTER.lastIndex = at - start;
        const hit = MAY_MATTER.exec(text);
        if (hit === null) break;
        at = lastFrameEnd(chunk, at, start + hit.index);
      }
      const next = nextFrame(chunk, at, end);
      const frame = read(chunk.subarray(at, next));
      if (!isPlain(frame)) {
        if (run < at) emit(chunk.subarray(run, at));
        pass(frame, emit);
        run = next;
      }
      at = next;
    }
    if (run < end) emit(chunk.subarray(run, end));
  }

  return {
    push: createFrameStream({
      get isOpen() {
        return unfinished.length > 0 || stream !== undefined;
      },
      open: keep,
      close: finishFrame,
      frames: takeFrames,
    }),
    end(emit) {
      if (stream !== undefined) {
        closeStream(emit);
      } else if (unfinished.length > 0) {
        const frame = read(Buffer.concat(unfinished.take()));
        // Its last line is open: nothing may come behind it.
        frame.isKeepalive = false;
        pass(frame, emit);
      }
      closeChannels(() => true);
      drain(emit);
    },
  };
}

function isTooLong(frame: Frame): boolean {
  return frame.bytes.length > FRAME_MAX_BYTES;
}

/** The data that ends a stream of OpenAI's, which is no JSON. */
function isDone(bytes: Buffer, ranges: readonly Range[]): boolean {
  const [range] = ranges;
  return range !== undefined && range.end - range.start < 16 && bytes.toString('latin1', range.start, range.end).trim() === '[DONE]';
}
