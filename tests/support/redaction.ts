// A redactor with the real engine and all rules, and the secrets to plant in its way.
import { createEngine } from '../../src/detect/engine.ts';
import type { FindingClass } from '../../src/detect/rule.ts';
import { RULES } from '../../src/detect/rules/index.ts';
import { createPolicy, type Action } from '../../src/guards/policy.ts';
import { GUARD_SIGNALS, RequestGuard, type GuardFinding } from '../../src/guards/request-guard.ts';
import type { ClearedTexts } from '../../src/redaction/cleared.ts';
import { createPlaceholders } from '../../src/redaction/placeholder.ts';
import { Redactor, type Redaction } from '../../src/redaction/redactor.ts';
import { createVault, VAULT_DEFAULTS, type Memory } from '../../src/redaction/vault.ts';
import { isOpaque, restoreDepth } from '../../src/wire/opaque.ts';
import { ToolDeclarations } from '../../src/wire/tool-declarations.ts';
import { run } from './cuts.ts';

export const PLACEHOLDERS = createPlaceholders(Buffer.alloc(32, 7));
const ENGINE = createEngine(RULES);

export interface TestRedactor extends Redactor {
  readonly memory: Memory;
  readonly redactions: Redaction[];
}

export function newMemory(): Memory {
  return createVault(VAULT_DEFAULTS).memory('token');
}

export function testRedactor(memory = newMemory(), classes: readonly FindingClass[] = ['credential', 'payment']): TestRedactor {
  const redactions: Redaction[] = [];
  const redactor = new Redactor({
    engine: ENGINE,
    classes: new Set(classes),
    placeholders: PLACEHOLDERS,
    known: [memory.known],
    opaque: isOpaque,
    depth: (path) => restoreDepth(path) || 1,
    remember: memory.remember,
    onFinding: (redaction) => void redactions.push(redaction),
  });
  return Object.assign(redactor, { memory, redactions });
}

export interface GuardedRedactor {
  readonly memory?: Memory;
  readonly cleared?: ClearedTexts | undefined;
  /** Told of what the redactor and the guard find, as one line each. */
  readonly found?: string[];
  readonly onGuard?: (finding: GuardFinding) => void;
}

export const GUARDED_ENGINE = createEngine(RULES.filter((rule) => rule.class !== 'personal'), GUARD_SIGNALS);
const MEDIUM = createPolicy('medium', new Map<string, Action>(), () => undefined);

/** A redactor with the guards of the level medium beside it. */
export function guardedRedactor({ memory = newMemory(), cleared, found = [], onGuard = () => {} }: GuardedRedactor = {}, engine = GUARDED_ENGINE): Redactor {
  return new Redactor({
    engine,
    classes: new Set(['credential', 'payment']),
    placeholders: PLACEHOLDERS,
    known: [memory.known],
    opaque: isOpaque,
    depth: (path) => restoreDepth(path) || 1,
    remember: memory.remember,
    onFinding: ({ rule, id }) => void found.push(`${rule} ${id}`),
    guard: new RequestGuard({
      policy: MEDIUM,
      declarations: new ToolDeclarations(),
      allowed: () => false,
      blocked: (message) => new Error(message),
      onFinding(finding) {
        found.push(`${finding.rule} ${finding.passage}`);
        onGuard(finding);
      },
    }),
    cleared,
  });
}

/** What becomes of a body, cut into the given chunks. */
export function redact(body: string | Buffer, chunks: readonly Buffer[] = [Buffer.from(body as string)], memory?: Memory): string {
  return run(testRedactor(memory), chunks).toString('utf8');
}

const letters = (count: number, salt: string): string => Array.from({ length: count }, (_, i) => 'aB3dE5gH7jK9mN2pQ4rS6tU8vW'.charAt((i * 7 + salt.length * 5 + salt.charCodeAt(i % salt.length)) % 26)).join('');

/** Invented secrets of several kinds; a name says where each would come from. */
export const SECRETS = {
  anthropic: `sk-ant-api03-${letters(93, 'anthropic')}AA`,
  github: `ghp_${letters(36, 'github')}`,
  password: 'hunter2-Xq9!zR',
  pem: `-----BEGIN PRIVATE KEY-----\n${Array.from({ length: 6 }, (_, i) => letters(64, `line${i}`)).join('\n')}\n-----END PRIVATE KEY-----`,
  database: 'pA55-w0rd_Zq81',
} as const;

/** An agent's request with secrets in all places that carry text. */
export function plantedRequest(): string {
  const file = `ANTHROPIC_API_KEY=${SECRETS.anthropic}\nDATABASE_URL=postgres://app:${SECRETS.database}@db.example.com/app\nPASSWORD="${SECRETS.password}"\n${SECRETS.pem}\n`;
  return JSON.stringify({
    model: 'claude-sonnet-5',
    system: `Deploy with token ${SECRETS.github} please.`,
    messages: [
      { role: 'user', content: `My password is: ${SECRETS.password}` },
      { role: 'assistant', content: [{ type: 'text', text: `Your ${SECRETS.password} is weak.` }, { type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: `curl -H "x-api-key: ${SECRETS.anthropic}" https://api.example.com` } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: file }] },
      { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'write', arguments: JSON.stringify({ path: '.env', content: file }) } }] },
      { role: 'user', content: JSON.stringify({ nested: JSON.stringify({ token: SECRETS.github }) }) },
    ],
  });
}
