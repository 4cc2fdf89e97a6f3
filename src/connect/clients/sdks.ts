/** The vendors' SDKs and the AI SDK: a line in a program, or a variable where the SDK reads one. */
import type { Client, ClientWire, Snippet } from '../client.ts';
import { scriptText, shellWord } from '../quote.ts';

const VARIABLES = { anthropic: 'ANTHROPIC_BASE_URL', openai: 'OPENAI_BASE_URL', gemini: 'GOOGLE_GEMINI_BASE_URL' } as const satisfies Record<ClientWire, string>;

const NO_FILE = 'an SDK has no file of its own; put the line into your program, or start it with run';

function shell(wire: ClientWire, baseUrl: string): Snippet {
  return {
    title: 'Without a change to the program',
    where: '',
    language: 'sh',
    wire,
    text: `export ${VARIABLES[wire]}=${shellWord(baseUrl)}\nnode app.js\n`,
  };
}

interface Sdk {
  readonly id: string;
  readonly title: string;
  readonly wire: 'anthropic' | 'openai';
  /** The class, and what it is imported from. */
  readonly name: string;
  readonly package: string;
}

function sdk({ id, title, wire, name, package: from }: Sdk): Client {
  const key = `${wire.toUpperCase()}_API_KEY`;
  return {
    id,
    title,
    wires: [wire],
    key: `${key} in the environment, which the SDK reads`,
    notes: ['The Python SDK takes the same as base_url, and reads the same variable.'],
    snippets: (baseUrl) => [
      {
        title: 'In a program',
        where: '',
        language: 'js',
        wire,
        text: `import ${name} from '${from}';\n\nconst client = new ${name}({ baseURL: ${scriptText(baseUrl)} }); // reads ${key}\n`,
      },
      shell(wire, baseUrl),
    ],
    files: [],
    noFile: NO_FILE,
    launch: (baseUrl) => ({ command: undefined, args: [], env: { [VARIABLES[wire]]: baseUrl } }),
  };
}

export const anthropicSdk = sdk({ id: 'anthropic-sdk', title: 'Anthropic\'s SDK', wire: 'anthropic', name: 'Anthropic', package: '@anthropic-ai/sdk' });
export const openaiSdk = sdk({ id: 'openai-sdk', title: 'OpenAI\'s SDK', wire: 'openai', name: 'OpenAI', package: 'openai' });

const FACTORIES = {
  anthropic: { name: 'createAnthropic', package: '@ai-sdk/anthropic', key: 'ANTHROPIC_API_KEY' },
  openai: { name: 'createOpenAI', package: '@ai-sdk/openai', key: 'OPENAI_API_KEY' },
} as const;

export const aiSdk: Client = {
  id: 'ai-sdk',
  title: 'AI SDK',
  wires: ['anthropic', 'openai'],
  key: 'ANTHROPIC_API_KEY or OPENAI_API_KEY in the environment, which the provider reads',
  notes: ['createOpenAI calls /responses; its .chat() calls /chat/completions. Both work.'],
  snippets: (baseUrl) => (['anthropic', 'openai'] as const).map((wire) => ({
    title: wire === 'anthropic' ? 'Anthropic\'s models' : 'OpenAI\'s models',
    where: '',
    language: 'js',
    wire,
    text: `import { ${FACTORIES[wire].name} } from '${FACTORIES[wire].package}';\n\nconst ${wire} = ${FACTORIES[wire].name}({ baseURL: ${scriptText(baseUrl)} }); // reads ${FACTORIES[wire].key}\n`,
  })),
  files: [],
  noFile: NO_FILE,
  launch: (baseUrl, wire) => ({ command: undefined, args: [], env: { [VARIABLES[wire]]: baseUrl } }),
};
