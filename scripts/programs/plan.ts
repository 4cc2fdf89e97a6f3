/** What the mock upstream answers to a program, step by step, in three runs: a plain answer, a round of tools, a bad command. */
import type { Answer, Conversation, Decide, ToolCall } from '../../tests/support/mock-conversation.ts';
import type { RecordedRequest } from '../../tests/support/mock-record.ts';
import { commandCall, readCall, writeCall } from './tools.ts';

/** Stands in each final answer of the mock, whole when the program has shown it. */
export const GREETING = 'The mock upstream greets you – in pieces, with Grüße and 世界.';
/** A command that the guards refuse at level medium. Where it runs, `rm` is a stub and the home is a scratch folder. */
export const BAD_COMMAND = 'rm -rf ~/';

const PLACEHOLDER = /aegis-cargo-token-[a-z2-7]{12}/g;

export interface Plan {
  readonly decide: Decide;
  /** What went wrong on the mock's side, such as a tool that was not declared. */
  readonly problems: readonly string[];
  /** Names of the tools that were called, in order. */
  readonly called: readonly string[];
}

/** The placeholder that stands last in what a program sent, or undefined. */
export function lastPlaceholder(record: RecordedRequest): string | undefined {
  return record.body.toString('latin1').match(PLACEHOLDER)?.at(-1);
}

function say(text: string): Answer {
  return { thinking: null, text, calls: [] };
}

/** Titles and summaries are asked for in requests of their own, which declare no tools. */
const SIDE_ANSWER = say('A check of the gateway');

/** One answer that repeats the placeholder of the prompt's secret. */
export function createGreetingPlan(): Plan {
  return {
    problems: [],
    called: [],
    decide: (_, record) => say(`${GREETING} You wrote ${lastPlaceholder(record) ?? 'no placeholder'}.`),
  };
}

export interface ToolFiles {
  /** The file with the secret in it. */
  readonly settings: string;
  /** Files to be written by a command and by a file tool. */
  readonly byCommand: string;
  readonly byTool: string;
}

type Step = (conversation: Conversation, placeholder: string) => ToolCall | undefined;

/** Read the settings, write the placeholder to one file by a command, and to another by the tool that writes files. */
export function createToolPlan(files: ToolFiles): Plan {
  const problems: string[] = [];
  const called: string[] = [];
  const steps: readonly Step[] = [
    ({ tools }) => readCall(tools, files.settings) ?? commandCall(tools, `cat ${files.settings}`),
    ({ tools }, placeholder) => commandCall(tools, `printf '%s' '${placeholder}' > ${files.byCommand}`),
    ({ tools }, placeholder) => writeCall(tools, files.byTool, placeholder),
  ];
  return {
    problems,
    called,
    decide(conversation, record) {
      if (conversation.tools.length === 0) return SIDE_ANSWER;
      const placeholder = lastPlaceholder(record);
      // A step without a tool for it is passed over, so the results count only the calls that were made.
      const made: ToolCall[] = [];
      for (const [index, step] of steps.entries()) {
        const call = step(conversation, placeholder ?? '');
        if (call === undefined) continue;
        made.push(call);
        if (made.length <= conversation.toolResultCount) continue;
        if (index > 0 && placeholder === undefined) {
          problems.push('no placeholder arrived in the result of the tool');
          return say(GREETING);
        }
        called.push(call.name);
        return { thinking: null, text: '', calls: [call] };
      }
      if (made.length === 0) problems.push(`no tool that is known among ${conversation.tools.map(({ name }) => name).join(', ')}`);
      return say(`${GREETING} The file holds ${placeholder ?? 'no placeholder'}.`);
    },
  };
}

/** One call of a command that must never run. */
export function createBadCommandPlan(): Plan {
  const problems: string[] = [];
  const called: string[] = [];
  return {
    problems,
    called,
    decide(conversation) {
      if (conversation.tools.length === 0) return SIDE_ANSWER;
      const call = commandCall(conversation.tools, BAD_COMMAND);
      if (call === undefined) {
        problems.push('no tool that runs commands');
        return say(GREETING);
      }
      // Whatever a program does after the refusal, it gets no second call.
      if (called.length > 0) return say(GREETING);
      called.push(call.name);
      return { thinking: null, text: '', calls: [call] };
    },
  };
}
