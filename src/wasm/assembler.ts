/**
 * Writes small WebAssembly modules: for the few loops that go over every byte of a request, where plain JavaScript pays
 * for a bounds check with each look-up. The code is built from expressions here instead of being kept as a binary, so
 * that what runs can be read.
 *
 * Binary format: https://webassembly.github.io/spec/core/binary/
 */

/** Instructions, as bytes. An expression leaves one i32; a statement leaves nothing. */
export type Code = readonly number[];

const I32 = 0x7f;
const NOTHING = 0x40;
const END = 0x0b;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
      bytes.push(low);
      return bytes;
    }
    bytes.push(low | 0x80);
  }
}

const binary = (opcode: number) => (one: Code, other: Code): Code => [...one, ...other, opcode];

/** Expressions of 32-bit integers. Addresses are bytes from the start of the memory; no load need be aligned. */
export const int = {
  of: (value: number): Code => [0x41, ...signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  /** Unsigned. */
  shr: binary(0x76),
  eq: binary(0x46),
  ne: binary(0x47),
  /** Unsigned. */
  lt: binary(0x49),
  /** Unsigned. */
  ge: binary(0x4f),
  isZero: (value: Code): Code => [...value, 0x45],
  /** The four bytes at `address + offset`, the first one lowest. */
  load: (address: Code, offset = 0): Code => [...address, 0x28, 0, ...unsigned(offset)],
  loadByte: (address: Code, offset = 0): Code => [...address, 0x2d, 0, ...unsigned(offset)],
  /** How many bits below the lowest one that is set. */
  trailingZeros: (value: Code): Code => [...value, 0x68],
  store: (address: Code, offset: number, value: Code): Code => [...address, ...value, 0x36, 0, ...unsigned(offset)],
};

const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)];

/** Expressions of sixteen bytes at once (https://webassembly.github.io/spec/core/syntax/instructions.html#vector-instructions). */
export const bytes16 = {
  /** The same byte sixteen times. */
  of: (byte: number): Code => [...int.of(byte), ...vector(0x0f)],
  load: (address: Code, offset = 0): Code => [...address, ...vector(0x00), 0, ...unsigned(offset)],
  /** All bits of a byte where the two have the same. */
  eq: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x23)],
  /** All bits of a byte where the first is less; unsigned. */
  lt: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x26)],
  or: (one: Code, other: Code): Code => [...one, ...other, ...vector(0x50)],
  /** An i32 with the highest bit of each byte, that of the first one lowest. */
  mask: (value: Code): Code => [...value, ...vector(0x64)],
};

/** A parameter or local variable of a function. */
export interface Variable {
  readonly value: Code;
  set(value: Code): Code;
}

/** Statements that hold others. A branch leads out of or back to the one it stands in, so that no label is needed. */
export const flow = {
  if: (condition: Code, ...then: readonly Code[]): Code => [...condition, 0x04, NOTHING, ...then.flat(), END],
  /** Runs the body once, and again while the condition, asked after it, holds. */
  doWhile: (condition: Code, ...body: readonly Code[]): Code => [0x03, NOTHING, ...body.flat(), ...condition, 0x0d, 0, END],
  /** Runs the body while the condition, asked before it, holds. */
  while: (condition: Code, ...body: readonly Code[]): Code => [
    0x02, NOTHING, 0x03, NOTHING, ...condition, 0x45, 0x0d, 1, ...body.flat(), 0x0c, 0, END, END,
  ],
  return: (value: Code): Code => [...value, 0x0f],
  /** Calls the module's function of that number. */
  call: (index: number, ...parameters: readonly Code[]): Code => [...parameters.flat(), 0x10, ...unsigned(index)],
};

/** A function that takes and gives 32-bit integers. */
export interface FunctionDraft {
  readonly name: string;
  readonly parameters: number;
  readonly locals: number;
  /** The body, given the parameters and then the locals; it leaves the result. */
  readonly body: (...variables: readonly Variable[]) => Code;
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = Buffer.from(value, 'utf8');
  return [...unsigned(bytes.length), ...bytes];
}

function variable(index: number): Variable {
  const place = unsigned(index);
  return { value: [0x20, ...place], set: (value) => [...value, 0x21, ...place] };
}

/** The module's bytes. It imports its memory as `env.memory` and exports every function by its name. */
function assemble(functions: readonly FunctionDraft[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...list(Array.from({ length: parameters }, () => [I32])), ...list([[I32]])]);
  const bodies = functions.map(({ parameters, locals, body }) => {
    const variables = Array.from({ length: parameters + locals }, (_, index) => variable(index));
    const code = [...list([[...unsigned(locals), I32]]), ...body(...variables), END];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 0x02, 0x00, 0x01]])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(10, list(bodies)),
  ]);
}

export interface Memory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; `buffer` is another one afterwards, and views of the old one are empty. */
  grow(pages: number): number;
}

export interface Instance {
  readonly memory: Memory;
  readonly functions: Readonly<Record<string, (...parameters: number[]) => number>>;
}

/** What of the JavaScript interface is used (https://webassembly.github.io/spec/js-api/); Node's types leave it out. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Instance['functions'] };
};

/** Makes the functions callable, with a memory of so many pages of 64 KiB. A `call` names one by its place in the list. */
export function instantiate(functions: readonly FunctionDraft[], pages: number): Instance {
  const memory = new WebAssembly.Memory({ initial: pages });
  const module = new WebAssembly.Module(assemble(functions));
  return { memory, functions: new WebAssembly.Instance(module, { env: { memory } }).exports };
}
