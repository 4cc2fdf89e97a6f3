/** Looks for a secret in what an upstream received: as it is, in JSON at any depth, in base64, in hex and percent-encoded. */

const MAX_DEPTH = 6;

/** The spellings of a text whose bytes may stand in a body: plain, hex, and base64 at each of its three offsets. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const spellings = [secret, bytes.toString('hex'), encodeURIComponent(secret)];
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // What depends on the bytes before and after is left out: the first group of four, and what the last bytes share.
    const inner = shifted.slice(offset === 0 ? 0 : 4, Math.floor((offset + bytes.length) / 3) * 4);
    spellings.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return spellings;
}

/** Where a secret stands in a body: `as it is`, or the depth of JSON within JSON; undefined where it does not. */
export function findLeak(body: Buffer, secret: string): string | undefined {
  const spellings = spellingsOf(secret);
  const holds = (text: string): boolean => spellings.some((spelling) => text.includes(spelling));
  const text = body.toString('utf8');
  if (holds(text) || holds(body.toString('latin1'))) return 'as it is';
  return findInJson(text, holds, 1);
}

function findInJson(text: string, holds: (text: string) => boolean, depth: number): string | undefined {
  if (depth > MAX_DEPTH || !/^\s*[[{"]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const string of stringsOf(value)) {
    if (holds(string)) return `in JSON at depth ${depth}`;
    const within = findInJson(string, holds, depth + 1);
    if (within !== undefined) return within;
  }
  return undefined;
}

/** All keys and strings of a parsed document. */
function* stringsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* stringsOf(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield key;
      yield* stringsOf(item);
    }
  }
}
