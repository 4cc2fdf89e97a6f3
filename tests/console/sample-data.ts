/** Exchanges and figures as a busy day has them, made from a seed. */
import type { Finding } from '../../src/console/page/records.ts';

/** Numbers from 0 to 1, the same for a seed. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const CLIENTS = [
  ['Claude Code', 'anthropic-messages', 'claude-sonnet-5', '/v1/messages', 'a1b2c3d4', 'Claude'],
  ['Codex', 'openai-responses', 'gpt-6-codex', '/responses', 'b2c3d4e5', 'OpenAI'],
  ['Gemini CLI', 'gemini', 'gemini-2.5-pro', '/v1beta/models/gemini-2.5-pro:streamGenerateContent', 'c3d4e5f6', 'Gemini'],
  ['opencode', 'openai-chat', 'qwen3-coder', '/chat/completions', 'd4e5f6a7', 'Local models'],
] as const;

export const FINDINGS: readonly Finding[] = [
  { rule: 'github-token', kind: 'github-token', topic: 'credential', action: 'redact', place: 'messages.*.content.*.text', direction: 'request', count: 2, shape: 'gh…Xy (40)', why: 'It has the form of a secret or an identifier that has no business there: github token.' },
  { rule: 'named-secret', kind: 'password', topic: 'credential', action: 'redact', place: 'messages.*.content.*.content', direction: 'request', count: 1, shape: 'hu…2k (16)', why: 'It has the form of a secret or an identifier that has no business there: password.' },
  { rule: 'delete-root', kind: 'command', topic: 'command', action: 'block', place: 'tool.Bash', direction: 'response', count: 1, shape: 'rm…ot (27)', why: 'The command deletes or overwrites files or history beyond what a task needs, and that can\'t be undone.' },
  { rule: 'instruction-override', kind: 'injection', topic: 'injection', action: 'quarantine', place: 'messages.*.content.*.content', direction: 'request', count: 1, shape: '', why: 'Text that tells the assistant to disregard its instructions.' },
  { rule: 'zero-width-run', kind: 'hidden-text', topic: 'hidden-text', action: 'strip', place: 'messages.*.content', direction: 'request', count: 3, shape: '', why: 'A run of characters without width: they can carry hidden words.' },
  { rule: 'email-address', kind: 'email', topic: 'personal', action: 'flag', place: 'input.*.content', direction: 'request', count: 4, shape: 'ja…om (21)', why: 'It has the form of a secret or an identifier that has no business there: email.' },
];

export type SampleExchange = Readonly<Record<string, unknown>> & { readonly seq: number; readonly id: string };

export function sampleExchange(seq: number, timeMs: number, dice: () => number, changes: Readonly<Record<string, unknown>> = {}): SampleExchange {
  const [client, wire, model, path, fingerprint, name] = CLIENTS[Math.floor(dice() ** 1.7 * CLIENTS.length)] ?? CLIENTS[0];
  const findings = dice() < 0.3 ? FINDINGS.filter(() => dice() < 0.35) : [];
  const failed = dice() < 0.04;
  const refused = findings.some(({ rule, action }) => action === 'block' && rule !== 'delete-root');
  const firstByteMs = Math.round(250 + dice() ** 3 * 2_400);
  return {
    seq, id: `req-${seq.toString(36).padStart(8, '0')}`, time: new Date(timeMs).toISOString(), client, token: { fingerprint, name }, upstream: 'api.example.com',
    wire, method: 'POST', path, model, status: failed ? 529 : refused ? 403 : 200, outcome: refused ? 'refused' : 'complete', code: refused ? 'request_blocked' : null,
    firstByteMs, durationMs: firstByteMs + Math.round(dice() * 24_000), addedMs: Math.round(dice() ** 2 * 30) / 10,
    bytesIn: Math.round(20_000 + dice() * 180_000), bytesOut: Math.round(900 + dice() * 24_000), findings, findingCount: findings.reduce((sum, { count }) => sum + count, 0),
    ...changes,
  };
}

/** The newest last. */
export function sampleExchanges(count: number, lastMs: number, seed = 7): SampleExchange[] {
  const dice = createDice(seed);
  const gapsMs = Array.from({ length: count }, () => 400 + dice() * 9_000);
  let timeMs = lastMs - gapsMs.reduce((sum, gap) => sum + gap, 0);
  return gapsMs.map((gap, index) => {
    timeMs += gap;
    return sampleExchange(index + 1, timeMs, dice);
  });
}

export function sampleOverview(nowMs: number, seed = 11): unknown {
  const dice = createDice(seed);
  const minutes = Array.from({ length: 60 }, (_, index) => {
    const requests = Math.round((60 + 60 * Math.sin(index / 9)) * (0.6 + 0.6 * dice()));
    return { time: new Date(nowMs - (59 - index) * 60_000).toISOString(), requests, errors: Math.round(requests * 0.06 * dice()), redactions: Math.round(requests * 0.3 * dice()), bytesIn: requests * 90_000, bytesOut: requests * 8_000 };
  });
  return {
    minutes, totals: { requests: 0, errors: 0, redactions: 0, bytesIn: 0, bytesOut: 0 }, open: 7,
    rules: [['github-token', 412], ['named-secret', 230], ['email-address', 121], ['instruction-override', 31], ['delete-root', 9], ['zero-width-run', 4]].map(([rule, count]) => ({ rule, count })),
    clients: [['Claude Code', 2_210, 402], ['Codex', 801, 160], ['Gemini CLI', 230, 48], ['opencode', 91, 0]].map(([client, requests, redactions]) => ({ client, requests, redactions })),
    upstreams: [['api.anthropic.com', 2_210, 42], ['api.openai.com', 801, 9], ['generativelanguage.googleapis.com', 230, 2]].map(([host, requests, errors]) => ({ host, requests, errors })),
    latency: { firstByteMs: { p50: 612, p90: 1_840, p99: 4_210 }, durationMs: { p50: 8_100, p90: 24_000, p99: 71_000 }, addedMs: { p50: 0.31, p90: 1.4, p99: 4.6 } },
  };
}

export const TOKENS: readonly Readonly<Record<string, unknown>>[] = [
  { token: 'Ab3k…9Qx7', fingerprint: 'a1b2c3d4', upstream_base: 'https://api.anthropic.com/v1', mode: 'full', level: null, note: 'Claude', requests: 2_210, findings: 402, last_used: new Date(Date.now() - 190_000).toISOString() },
  { token: 'Zt81…mM2c', fingerprint: 'b2c3d4e5', upstream_base: 'https://api.openai.com/v1', mode: 'full', level: 'high', note: 'OpenAI', requests: 801, findings: 160, last_used: null },
  { token: 'q0Lr…7vbN', fingerprint: 'c3d4e5f6', upstream_base: 'https://generativelanguage.googleapis.com', mode: 'redact', level: null, note: '', requests: 0, findings: 0, last_used: null },
];
