/**
 * What is done with what is found: one table, level × topic → action, which the user may override for a topic or a single
 * rule, for all tokens or for one.
 */
import type { FindingClass } from '../detect/rule.ts';

export type SecurityLevel = 'low' | 'medium' | 'high';
export const LEVELS: readonly SecurityLevel[] = ['low', 'medium', 'high'];

/**
 * off: not looked for. flag: told in audit log, metrics and header. redact: a placeholder goes up. strip: the characters
 * go. quarantine: the passage is fenced as data. replace: other text stands in its place. block: the request is refused,
 * or the tool call replaced.
 */
export type Action = 'off' | 'flag' | 'redact' | 'strip' | 'quarantine' | 'replace' | 'block';

/** The rows of the table. */
export type Topic =
  | FindingClass
  /** Characters that nobody sees. */
  | 'hidden-text'
  /** Instructions in tool results, documents and retrieved text; in the user's own turn. */
  | 'injection' | 'user-injection'
  /** Commands in tool calls: certainly destructive or remote-controlling, or only likely so. */
  | 'command' | 'doubtful-command'
  /** A redacted secret that a tool call hands to the network. */
  | 'secret-flow'
  /** Such commands and flows in the plain text of an answer. */
  | 'answer-text';

interface Row extends Readonly<Record<SecurityLevel, Action>> {
  readonly means: string;
  /** What a user may set. */
  readonly allowed: readonly Action[];
}

const REDACTED: readonly Action[] = ['off', 'flag', 'redact', 'block'];
const CALLS: readonly Action[] = ['off', 'flag', 'block'];

const TABLE: Readonly<Record<Topic, Row>> = {
  credential: { means: 'credentials and private keys', low: 'redact', medium: 'redact', high: 'redact', allowed: REDACTED },
  exact: { means: 'values of AEGIS_SECRET_FILES, and what was redacted before', low: 'redact', medium: 'redact', high: 'redact', allowed: REDACTED },
  payment: { means: 'payment cards, bank and state identifiers', low: 'off', medium: 'redact', high: 'redact', allowed: REDACTED },
  personal: { means: 'e-mail, phone, IP and crypto addresses, names in fields', low: 'off', medium: 'off', high: 'redact', allowed: REDACTED },
  'hidden-text': { means: 'Unicode tags, bidi overrides, long zero-width runs', low: 'flag', medium: 'strip', high: 'block', allowed: ['off', 'flag', 'strip', 'block'] },
  injection: { means: 'injected instructions in tool results and documents', low: 'flag', medium: 'quarantine', high: 'block', allowed: ['off', 'flag', 'quarantine', 'block'] },
  'user-injection': { means: 'injected instructions in the user\'s own turn', low: 'off', medium: 'flag', high: 'block', allowed: ['off', 'flag', 'block'] },
  command: { means: 'a destructive or remote-control command in a tool call', low: 'flag', medium: 'block', high: 'block', allowed: CALLS },
  'doubtful-command': { means: 'a command in a tool call that may be one', low: 'flag', medium: 'flag', high: 'block', allowed: CALLS },
  'secret-flow': { means: 'a redacted secret that a tool call sends to the network', low: 'flag', medium: 'block', high: 'block', allowed: CALLS },
  'answer-text': { means: 'such a command or flow in the text of an answer', low: 'off', medium: 'flag', high: 'replace', allowed: ['off', 'flag', 'replace'] },
};

export const TOPICS = Object.keys(TABLE) as readonly Topic[];

/** What a topic is, in words. */
export function meaningOf(topic: Topic): string {
  return TABLE[topic].means;
}

/** The actions that a user may set for a topic. */
export function allowedActions(topic: Topic): readonly Action[] {
  return TABLE[topic].allowed;
}

/** Actions that the user set, by topic or rule. */
export type Overrides = ReadonlyMap<string, Action>;

export interface Policy {
  readonly level: SecurityLevel;
  /** What is done with a finding of a rule; without one, with the topic as such. */
  of(topic: Topic, rule?: string): Action;
  /** Whether anything of the topic is to be looked for. */
  looksFor(topic: Topic): boolean;
}

/**
 * The policy in force. A rule's override counts before its topic's, and that before the table.
 *
 * @param topicOf the topic of a rule, so that a rule that is switched on alone is looked for
 */
export function createPolicy(level: SecurityLevel, overrides: Overrides, topicOf: (rule: string) => Topic | undefined): Policy {
  const byTopic = new Map<Topic, Action>();
  const looked = new Set<Topic>();
  for (const topic of TOPICS) {
    const action = overrides.get(topic) ?? TABLE[topic][level];
    byTopic.set(topic, action);
    if (action !== 'off') looked.add(topic);
  }
  for (const [name, action] of overrides) {
    const topic = topicOf(name);
    if (topic !== undefined && action !== 'off') looked.add(topic);
  }
  return {
    level,
    of: (topic, rule) => (rule === undefined ? undefined : overrides.get(rule)) ?? byTopic.get(topic) ?? 'off',
    looksFor: (topic) => looked.has(topic),
  };
}
