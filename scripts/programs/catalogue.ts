/**
 * The programs of the matrix: how each is configured for a base URL, started without a terminal, and kept from tracking and
 * from looking for updates. Settings as their vendors' pages name them; what is only theirs stands beside it.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from './launch.ts';

export interface Place {
  readonly home: string;
  readonly work: string;
  /** What register returned. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Folder of the installed programs. */
  readonly modules: string;
  readonly node: string;
}

export interface Program {
  readonly id: string;
  readonly title: string;
  /** The npm package that gives the version. */
  readonly package: string;
  readonly protocol: 'Anthropic Messages' | 'OpenAI Chat' | 'OpenAI Responses' | 'Gemini';
  /** Why it can't be tried on this machine though it is installed; undefined when it can. */
  readonly missing?: (modules: string) => string | undefined;
  /** False for a program without a tool that writes a whole file. */
  readonly writesFiles?: boolean;
  /** Writes its settings into the scratch home. */
  readonly prepare: (place: Place) => Launch;
}

const CLAUDE = 'claude-sonnet-4-5';
const GPT = 'gpt-5';
const CODEX_MODEL = 'gpt-6.2-sol';
const GEMINI = 'gemini-2.5-pro';
/** Name of the provider in the settings of programs that take any. */
const PROVIDER = 'aegis';

function put(path: string, content: string | object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}

/** Packages of programs that come as a binary for each platform. */
function binary(name: string, path: string): { missing: (modules: string) => string | undefined; at: (modules: string) => string } {
  const folder = `${name}-${process.platform}-${process.arch}`;
  const at = (modules: string): string => join(modules, folder, path);
  return { at, missing: (modules) => (existsSync(at(modules)) ? undefined : `no binary ${folder} is installed`) };
}

const claudeBinary = binary('@anthropic-ai/claude-code', 'claude');
const opencodeBinary = binary('opencode', 'bin/opencode');
const clineBinary = binary('@cline/cli', 'bin/cline');
const codexBinary = binary('@openai/codex', 'package.json');

