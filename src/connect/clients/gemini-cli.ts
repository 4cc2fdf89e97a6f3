/** Gemini CLI. Its environment files: https://geminicli.com/docs/reference/configuration */
import type { Client } from '../client.ts';
import { join, setting } from '../place.ts';
import { variableSnippets } from './environment-file.ts';

const VARIABLE = 'GOOGLE_GEMINI_BASE_URL';

export const geminiCli: Client = {
  id: 'gemini-cli',
  title: 'Gemini CLI',
  wires: ['gemini'],
  key: 'GEMINI_API_KEY in the environment or in the same file',
  notes: [
    'Only the first .env file that Gemini CLI finds counts: one in the project goes before the one in your home.',
    'A login with a Google account is hosted by Google and is not supported; use an API key.',
  ],
  snippets: (baseUrl) => variableSnippets('~/.gemini/.env', 'gemini', VARIABLE, baseUrl, 'gemini'),
  file: {
    format: 'dotenv',
    places: (around) => [join(around, setting(around.env, 'GEMINI_CLI_HOME') ?? around.home, '.gemini', '.env')],
    settings: (baseUrl) => [{ path: [VARIABLE], value: baseUrl }],
  },
  launch: (baseUrl) => ({ command: 'gemini', args: [], env: { [VARIABLE]: baseUrl } }),
};
