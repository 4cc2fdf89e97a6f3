/**
 * Commands in the text of an answer: fenced code blocks of a shell (CommonMark section 4.5), lines behind a prompt, and
 * code spans. Pure.
 */
import type { Shell } from './command/judge.ts';

export interface TextCommand {
  /** Character offsets. */
  readonly start: number;
  readonly end: number;
  readonly shell: Shell;
}

const SHELLS: ReadonlyMap<string, Shell> = new Map<string, Shell>([
  ['', 'unknown'], ['sh', 'posix'], ['bash', 'posix'], ['zsh', 'posix'], ['fish', 'posix'], ['ksh', 'posix'], ['shell', 'posix'], ['console', 'posix'], ['terminal', 'posix'],
  ['shellsession', 'posix'], ['shell-session', 'posix'], ['powershell', 'powershell'], ['pwsh', 'powershell'], ['ps1', 'powershell'], ['cmd', 'cmd'], ['bat', 'cmd'], ['batch', 'cmd'], ['dos', 'cmd'],
]);
const FENCE = /^[ \t]{0,3}(`{3,32}|~{3,32})[ \t]{0,8}([\w+-]{0,32})[^\n`]{0,200}$/gm;
const SPAN = /(?<!`)`([^`\n]{1,2048})`(?!`)/g;
const PROMPT = /^[ \t]{0,8}[$#>%][ \t]{1,4}/gm;

/** Whether there may be commands in a text, or in a text whose JSON this is. */
export function mayHoldCommands(text: string): boolean {
  return text.includes('`') || text.includes('~~~');
}

/** In order of their starts, not overlapping. */
export function commandsInText(text: string): TextCommand[] {
  const commands: TextCommand[] = [];
  if (!mayHoldCommands(text)) return commands;
  let from = 0;
  FENCE.lastIndex = 0;
  for (let open = FENCE.exec(text); open !== null; open = FENCE.exec(text)) {
    spans(text, from, open.index, commands);
    const start = Math.min(text.length, open.index + open[0].length + 1);
    const fence = open[1] ?? '```';
    const close = text.indexOf(`\n${fence}`, start - 1);
    const end = close < 0 ? text.length : close;
    const shell = SHELLS.get((open[2] ?? '').toLowerCase());
    if (shell !== undefined && end > start) block(text, start, end, shell, commands);
    from = close < 0 ? text.length : close + 1 + fence.length;
    FENCE.lastIndex = from;
  }
  spans(text, from, text.length, commands);
  return commands;
}

/** A block as one command; with prompts in it, only what stands behind them. */
function block(text: string, start: number, end: number, shell: Shell, commands: TextCommand[]): void {
  // Of the block alone: a search that goes on behind it is one of the whole text for each block.
  const inner = text.slice(start, end);
  PROMPT.lastIndex = 0;
  let prompted = false;
  for (let found = PROMPT.exec(inner); found !== null; found = PROMPT.exec(inner)) {
    if (found[0].includes('#') && shell === 'posix') continue;
    const from = found.index + found[0].length;
    const line = inner.indexOf('\n', from);
    const to = line < 0 ? inner.length : line;
    if (to > from) commands.push({ start: start + from, end: start + to, shell });
    prompted = true;
    PROMPT.lastIndex = to;
  }
  if (!prompted) commands.push({ start, end, shell });
}

/** Code spans of several words. */
function spans(text: string, from: number, to: number, commands: TextCommand[]): void {
  // With the character before it, which may be the last of a fence.
  const first = Math.max(0, from - 1);
  const between = text.slice(first, to);
  SPAN.lastIndex = from - first;
  for (let found = SPAN.exec(between); found !== null; found = SPAN.exec(between)) {
    const start = first + found.index + 1;
    if (/\S\s+\S/.test(found[1] ?? '')) commands.push({ start, end: start + (found[1] ?? '').length, shell: 'unknown' });
  }
}
