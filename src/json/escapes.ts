/** What the raw content of a JSON string stands for (RFC 8259 section 7), one level of escapes at a time. */

/**
 * Takes escapes off, `levels` times; stops where a level is not the content of a JSON string, since then it was none.
 */
export function unescapeContent(bytes: Buffer, start: number, end: number, levels: number): string {
  let text = bytes.toString('utf8', start, end);
  for (let level = 0; level < levels; level++) {
    if (!text.includes('\\')) return text;
    try {
      text = JSON.parse(`"${text}"`) as string;
    } catch {
      return text;
    }
  }
  return text;
}

/** Every way in which a text may stand in JSON strings up to `depth` levels deep, without repetitions. */
export function escapedForms(text: string, depth: number): string[] {
  const forms = new Set<string>([text]);
  let plain = text;
  let ascii = text;
  for (let level = 0; level < depth; level++) {
    plain = JSON.stringify(plain).slice(1, -1);
    // As Python's json.dumps writes it by default.
    ascii = JSON.stringify(ascii).slice(1, -1).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
    forms.add(plain).add(ascii);
    // As PHP's json_encode and others do.
    if (plain.includes('/')) forms.add(plain.replaceAll('/', '\\/'));
  }
  return [...forms];
}
