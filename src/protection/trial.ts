/**
 * What the gateway would find in a text and do with it, at every level: for people who try it. Nothing is changed,
 * remembered, counted or written.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { OVERLAP_BYTES, WINDOW_BYTES, type Engine } from '../detect/engine.ts';
import { judgeCommand } from '../guards/command/judge.ts';
import { findHidden } from '../guards/hidden-text.ts';
import { judgeInjection, type Trust } from '../guards/injection/judge.ts';
import { LEVELS, type Action, type Policy, type SecurityLevel, type Topic } from '../guards/policy.ts';
import { createKnownValues, type KnownValues } from '../redaction/known-values.ts';
import { isPlaceholder } from '../redaction/placeholder.ts';

export interface TrialFinding {
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly rule: string;
  readonly kind: string;
  readonly topic: Topic;
  readonly action: Action;
}

export interface TrialOfLevel {
  /** The text as part of a request: topic `injection` where it were a tool's result, `user-injection` in the user's turn. */
  readonly prompt: readonly TrialFinding[];
  /** The text as the command of a tool call. */
  readonly command: readonly TrialFinding[];
}

export type Trial = (text: string) => Promise<Readonly<Record<SecurityLevel, TrialOfLevel>>>;

export interface TrialParts {
  engine(policy: Policy): Engine;
  policy(level: SecurityLevel): Policy;
  secrets(): KnownValues;
  allows(value: string): boolean;
}

const ZONE_BYTES = WINDOW_BYTES - OVERLAP_BYTES;
const CONTEXT_BYTES = 1024;
/** The judge of injections takes pieces, as a request's guard gives it the text around what wakes it. */
const PIECE_CHARS = 16_384;
const PIECE_OVERLAP_CHARS = 4096;
/** More are no longer looked at by anybody. */
const MAX_FINDINGS = 1000;

/** Found whatever the level: what is done with it is the policy's to say. */
interface Seen {
  readonly start: number;
  readonly end: number;
  readonly rule: string;
  readonly topic: Topic;
}

export function createTrial(parts: TrialParts): Trial {
  return async (text) => {
    // Other requests go on between the steps.
    const guarded = [...findHidden(text).map(({ kind, start, end }): Seen => ({ start, end, rule: kind, topic: 'hidden-text' }))];
    for (const trust of ['untrusted', 'user'] as const) guarded.push(...(await injections(text, trust)));
    const commands = judgeCommand(text, 'unknown').map(({ rule, certainty, start, end }): Seen => ({ start, end, rule, topic: certainty === 'certain' ? 'command' : 'doubtful-command' }));
    const bytes = Buffer.from(text);
    const levels: Partial<Record<SecurityLevel, TrialOfLevel>> = {};
    for (const level of LEVELS) {
      await breath();
      const policy = parts.policy(level);
      const decided = (seen: readonly Seen[]): TrialFinding[] =>
        seen.flatMap(({ start, end, rule, topic }) => {
          const action = policy.of(topic, rule);
          return action === 'off' || parts.allows(text.slice(start, end)) ? [] : [{ start, end, rule, kind: topic, topic, action }];
        });
      const prompt = [...secretsIn(bytes, policy, parts), ...decided(guarded)].sort((one, other) => one.start - other.start || one.end - other.end);
      levels[level] = { prompt: prompt.slice(0, MAX_FINDINGS), command: decided(commands).slice(0, MAX_FINDINGS) };
    }
    // One for each of LEVELS.
    return levels as Record<SecurityLevel, TrialOfLevel>;
  };
}

async function injections(text: string, trust: Trust): Promise<Seen[]> {
  const topic = trust === 'user' ? 'user-injection' : 'injection';
  const seen: Seen[] = [];
  let done = 0;
  for (let from = 0; from < text.length || from === 0; from += PIECE_CHARS) {
    await breath();
    for (const { rule, start, end } of judgeInjection(text.slice(Math.max(0, from - PIECE_OVERLAP_CHARS), from + PIECE_CHARS), trust)) {
      const shift = Math.max(0, from - PIECE_OVERLAP_CHARS);
      const begin = Math.max(done, start + shift);
      if (end + shift <= begin) continue;
      done = end + shift;
      seen.push({ start: begin, end: done, rule, topic });
    }
  }
  return seen;
}

/** In order, not overlapping. */
function secretsIn(bytes: Buffer, policy: Policy, { engine, secrets, allows }: TrialParts): TrialFinding[] {
  const found: { start: number; end: number; rule: string; kind: string; topic: Topic; action: Action }[] = [];
  const known = createKnownValues();
  const add = (start: number, end: number, rule: string, kind: string, topic: Topic, certain: boolean): void => {
    const value = bytes.toString('utf8', start, end);
    const action = policy.of(topic, rule === 'known' ? undefined : rule);
    if (action === 'off' || isPlaceholder(value) || allows(value)) return;
    found.push({ start, end, rule, kind, topic, action });
    if (certain && action === 'redact') known.add(value, kind);
  };
  const scanner = engine(policy);
  let done = 0;
  for (let zone = 0; zone < bytes.length; zone += ZONE_BYTES) {
    const last = bytes.length - zone <= ZONE_BYTES + OVERLAP_BYTES;
    const end = last ? bytes.length : zone + ZONE_BYTES + OVERLAP_BYTES;
    scanner.scan({ bytes, start: Math.max(0, zone - CONTEXT_BYTES), end, json: false, key: undefined }, ({ start, end: until, rule, certain }) => {
      if (start < Math.max(zone, done) || (!last && start >= zone + ZONE_BYTES)) return;
      done = until;
      add(start, until, rule.id, rule.kind, rule.class, certain);
    });
    if (last) break;
  }
  // A value that was found by its context stands perhaps elsewhere without it.
  for (const values of [known, secrets()]) {
    if (values.size > 0) values.find(bytes, 0, bytes.length, (start, end, kind) => add(start, end, 'known', kind, 'exact', false));
  }
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  const offset = createOffsets(bytes);
  const kept: TrialFinding[] = [];
  let until = 0;
  for (const finding of found) {
    if (finding.start < until) continue;
    until = finding.end;
    kept.push({ ...finding, start: offset(finding.start), end: offset(finding.end) });
  }
  return kept;
}

/** From byte offsets to UTF-16 offsets, asked in ascending order, at characters' boundaries. */
function createOffsets(bytes: Buffer): (at: number) => number {
  let byte = 0;
  let unit = 0;
  return (at) => {
    unit += bytes.toString('utf8', byte, at).length;
    byte = at;
    return unit;
  };
}