const claudeCode: Program = {
  id: 'claude-code',
  title: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  protocol: 'Anthropic Messages',
  missing: claudeBinary.missing,
  prepare: ({ baseUrl, apiKey, modules }) => ({
    command: claudeBinary.at(modules),
    args: (prompt) => ['-p', prompt, '--model', CLAUDE, '--allowedTools', 'Bash,Read,Write', '--permission-mode', 'acceptEdits'],
    // https://code.claude.com/docs/en/settings#environment-variables
    env: { ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: apiKey, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
  }),
};

/**
 * With a model that it knows, it takes code that calls its tools; with another, each tool is a function of its own. Its own
 * provider, led elsewhere by `openai_base_url`, tries a WebSocket first; a provider of the user's does not.
 */
function codex(id: string, title: string, model: string, provider: 'own' | 'custom'): Program {
  return {
    id,
    title,
    package: '@openai/codex',
    protocol: 'OpenAI Responses',
    missing: codexBinary.missing,
    writesFiles: model === CODEX_MODEL,
    prepare: ({ home, baseUrl, apiKey, modules, node }) => {
      put(join(home, '.codex', 'config.toml'), [
        `model = "${model}"`,
        ...(provider === 'own' ? [`openai_base_url = "${baseUrl}"`] : [`model_provider = "${PROVIDER}"`]),
        'check_for_update_on_startup = false',
        '[analytics]',
        'enabled = false',
        ...(provider === 'own' ? [] : [`[model_providers.${PROVIDER}]`, 'name = "AegisGate"', `base_url = "${baseUrl}"`, 'env_key = "OPENAI_API_KEY"', 'wire_api = "responses"']),
        '',
      ].join('\n'));
      return {
        command: node,
        args: (prompt) => [join(modules, '@openai/codex/bin/codex.js'), 'exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
        env: { OPENAI_API_KEY: apiKey, CODEX_API_KEY: apiKey },
      };
    },
  };
}

function opencode(id: string, protocol: Program['protocol'], npm: string, model: string): Program {
  return {
    id,
    title: 'OpenCode',
    package: 'opencode-ai',
    protocol,
    missing: opencodeBinary.missing,
    prepare: ({ home, baseUrl, apiKey, modules }) => {
      // https://opencode.ai/docs/config
      put(join(home, '.config', 'opencode', 'opencode.json'), {
        $schema: 'https://opencode.ai/config.json',
        autoupdate: false,
        share: 'disabled',
        permission: 'allow',
        provider: { [PROVIDER]: { npm, name: 'AegisGate', options: { baseURL: baseUrl, apiKey }, models: { [model]: { name: model, tool_call: true, limit: { context: 200_000, output: 8192 } } } } },
      });
      return {
        command: opencodeBinary.at(modules),
        args: (prompt) => ['run', '--model', `${PROVIDER}/${model}`, prompt],
        env: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_DEFAULT_PLUGINS: '1' },
      };
    },
  };
}

function openclaw(id: string, protocol: Program['protocol'], api: string, model: string): Program {
  return {
    id,
    title: 'OpenClaw',
    package: 'openclaw',
    protocol,
    prepare: ({ home, work, baseUrl, apiKey, modules, node }) => {
      put(join(home, '.openclaw', 'openclaw.json'), {
        models: {
          mode: 'merge',
          providers: {
            [PROVIDER]: { baseUrl, apiKey, api, models: [{ id: model, name: model, reasoning: false, input: ['text'], cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, contextWindow: 200_000, maxTokens: 8192 }] },
          },
        },
        agents: { defaults: { workspace: work, skipBootstrap: true, model: { primary: `${PROVIDER}/${model}` } } },
        tools: { profile: 'coding', exec: { security: 'full', ask: 'off' } },
        update: { checkOnStart: false },
      });
      let session = 0;
      return {
        command: node,
        args: (prompt) => [join(modules, 'openclaw/openclaw.mjs'), 'agent', '--local', '--agent', 'main', '--session-id', `run-${(session += 1)}`, '--message', prompt],
        env: { OPENCLAW_DISABLE_BONJOUR: '1' },
      };
    },
  };
}

function aiSdk(id: string, protocol: Program['protocol'], packageName: string, model: string): Program {
  return {
    id,
    title: `AI SDK, ${packageName}`,
    package: packageName,
    protocol,
    prepare: ({ baseUrl, apiKey, node }) => ({
      command: node,
      args: (prompt) => [fileURLToPath(new URL('../../tests/clients/programs/ai-sdk.ts', import.meta.url)), packageName, baseUrl, model, prompt],
      env: { AI_SDK_KEY: apiKey, NODE_NO_WARNINGS: '1' },
    }),
  };
}

function cline(id: string, protocol: Program['protocol'], provider: string, model: string): Program {
  return {
    id,
    title: 'Cline',
    package: 'cline',
    protocol,
    missing: clineBinary.missing,
    prepare: ({ home, work, baseUrl, apiKey, modules }) => {
      put(join(home, '.cline', 'data', 'settings', 'providers.json'), {
        version: 1,
        lastUsedProvider: provider,
        modes: {},
        providers: { [provider]: { settings: { provider, apiKey, model, baseUrl }, updatedAt: '2026-01-01T00:00:00.000Z', tokenSource: 'manual' } },
      });
      return { command: clineBinary.at(modules), args: (prompt) => ['--provider', provider, '--model', model, '--cwd', work, prompt], env: { CLINE_TELEMETRY_DISABLED: '1', CLINE_NO_AUTO_UPDATE: '1' } };
    },
  };
}

function continueCli(id: string, protocol: Program['protocol'], provider: string, model: string): Program {
  return {
    id,
    title: 'Continue CLI',
    package: '@continuedev/cli',
    protocol,
    prepare: ({ home, baseUrl, apiKey, modules, node }) => {
      const config = join(home, 'continue.yaml');
      put(config, [
        'name: AegisGate',
        'version: 1.0.0',
        'schema: v1',
        'models:',
        `  - name: ${model}`,
        `    provider: ${provider}`,
        `    model: ${model}`,
        `    apiBase: ${baseUrl}`,
        `    apiKey: ${apiKey}`,
        '    roles: [chat]',
        '    capabilities: [tool_use]',
        '',
      ].join('\n'));
      return {
        command: node,
        args: (prompt) => [join(modules, '@continuedev/cli/dist/cn.js'), '-p', prompt, '--config', config, '--auto'],
        env: { CONTINUE_TELEMETRY_ENABLED: '0', CONTINUE_CLI_DISABLE_COMMIT_SIGNATURE: '1' },
      };
    },
  };
}

const geminiCli: Program = {
  id: 'gemini-cli',
  title: 'Gemini CLI',
  package: '@google/gemini-cli',
  protocol: 'Gemini',
  prepare: ({ home, baseUrl, apiKey, modules, node }) => {
    // https://geminicli.com/docs/reference/configuration
    put(join(home, '.gemini', 'settings.json'), {
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    });
    return {
      command: node,
      args: (prompt) => [join(modules, '@google/gemini-cli/bundle/gemini.js'), '--yolo', '--model', GEMINI, '--prompt', prompt],
      env: { GOOGLE_GEMINI_BASE_URL: baseUrl, GEMINI_API_KEY: apiKey, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    };
  },
};

const qwenCode: Program = {
  id: 'qwen-code',
  title: 'Qwen Code',
  package: '@qwen-code/qwen-code',
  protocol: 'OpenAI Chat',
  prepare: ({ home, baseUrl, apiKey, modules, node }) => {
    put(join(home, '.qwen', 'settings.json'), {
      security: { auth: { selectedType: 'openai' }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false, disableAutoUpdate: true },
    });
    return {
      command: node,
      args: (prompt) => [join(modules, '@qwen-code/qwen-code/cli-entry.js'), '--yolo', '--prompt', prompt],
      env: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, OPENAI_MODEL: GPT },
    };
  },
};

function pi(id: string, protocol: Program['protocol'], api: string, model: string): Program {
  return {
    id,
    title: 'pi',
    package: '@mariozechner/pi-coding-agent',
    protocol,
    prepare: ({ home, baseUrl, apiKey, modules, node }) => {
      put(join(home, '.pi', 'agent', 'models.json'), { providers: { [PROVIDER]: { baseUrl, api, apiKey, models: [{ id: model }] } } });
      return {
        command: node,
        args: (prompt) => [join(modules, '@mariozechner/pi-coding-agent/dist/cli.js'), '--print', '--provider', PROVIDER, '--model', model, prompt],
        env: { PI_OFFLINE: '1', PI_SKIP_VERSION_CHECK: '1', PI_TELEMETRY: '0' },
      };
    },
  };
}

export const PROGRAMS: readonly Program[] = [
  claudeCode,
  codex('codex', 'Codex CLI', CODEX_MODEL, 'custom'),
  codex('codex-websocket', 'Codex CLI, `openai_base_url`', CODEX_MODEL, 'own'),
  codex('codex-functions', 'Codex CLI, a model it does not know', GPT, 'custom'),
  opencode('opencode-anthropic', 'Anthropic Messages', '@ai-sdk/anthropic', CLAUDE),
  opencode('opencode-responses', 'OpenAI Responses', '@ai-sdk/openai', GPT),
  opencode('opencode-chat', 'OpenAI Chat', '@ai-sdk/openai-compatible', GPT),
  openclaw('openclaw-anthropic', 'Anthropic Messages', 'anthropic-messages', CLAUDE),
  openclaw('openclaw-responses', 'OpenAI Responses', 'openai-responses', GPT),
  openclaw('openclaw-chat', 'OpenAI Chat', 'openai-completions', GPT),
  aiSdk('ai-sdk-anthropic', 'Anthropic Messages', '@ai-sdk/anthropic', CLAUDE),
  aiSdk('ai-sdk-responses', 'OpenAI Responses', '@ai-sdk/openai', GPT),
  aiSdk('ai-sdk-chat', 'OpenAI Chat', '@ai-sdk/openai-compatible', GPT),
  cline('cline-anthropic', 'Anthropic Messages', 'anthropic', CLAUDE),
  cline('cline-chat', 'OpenAI Chat', 'openai-compatible', GPT),
  continueCli('continue-anthropic', 'Anthropic Messages', 'anthropic', CLAUDE),
  continueCli('continue-chat', 'OpenAI Chat', 'openai', GPT),
  geminiCli,
  qwenCode,
  pi('pi-anthropic', 'Anthropic Messages', 'anthropic-messages', CLAUDE),
  pi('pi-responses', 'OpenAI Responses', 'openai-responses', GPT),
  pi('pi-chat', 'OpenAI Chat', 'openai-completions', GPT),
];
