/** Gemini CLI. Its environment files: https://geminicli.com/docs/reference/configuration */
import type { Client, Snippet } from '../client.ts';
import { join, setting } from '../place.ts';
import { variableSnippets } from './environment-file.ts';

const VARIABLE = 'GOOGLE_GEMINI_BASE_URL';
/** With a base URL and no choice of its user's, Gemini CLI 0.61 takes a way to log in that it then refuses. */
const LOGIN = 'gemini-api-key';

export const geminiCli: Client = {
  id: 'gemini-cli',
  title: 'Gemini CLI',
  wires: ['gemini'],
  key: 'GEMINI_API_KEY in the environment or in the same file',
  notes: [
    'Gemini CLI must be set to log in with an API key (/auth): "Invalid auth method selected" says that it is not.',
    'Only the first .env file that Gemini CLI finds counts: one in the project goes before the one in your home.',
    'A login with a Google account is hosted by Google and is not supported; use an API key.',
  ],
  snippets: (baseUrl) => {
    const [file, ...shells] = variableSnippets('~/.gemini/.env', 'gemini', VARIABLE, baseUrl, 'gemini');
    const login: Snippet = {
      title: 'The way to log in, without which a base URL is not taken',
      where: '~/.gemini/settings.json',
      language: 'json',
      wire: 'gemini',
      text: `{\n  "security": {\n    "auth": {\n      "selectedType": "${LOGIN}"\n    }\n  }\n}\n`,
    };
    return [...(file === undefined ? [] : [file]), login, ...shells];
  },
  files: [
    {
      format: 'dotenv',
      places: (around) => [join(around, setting(around.env, 'GEMINI_CLI_HOME') ?? around.home, '.gemini', '.env')],
      settings: (baseUrl) => [{ path: [VARIABLE], value: baseUrl }],
    },
    {
      format: 'jsonc',
      places: (around) => [join(around, setting(around.env, 'GEMINI_CLI_HOME') ?? around.home, '.gemini', 'settings.json')],
      settings: () => [{ path: ['security', 'auth', 'selectedType'], value: LOGIN }],
    },
  ],
  launch: (baseUrl) => ({ command: 'gemini', args: [], env: { [VARIABLE]: baseUrl } }),
};
