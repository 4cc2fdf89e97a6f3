/**
 * The guard of an answer: it holds the tool calls that must be judged until they are complete, then lets them go or
 * puts a text in their place; others it only tells of. It can look at the answer's text as well. What it holds and
 * what it finds is decided by an AnswerJudge; this is only the bytes' side of it.
 *
 * A guard runs before placeholders are restored, so a judge sees placeholders, never secrets.
 */

export interface ToolCall {
  /** The tool's name as the model wrote it. */
  readonly name: string;
  /** 'function', 'custom', 'local_shell', 'shell', 'apply_patch', 'computer'; 'server' has run at the vendor. */
  readonly kind: string;
  /** JSON text as it came, which need not be valid, or plain text. */
  readonly input: string;
  readonly isJson: boolean;
}

/** What stands in a refused call's place. */
export interface Refusal {
  readonly text: string;
}

/** A piece of text to be replaced: character offsets. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export interface TextJudge {
  /**
   * flag: text flows at once and is told afterwards, in windows of TEXT_WINDOW_BYTES that overlap by
   * TEXT_OVERLAP_CHARS, so that a finding in the overlap may be told twice. replace: text is held by the paragraph
   * (a blank line ends it) or the fenced code block, and told before it flows.
   */
  readonly mode: 'flag' | 'replace';
  /** The spans to be replaced, ascending, without overlap; [] leaves the text as it is. Not asked for in mode flag. */
  judge(text: string): readonly TextSpan[];
  /**
   * Whether anything may be found in text whose raw JSON has these bytes, seen as Latin-1 and without `\u` escapes. Where
   * the function is missing, anything may.
   */
  mayFind?(raw: string): boolean;
}

export interface AnswerJudge {
  /**
   * Whether calls of this tool must be held until they are complete and judged. Others flow at once. Never asked
   * about calls that have run at the vendor.
   */
  mustHold(name: string, kind: string): boolean;
  /** The verdict on a held call; undefined releases it. */
  judgeCall(call: ToolCall): Refusal | undefined;
  /**
   * Told of calls that are not held, when they are complete; a longer input in pieces of CALL_INPUT_MAX_CHARS that
   * overlap by INPUT_OVERLAP_CHARS. Also told what comes of a call after it was too long to be held.
   */
  seeCall?(call: ToolCall): void;
  /** undefined: text is not looked at. */
  readonly text?: TextJudge;
}

/**
 * A held call with a longer input is judged as far as it came. If that is clean it is released, and the rest of it is
 * only told to seeCall.
 */
export const CALL_INPUT_MAX_CHARS = 1_048_576;
/** What a piece of an input that is told in pieces repeats of the one before. */
export const INPUT_OVERLAP_CHARS = 2048;
/** More than this does not wait, events as they came: everything held is then judged as far as it came. */
export const HELD_MAX_BYTES = 16_777_216;
/** A longer event, or value of a JSON body, flows as it comes. */
export const EVENT_MAX_BYTES = 4_194_304;
export const JSON_VALUE_MAX_BYTES = 1_048_576;
/** The window of text that is told at once, counted in bytes of the escaped text. */
export const TEXT_WINDOW_BYTES = 65_536;
export const TEXT_OVERLAP_CHARS = 2048;
/** An unfinished paragraph longer than this is judged and let go. */
export const PARAGRAPH_MAX_CHARS = 16_384;

export { createJsonGuard } from './json-guard.ts';
export { createSseGuard } from './sse-guard.ts';
