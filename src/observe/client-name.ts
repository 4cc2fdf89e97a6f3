/**
 * Which program a request comes from, by the product tokens of its User-Agent (RFC 9110 section 10.1.5). It is what the
 * program says of itself, fit for a person's eyes and for nothing else.
 */

/** The beginning of what is said, in lower case, and what people call it. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['claude-cli/', 'Claude Code'],
  ['claude-code/', 'Claude Code'],
  ['codex_cli_rs/', 'Codex'],
  ['codex_exec/', 'Codex'],
  ['codex_vscode/', 'Codex (VS Code)'],
  ['codex-tui/', 'Codex'],
  ['codex', 'Codex'],
  ['geminicli', 'Gemini CLI'],
  ['gemini-cli', 'Gemini CLI'],
  ['qwencode', 'Qwen Code'],
  ['opencode/', 'OpenCode'],
  ['crush/', 'Crush'],
  ['aider/', 'Aider'],
  ['cline/', 'Cline'],
  ['roocode/', 'Roo Code'],
  ['kilo-code/', 'Kilo Code'],
  ['kimi', 'Kimi CLI'],
  ['goose/', 'Goose'],
  ['zed/', 'Zed'],
  ['continue/', 'Continue'],
  ['litellm/', 'LiteLLM'],
  ['anthropic/js', 'Anthropic SDK (JS)'],
  ['anthropic/python', 'Anthropic SDK (Python)'],
  ['asyncanthropic/python', 'Anthropic SDK (Python)'],
  ['anthropic/go', 'Anthropic SDK (Go)'],
  ['anthropic/java', 'Anthropic SDK (Java)'],
  ['anthropic/ruby', 'Anthropic SDK (Ruby)'],
  ['openai/js', 'OpenAI SDK (JS)'],
  ['openai/python', 'OpenAI SDK (Python)'],
  ['asyncopenai/python', 'OpenAI SDK (Python)'],
  ['openai/go', 'OpenAI SDK (Go)'],
  ['openai/java', 'OpenAI SDK (Java)'],
  ['openai/ruby', 'OpenAI SDK (Ruby)'],
  ['google-genai-sdk/', 'Google Gen AI SDK'],
  ['ai-sdk/', 'AI SDK'],
  ['ai/', 'AI SDK'],
  ['curl/', 'curl'],
  ['python-httpx/', 'Python httpx'],
  ['python-requests/', 'Python requests'],
  ['node', 'Node.js'],
  ['undici', 'Node.js'],
  ['mozilla/', 'Browser'],
];

export const UNKNOWN_CLIENT = 'unknown';
const LONGEST_KNOWN_CHARS = 24;
const MAX_NAME_CHARS = 40;
/** User agents whose names are remembered: those of one person's programs are few. */
const REMEMBERED_MAX = 256;
const MAX_AGENT_CHARS = 512;

const LONG_RUN = /[A-Za-z0-9]{16}/;
const LONG_RUNS = /[A-Za-z0-9]{16,}/g;

/**
 * Whether a text may be a name that somebody gave, and is none of the long mixed runs of letters and digits that keys
 * and ids are made of.
 */
export function isPlainName(text: string): boolean {
  // Nearly all have none, and asking so costs a tenth of going through them.
  if (!LONG_RUN.test(text)) return true;
  for (const [run] of text.matchAll(LONG_RUNS)) if (/[0-9]/.test(run) && /[A-Za-z]/.test(run)) return false;
  return true;
}

function nameOf(userAgent: string): string {
  const start = userAgent.slice(0, LONGEST_KNOWN_CHARS).toLowerCase();
  for (const [beginning, name] of KNOWN) if (start.startsWith(beginning)) return name;
  const [product = ''] = /^[A-Za-z0-9._ -]{1,40}(?=\/|$)/.exec(userAgent.slice(0, MAX_NAME_CHARS + 1)) ?? [];
  const name = product.trim();
  return name === '' || !isPlainName(name) ? UNKNOWN_CLIENT : name;
}

/** Names by user agents; a name is found out once and remembered, within bounds. */
export function createClientNames(): (userAgent: string | undefined) => string {
  const known = new Map<string, string>();
  return (userAgent) => {
    if (userAgent === undefined) return UNKNOWN_CLIENT;
    const remembered = known.get(userAgent);
    if (remembered !== undefined) return remembered;
    const name = nameOf(userAgent);
    if (userAgent.length <= MAX_AGENT_CHARS && known.size < REMEMBERED_MAX) known.set(userAgent, name);
    return name;
  };
}
