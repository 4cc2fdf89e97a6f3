/** Programs that run a text: which text, and in which language. */
import { commandsInCode, decodedInCode, shellScriptsOf } from './code.ts';
import { decodeBase64 } from './decode.ts';
import { flagValue, operands } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { inputOf, inputText, outputOf } from './outputs.ts';
import type { Language, Word } from './syntax.ts';

export interface Text {
  readonly text: string;
  readonly language: Language | 'code';
  readonly decoded: boolean;
  /** The word it came in, for its place; the whole statement without one. */
  readonly word?: Word;
  /** The values of `$0`, `$1` and so on. */
  readonly positional?: readonly Word[];
}

const SHELLS = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish', 'ash', 'rbash', 'mksh', 'csh', 'tcsh']);
/** Interpreters of code and the flags that hand it over. */
const CODE_FLAGS: ReadonlyMap<string, RegExp> = new Map([
  ['python', /^-[BEIsSuOx]{0,4}c$/], ['perl', /^-[a-zA-Z0-9]{0,12}[eE]$/], ['ruby', /^-[a-z]{0,12}e$/], ['node', /^(?:-e|-p|-pe|--eval|--print)$/], ['bun', /^(?:-e|--eval)$/],
  ['deno', /^(?:eval|-e)$/], ['php', /^-[rR]$/], ['lua', /^-e$/], ['osascript', /^-e$/], ['tclsh', /^-c$/], ['groovy', /^-e$/], ['guile', /^-c$/], ['jshell', /(?!)/], ['rscript', /^-e$/], ['julia', /^-e$/], ['elixir', /^-e$/], ['gdb', /^-i?ex$/], ['lldb', /^-o$/], ['erl', /^-eval$/], ['racket', /^-e$/], ['swift', /^-e$/], ['scala', /^-e$/], ['crystal', /^eval$/], ['jrunscript', /^-e$/], ['irb', /^-e$/],
]);
/** Programs whose code may be glued to its flag. */
const GLUED_CODE = new Set(['perl', 'ruby', 'osascript', 'lua']);
const BARE_READ = /^(?:-|\/dev\/stdin|\/proc\/self\/fd\/0)$/;

/** Whether the program is a shell. */
export function isShell(name: string): boolean {
  return SHELLS.has(name);
}

/** Whether the program runs code in a language of its own. */
export function isCodeInterpreter(name: string): boolean {
  return CODE_FLAGS.has(name);
}

/** Whether a shell or interpreter runs what flows into it, rather than a file or an argument. */
export function runsInput(invocation: Invocation): boolean {
  const { name, texts } = invocation;
  const inline = CODE_FLAGS.get(name);
  if (isShell(name)) {
    if (texts.some((text) => /^-[a-z]*c$/.test(text))) return false;
    if (texts.some((text) => /^-[a-z]*s$/.test(text))) return true;
    const file = operands(invocation)[0]?.text;
    return file === undefined || file === '/dev/stdin' || texts.includes('-');
  }
  if (name === 'source' || name === '.') return texts[0] === '/dev/stdin';
  if (name === 'pwsh' || name === 'powershell') return texts.includes('-') || texts.length === 0;
  if (inline) return !texts.some((text) => inline.test(text)) && (texts.length === 0 || texts.some((text) => BARE_READ.test(text)) || texts.every((text) => /^-[uBsSEIq]$/.test(text)));
  return false;
}

/** What is in the file that a word names, when the same script wrote it. */
function contentOf(word: Word | undefined, invocation: Invocation): string | undefined {
  return word === undefined ? undefined : word.content ?? invocation.files.get(word.text)?.text;
}

function shellTexts(invocation: Invocation): Text[] {
  const { args } = invocation;
  const flag = invocation.texts.findIndex((text) => /^-[a-zA-Z]*c$/.test(text) || text === '--command');
  if (flag !== -1) {
    // `bash -c -- text` and `bash -xc -e text` are rare; the first word that is no flag is the text.
    const word = args.slice(flag + 1).find((next) => !/^-\w{0,3}$/.test(next.text));
    return word ? [{ text: word.text, language: 'posix', decoded: false, word, positional: args.slice(args.indexOf(word) + 1, args.indexOf(word) + 10) }] : [];
  }
  const known = contentOf(operands(invocation)[0], invocation);
  if (known !== undefined) return [{ text: known, language: 'posix', decoded: false }];
  return runsInput(invocation) ? inputTexts(invocation, 'posix') : [];
}

function inputTexts(invocation: Invocation, language: Text['language']): Text[] {
  const input = inputOf(invocation);
  return input ? [{ text: input.text, language, decoded: input.decoded }] : [];
}

