/**
 * What a request says of the tools that the model may call: which of them take a command, and which an address. Read from
 * the keys of their schemas as they pass; a tool is told from others by the object that holds both its name and its schema.
 *
 * `tools[].input_schema` (Anthropic Messages), `tools[].function.parameters` (Chat Completions), `tools[].parameters`
 * (Responses), `tools[].functionDeclarations[].parameters` (Gemini); all of them JSON Schema, with `properties`.
 */
import type { ObjectPath } from '../json/key-path.ts';

const SCHEMAS = new Set(['input_schema', 'inputSchema', 'parameters', 'parametersJsonSchema', 'schema']);
const COMMAND_PROPERTY = /^(?:command|commands|cmd|cmds|shell_command|shellCommand|bash_command|command_line|commandLine|script)$/;
const ADDRESS_PROPERTY = /^(?:url|urls|uri|uris|endpoint|href|link)$/;
/** The tools of one request that are remembered. */
const MAX_TOOLS = 1024;
const NAME_MAX_CHARS = 256;
const PROPERTY_MAX_CHARS = 32;

export interface ToolDeclarations {
  /** A key in an object `properties`, raw, or a piece of it. */
  property(path: ObjectPath, bytes: Buffer, start: number, end: number, last: boolean): void;
  /** A string at the key `name`, or a piece of it. */
  name(path: ObjectPath, bytes: Buffer, start: number, end: number, last: boolean): void;
  /** Whether a tool of this name was declared with a parameter that holds a command. */
  takesCommand(name: string): boolean;
  /** Whether a tool of this name was declared with a parameter that holds an address. */
  takesAddress(name: string): boolean;
}

export function createToolDeclarations(): ToolDeclarations {
  const names = new Map<number, string>();
  const commands = new Set<number>();
  const addresses = new Set<number>();
  let reading = '';
  let key = '';

  function declared(among: ReadonlySet<number>, name: string): boolean {
    for (const tool of among) if (names.get(tool) === name) return true;
    return false;
  }

  return {
    property(path, bytes, start, end, last) {
      if (!SCHEMAS.has(path.at(2) ?? '') || !isTool(path, 3)) return;
      if (key.length <= PROPERTY_MAX_CHARS) key += bytes.toString('latin1', start, Math.min(end, start + PROPERTY_MAX_CHARS + 1));
      if (!last) return;
      const name = key;
      key = '';
      const found = COMMAND_PROPERTY.test(name) ? commands : ADDRESS_PROPERTY.test(name) ? addresses : undefined;
      // The path of a key ends with its own place: the object that holds the schema is two above that of the properties.
      if (found !== undefined && found.size < MAX_TOOLS) found.add(path.objectAt(path.depth - 3));
    },
    name(path, bytes, start, end, last) {
      if (reading.length <= NAME_MAX_CHARS) reading += bytes.toString('utf8', start, Math.min(end, start + NAME_MAX_CHARS));
      if (!last) return;
      if (isTool(path, 1) && names.size < MAX_TOOLS) names.set(path.objectAt(path.depth - 1), reading);
      reading = '';
    },
    takesCommand: (name) => declared(commands, name),
    takesAddress: (name) => declared(addresses, name),
  };
}

/** Whether the key so many steps above the nearest one holds tools. */
function isTool(path: ObjectPath, steps: number): boolean {
  const holder = path.at(steps);
  if (holder === 'function') return path.at(steps + 1) === 'tools';
  return holder === 'tools' || holder === 'functionDeclarations' || holder === 'function_declarations' || holder === 'functions';
}
