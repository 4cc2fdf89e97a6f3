/** Every client that is known, in the order they are listed. A new one is an entry here and a page in docs/clients. */
import type { Client } from './client.ts';
import { cherryStudio, cursor } from './clients/apps.ts';
import { claudeCode } from './clients/claude-code.ts';
import { cline } from './clients/cline.ts';
import { codex } from './clients/codex.ts';
import { continueDev } from './clients/continue.ts';
import { geminiCli } from './clients/gemini-cli.ts';
import { openclaw } from './clients/openclaw.ts';
import { opencode } from './clients/opencode.ts';
import { qwenCode } from './clients/qwen-code.ts';
import { aiSdk, anthropicSdk, openaiSdk } from './clients/sdks.ts';

export type { Client, Snippet } from './client.ts';

export const CLIENTS: readonly Client[] = [
  claudeCode,
  codex,
  opencode,
  openclaw,
  cherryStudio,
  cline,
  continueDev,
  cursor,
  geminiCli,
  qwenCode,
  anthropicSdk,
  openaiSdk,
  aiSdk,
];

/** @returns undefined when no client has that id */
export function findClient(id: string): Client | undefined {
  return CLIENTS.find((client) => client.id === id);
}
