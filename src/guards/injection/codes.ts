/** The code units of a text as numbers in an array: to go through it is much quicker than through the text itself. */

let bytes = Buffer.from(new ArrayBuffer(2 * 8192));
let units = new Uint16Array(bytes.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** UTF-16 units of a text, and 0 behind its end; the array is used again for the next text. */
export function codesOf(text: string): Uint16Array {
  if (units.length <= text.length) {
    bytes = Buffer.from(new ArrayBuffer(4 * text.length + 4));
    units = new Uint16Array(bytes.buffer);
  }
  if (LITTLE_ENDIAN) bytes.write(text, 'utf16le');
  else for (let i = 0; i < text.length; i += 1) units[i] = text.charCodeAt(i);
  units[text.length] = 0;
  return units;
}
