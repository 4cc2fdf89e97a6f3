/** OpenCode. Its files and their order: https://opencode.ai/docs/config */
import type { Client, ClientWire } from '../client.ts';
import { setPath } from '../edit/json.ts';
import { join, setting } from '../place.ts';
import { quoted } from '../quote.ts';

const PROVIDERS = { anthropic: 'anthropic', openai: 'openai', gemini: 'google' } as const satisfies Record<ClientWire, string>;

const path = (wire: ClientWire): readonly string[] => ['provider', PROVIDERS[wire], 'options', 'baseURL'];

export const opencode: Client = {
  id: 'opencode',
  title: 'OpenCode',
  wires: ['anthropic', 'openai', 'gemini'],
  key: 'in the provider\'s variable (ANTHROPIC_API_KEY, OPENAI_API_KEY, …) or where `opencode auth login` stored it',
  notes: [
    'A project\'s own opencode.json goes before the one in your home.',
    'A login with an account of a provider (OAuth) is not supported; use an API key.',
  ],
  snippets: (baseUrl) => (['anthropic', 'openai', 'gemini'] as const).map((wire) => ({
    title: { anthropic: 'Anthropic\'s models', openai: 'OpenAI\'s models', gemini: 'Google\'s models' }[wire],
    where: '~/.config/opencode/opencode.json',
    language: 'json',
    wire,
    text: `{\n  "provider": {\n    "${PROVIDERS[wire]}": {\n      "options": {\n        "baseURL": ${quoted(baseUrl)}\n      }\n    }\n  }\n}\n`,
  })),
  files: [
    {
      format: 'jsonc',
      places: (around) => {
        const named = setting(around.env, 'OPENCODE_CONFIG');
        if (named !== undefined) return [named];
        const folder = join(around, setting(around.env, 'XDG_CONFIG_HOME') ?? [around.home, '.config'], 'opencode');
        return [join(around, folder, 'opencode.jsonc'), join(around, folder, 'opencode.json')];
      },
      settings: (baseUrl, wire) => [{ path: path(wire), value: baseUrl }],
    },
  ],
  // Its own variable for settings of one run, which go before every file; what is in it already stays.
  launch: (baseUrl, wire, env) => ({
    command: 'opencode',
    args: [],
    env: { OPENCODE_CONFIG_CONTENT: setPath(setting(env, 'OPENCODE_CONFIG_CONTENT') ?? '{}', path(wire), baseUrl, 'jsonc') },
  }),
};
