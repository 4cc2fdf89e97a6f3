/** Cline: its command line keeps its providers in a file, its extensions keep them in the editor's own storage. */
import type { Client, ClientWire } from '../client.ts';
import { join, setting } from '../place.ts';
import { quoted } from '../quote.ts';

const PROVIDERS = { anthropic: 'anthropic', openai: 'openai-compatible', gemini: 'gemini' } as const satisfies Record<ClientWire, string>;

export const cline: Client = {
  id: 'cline',
  title: 'Cline',
  wires: ['anthropic', 'openai'],
  key: 'in Cline\'s own settings',
  notes: [
    'Sign in with an API key first (`cline auth`): Cline makes the entry, connect adds the base URL to it.',
    'A login with a Cline account runs through Cline\'s own servers and is not supported; use an API key.',
  ],
  snippets: (baseUrl) => [
    ...(['anthropic', 'openai'] as const).map((wire) => ({
      title: wire === 'anthropic' ? 'Command line, Anthropic: added to the provider\'s entry' : 'Command line, OpenAI-compatible: added to the provider\'s entry',
      where: '~/.cline/data/settings/providers.json',
      language: 'json' as const,
      wire,
      text: `{\n  "providers": {\n    "${PROVIDERS[wire]}": {\n      "settings": {\n        "baseUrl": ${quoted(baseUrl)}\n      }\n    }\n  }\n}\n`,
    })),
    {
      title: 'VS Code, JetBrains: Anthropic',
      where: 'Cline\'s settings (the gear)',
      language: 'text',
      wire: 'anthropic',
      text: `API Provider:         Anthropic\nUse custom base URL:  ${baseUrl}\n`,
    },
    {
      title: 'VS Code, JetBrains: OpenAI',
      where: 'Cline\'s settings (the gear)',
      language: 'text',
      wire: 'openai',
      text: `API Provider:  OpenAI Compatible\nBase URL:      ${baseUrl}\n`,
    },
  ],
  files: [
    {
      format: 'json',
      places: (around) => [
        join(around, setting(around.env, 'CLINE_DATA_DIR') ?? [setting(around.env, 'CLINE_DIR') ?? join(around, around.home, '.cline'), 'data'], 'settings', 'providers.json'),
      ],
      settings: (baseUrl, wire) => [{ path: ['providers', PROVIDERS[wire], 'settings', 'baseUrl'], value: baseUrl }],
      needs: { path: (wire) => ['providers', PROVIDERS[wire], 'settings'], hint: 'sign in with an API key first (cline auth), so that Cline makes its entry' },
    },
  ],
  noLaunch: 'Cline takes a base URL from its own settings alone; use connect cline',
};
