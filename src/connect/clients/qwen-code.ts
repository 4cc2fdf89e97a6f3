/** Qwen Code. Its environment files: https://qwenlm.github.io/qwen-code-docs/en/users/configuration/settings */
import type { Client } from '../client.ts';
import { join, setting } from '../place.ts';
import { variableSnippets } from './environment-file.ts';

const VARIABLE = 'OPENAI_BASE_URL';

export const qwenCode: Client = {
  id: 'qwen-code',
  title: 'Qwen Code',
  wires: ['openai'],
  key: 'OPENAI_API_KEY in the environment or in the same file',
  notes: [
    'A baseUrl under modelProviders in ~/.qwen/settings.json goes before this variable.',
    'For a provider other than OpenAI, such as Alibaba Cloud, give its own address with --upstream.',
    'A login with a Qwen account is hosted by Qwen and is not supported; use an API key.',
  ],
  snippets: (baseUrl) => variableSnippets('~/.qwen/.env', 'openai', VARIABLE, baseUrl, 'qwen'),
  files: [
    {
      format: 'dotenv',
      places: (around) => [join(around, setting(around.env, 'QWEN_HOME') ?? [around.home, '.qwen'], '.env')],
      settings: (baseUrl) => [{ path: [VARIABLE], value: baseUrl }],
    },
  ],
  launch: (baseUrl) => ({ command: 'qwen', args: [], env: { [VARIABLE]: baseUrl } }),
};
