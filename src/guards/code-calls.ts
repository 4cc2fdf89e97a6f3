/**
 * Calls of tools from within code: an agent's tool takes JavaScript, and the code calls the other tools, as in
 * `const r = await tools.exec_command({cmd: "ls"})`. The Codex CLI hands all its work to the model so, in a tool named
 * `exec`: see the description of that tool in its requests (`additional_tools`). What such code would run is told by its
 * strings: joined where they are added up, put in place of the names they were given, decoded where the code decodes them,
 * and left out where they are a patch or stand under a key that holds no command. Approximate, never throws, takes time linear in the code. Pure.
 */
import { decodedInCode } from './command/code.ts';
import { decodeEscapes } from './command/decode.ts';

export interface CodeCalls {
  /** Names of the tools that are called, as far as the code spells them. */
  readonly names: readonly string[];
  /** Whether a tool is reached in a way that hides its name: `tools[name]`, `const t = tools`. */
  readonly hidesNames: boolean;
  /** Texts that a tool of the code may be given as a command. */
  readonly texts: readonly string[];
}

/** The object that holds the tools, in Codex and in harnesses like it. */
const OBJECTS = new Set(['tools', 'codemode']);
const HOLDS_TOOLS = /\b(?:tools|codemode)\b/;
const NOT_A_COMMAND = /^(?:description|explanation|justification|reason|title|cwd|workdir|working_directory|workingDirectory|dir|path|file|file_path|filePath|timeout|shell|language|lang|sandbox_permissions|session_id|cell_id)$/;
const PATCH = /^\s{0,64}\*\*\* Begin Patch/;
/** A word that needs no quotes in a shell, `~` among them. */
const PLAIN_WORD = /^[\w./:=@%+~*$-]+$/;
/** After one of these a slash begins a regular expression and is no division. */
const BEFORE_EXPRESSION = /[=(,:[!&|?{};+\-*%<>~^]$|(?:^|\W)(?:return|typeof|case|in|of|do|else|await|void|delete|throw|new)$/;
const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d[\w.]*/y;
const MIN_BUDGET_CHARS = 4096;

type Token = { readonly kind: 'text' | 'name' | 'sign'; readonly value: string; readonly template: boolean };

/** What code calls; undefined for a text that is no such code. */
export function readCodeCalls(code: string): CodeCalls | undefined {
  if (!HOLDS_TOOLS.test(code)) return undefined;
  const tokens = tokensOf(code);
  const names: string[] = [];
  let hidesNames = false;
  const sign = (index: number): string => (tokens[index]?.kind === 'sign' ? tokens[index].value : '');
  tokens.forEach((token, index) => {
    // Not a property or a key of that name.
    if (token.kind !== 'name' || !OBJECTS.has(token.value) || /^\??\.$/.test(sign(index - 1)) || sign(index + 1) === ':') return;
    const optional = sign(index + 1) === '?.' && sign(index + 2) === '[' ? 1 : 0;
    const access = sign(index + 1 + optional);
    const member = tokens[index + 2 + optional];
    if (/^\??\.$/.test(access) && member?.kind === 'name') names.push(member.value);
    else if (access === '[' && member?.kind === 'text' && !member.template && sign(index + 3 + optional) === ']') names.push(member.value);
    else hidesNames = true;
  });
  return names.length > 0 || hidesNames ? { names, hidesNames, texts: [...textsOf(tokens, code.length), ...decodedInCode(code)] } : undefined;
}

/** The strings of the code that may be commands. */
function textsOf(tokens: readonly Token[], codeChars: number): string[] {
  const values = new Map<string, string>();
  const texts: string[] = [];
  /** Characters that names may still be replaced with: code can double a text with each line. */
  let budget = codeChars + MIN_BUDGET_CHARS;
  const valueOf = (name: string): string | undefined => {
    const value = values.get(name);
    if (value === undefined || value.length > budget) return undefined;
    budget -= value.length;
    return value;
  };
  const valueAt = (index: number): string | undefined => {
    const token = tokens[index];
    if (token === undefined || token.kind === 'sign') return undefined;
    if (token.kind === 'name') return valueOf(token.value);
    return token.template ? filled(token.value, valueOf) : token.value;
  };
  const isSign = (index: number, sign: string): boolean => tokens[index]?.kind === 'sign' && tokens[index]?.value === sign;
  let words: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const first = valueAt(index);
    if (first === undefined) {
      if (isSign(index, ']') && words.length > 1) texts.push(words.join(' '));
      if (!isSign(index, ',')) words = [];
      continue;
    }
    const start = index;
    let value = first;
    while (isSign(index + 1, '+') && tokens[index + 2]?.kind !== 'sign') {
      // What is not known of a sum leaves its place empty.
      value += valueAt(index + 2) ?? '';
      index += 2;
    }
    const before = tokens[start - 1];
    if (before?.kind === 'sign' && before.value === '=' && tokens[start - 2]?.kind === 'name') values.set(tokens[start - 2]?.value ?? '', value);
    const isKey = isSign(index + 1, ':') && !isSign(start - 1, '?');
    const key = before?.kind === 'sign' && before.value === ':' ? tokens[start - 2]?.value ?? '' : '';
    words.push(PLAIN_WORD.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`);
    if (!isKey && !NOT_A_COMMAND.test(key) && !PATCH.test(value)) texts.push(value);
  }
  return texts;
}

/** A template with the values of the names in it, where they are known. */
function filled(template: string, valueOf: (name: string) => string | undefined): string {
  return template.replace(/\$\{\s{0,8}([\p{L}_$][\p{L}\p{N}_$]{0,63})\s{0,8}\}/gu, (whole, name: string) => valueOf(name) ?? whole);
}

/** Strings, names and signs of JavaScript, without comments, numbers and regular expressions. */
function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  /** What a slash is judged by. */
  let last = '=';
  const push = (kind: Token['kind'], value: string, template = false): void => {
    tokens.push({ kind, value, template });
    last = kind === 'text' ? '"' : value;
  };
  while (at < code.length) {
    const char = code[at] ?? '';
    if (char === '"' || char === "'" || char === '`') {
      const end = endOfText(code, at + 1, char);
      const raw = code.slice(at + 1, end);
      const isRaw = char === '`' && last === 'raw';
      push('text', isRaw ? raw : decodeEscapes(raw), char === '`');
      at = end + 1;
    } else if (code.startsWith('//', at)) {
      const end = code.indexOf('\n', at);
      at = end < 0 ? code.length : end;
    } else if (code.startsWith('/*', at)) {
      const end = code.indexOf('*/', at + 2);
      at = end < 0 ? code.length : end + 2;
    } else if (char === '/' && BEFORE_EXPRESSION.test(last)) {
      at = endOfExpression(code, at + 1);
      last = '"';
    } else if (matchAt(NAME, code, at)) {
      push('name', code.slice(at, NAME.lastIndex));
      at = NAME.lastIndex;
    } else if (matchAt(NUMBER, code, at)) {
      last = '"';
      at = NUMBER.lastIndex;
    } else {
      const sign = code.startsWith('?.', at) ? '?.' : char;
      if (/\S/.test(char)) push('sign', sign);
      at += sign.length;
    }
  }
  return tokens;
}

function matchAt(pattern: RegExp, code: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(code);
}

/** Where a text ends: at its mark, or, but for a template, at the end of the line. */
function endOfText(code: string, from: number, mark: string): number {
  let at = from;
  while (at < code.length && code[at] !== mark && (mark === '`' || code[at] !== '\n')) at += code[at] === '\\' ? 2 : 1;
  return Math.min(at, code.length);
}

function endOfExpression(code: string, from: number): number {
  let at = from;
  let inClass = false;
  while (at < code.length && code[at] !== '\n' && (inClass || code[at] !== '/')) {
    if (code[at] === '[') inClass = true;
    else if (code[at] === ']') inClass = false;
    at += code[at] === '\\' ? 2 : 1;
  }
  return Math.min(at + 1, code.length);
}
