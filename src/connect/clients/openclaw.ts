/** OpenClaw. Its file, which is JSON5: https://docs.openclaw.ai/gateway/configuration */
import type { Client, ClientWire } from '../client.ts';
import { join, setting } from '../place.ts';
import { quoted } from '../quote.ts';

const PROVIDERS = {
  anthropic: { id: 'anthropic', api: 'anthropic-messages' },
  openai: { id: 'openai', api: 'openai-responses' },
  gemini: { id: 'google', api: 'google-generative-ai' },
} as const satisfies Record<ClientWire, { id: string; api: string }>;

export const openclaw: Client = {
  id: 'openclaw',
  title: 'OpenClaw',
  wires: ['anthropic', 'openai'],
  key: 'ANTHROPIC_API_KEY or OPENAI_API_KEY in the environment or in ~/.openclaw/.env, or an auth profile',
  notes: [
    'Models keep their names: anthropic/… or openai/….',
    'A running OpenClaw gateway takes the file over by itself, or after `openclaw gateway restart`.',
    'A base URL in an agent\'s own models.json goes before this one.',
  ],
  snippets: (baseUrl) => (['anthropic', 'openai'] as const).map((wire) => ({
    title: wire === 'anthropic' ? 'Anthropic\'s models' : 'OpenAI\'s models',
    where: '~/.openclaw/openclaw.json',
    language: 'json',
    wire,
    text: `{\n  "models": {\n    "providers": {\n      "${PROVIDERS[wire].id}": {\n        "baseUrl": ${quoted(baseUrl)},\n        "api": "${PROVIDERS[wire].api}"\n      }\n    }\n  }\n}\n`,
  })),
  files: [
    {
      format: 'json5',
      places: (around) => [
        setting(around.env, 'OPENCLAW_CONFIG_PATH') ??
          join(around, setting(around.env, 'OPENCLAW_STATE_DIR') ?? [setting(around.env, 'OPENCLAW_HOME') ?? around.home, '.openclaw'], 'openclaw.json'),
      ],
      settings: (baseUrl, wire) => [
        { path: ['models', 'providers', PROVIDERS[wire].id, 'baseUrl'], value: baseUrl },
        { path: ['models', 'providers', PROVIDERS[wire].id, 'api'], value: PROVIDERS[wire].api },
      ],
    },
  ],
  noLaunch: 'OpenClaw takes a base URL from its configuration file alone; use connect openclaw --write',
};
