/** Codex CLI. Its file: https://developers.openai.com/codex/config-reference */
import type { Client } from '../client.ts';
import { join, setting } from '../place.ts';
import { quoted } from '../quote.ts';

/** The provider's name in Codex's file. */
const PROVIDER = 'aegisgate';

/** In the file's order. A provider of one's own also keeps Codex from trying a WebSocket first. */
function provider(baseUrl: string): readonly (readonly [key: string, value: string])[] {
  return [['name', 'AegisGate'], ['base_url', baseUrl], ['wire_api', 'responses'], ['env_key', 'OPENAI_API_KEY']];
}

export const codex: Client = {
  id: 'codex',
  title: 'Codex CLI',
  wires: ['openai'],
  key: 'OPENAI_API_KEY in the environment',
  notes: [
    'A login with a ChatGPT account is hosted by OpenAI and is not supported; use an API key.',
    'A profile that names a model_provider of its own goes before this one.',
  ],
  snippets: (baseUrl) => [
    {
      title: 'Configuration file',
      where: '~/.codex/config.toml',
      language: 'toml',
      wire: 'openai',
      text: `model_provider = "${PROVIDER}"\n\n[model_providers.${PROVIDER}]\n${provider(baseUrl).map(([key, value]) => `${key} = ${quoted(value)}\n`).join('')}`,
    },
  ],
  files: [
    {
      format: 'toml',
      places: (around) => [join(around, setting(around.env, 'CODEX_HOME') ?? [around.home, '.codex'], 'config.toml')],
      settings: (baseUrl) => [
        { path: ['model_provider'], value: PROVIDER },
        ...provider(baseUrl).map(([key, value]) => ({ path: ['model_providers', PROVIDER, key], value })),
      ],
    },
  ],
  // A value that is no TOML is taken as a text, so none needs quotes, which cmd.exe would not hand on as they are.
  launch: (baseUrl) => ({
    command: 'codex',
    args: [['model_provider', PROVIDER] as const, ...provider(baseUrl).map(([key, value]) => [`model_providers.${PROVIDER}.${key}`, value] as const)].flatMap(
      ([key, value]) => ['-c', `${key}=${value}`],
    ),
    env: {},
  }),
};
