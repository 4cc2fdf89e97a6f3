/**
 * The hot loop of reading JSON: how far a string's content goes on (RFC 8259 section 7). Sixteen bytes are looked at at
 * once, by WebAssembly's vector instructions.
 */
import { bytes16, flow, instantiate, int, type Code, type Memory, type Variable } from '../wasm/assembler.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** Strings are walked so far byte by byte: most keys and many values end before, and a call has its price. */
const WALKED_BYTES = 12;

// What the memory holds: which bytes make an escape of two bytes, and then a part of the chunk.
const SIMPLE = 0;
const DATA = 256;
const WINDOW_BYTES = 65_536;
const PAGE_BYTES = 65_536;
const READ_AHEAD_BYTES = 16;

const { of, add, and, eq, ge, lt, isZero, loadByte, trailingZeros } = int;

/** The first byte in [at, to) that {@link StringRun.end} stops at, or `to`. */
function endBody(at: Variable, to: Variable, mask: Variable): Code {
  const sixteen = bytes16.load(at.value);
  const special = bytes16.or(
    bytes16.or(bytes16.eq(sixteen, bytes16.of(QUOTE)), bytes16.eq(sixteen, bytes16.of(BACKSLASH))),
    bytes16.lt(sixteen, bytes16.of(SPACE)),
  );
  const isEscape = and(and(eq(loadByte(at.value), of(BACKSLASH)), lt(add(at.value, of(1)), to.value)), loadByte(loadByte(at.value, 1), SIMPLE));
  return [
    ...flow.while(
      lt(at.value, to.value),
      mask.set(bytes16.mask(special)),
      flow.if(
        mask.value,
        at.set(add(at.value, trailingZeros(mask.value))),
        flow.if(ge(at.value, to.value), flow.return(to.value)),
        flow.if(isZero(isEscape), flow.return(at.value)),
        // Less what is added below.
        at.set(add(at.value, of(2 - 16))),
      ),
      at.set(add(at.value, of(16))),
    ),
    ...to.value,
  ];
}

interface Runner {
  readonly memory: Memory;
  readonly bytes: Uint8Array;
  readonly end: (at: number, to: number) => number;
  /** Whose bytes are in the memory. */
  owner: StringRun | undefined;
}

let shared: Runner | undefined;

function sharedRunner(): Runner {
  if (shared !== undefined) return shared;
  const { memory, functions } = instantiate(
    [{ name: 'end', parameters: 2, locals: 1, body: endBody as (...variables: readonly Variable[]) => Code }],
    Math.ceil((DATA + WINDOW_BYTES + READ_AHEAD_BYTES) / PAGE_BYTES),
  );
  const bytes = new Uint8Array(memory.buffer);
  for (const letter of '"\\/bfnrt') bytes[SIMPLE + letter.charCodeAt(0)] = 1;
  shared = { memory, bytes, end: (functions as Pick<Runner, 'end'>).end, owner: undefined };
  return shared;
}

const PLAIN = new Uint8Array(256).fill(1, SPACE);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

const NOTHING = new Uint8Array(0);

export class StringRun {
  readonly #runner = sharedRunner();
  #chunk: Uint8Array = NOTHING;
  /** Where in the chunk the part in the memory begins. */
  #from = 0;

  /** The bytes that are read from now on; they must not change meanwhile. */
  read(chunk: Uint8Array): void {
    this.#chunk = chunk;
    if (this.#runner.owner === this) this.#runner.owner = undefined;
  }

  /**
   * The offset of the first byte from `at` on that is a quote, a control character, or a backslash which does not begin
   * an escape of two bytes that lies whole in the chunk; the chunk's length when there is none.
   */
  end(at: number): number {
    const chunk = this.#chunk;
    const near = Math.min(chunk.length, at + WALKED_BYTES);
    let i = at;
    while (i < near && PLAIN[chunk[i] as number] === 1) i++;
    if (i < near && chunk[i] !== BACKSLASH) return i;
    while (i < chunk.length) {
      const runner = this.#runner;
      if (runner.owner !== this || i < this.#from || i >= this.#from + WINDOW_BYTES) this.#load(i);
      const to = Math.min(chunk.length - this.#from, WINDOW_BYTES);
      const end = runner.end(DATA + i - this.#from, DATA + to) - DATA;
      i = end + this.#from;
      // An escape may lie across the end of the part.
      if (end < to && !(end === to - 1 && i + 1 < chunk.length && chunk[i] === BACKSLASH)) return i;
      if (end === to - 1) this.#load(i);
    }
    return i;
  }

  #load(from: number): void {
    const { bytes } = this.#runner;
    const chunk = this.#chunk;
    this.#runner.owner = this;
    // From its start where it fits: then it is loaded once.
    this.#from = chunk.length <= WINDOW_BYTES ? 0 : from;
    bytes.set(this.#from === 0 && chunk.length <= WINDOW_BYTES ? chunk : chunk.subarray(this.#from, this.#from + WINDOW_BYTES), DATA);
  }
}
