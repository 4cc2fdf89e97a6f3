/** Code handed to an interpreter: the shell commands in it, and what it has encoded. Bounded, linear, and approximate. */
import { decodeBase64, decodeEscapes, decodeHex } from './decode.ts';

const MAX_FOUND = 32;
const MAX_LITERALS = 24;

/** Calls that run a command, in Python, Node, Perl, Ruby, PHP, Lua, AWK and Go alike. */
const CALL = /\b(?:system|os\.execute|popen[234]?|Popen|exec|execl|execlp|execv|execve|execvp|execSync|execFile|execFileSync|spawn|spawnSync|spawnl|run|call|check_output|check_call|getoutput|getstatusoutput|shell_exec|passthru|proc_open|pty\.spawn|Command|capture2e?|capture3|sh)\s{0,4}\(\s{0,8}|\b(?:system|exec|sh|script)\s{1,4}(?=["'[])|%x[({[]|\bqx[({/]|`/g;
const LITERAL = /\s{0,16}(?:,\s{0,16})?(?:[rbfu]{1,2}(?=["'])|new String\()?(["'`])/y;
/** Texts spelt in hex, base64, number by number or backwards, in the languages' own ways. */
const ENCODED = /(?:b64decode|base64_decode|decode_base64|decode64|decodestring|atob|fromhex|unhexlify|Buffer\.from|FromBase64String|unpack1?)\s{0,4}\(?\s{0,4}b?(["'])([A-Za-z0-9+/=_\s-]{8,65536})\1/g;

interface Literal {
  readonly value: string;
  readonly end: number;
}

const HEX_PACKED = /\bpack\s{0,4}\(?\s{0,4}["']H\*["']\s{0,4},\s{0,4}["']([0-9a-fA-F\s]{6,65536})["']|\[\s{0,4}["']([0-9a-fA-F]{6,65536})["']\s{0,4}\]\.pack/g;
const NUMBERED = /(?:fromCharCode|fromCodePoint|bytes|bytearray|chr|Buffer\.from|pack\s{0,4}\(\s{0,4}["'][CcUW]\*["']\s{0,4},|\bmap\s{0,4}\(?\{?\s{0,4}chr\W{0,8})\s{0,4}\(?\[?\s{0,4}((?:0x)?[0-9a-f]{2,5}(?:\s{0,4},\s{0,4}(?:0x)?[0-9a-f]{2,5}){2,4096})/gi;
/** `chr(114)+chr(109)`, with the sign that joins in any of the languages. */
const CHARACTERS = /\bchr\(\d{2,6}\)(?:\s{0,4}[+.]\s{0,4}chr\(\d{2,6}\)){2,1024}/g;
const BACKWARDS = /(["'])([^"'\n]{4,2048})\1(?:\[::-1\]|\.reverse\b|\.split\((?:''|""|``)\)\.reverse\(\))|\b(?:strrev|reverse|string\.reverse)\s{0,4}\(?\s{0,4}(["'])([^"'\n]{4,2048})\3/g;
const JOINED = /^\s{0,8}(?:(?:\+|\.{1,2})\s{0,8}|\s)(?=["'])/;

function readLiteral(code: string, at: number): Literal | undefined {
  let literal = readOneLiteral(code, at);
  // `'r' + 'm -rf /'` is one text.
  for (let parts = 0; literal && parts < MAX_LITERALS; parts += 1) {
    const joins = JOINED.exec(code.slice(literal.end, literal.end + 24));
    const next: Literal | undefined = joins ? readOneLiteral(code, literal.end + joins[0].length) : undefined;
    if (!next) break;
    literal = { value: literal.value + next.value, end: next.end };
  }
  return literal;
}

function readOneLiteral(code: string, at: number): Literal | undefined {
  LITERAL.lastIndex = at;
  const found = LITERAL.exec(code);
  if (!found) return undefined;
  let quote = found[1] ?? '';
  let from = LITERAL.lastIndex;
  if (quote !== '`' && code.startsWith(quote + quote, from)) {
    quote += quote + quote;
    from += 2;
  }
  let end = from;
  while (end < code.length && !code.startsWith(quote, end)) end += code[end] === '\\' ? 2 : 1;
  return { value: decodeEscapes(code.slice(from, end)), end: end + quote.length };
}

/** The commands that code runs, each as a text for the shell. */
export function commandsInCode(code: string): string[] {
  const commands: string[] = [];
  CALL.lastIndex = 0;
  while (commands.length < MAX_FOUND) {
    const found = CALL.exec(code);
    if (!found) break;
    const opened = found[0];
    if (opened === '`' || opened.startsWith('%x') || opened.startsWith('qx')) {
      const closer = opened === '`' ? '`' : ({ '(': ')', '{': '}', '[': ']', '/': '/' }[opened.at(-1) ?? ''] ?? ')');
      const end = code.indexOf(closer, CALL.lastIndex);
      if (end === -1) break;
      commands.push(code.slice(CALL.lastIndex, end));
      CALL.lastIndex = end + 1;
      continue;
    }
    let at = CALL.lastIndex;
    const list = code[at] === '[' || code[at] === '(';
    if (list) at += 1;
    const parts: string[] = [];
    let several = list;
    while (parts.length < MAX_LITERALS) {
      const literal = readLiteral(code, at);
      if (!literal) break;
      parts.push(literal.value);
      at = literal.end;
      // `spawn('sh', ['-c', '...'])`: the list goes on with the arguments.
      const next = /^\s{0,8},\s{0,8}\[/.exec(code.slice(at, at + 20));
      if (next) {
        several = true;
        at += next[0].length;
      } else if (!several && !/^\s{0,8},\s{0,8}["']/.test(code.slice(at, at + 20))) {
        break;
      }
    }
    if (parts.length === 1) commands.push(parts[0] ?? '');
    if (parts.length > 1) commands.push(parts.map((part) => (/^[\w./:=@%+~*$-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`)).join(' '));
    CALL.lastIndex = Math.max(CALL.lastIndex, at);
  }
  return commands;
}

const MAX_DECODED = 8;

/** The matches of a pattern, at most as many as are looked into. */
function matchesOf(pattern: RegExp, code: string): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let next = pattern.exec(code); next && found.length < MAX_DECODED; next = pattern.exec(code)) found.push(next);
  return found;
}

function fromNumbers(numbers: readonly string[]): string | undefined {
  const text = numbers.map((number) => String.fromCodePoint(Math.min(Number(number), 0x10ffff) || 0)).join('');
  return /[\u0000-\u0008]/.test(text) ? undefined : text;
}

/** Texts that the code decodes before it uses them. */
export function decodedInCode(code: string): string[] {
  const texts: (string | undefined)[] = matchesOf(ENCODED, code).map((found) => {
    const value = found[2] ?? '';
    return (/hex|unpack/.test(found[0].slice(0, 12)) ? decodeHex(value) : undefined) ?? decodeBase64(value);
  });
  for (const found of matchesOf(HEX_PACKED, code)) texts.push(decodeHex(found[1] ?? found[2] ?? ''));
  for (const found of matchesOf(NUMBERED, code)) texts.push(fromNumbers((found[1] ?? '').split(',').map((number) => number.trim())));
  for (const found of matchesOf(CHARACTERS, code)) texts.push(fromNumbers(found[0].match(/\d+/g) ?? []));
  for (const found of matchesOf(BACKWARDS, code)) texts.push([...(found[2] ?? found[4] ?? '')].reverse().join(''));
  return texts.filter((text) => text !== undefined).slice(0, 2 * MAX_DECODED);
}

/** A stretch of source that looks like the start of a string literal in an AppleScript `do shell script`. */
export function shellScriptsOf(appleScript: string): string[] {
  const found: string[] = [];
  let at = appleScript.indexOf('do shell script');
  while (at !== -1 && found.length < 8) {
    const literal = readLiteral(appleScript, at + 15);
    if (literal) found.push(literal.value);
    at = appleScript.indexOf('do shell script', literal?.end ?? at + 15);
  }
  return found;
}
