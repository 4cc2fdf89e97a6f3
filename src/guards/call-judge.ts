/**
 * The judge of an answer: what its tool calls would run and send, and what its text would have the user run. It sees
 * placeholders, never the secrets they stand for.
 */
import type { DeclaredTools } from '../wire/tool-declarations.ts';
import type { AnswerJudge, Refusal, TextJudge, TextSpan, ToolCall } from './answer/answer-guard.ts';
import { commandsOf, hostsOf, innerNames, reachesFromCode } from './call-input.ts';
import { judgeCommand } from './command/judge.ts';
import { commandsInText, mayHoldCommands } from './command-text.ts';
import type { Action, Policy, Topic } from './policy.ts';
import { flowsFromCommand, flowsFromInput, flowsFromText, mayHoldSecret, type FlowOptions } from './secret-flow.ts';
import { handsOn, toolUse, type ToolUse } from './tools.ts';

export interface CallFinding {
  readonly rule: string;
  readonly topic: Topic;
  readonly action: Action;
  /** `tool.<name>` or `text`. */
  readonly place: string;
  /** What it was found in; for a keyed fingerprint only. */
  readonly passage: string;
}

export interface CallJudgeOptions extends FlowOptions {
  readonly policy: Policy;
  /** What the request declared; undefined when nothing of it was read. */
  readonly declarations: DeclaredTools | undefined;
  readonly onFinding: (finding: CallFinding) => void;
}

export const SECRET_FLOW_RULE = 'secret-to-network';
const NOTHING: readonly TextSpan[] = [];

interface Judged {
  readonly rule: string;
  readonly topic: Topic;
  readonly passage: string;
}

/** A judge for one answer; undefined where the policy looks for nothing in answers. */
export function createCallJudge(options: CallJudgeOptions): AnswerJudge | undefined {
  const { policy, declarations, onFinding } = options;
  const seesCommands = policy.looksFor('command') || policy.looksFor('doubtful-command');
  const seesFlows = policy.looksFor('secret-flow');
  const seesText = policy.looksFor('answer-text');
  if (!seesCommands && !seesFlows && !seesText) return undefined;

  function findingsIn(call: ToolCall): Judged[] {
    const { runs, reaches } = useOf(call, declarations);
    const found: Judged[] = [];
    if (runs) {
      for (const { text, shell } of commandsOf(call)) {
        if (seesCommands) {
          for (const { rule, certainty } of judgeCommand(text, shell)) found.push({ rule, topic: certainty === 'certain' ? 'command' : 'doubtful-command', passage: text });
        }
        if (seesFlows && flowsFromCommand(text, shell, options)) found.push({ rule: SECRET_FLOW_RULE, topic: 'secret-flow', passage: text });
      }
    }
    if (seesFlows && (reaches || (runs && reachesFromCode(call))) && flowsFromInput(call.input, hostsOf(call), options)) found.push({ rule: SECRET_FLOW_RULE, topic: 'secret-flow', passage: call.input });
    return found;
  }

  /** Tells of each rule once, and gives the one that blocks. */
  function tell(found: readonly Judged[], place: string, mayBlock: boolean): Judged | undefined {
    const told = new Set<string>();
    let blocking: Judged | undefined;
    for (const finding of found) {
      const action = policy.of(finding.topic, finding.rule);
      if (action === 'off' || told.has(finding.rule)) continue;
      told.add(finding.rule);
      onFinding({ ...finding, action: mayBlock ? action : 'flag', place });
      if (action === 'block') blocking ??= finding;
    }
    return mayBlock ? blocking : undefined;
  }

  return {
    mustHold(name, kind) {
      const { runs, reaches } = toolUse(name, kind, declarations);
      return (runs && (seesCommands || seesFlows)) || (reaches && seesFlows) || handsOn(name);
    },
    judgeCall(call) {
      const blocking = tell(findingsIn(call), placeOf(call), true);
      return blocking === undefined ? undefined : refusal(call, blocking);
    },
    seeCall(call) {
      tell(findingsIn(call), placeOf(call), false);
    },
    ...(seesText ? { text: textJudge(options, policy.of('answer-text') === 'replace') } : {}),
  };
}

/** What a call may do: by its own name, and by that of the tool it is handed on to. */
function useOf(call: ToolCall, declarations: DeclaredTools | undefined): ToolUse {
  const own = toolUse(call.name, call.kind, declarations);
  if (!handsOn(call.name)) return own;
  const inner = innerNames(call).map((name) => toolUse(name, 'function', declarations));
  return { runs: own.runs || inner.some(({ runs }) => runs), reaches: own.reaches || inner.some(({ reaches }) => reaches) };
}

/** The name of a tool is the model's own word: only a plain one is told. */
function placeOf({ name, kind }: ToolCall): string {
  return `tool.${/^[\w.:-]{1,64}$/.test(name) ? name : kind}`;
}

function refusal({ name, kind }: ToolCall, { rule, topic }: Judged): Refusal {
  const tool = /^[\w.:-]{1,64}$/.test(name) ? name : kind;
  const why = topic === 'secret-flow' ? 'it would send a redacted secret to the network' : 'its command is dangerous';
  const allow =
    topic === 'secret-flow'
      ? 'To allow a host, list it under "allow_hosts" in the file of AEGIS_RULES_PATH.'
      : `To allow it, set "policy": {"${rule}": "flag"} in the file of AEGIS_RULES_PATH.`;
  return { text: `[AegisGate refused the tool call ${tool}: ${why} (rule ${rule}). It was not run; do not try it again in another form. ${allow}]` };
}

function textJudge(options: CallJudgeOptions, replaces: boolean): TextJudge {
  const { policy, onFinding } = options;
  return {
    mode: replaces ? 'replace' : 'flag',
    mayFind: (raw) => mayHoldCommands(raw) || mayHoldSecret(raw),
    judge(text) {
      const spans: TextSpan[] = [];
      const found = (rule: string, passage: string, start: number, end: number): void => {
        // What is set for a rule is meant for calls; switched off, it is off here as well.
        if (policy.of('answer-text', rule) === 'off') return;
        const action = policy.of('answer-text');
        onFinding({ rule, topic: 'answer-text', action, place: 'text', passage });
        if (action === 'replace') spans.push({ start, end, replacement: `[AegisGate removed this: rule ${rule}]` });
      };
      for (const { start, end, shell } of commandsInText(text)) {
        const command = text.slice(start, end);
        const [first] = judgeCommand(command, shell).filter(({ certainty }) => certainty === 'certain');
        if (first !== undefined) found(first.rule, command, start, end);
        else if (flowsFromCommand(command, shell, options)) found(SECRET_FLOW_RULE, command, start, end);
      }
      for (const { start, end } of flowsFromText(text, options)) found(SECRET_FLOW_RULE, text.slice(start, end), start, end);
      return spans.length > 1 ? disjoint(spans) : spans.length === 0 ? NOTHING : spans;
    },
  };
}

function disjoint(spans: TextSpan[]): TextSpan[] {
  const kept: TextSpan[] = [];
  for (const span of spans.sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span);
  }
  return kept;
}
