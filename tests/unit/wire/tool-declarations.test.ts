import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ToolDeclarations } from '../../../src/wire/tool-declarations.ts';
import { walkJson } from '../../support/key-path.ts';

function read(request: unknown, chunkBytes?: number): ToolDeclarations {
  const declarations = new ToolDeclarations();
  walkJson(request, (path, bytes, start, end, last, isKey) => {
    if (isKey && path.at(1) === 'properties') declarations.property(path, bytes, start, end, last);
    else if (!isKey && path.at(0) === 'name') declarations.name(path, bytes, start, end, last);
  }, chunkBytes);
  return declarations;
}

const schema = (...names: string[]) => ({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string', description: 'url' }])) });

const requests: Readonly<Record<string, unknown>> = {
  anthropic: { tools: [{ name: 'do_it', input_schema: schema('command', 'timeout') }, { name: 'look', input_schema: schema('path') }, { input_schema: schema('url'), name: 'get_page' }] },
  chat: { tools: ['do_it:command', 'look:path', 'get_page:url'].map((text) => ({ type: 'function', function: { name: text.split(':')[0], parameters: schema(text.split(':')[1] ?? '') } })) },
  responses: { tools: [{ type: 'function', name: 'do_it', parameters: schema('command') }, { type: 'function', name: 'look', parameters: schema('path') }, { type: 'function', name: 'get_page', parameters: schema('url') }] },
  gemini: { tools: [{ functionDeclarations: [{ name: 'do_it', parameters: schema('command') }, { name: 'look', parametersJsonSchema: schema('path') }, { name: 'get_page', parametersJsonSchema: schema('url') }] }] },
};

describe('what a request says of its tools', () => {
  for (const [name, request] of Object.entries(requests)) {
    for (const chunkBytes of [Infinity, 1, 5]) {
      it(`is read in a request of ${name}, in chunks of ${chunkBytes}`, () => {
        const declarations = read(request, chunkBytes);
        assert.deepEqual(['do_it', 'look', 'get_page'].map((name) => declarations.takesCommand(name)), [true, false, false]);
        assert.deepEqual(['do_it', 'look', 'get_page'].map((name) => declarations.takesAddress(name)), [false, false, true]);
      });
    }
  }

  it('is not taken from a property of a property, nor from what a conversation holds', () => {
    const nested = { tools: [{ name: 'save', input_schema: { properties: { body: { properties: { command: {} } } } } }] };
    assert.equal(read(nested).takesCommand('save'), false);
    const said = { messages: [{ role: 'user', content: [{ name: 'save', parameters: schema('command') }] }] };
    assert.equal(read(said).takesCommand('save'), false);
  });
});
