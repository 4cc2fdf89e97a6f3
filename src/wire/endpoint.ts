/** Which known endpoint a path names. Only for logs, metrics and the family of errors; every path is proxied. */

export type Wire =
  | 'anthropic-messages' | 'anthropic-count-tokens' | 'openai-chat' | 'openai-responses' | 'openai-completions'
  | 'openai-embeddings' | 'models' | 'gemini-generate' | 'gemini-stream' | 'other';

const BY_ENDING: readonly (readonly [string, Wire])[] = [
  ['/messages', 'anthropic-messages'],
  ['/messages/count_tokens', 'anthropic-count-tokens'],
  ['/chat/completions', 'openai-chat'],
  ['/responses', 'openai-responses'],
  ['/completions', 'openai-completions'],
  ['/embeddings', 'openai-embeddings'],
  ['/models', 'models'],
  [':generateContent', 'gemini-generate'],
  [':streamGenerateContent', 'gemini-stream'],
];

/** @param rest the client's path after the token, with its leading slash and without its query. */
export function wireOf(rest: string): Wire {
  for (const [ending, wire] of BY_ENDING) if (rest.endsWith(ending)) return wire;
  return /\/models\/[^/]+$/.test(rest) ? 'models' : 'other';
}
