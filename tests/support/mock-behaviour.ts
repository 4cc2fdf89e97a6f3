/**
 * What a request may ask of the mock upstream beyond an ordinary answer.
 *
 * The orders travel in the model's name, so that any client can give them, or in an `x-mock` header where a call names
 * no model. Several are joined by `+`: `mock-echo+mock-slow-20`. A name without such words gets an ordinary answer; a
 * `mock-` word that is not known is refused, so that a typing error in a test does not pass for good behaviour.
 */

/** How a stream ends when it does not end well, and after how many deltas. */
export interface BadEnd {
  /** `cut` destroys the socket, `stall` sends nothing more, `error` sends the protocol's own error event. */
  how: 'cut' | 'stall' | 'error';
  afterDeltas: number;
}

export interface Behaviour {
  /** Answer with the last text of the user, or of the tool, and nothing else. */
  echo: boolean;
  /** Call every tool that was given, not the first alone. */
  allTools: boolean;
  error: { status: number; once: boolean } | null;
  /** Seconds in the `retry-after` of an error 429, 503 or 529. */
  retryAfterS: number;
  /** Pause between two events of a stream, or before a whole answer. */
  slowMs: number;
  /** Code points in one delta. */
  pieceLength: number;
  /** Bytes handed to the socket at a time; null for one event at a time. */
  chunkBytes: number | null;
  badEnd: BadEnd | null;
  /** Line ends of the event stream: CRLF in place of LF. */
  crlf: boolean;
  /** Content coding of the answer, whatever the client said it accepts. */
  encoding: 'gzip' | 'deflate' | 'br' | null;
}

/** A `mock-` word that the table below does not hold. */
export class UnknownMockWord extends Error {
  constructor(word: string) {
    super(`the mock upstream does not know the word "${word}"; known are: ${KNOWN_WORDS}`);
    this.name = 'UnknownMockWord';
  }
}

const DEFAULTS: Readonly<Behaviour> = Object.freeze({
  echo: false,
  allTools: false,
  error: null,
  retryAfterS: 1,
  slowMs: 0,
  pieceLength: 12,
  chunkBytes: null,
  badEnd: null,
  crlf: false,
  encoding: null,
});

interface Word {
  form: string;
  pattern: RegExp;
  apply(behaviour: Behaviour, argument: string): void;
}

const WORDS: readonly Word[] = [
  { form: 'mock', pattern: /^mock$/, apply() {} },
  { form: 'mock-echo', pattern: /^(?:mock-)?echo$/, apply(b) { b.echo = true; } },
  { form: 'mock-all-tools', pattern: /^mock-all-tools$/, apply(b) { b.allTools = true; } },
  { form: 'mock-error-STATUS', pattern: /^mock-error-([45]\d\d)$/, apply(b, n) { b.error = { status: Number(n), once: false }; } },
  { form: 'mock-error-STATUS-once', pattern: /^mock-error-([45]\d\d)-once$/, apply(b, n) { b.error = { status: Number(n), once: true }; } },
  { form: 'mock-retry-after-SECONDS', pattern: /^mock-retry-after-(\d+)$/, apply(b, n) { b.retryAfterS = Number(n); } },
  { form: 'mock-slow-MS', pattern: /^mock-slow-(\d+)$/, apply(b, n) { b.slowMs = Number(n); } },
  { form: 'mock-split-CODEPOINTS', pattern: /^mock-split-([1-9]\d*)$/, apply(b, n) { b.pieceLength = Number(n); } },
  { form: 'mock-chunk-BYTES', pattern: /^mock-chunk-([1-9]\d*)$/, apply(b, n) { b.chunkBytes = Number(n); } },
  { form: 'mock-cut-DELTAS', pattern: /^mock-cut-(\d+)$/, apply(b, n) { b.badEnd = { how: 'cut', afterDeltas: Number(n) }; } },
  { form: 'mock-stall-DELTAS', pattern: /^mock-stall-(\d+)$/, apply(b, n) { b.badEnd = { how: 'stall', afterDeltas: Number(n) }; } },
  { form: 'mock-inband-error-DELTAS', pattern: /^mock-inband-error-(\d+)$/, apply(b, n) { b.badEnd = { how: 'error', afterDeltas: Number(n) }; } },
  { form: 'mock-crlf', pattern: /^mock-crlf$/, apply(b) { b.crlf = true; } },
  { form: 'mock-encode-gzip', pattern: /^mock-encode-gzip$/, apply(b) { b.encoding = 'gzip'; } },
  { form: 'mock-encode-deflate', pattern: /^mock-encode-deflate$/, apply(b) { b.encoding = 'deflate'; } },
  { form: 'mock-encode-br', pattern: /^mock-encode-br$/, apply(b) { b.encoding = 'br'; } },
  // Tells two tests apart that share a mock, for the words that count requests.
  { form: 'mock-id-NAME', pattern: /^mock-id-[\w.-]+$/, apply() {} },
];

const KNOWN_WORDS = WORDS.map((word) => word.form).join(', ');

/**
 * Reads the orders out of a model's name, or of several joined texts.
 *
 * @throws UnknownMockWord for a word that begins with `mock-` and is not in the table.
 */
export function readBehaviour(orders: string): Behaviour {
  const behaviour: Behaviour = { ...DEFAULTS };
  for (const written of orders.split('+')) {
    const word = written.trim();
    let known = false;
    for (const { pattern, apply } of WORDS) {
      const match = pattern.exec(word);
      if (match) {
        apply(behaviour, match[1] ?? '');
        known = true;
        break;
      }
    }
    if (!known && word.startsWith('mock-')) throw new UnknownMockWord(word);
  }
  return behaviour;
}