function powershellTexts(invocation: Invocation): Text[] {
  const { args, texts } = invocation;
  for (let at = 0; at < texts.length; at += 1) {
    const text = (texts[at] ?? '').toLowerCase().replace(/^\//, '-');
    const word = args[at + 1];
    if (/^-(?:e|ec|en|enc|enco\w{0,12})$/.test(text) && word) {
      const decoded = decodeBase64(word.text, 'utf16le') ?? decodeBase64(word.text);
      return decoded === undefined ? [] : [{ text: decoded, language: 'powershell', decoded: true, word }];
    }
    if (/^-(?:c|co\w{0,8})$/.test(text) && word) return [{ text: texts.slice(at + 1).join(' '), language: 'powershell', decoded: false }];
    if (/^-f(?:ile)?$/.test(text)) {
      const known = invocation.files.get(texts[at + 1] ?? '')?.text;
      return known === undefined ? [] : [{ text: known, language: 'powershell', decoded: false }];
    }
    if (/^-(?:ex|ep|w|v|o|i|configurationname|psconsole|wd)/.test(text)) at += 1;
    else if (!text.startsWith('-')) return [{ text: texts.slice(at).join(' '), language: 'powershell', decoded: false }];
  }
  return inputTexts(invocation, 'powershell');
}

function codeTexts(invocation: Invocation, flags: RegExp): Text[] {
  const found: Text[] = [];
  invocation.texts.forEach((text, index) => {
    const word = invocation.args[index + 1];
    const glued = /^-[a-z]{0,4}[er](?=[^a-z=-])(.+)$/s.exec(text)?.[1] ?? (GLUED_CODE.has(invocation.name) ? /^-e(.{8,})$/s.exec(text)?.[1] : undefined);
    const own = invocation.args[index];
    if (found.length >= 4) return;
    if (flags.test(text) && word) found.push({ text: word.text, language: 'code', decoded: false, word });
    else if (glued !== undefined && own) found.push({ text: glued, language: 'code', decoded: false, word: own });
  });
  if (found.length > 0) return found;
  const file = operands(invocation)[0];
  const known = contentOf(file, invocation);
  if (known !== undefined) return [{ text: known, language: 'code', decoded: false }];
  const document = inputText(invocation);
  if (document !== undefined && (runsInput(invocation) || file === undefined)) return [{ text: document, language: 'code', decoded: false }];
  return runsInput(invocation) ? inputTexts(invocation, 'code') : [];
}

/** The texts of the tables that `crontab` installs, as far as they can be told: its input, or a file written before. */
export function cronTexts(invocation: Invocation): string[] {
  const named = contentOf(operands(invocation).find((word) => word.text !== '-'), invocation);
  const found = invocation.feeds.flatMap((feed) => outputOf(feed)?.text ?? []);
  const own = named ?? inputText(invocation);
  return own === undefined ? found : [own, ...found];
}

/** Text of a crontab: the commands without their times. */
function cronCommands(text: string): string {
  return text.split('\n').map((line) => line.replace(/^\s{0,8}(?:@\w{1,12}|(?:[\d*/,a-z-]{1,24}\s{1,8}){5})/i, '')).join('\n');
}

/** The texts that a program runs. */
export function textsRunBy(invocation: Invocation): Text[] {
  const { name, args, texts } = invocation;
  if (SHELLS.has(name)) return shellTexts(invocation);
  const flags = CODE_FLAGS.get(name);
  if (flags) return codeTexts(invocation, flags);
  switch (name) {
    case 'eval':
      return [{ text: texts.join(' '), language: 'posix', decoded: false }];
    case 'trap': {
      const word = args.find((next) => !next.text.startsWith('-'));
      return word ? [{ text: word.text, language: 'posix', decoded: false, word }] : [];
    }
    case 'source':
    case '.': {
      const known = contentOf(args[0], invocation);
      return known === undefined ? [] : [{ text: known, language: 'posix', decoded: false }];
    }
    case 'go': {
      const known = texts[0] === 'run' ? contentOf(args.slice(1).find((word) => !word.text.startsWith('-')), invocation) : undefined;
      return known === undefined ? [] : [{ text: known, language: 'code', decoded: false }];
    }
    case 'powershell':
    case 'pwsh':
      return powershellTexts(invocation);
    case 'invoke-expression':
    case '[scriptblock]::create()':
      return texts.length > 0 ? [{ text: texts.filter((text) => !/^-c/i.test(text)).join(' '), language: 'powershell', decoded: false }] : inputTexts(invocation, 'powershell');
    case 'at':
    case 'batch':
      return inputTexts(invocation, 'posix');
    case 'crontab':
      return cronTexts(invocation).map((text) => ({ text: cronCommands(text), language: 'posix', decoded: false }));
    case 'schtasks':
      return [flagValue(invocation, '/tr', '/TR')].filter((word) => word !== undefined).map((word) => ({ text: word.text, language: 'cmd', decoded: false, word }));
    case 'awk':
    case 'gawk':
    case 'mawk':
    case 'nawk':
      return args.filter((word) => word.text.includes('system(') || word.text.includes('/inet/')).slice(0, 2).map((word) => ({ text: word.text, language: 'code', decoded: false, word }));
    case 'cmd':
      return inputTexts(invocation, 'cmd');
    case 'sudo':
    case 'su':
      // A shell of another user reads what comes in; a command of its own reads it itself.
      return texts.every((text) => text.startsWith('-') || text === 'root' || text === 'su') ? inputTexts(invocation, 'posix') : [];
    case 'vim':
    case 'vi':
    case 'nvim':
    case 'ed':
    case 'ex':
      return args.filter((word) => /^\+?:?\s?!/.test(word.text)).slice(0, 2).map((word) => ({ text: word.text.replace(/^\+?:?\s?!/, ''), language: 'posix', decoded: false, word }));
    default: {
      // A file written just before and then run by its path.
      const known = /[/\\]/.test(invocation.path) ? invocation.files.get(invocation.path)?.text : undefined;
      return known === undefined ? [] : [{ text: known, language: known.startsWith('#!') && /^#!.{0,40}(?:python|node|perl|ruby|php)/.test(known) ? 'code' : 'posix', decoded: false }];
    }
  }
}

/** The texts within a text of code: commands for the shell, and what it had encoded. */
export function textsInCode(code: string): Text[] {
  const found: Text[] = [];
  for (const text of commandsInCode(code)) found.push({ text, language: 'posix', decoded: false });
  for (const text of shellScriptsOf(code)) found.push({ text, language: 'posix', decoded: false });
  for (const text of decodedInCode(code)) found.push({ text, language: 'code', decoded: true }, { text, language: 'posix', decoded: true });
  return found;
}
