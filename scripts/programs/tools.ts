/**
 * Calls in a program's own tool vocabulary: which of the tools that a request declares runs a command, reads or writes a
 * file, and arguments that fit its schema.
 */
import type { MockTool, ToolCall } from '../../tests/support/mock-conversation.ts';
import { arrayOf, objectOf, stringOf } from '../../tests/support/mock-json.ts';
import type { JsonObject } from '../../tests/support/mock-json.ts';

const RUNS = /bash|shell|exec|terminal|run_command/i;
const NOT_RUNS = /stdin|output|kill|process|list|read|write/i;
const COMMAND = /^(?:commands?|cmds?)$/i;
const READS = /^(?:read|view|open)(?:_?(?:file|files|text_file))?$/i;
const WRITES = /^(?:editor|(?:write|create)(?:_?(?:new_?)?(?:file|to_file))?)$/i;
const PATH = /^(?:(?:target_)?(?:file|absolute)?_?path|files?|files?_?paths?|paths)$/i;
const PATCH = /^(?:input|patch|patch_?text)$/i;
const CONTENT = /^(?:content|contents|file_?text|text|new_text)$/i;

/**
 * A call of the tool that takes code and lets it call the others, as the Codex CLI has it; undefined where there is none or
 * where that other tool is not described in it.
 */
function codeCall(tools: readonly MockTool[], other: string, argument: string): ToolCall | undefined {
  const tool = tools.find(({ freeform }) => freeform?.includes(`tools: { ${other}(`));
  return tool && { name: tool.name, input: `const result = await tools.${other}(${argument});\ntext(result.output ?? result);\n`, freeform: true };
}

/** A call that runs a command; undefined where no tool does. */
export function commandCall(tools: readonly MockTool[], command: string): ToolCall | undefined {
  const byCode = codeCall(tools, 'exec_command', JSON.stringify({ cmd: command }));
  if (byCode !== undefined) return byCode;
  const tool = tools.find(({ name, schema }) => RUNS.test(name) && !NOT_RUNS.test(name) && keyOf(schema, COMMAND) !== undefined);
  return tool && call(tool, [[COMMAND, command]]);
}

/** A call that reads a file; undefined where no tool does. */
export function readCall(tools: readonly MockTool[], path: string): ToolCall | undefined {
  const tool = tools.find(({ name, schema }) => READS.test(name) && keyOf(schema, PATH) !== undefined);
  return tool && call(tool, [[PATH, path]]);
}

/** A call that writes a file of one line, by a patch where that is the only way; undefined where no tool does. */
export function writeCall(tools: readonly MockTool[], path: string, content: string): ToolCall | undefined {
  const patch = `*** Begin Patch\n*** Add File: ${path}\n+${content}\n*** End Patch`;
  const byCode = codeCall(tools, 'apply_patch', JSON.stringify(patch));
  if (byCode !== undefined) return byCode;
  const tool = tools.find(({ name, schema }) => WRITES.test(name) && keyOf(schema, PATH) !== undefined && keyOf(schema, CONTENT) !== undefined);
  if (tool !== undefined) return call(tool, [[PATH, path], [CONTENT, content]]);
  const patching = tools.find(({ name }) => name === 'apply_patch');
  if (patching?.freeform !== undefined) return { name: patching.name, input: patch, freeform: true };
  return patching && call(patching, [[PATCH, patch]]);
}

type Given = readonly (readonly [key: RegExp, text: string])[];

function keyOf(schema: JsonObject, pattern: RegExp): string | undefined {
  return Object.keys(objectOf(schema['properties'])).find((key) => pattern.test(key));
}

function call({ name, schema }: MockTool, given: Given): ToolCall {
  return { name, input: JSON.stringify(inputOf(schema, given)) };
}

/** The given texts at their keys, and something that fits at all other keys that are required. */
function inputOf(schema: JsonObject, given: Given): JsonObject {
  const properties = objectOf(schema['properties']);
  const required = new Set(arrayOf(schema['required']));
  const input: JsonObject = {};
  for (const [key, value] of Object.entries(properties)) {
    const text = given.find(([pattern]) => pattern.test(key))?.[1];
    if (text !== undefined) input[key] = textFor(objectOf(value), text, key, given);
    else if (required.has(key)) input[key] = fillerFor(objectOf(value));
  }
  return input;
}

function typesOf(schema: JsonObject): string[] {
  const { type } = schema;
  const own = typeof type === 'string' ? [type] : arrayOf(type).map(stringOf);
  const alternatives = [...arrayOf(schema['anyOf']), ...arrayOf(schema['oneOf'])].flatMap((one) => typesOf(objectOf(one)));
  return [...own, ...alternatives].map((word) => word.toLowerCase());
}

/** A text in the shape of its schema: as it is, in a list, as the words of a command's list, or in a list of objects. */
function textFor(schema: JsonObject, text: string, key: string, given: Given): unknown {
  const types = typesOf(schema);
  if (!types.includes('array') || types.includes('string')) return text;
  const items = objectOf(schema['items']);
  if (typesOf(items).includes('object')) return [inputOf(items, given)];
  return /^(?:command|cmd)$/i.test(key) ? ['bash', '-lc', text] : [text];
}

function fillerFor(schema: JsonObject): unknown {
  const choices = arrayOf(schema['enum']);
  if (choices.length > 0) return choices[0];
  const types = typesOf(schema);
  if (types.includes('boolean')) return false;
  if (types.includes('integer') || types.includes('number')) return 10;
  if (types.includes('array')) return [];
  if (types.includes('object')) return {};
  return 'A check of the gateway';
}
