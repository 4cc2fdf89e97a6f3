// An agent of a few lines on the AI SDK, as an application would write it: it streams its answer to the standard output and
// has tools that run a command, read a file and write one. Node runs it as it is.
//
//   node ai-sdk.ts <provider package> <base URL> <model> <prompt>
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { isStepCount, streamText, tool } from 'ai';
import { z } from 'zod';

const MAX_STEPS = 8;
const COMMAND_DEADLINE_MS = 10_000;

const [provider = '', baseURL = '', modelId = '', prompt = ''] = process.argv.slice(2);
const apiKey = process.env['AI_SDK_KEY'] ?? '';

function languageModel() {
  switch (provider) {
    case '@ai-sdk/anthropic':
      return createAnthropic({ baseURL, apiKey })(modelId);
    case '@ai-sdk/openai':
      return createOpenAI({ baseURL, apiKey })(modelId);
    case '@ai-sdk/openai-compatible':
      return createOpenAICompatible({ name: 'gateway', baseURL, apiKey })(modelId);
    default:
      throw new Error(`Unknown provider: ${provider}`);
  }
}

const result = streamText({
  model: languageModel(),
  prompt,
  stopWhen: isStepCount(MAX_STEPS),
  tools: {
    bash: tool({
      description: 'Runs a command.',
      inputSchema: z.object({ command: z.string() }),
      execute: ({ command }) => execFileSync('bash', ['-c', command], { encoding: 'utf8', timeout: COMMAND_DEADLINE_MS }),
    }),
    read_file: tool({
      description: 'Reads a file.',
      inputSchema: z.object({ path: z.string() }),
      execute: ({ path }) => readFileSync(path, 'utf8'),
    }),
    write_file: tool({
      description: 'Writes a file.',
      inputSchema: z.object({ path: z.string(), content: z.string() }),
      execute: ({ path, content }) => {
        writeFileSync(path, content);
        return 'Written.';
      },
    }),
  },
});

for await (const part of result.fullStream) {
  if (part.type === 'text-delta') process.stdout.write(part.text);
  if (part.type === 'error') throw part.error;
}
process.stdout.write('\n');
