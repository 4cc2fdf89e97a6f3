/**
 * PowerShell that spells its words from pieces, as it would read in one piece: joined and formatted strings, numbers for
 * characters, members and commands named by strings. Approximate: it is only used to judge, next to the text as written.
 */
const MAX_CHARS = 65_536;
const CHARACTER = /\[char\]\s{0,2}\(?\s{0,2}(0x[0-9a-f]{1,4}|\d{1,5})\s{0,2}\)?/gi;
const CHARACTER_LIST = /\[char\[\]\]\s{0,2}\(?\s{0,2}((?:\d{1,5}[\s,]{1,4}){2,512}\d{1,5})\s{0,2}\)?(?:\s{0,2}-join\s{0,2}''|\s{0,2}-join\s{0,2}"")?/gi;
const JOIN = /'[ \t]{0,8}\+[ \t]{0,8}'|"[ \t]{0,8}\+[ \t]{0,8}"/g;
const FORMAT = /\(?\s{0,2}["']((?:[^"'{}\n]{0,16}\{\d{1,2}\}){2,32}[^"'{}\n]{0,16})["']\s{0,4}-f\s{0,4}((?:(?:'[^'\n]{0,128}'|"[^"\n]{0,128}")[ ,]{0,4}){2,32})\)?/gi;
const REPLACED = /(["'])([^"'\n]{1,512})\1\s{0,2}(?:\.replace\(\s{0,2}|-c?replace\s{1,2}\(?)(["'])([^"'\n]{1,64})\3\s{0,2},\s{0,2}(["'])([^"'\n]{0,64})\5\s{0,2}\)?/gi;
const REVERSED = /(?:\(\s{0,2})?(["'])([^"'\n]{2,2048})\1(?:\s{0,2}\))?\[\s{0,2}-1\s{0,2}\.\.\s{0,2}-\d{1,5}\s{0,2}\]\s{0,2}-join\s{0,2}(?:''|"")/gi;
const MEMBER = /\.\s{0,2}(?:\(\s{0,2}(["'])(\w{2,64})\1\s{0,2}\)|(["'])(\w{2,64})\3)(?:\.Invoke)?(?=\()/gi;
const COMMAND = /(?:^|(?<=[\s;|({=]))[&.]\s{0,2}(?:\(\s{0,2}(["'])([\w-]{2,64})\1\s{0,2}\)|(["'])([\w-]{2,64})\3)/gi;

function unquoted(list: string): string[] {
  return (list.match(/'[^'\n]{0,128}'|"[^"\n]{0,128}"/g) ?? []).map((part) => part.slice(1, -1));
}

/** The script with its pieces put together; undefined when nothing was in pieces. */
export function spelledOut(script: string): string | undefined {
  const head = script.slice(0, MAX_CHARS);
  if (!/['"`]|\[char/i.test(head)) return undefined;
  let text = head.replace(/`(?=[a-zA-Z])/g, '');
  text = text.replace(CHARACTER_LIST, (_whole, numbers: string) => `'${numbers.split(/[\s,]+/).map((number) => String.fromCharCode(Number(number))).join('')}'`);
  text = text.replace(CHARACTER, (_whole, number: string) => `'${String.fromCharCode(Number(number))}'`);
  text = text.replace(JOIN, '');
  text = text.replace(FORMAT, (_whole, pattern: string, list: string) => {
    const parts = unquoted(list);
    return `'${pattern.replace(/\{(\d{1,2})\}/g, (_place, index: string) => parts[Number(index)] ?? '')}'`;
  });
  text = text.replace(REVERSED, (_whole, quote: string, value: string) => quote + [...value].reverse().join('') + quote);
  text = text.replace(REPLACED, (_whole, quote: string, value: string, _search, search: string, _put, put: string) => quote + value.replaceAll(search, () => put) + quote);
  text = text.replace(MEMBER, (_whole, _quote, bracketed: string | undefined, _mark, plain: string | undefined) => `.${bracketed ?? plain ?? ''}`);
  text = text.replace(COMMAND, (_whole, _quote, bracketed: string | undefined, _mark, plain: string | undefined) => ` ${bracketed ?? plain ?? ''} `);
  return text === head ? undefined : text;
}
