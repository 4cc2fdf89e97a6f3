/** Claude Code. Settings and variables: https://code.claude.com/docs/en/settings, https://code.claude.com/docs/en/env-vars */
import { join, setting } from '../place.ts';
import { wireOfUpstream, type Client, type Setting } from '../client.ts';
import { powershellText, quoted, shellWord } from '../quote.ts';

/**
 * With a base URL that is not Anthropic's own, Claude Code loads every MCP tool's definition at once, because proxies
 * used to lose `tool_reference` blocks. The gateway passes them on, so its search for tools may stay on, where the
 * upstream is Anthropic's own: another one may not know such blocks.
 */
function variables(baseUrl: string, upstream: string | undefined): readonly (readonly [name: string, value: string])[] {
  const own = upstream === undefined || wireOfUpstream(upstream) === 'anthropic';
  return [['ANTHROPIC_BASE_URL', baseUrl], ...(own ? [['ENABLE_TOOL_SEARCH', 'true'] as const] : [])];
}

export const claudeCode: Client = {
  id: 'claude-code',
  title: 'Claude Code',
  wires: ['anthropic'],
  key: 'ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN) in the environment, or the key that Claude Code was given',
  notes: [
    'What the settings file names under env goes before a variable of the shell.',
    'A login with a claude.ai account is hosted by Anthropic and is not supported; use an API key.',
  ],
  snippets(baseUrl, upstream) {
    const set = variables(baseUrl, upstream);
    return [
      {
        title: 'Settings file',
        where: '~/.claude/settings.json',
        language: 'json',
        wire: 'anthropic',
        text: `{\n  "env": {\n${set.map(([name, value]) => `    ${quoted(name)}: ${quoted(value)}`).join(',\n')}\n  }\n}\n`,
      },
      {
        title: 'For one shell: Linux, macOS, WSL2',
        where: '',
        language: 'sh',
        wire: 'anthropic',
        text: `${set.map(([name, value]) => `export ${name}=${shellWord(value)}\n`).join('')}claude\n`,
      },
      {
        title: 'For one shell: Windows PowerShell',
        where: '',
        language: 'powershell',
        wire: 'anthropic',
        text: `${set.map(([name, value]) => `$env:${name} = ${powershellText(value)}\n`).join('')}claude\n`,
      },
    ];
  },
  files: [
    {
      format: 'json',
      places: (around) => [join(around, setting(around.env, 'CLAUDE_CONFIG_DIR') ?? [around.home, '.claude'], 'settings.json')],
      settings: (baseUrl, _wire, upstream) => variables(baseUrl, upstream).map(([name, value]): Setting => ({ path: ['env', name], value })),
    },
  ],
  launch(baseUrl, _wire, _env, upstream) {
    const env = Object.fromEntries(variables(baseUrl, upstream));
    // The settings file goes before the environment, and this option before the file.
    return { command: 'claude', args: ['--settings', JSON.stringify({ env })], env };
  },
};
