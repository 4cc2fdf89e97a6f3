/**
 * What a protocol says of its streamed events, as data: which strings are pieces of a longer text, how often that
 * text is escaped, what tells one text from another, and which event ends it.
 */
import type { Depth } from '../redaction/text-matcher.ts';
import type { EventDocument, Leaf } from './event-document.ts';

/** A string that continues the same string of earlier events. Paths are written `choices[].delta.content`. */
export interface DeltaField {
  readonly path: string;
  /** 1 for text, 2 for text that is itself JSON. */
  readonly depth: Depth;
  /** Names the text within its protocol; two fields with the same channel and the same ids continue one text. */
  readonly channel: string;
  /** Paths whose values tell one text of the channel from another, within the same array elements. */
  readonly ids: readonly string[];
  /** The event's `type` must satisfy this. */
  readonly types?: (type: string) => boolean;
  /** The string is no text, and nothing is restored in it, where this path is `true`. */
  readonly unless?: string;
  /** The text goes on after this event only where this path is `true`. */
  readonly continues?: string;
}

/** A text under way. */
export interface OpenChannel {
  readonly field: DeltaField;
  /** The values of `field.ids`, in order; '' for a missing one. */
  readonly ids: readonly string[];
}

export interface EventWire {
  readonly name: string;
  readonly deltas: readonly DeltaField[];
  /** Whether this event ends a text of this protocol: nothing of it comes after. */
  ends(event: EventDocument, channel: OpenChannel): boolean;
  /** Whether all strings of an event are thinking, which nothing is restored in. */
  thinks?(type: string): boolean;
  /** Whether a string is thinking by what stands beside it. */
  isThinking?(event: EventDocument, leaf: Leaf): boolean;
}
