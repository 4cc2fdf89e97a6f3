/** Encodings that hide a command from a reader: escapes, base64, hex. All outputs are bounded. */

const MAX_DECODED_CHARS = 65_536;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '', b: '', f: '', v: '', e: '\u001b', E: '\u001b' };

/** Escapes as `$'...'`, `printf` and `echo -e` know them (Bash manual, "ANSI-C Quoting"). */
export function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.slice(0, MAX_DECODED_CHARS).replace(/\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|0?([0-7]{1,3})|(.))/gs, (_whole, hex, unicode, long, octal, plain) => {
    const code = [hex, unicode, long].find((digits) => digits !== undefined);
    if (typeof code === 'string') return codePoint(parseInt(code, 16));
    if (typeof octal === 'string') return codePoint(parseInt(octal, 8));
    return SIMPLE_ESCAPES[String(plain)] ?? String(plain);
  });
}

function codePoint(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** Base64 of either alphabet, white space ignored; undefined when it is not base64 or decodes to binary. */
export function decodeBase64(text: string, encoding: 'utf8' | 'utf16le' = 'utf8'): string | undefined {
  const bare = text.slice(0, MAX_DECODED_CHARS).replace(/\s+/g, '');
  if (bare.length < 4 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(bare)) return undefined;
  return readable(Buffer.from(bare, 'base64').toString(encoding));
}

/** A plain dump of hex digits, as `xxd -r -p` reads it. */
export function decodeHex(text: string): string | undefined {
  const bare = text.slice(0, MAX_DECODED_CHARS).replace(/\s+|\\x|0x/g, '');
  if (bare.length < 4 || bare.length % 2 === 1 || !/^[0-9a-fA-F]+$/.test(bare)) return undefined;
  return readable(Buffer.from(bare, 'hex').toString('utf8'));
}

function readable(text: string): string | undefined {
  return /[\u0000-\u0008\ufffd]/.test(text) ? undefined : text;
}
