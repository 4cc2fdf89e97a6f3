/** A text as each language writes it. */

/** Characters that no shell reads anything into. */
const PLAIN = /^[0-9A-Za-z_\-.,:/@%+]+$/;

/** For POSIX shells; plain texts stay bare. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** For PowerShell, where a quote within quotes is doubled, the typographic ones too. */
export function powershellText(text: string): string {
  return `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/** For JavaScript, in single quotes. */
export function scriptText(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** JSON's strings are TOML's basic strings and YAML's double-quoted ones too, but for U+007F. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
