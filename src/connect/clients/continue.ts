/** Continue. Its file: https://docs.continue.dev/reference */
import type { Client, ClientWire, Value } from '../client.ts';
import { join, setting } from '../place.ts';
import { quoted } from '../quote.ts';

const MODELS = {
  anthropic: { name: 'AegisGate Claude', provider: 'anthropic', model: 'claude-sonnet-4-5', secret: 'ANTHROPIC_API_KEY' },
  openai: { name: 'AegisGate OpenAI', provider: 'openai', model: 'gpt-5', secret: 'OPENAI_API_KEY' },
  gemini: { name: 'AegisGate Gemini', provider: 'gemini', model: 'gemini-2.5-pro', secret: 'GEMINI_API_KEY' },
} as const satisfies Record<ClientWire, { name: string; provider: string; model: string; secret: string }>;

/** Names what is resolved by Continue itself, from its own secrets or ~/.continue/.env. */
const secret = (name: string): string => `\${{ secrets.${name} }}`;

function entry(baseUrl: string, wire: ClientWire): { readonly [key: string]: Value } {
  const { name, provider, model, secret: key } = MODELS[wire];
  return { name, provider, model, apiBase: baseUrl, apiKey: secret(key) };
}

export const continueDev: Client = {
  id: 'continue',
  title: 'Continue',
  wires: ['anthropic', 'openai'],
  key: 'ANTHROPIC_API_KEY or OPENAI_API_KEY in ~/.continue/.env, which the entry names',
  notes: ['The entry is a model of its own: choose it in Continue, and put the model you want into it.', 'For a model that is there already, its apiBase alone is enough.'],
  snippets: (baseUrl) => (['anthropic', 'openai'] as const).map((wire) => ({
    title: wire === 'anthropic' ? 'A model of Anthropic\'s' : 'A model of OpenAI\'s',
    where: '~/.continue/config.yaml',
    language: 'yaml',
    wire,
    text: `name: "Local Config"\nversion: "1.0.0"\nschema: "v1"\nmodels:\n  - ${Object.entries(entry(baseUrl, wire)).map(([key, value]) => `${key}: ${quoted(String(value))}\n`).join('    ')}`,
  })),
  files: [
    {
      format: 'yaml',
      places: (around) => [join(around, setting(around.env, 'CONTINUE_GLOBAL_DIR') ?? [around.home, '.continue'], 'config.yaml')],
      settings: (baseUrl, wire) => [
        { path: ['name'], value: 'Local Config', onlyIfAbsent: true },
        { path: ['version'], value: '1.0.0', onlyIfAbsent: true },
        { path: ['schema'], value: 'v1', onlyIfAbsent: true },
        // An entry of that name that is there already may have another model by now: then its address alone is set.
        { path: ['models', { field: 'name', value: MODELS[wire].name }], value: entry(baseUrl, wire), onlyIfAbsent: true },
        { path: ['models', { field: 'name', value: MODELS[wire].name }, 'apiBase'], value: baseUrl },
      ],
    },
  ],
  noLaunch: 'Continue takes a base URL from its configuration file alone; use connect continue --write',
};
