/** What a tool call's input holds: the commands it would run, and the addresses it would reach. Pure. */
import { unescapeContent } from '../json/escapes.ts';
import { readEvent } from '../wire/event-document.ts';
import type { ToolCall } from './answer/answer-guard.ts';
import { readCodeCalls, type CodeCalls } from './code-calls.ts';
import type { Shell } from './command/judge.ts';
import { toolUse } from './tools.ts';

export interface CallCommand {
  readonly text: string;
  readonly shell: Shell;
}

const COMMAND_KEY = /^(?:command|commands|cmd|cmds|shell_command|shellCommand|bash_command|command_line|commandLine|script|code|source|source_code|expression|chars|stdin|input|text|keys|args|argv|arguments)$/;
/** Fields of a running tool that are no command, where none of the above is there. */
const OTHER_KEY = /^(?:description|explanation|justification|reason|title|name|cwd|workdir|working_directory|workingDirectory|dir|path|file|file_path|filePath|timeout|id|session_id|language|lang|shell|type|status|mode|background)$/;
/** Fields that may hold code which calls other tools. */
const CODE_KEY = /^(?:script|code|source|source_code|input|text|expression|javascript|js)$/;
/** The tool of the Codex CLI that takes nothing but code. */
const CODE_TOOL = /^(?:functions\.)?exec$/;
const ARGUMENTS_KEY = /^(?:arguments|args|parameters)$/;
const PYTHON = /python|jupyter|(?:^|[^a-z])py(?:[^a-z]|$)/i;
const NODE = /(?:^|[^a-z])(?:node|javascript|js|typescript|deno|bun)(?:[^a-z]|$)/i;
const LANGUAGE_KEY = /^(?:language|lang|interpreter|runtime|kernel)$/;
const ADDRESS = /https?:\/\/[^\s"'<>`\\)\]}]{1,2048}/gi;

interface Field {
  readonly key: string;
  readonly path: string;
  readonly inArray: boolean;
  readonly value: string;
}

/** Every string of the input, duplicates of a key included; what is no JSON is one string. */
function fieldsOf({ input, isJson }: ToolCall): Field[] {
  const whole = (): Field[] => [{ key: 'command', path: 'command', inArray: false, value: input }];
  if (!isJson) return whole();
  const bytes = Buffer.from(input, 'utf8');
  const document = readEvent(bytes, [{ start: 0, end: bytes.length }]);
  if (document === undefined) return whole();
  const fields: Field[] = [];
  for (const { place, kind, start, end } of document.leaves) {
    if (kind === 'string') fields.push({ key: place.key ?? '', path: place.path, inArray: place.path.endsWith('[]'), value: unescapeContent(bytes, start, end, 1) });
  }
  // Some harnesses send the arguments as a text of JSON in JSON.
  return fields.flatMap((field) => (/^\s{0,16}\{/.test(field.value) && ARGUMENTS_KEY.test(field.key) ? fieldsOf({ name: '', kind: '', input: field.value, isJson: true }) : [field]));
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function shellOf(name: string): Shell {
  if (/pwsh|powershell/i.test(name)) return 'powershell';
  if (/(?:^|[^a-z])cmd(?:\.exe)?$/i.test(name)) return 'unknown';
  return /bash|zsh|posix|unix|(?:^|[^a-z])sh(?:[^a-z]|$)/i.test(name) ? 'posix' : 'unknown';
}

/** The commands that a call of a running tool would run. */
export function commandsOf(call: ToolCall): CallCommand[] {
  const fields = fieldsOf(call);
  const language = fields.find(({ key }) => LANGUAGE_KEY.test(key))?.value ?? '';
  let chosen = fields.filter(({ key }) => COMMAND_KEY.test(key));
  if (chosen.length === 0) chosen = fields.filter(({ key }) => !OTHER_KEY.test(key));
  const commands: CallCommand[] = [];
  const shell = shellOf(`${call.name} ${language}`);
  const add = (text: string): void => {
    const interpreter = PYTHON.test(`${call.name} ${language}`) ? 'python3 -c ' : NODE.test(`${call.name} ${language}`) ? 'node -e ' : '';
    if (interpreter !== '') commands.push({ text: interpreter + quoted(text), shell: 'posix' });
    commands.push({ text, shell });
  };
  const codes = codeCallsOf(call, chosen);
  for (const calls of codes) if (mayRun(calls)) for (const text of calls.texts) commands.push({ text, shell: 'unknown' });
  // Read as a shell's, code would run the lines of the patches in it.
  if (codes.length > 0 && call.kind === 'custom' && CODE_TOOL.test(call.name)) return commands;
  // An array is one command's words, unless it is a list of commands.
  let words: Field[] = [];
  const endArray = (): void => {
    const [first] = words;
    if (first !== undefined) {
      if (/^(?:commands|cmds)$/.test(first.key)) for (const { value } of words) add(value);
      else add(words.map(({ value }) => quoted(value)).join(' '));
    }
    words = [];
  };
  for (const field of chosen) {
    if (words.length > 0 && words[0]?.path !== field.path) endArray();
    if (field.inArray) words.push(field);
    else add(field.value);
  }
  endArray();
  // A program and its arguments may stand apart.
  const program = chosen.filter(({ key, inArray }) => !inArray && /^(?:command|cmd)$/.test(key));
  const rest = chosen.filter(({ key }) => /^(?:args|argv|arguments)$/.test(key));
  if (program.length === 1 && rest.length > 0) add(`${program[0]?.value ?? ''} ${rest.map(({ value, inArray }) => (inArray ? quoted(value) : value)).join(' ')}`);
  return commands;
}

const INNER_NAME = /^(?:id|name|tool|tool_?name|tool_?id|function|function_?name|recipient_?name)$/i;

/** Names of the tools that a call is handed on to. */
export function innerNames(call: ToolCall): string[] {
  return fieldsOf(call).filter(({ key }) => INNER_NAME.test(key)).map(({ value }) => value);
}

/** What the code in a call's input calls. A field for a command holds no code, whatever is named `tools` in it. */
function codeCallsOf(call: ToolCall, fields: readonly Field[]): CodeCalls[] {
  return fields.filter(({ key }) => !call.isJson || CODE_KEY.test(key)).flatMap(({ value }) => readCodeCalls(value) ?? []);
}

/** Whether code that calls tools may run a command by one of them. */
function mayRun({ names, hidesNames }: CodeCalls): boolean {
  return hidesNames || names.some((name) => toolUse(name, 'function', undefined).runs);
}

/** Whether the input is code that calls a tool which reaches the network. */
export function reachesFromCode(call: ToolCall): boolean {
  return codeCallsOf(call, fieldsOf(call)).some(({ names }) => names.some((name) => toolUse(name, 'function', undefined).reaches));
}

/** The hosts of the addresses in a call's input, lower case. */
export function hostsOf(call: ToolCall): string[] {
  const hosts = new Set<string>();
  for (const { value, key } of fieldsOf(call)) {
    for (const [address] of value.matchAll(ADDRESS)) addHost(hosts, address);
    if (/^(?:url|uri|endpoint|host|hostname|domain)s?$/i.test(key) && !value.includes('://')) addHost(hosts, `https://${value}`);
  }
  return [...hosts];
}

function addHost(hosts: Set<string>, address: string): void {
  if (URL.canParse(address)) hosts.add(new URL(address).hostname.toLowerCase());
}
