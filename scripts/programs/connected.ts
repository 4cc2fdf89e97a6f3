/** The same programs, sent through the gateway by `aegisgate connect`: only what it writes names the gateway. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claudeBinary, clineBinary, CLAUDE, CODEX_MODEL, codexBinary, GEMINI, GPT, opencodeBinary, put } from './catalogue.ts';
import type { Place, Program } from './catalogue.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const CONNECT_DEADLINE_MS = 20_000;

/** @throws what the command said, when it has not written. */
function connect({ home, work, baseUrl }: Place, client: string): void {
  const { origin, pathname } = new URL(baseUrl);
  const args = [CLI, 'connect', client, '--token', pathname.split('/').at(-1) ?? '', '--url', origin, '--write', '--yes'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: work, env: { HOME: home, PATH: process.env['PATH'] }, encoding: 'utf8', timeout: CONNECT_DEADLINE_MS });
  if (status !== 0) throw new Error(`aegisgate connect ${client} ended with ${status}: ${stdout}${stderr}`);
}

function connected(client: string, program: Omit<Program, 'id'>): Program {
  return {
    ...program,
    id: `connected-${client}`,
    title: `${program.title}, by \`connect\``,
    prepare: (place) => {
      const launch = program.prepare(place);
      connect(place, client);
      return launch;
    },
  };
}

export const BY_CONNECT: readonly Program[] = [
  connected('claude-code', {
    title: 'Claude Code', package: '@anthropic-ai/claude-code', protocol: 'Anthropic Messages', missing: claudeBinary.missing,
    prepare: ({ apiKey, modules }) => ({
      command: claudeBinary.at(modules),
      args: (prompt) => ['-p', prompt, '--model', CLAUDE, '--allowedTools', 'Bash,Read,Write', '--permission-mode', 'acceptEdits'],
      env: { ANTHROPIC_API_KEY: apiKey, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1' },
    }),
  }),
  connected('codex', {
    title: 'Codex CLI', package: '@openai/codex', protocol: 'OpenAI Responses', missing: codexBinary.missing,
    prepare: ({ home, apiKey, modules, node }) => {
      put(join(home, '.codex', 'config.toml'), `# Mine\nmodel = "${CODEX_MODEL}"\ncheck_for_update_on_startup = false\n\n[analytics]\nenabled = false\n`);
      return {
        command: node,
        args: (prompt) => [join(modules, '@openai/codex/bin/codex.js'), 'exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
        env: { OPENAI_API_KEY: apiKey },
      };
    },
  }),
  connected('opencode', {
    title: 'OpenCode', package: 'opencode-ai', protocol: 'Anthropic Messages', missing: opencodeBinary.missing,
    prepare: ({ home, apiKey, modules }) => {
      put(join(home, '.config', 'opencode', 'opencode.json'), { $schema: 'https://opencode.ai/config.json', autoupdate: false, share: 'disabled', permission: 'allow' });
      return {
        command: opencodeBinary.at(modules),
        args: (prompt) => ['run', '--model', `anthropic/${CLAUDE}`, prompt],
        env: { ANTHROPIC_API_KEY: apiKey, OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_DEFAULT_PLUGINS: '1' },
      };
    },
  }),
  connected('openclaw', {
    title: 'OpenClaw', package: 'openclaw', protocol: 'Anthropic Messages',
    prepare: ({ home, work, apiKey, modules, node }) => {
      put(join(home, '.openclaw', 'openclaw.json'), {
        agents: { defaults: { workspace: work, skipBootstrap: true, model: { primary: `anthropic/${CLAUDE}` } } },
        tools: { profile: 'coding', exec: { security: 'full', ask: 'off' } },
        update: { checkOnStart: false },
      });
      let session = 0;
      return {
        command: node,
        args: (prompt) => [join(modules, 'openclaw/openclaw.mjs'), 'agent', '--local', '--agent', 'main', '--session-id', `run-${(session += 1)}`, '--message', prompt],
        env: { ANTHROPIC_API_KEY: apiKey, OPENCLAW_DISABLE_BONJOUR: '1' },
      };
    },
  }),
  connected('cline', {
    title: 'Cline', package: 'cline', protocol: 'Anthropic Messages', missing: clineBinary.missing,
    prepare: ({ home, work, apiKey, modules }) => {
      put(join(home, '.cline', 'data', 'settings', 'providers.json'), {
        version: 1, lastUsedProvider: 'anthropic', modes: {},
        providers: { anthropic: { settings: { provider: 'anthropic', apiKey, model: CLAUDE }, updatedAt: '2026-01-01T00:00:00.000Z', tokenSource: 'manual' } },
      });
      return { command: clineBinary.at(modules), args: (prompt) => ['--provider', 'anthropic', '--model', CLAUDE, '--cwd', work, prompt], env: { CLINE_TELEMETRY_DISABLED: '1', CLINE_NO_AUTO_UPDATE: '1' } };
    },
  }),
  connected('continue', {
    title: 'Continue CLI', package: '@continuedev/cli', protocol: 'Anthropic Messages',
    prepare: ({ home, apiKey, modules, node }) => {
      put(join(home, '.continue', '.env'), `ANTHROPIC_API_KEY=${apiKey}\n`);
      return {
        command: node,
        args: (prompt) => [join(modules, '@continuedev/cli/dist/cn.js'), '-p', prompt, '--config', join(home, '.continue', 'config.yaml'), '--auto'],
        env: { ANTHROPIC_API_KEY: apiKey, CONTINUE_TELEMETRY_ENABLED: '0', CONTINUE_CLI_DISABLE_COMMIT_SIGNATURE: '1' },
      };
    },
  }),
  connected('gemini-cli', {
    title: 'Gemini CLI', package: '@google/gemini-cli', protocol: 'Gemini',
    prepare: ({ home, apiKey, modules, node }) => {
      put(join(home, '.gemini', 'settings.json'), { privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false }, general: { enableAutoUpdate: false, enableAutoUpdateNotification: false } });
      return {
        command: node,
        args: (prompt) => [join(modules, '@google/gemini-cli/bundle/gemini.js'), '--yolo', '--model', GEMINI, '--prompt', prompt],
        env: { GEMINI_API_KEY: apiKey, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
      };
    },
  }),
  connected('qwen-code', {
    title: 'Qwen Code', package: '@qwen-code/qwen-code', protocol: 'OpenAI Chat',
    prepare: ({ home, apiKey, modules, node }) => {
      put(join(home, '.qwen', 'settings.json'), { security: { auth: { selectedType: 'openai' } }, privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false }, general: { enableAutoUpdate: false, disableAutoUpdate: true } });
      return {
        command: node,
        args: (prompt) => [join(modules, '@qwen-code/qwen-code/cli-entry.js'), '--yolo', '--prompt', prompt],
        env: { OPENAI_API_KEY: apiKey, OPENAI_MODEL: GPT },
      };
    },
  }),
];
