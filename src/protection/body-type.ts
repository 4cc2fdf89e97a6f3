/** Which bodies are read as JSON: by their media type, or by their first byte. */
import type { Emit, Filter } from '../pipeline/filter.ts';

const JSON_TYPE = /^(?:application\/(?:json|x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)|text\/json|[^/]+\/[^/]+\+json)$/;
/** White space, and the first byte of a byte order mark, may stand before a body's first bracket. */
const SKIPPED = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
/** Bodies that are not JSON and not looked at: said so in the documentation. */
const NOT_SCANNED = /^(?:multipart\/|application\/x-www-form-urlencoded$)/;

/** @param mediaType in lower case, without parameters. */
export function isJsonType(mediaType: string): boolean {
  return JSON_TYPE.test(mediaType);
}

/** False for bodies that pass whatever they hold. */
export function isScanned(mediaType: string): boolean {
  return !NOT_SCANNED.test(mediaType);
}

/** For a body whose type says nothing: JSON if it begins as JSON does, else it passes. */
export function byFirstByte(json: () => Filter): Filter {
  let chosen: Filter | undefined;
  let waiting: Buffer[] = [];
  const pass: Filter = { push: (chunk, emit) => emit(chunk), end() {} };

  function choose(filter: Filter, emit: Emit): Filter {
    chosen = filter;
    const pieces = waiting;
    waiting = [];
    for (const piece of pieces) filter.push(piece, emit);
    return filter;
  }

  return {
    push(chunk, emit) {
      if (chosen !== undefined) {
        chosen.push(chunk, emit);
        return;
      }
      waiting.push(chunk);
      const first = chunk.find((byte) => !SKIPPED.has(byte));
      if (first === undefined) return;
      choose(first === 0x7b || first === 0x5b ? json() : pass, emit);
    },
    end(emit) {
      (chosen ?? choose(pass, emit)).end(emit);
    },
  };
}
