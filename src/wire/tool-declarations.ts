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
const NONE: ReadonlySet<number> = new Set();

/** What can be asked of the tools that a request declares. */
export type DeclaredTools = Pick<ToolDeclarations, 'takesCommand' | 'takesAddress'>;

/** The tools of one request. */
export class ToolDeclarations {
  /** The names of tools and which of them take what, by the object that holds a tool; many requests have none. */
  #names: Map<number, string> | undefined;
  #commands: Set<number> | undefined;
  #addresses: Set<number> | undefined;
  #reading = '';
  #key = '';

  /** A key in an object `properties`, raw, or a piece of it. */
  property(path: ObjectPath, bytes: Buffer, start: number, end: number, last: boolean): void {
    if (!SCHEMAS.has(path.at(2) ?? '') || !isTool(path, 3)) return;
    if (this.#key.length <= PROPERTY_MAX_CHARS) this.#key += bytes.toString('latin1', start, Math.min(end, start + PROPERTY_MAX_CHARS + 1));
    if (!last) return;
    const name = this.#key;
    this.#key = '';
    // The path of a key ends with its own place: the object that holds the schema is two above that of the properties.
    const tool = path.objectAt(path.depth - 3);
    if (COMMAND_PROPERTY.test(name)) addUpTo(MAX_TOOLS, (this.#commands ??= new Set()), tool);
    else if (ADDRESS_PROPERTY.test(name)) addUpTo(MAX_TOOLS, (this.#addresses ??= new Set()), tool);
  }

  /** A string at the key `name`, or a piece of it. */
  name(path: ObjectPath, bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.#reading.length <= NAME_MAX_CHARS) this.#reading += bytes.toString('utf8', start, Math.min(end, start + NAME_MAX_CHARS));
    if (!last) return;
    if (isTool(path, 1) && (this.#names?.size ?? 0) < MAX_TOOLS) (this.#names ??= new Map<number, string>()).set(path.objectAt(path.depth - 1), this.#reading);
    this.#reading = '';
  }

  /** Whether a tool of this name was declared with a parameter that holds a command. */
  takesCommand(name: string): boolean {
    return this.#declared(this.#commands, name);
  }

  /** Whether a tool of this name was declared with a parameter that holds an address. */
  takesAddress(name: string): boolean {
    return this.#declared(this.#addresses, name);
  }

  #declared(among: ReadonlySet<number> | undefined, name: string): boolean {
    for (const tool of among ?? NONE) if (this.#names?.get(tool) === name) return true;
    return false;
  }
}

function addUpTo(most: number, tools: Set<number>, tool: number): void {
  if (tools.size < most) tools.add(tool);
}

/** Whether the key so many steps above the nearest one holds tools. */
function isTool(path: ObjectPath, steps: number): boolean {
  const holder = path.at(steps);
  if (holder === 'function') return path.at(steps + 1) === 'tools';
  return holder === 'tools' || holder === 'functionDeclarations' || holder === 'function_declarations' || holder === 'functions';
}
