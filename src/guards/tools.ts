/** Which tools of agents run commands and which reach the network, by their names and by what the request declares. */
import type { DeclaredTools } from '../wire/tool-declarations.ts';

/** Words in the names of tools that run what they are given, as coding agents call them: Bash, run_in_terminal, container.exec. */
const RUNS = new Set(
  ('bash zsh sh shell pwsh powershell cmd terminal exec execute run command commands console stdin process processes tmux ssh script python python3 ' +
    'ipython jupyter node repl interpreter code subprocess system parallel batch keys').split(' '),
);
/** Words in the names of tools that fetch or send. */
const REACHES = new Set('fetch webfetch http https url browse browser navigate goto curl wget request api download upload visit crawl scrape open post webhook'.split(' '));
/** Words of tools that only write or look, whatever else their names hold: `write_script`, `read_command_output`. */
const WRITES = new Set('write edit create replace patch insert read view list search grep glob find update todo'.split(' '));
/** Tools that hand text to a running shell: what they write is a command. */
const TYPES = new Set(['stdin', 'keys']);
/** Calls that are commands by their kind. */
const RUNNING_KINDS = new Set(['local_shell', 'shell']);

export interface ToolUse {
  readonly runs: boolean;
  readonly reaches: boolean;
}

/** What a call of this tool may do to the machine or the network. */
export function toolUse(name: string, kind: string, declarations: DeclaredTools | undefined): ToolUse {
  if (RUNNING_KINDS.has(kind)) return { runs: true, reaches: false };
  const words = wordsOf(name);
  const declaredRuns = declarations?.takesCommand(name) === true;
  const declaredReaches = declarations?.takesAddress(name) === true;
  const writes = words.some((word) => WRITES.has(word)) && !words.some((word) => TYPES.has(word));
  return {
    runs: declaredRuns || (!writes && words.some((word) => RUNS.has(word))),
    reaches: declaredReaches || (!writes && words.some((word) => REACHES.has(word))),
  };
}

/** Words of tools that only hand a call on to another, whose name stands in the input: OpenClaw's `tool_call`, Cline's `use_mcp_tool`. */
const HANDS_ON = new Set(['call', 'use', 'invoke', 'dispatch', 'proxy']);

/** Whether a tool hands its call on to another tool. */
export function handsOn(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => word === 'tool' || word === 'tools') && words.some((word) => HANDS_ON.has(word));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
