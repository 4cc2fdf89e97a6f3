/** One program that a command runs, seen through wrappers, with what flows into it. */
import type { Assignment, Group, Language, Redirect, Span, Word } from './syntax.ts';

/** Under what conditions a program runs. */
export interface Setting {
  /** As another, mightier user: sudo, doas. */
  readonly privileged: boolean;
  /** On this machine, on another, or in a container that is thrown away. */
  readonly place: 'local' | 'remote' | 'container';
  /** Folders of the machine that the container sees, as pairs of path inside and path outside. */
  readonly mounts: readonly (readonly [string, string])[];
  /** Whether the container reaches the machine's devices. */
  readonly devices: boolean;
  /** Whether the text was encoded before it ran. */
  readonly decoded: boolean;
  readonly background: boolean;
  /** Whether its arguments come from what flows in: `xargs`. */
  readonly fed: boolean;
  /** In a container that runs on this machine. */
  readonly nearby?: true;
}

export const PLAIN_SETTING: Setting = { privileged: false, place: 'local', mounts: [], devices: false, decoded: false, background: false, fed: false };

/** What is known of a file that an earlier statement wrote. */
export interface FileRecord {
  /** Its text, when a here-document or an `echo` wrote it. */
  readonly text: string | undefined;
  readonly sources: readonly Span[];
  /** The programs whose output it holds. */
  readonly writers: readonly Invocation[];
  /** Where it was downloaded from. */
  readonly url: string | undefined;
}

export interface Invocation {
  /** The program's base name in lower case, without version and `.exe`; a cmdlet's full name; '' for bare redirections. */
  readonly name: string;
  /** The program as written. */
  readonly path: string;
  /** The word of the program itself: in PowerShell a call with its arguments. */
  readonly head: Word | undefined;
  readonly args: readonly Word[];
  /** The values of `args`. */
  readonly texts: readonly string[];
  readonly redirects: readonly Redirect[];
  readonly assignments: readonly Assignment[];
  readonly language: Language;
  readonly setting: Setting;
  /** What the stage before in the pipeline runs. */
  readonly feeds: readonly Invocation[];
  /** The statement at fault, if this one is. */
  readonly statement: Span;
  /** The working directory, when an earlier `cd` told it. */
  readonly directory: string | undefined;
  /** Files written earlier in the same script. */
  readonly files: ReadonlyMap<string, FileRecord>;
  /** Code handed to an interpreter; its `name` is then the interpreter's. */
  readonly code?: string;
  /** The function or loop that this stands for; its `name` is then `<function>` or `<loop>`. */
  readonly group?: Group;
}

/** A long list is cut here wherever each program is held against those before it. */
export const MAX_FEEDS = 16;

/** Walks the pipeline backwards from what flows into a program, nearest first, within a bound. */
export function upstream(invocation: Invocation): readonly Invocation[] {
  const found: Invocation[] = [];
  let stage = invocation.feeds;
  while (stage.length > 0 && found.length < MAX_FEEDS) {
    found.push(...stage);
    stage = stage[0]?.feeds ?? [];
  }
  return found;
}

const POWERSHELL_ALIASES: ReadonlyMap<string, string> = new Map(Object.entries({
  ri: 'remove-item', rm: 'remove-item', del: 'remove-item', erase: 'remove-item', rd: 'remove-item', rmdir: 'remove-item',
  iwr: 'invoke-webrequest', curl: 'invoke-webrequest', wget: 'invoke-webrequest', irm: 'invoke-restmethod', iex: 'invoke-expression',
  gc: 'get-content', cat: 'get-content', type: 'get-content', sc: 'set-content', ac: 'add-content', gci: 'get-childitem', ls: 'get-childitem', dir: 'get-childitem',
  cp: 'copy-item', copy: 'copy-item', cpi: 'copy-item', mv: 'move-item', move: 'move-item', ni: 'new-item', sp: 'set-itemproperty', cd: 'set-location', sl: 'set-location', chdir: 'set-location',
  saps: 'start-process', start: 'start-process', spps: 'stop-process', kill: 'stop-process', echo: 'write-output', write: 'write-output', icm: 'invoke-command',
  clc: 'clear-content', sajb: 'start-job', '%': 'foreach-object', foreach: 'foreach-object', '?': 'where-object', clhy: 'clear-history',
}));

/** The name by which rules know a program. */
export function programName(path: string, language: Language): string {
  const base = path.slice(0, 512).toLowerCase().replace(/^.*[/\\]/s, '').replace(/\.(?:exe|com)$/, '');
  if (language === 'powershell') return POWERSHELL_ALIASES.get(base) ?? versionless(base);
  return versionless(base);
}

function versionless(base: string): string {
  const found = /^(python|pypy|perl|ruby|php|lua|node|nodejs|pwsh|bash|tclsh|guile)[\d.-]*(?:w)?$/.exec(base);
  if (!found) return base;
  return found[1] === 'nodejs' ? 'node' : found[1] === 'pypy' ? 'python' : (found[1] ?? base);
}

/** Whether a short flag is among the arguments, alone or in a bundle: `hasFlag(i, 'r')` for `-rf`. */
export function hasFlag(invocation: Invocation, letters: string, ...long: readonly string[]): boolean {
  return invocation.texts.some((text) => {
    if (text[0] !== '-') return false;
    if (text[1] === '-' || text.length > 12) return long.some((name) => text === name || text.startsWith(`${name}=`));
    return [...letters].some((letter) => text.includes(letter, 1)) || long.includes(text);
  });
}

/** The value after a flag, or glued to it with `=`. */
export function flagValue(invocation: Invocation, ...flags: readonly string[]): Word | undefined {
  for (let at = 0; at < invocation.args.length; at += 1) {
    const word = invocation.args[at];
    if (!word) continue;
    if (flags.includes(word.text)) return invocation.args[at + 1];
    const glued = flags.find((flag) => word.text.startsWith(flag) && (flag.startsWith('--') ? word.text[flag.length] === '=' : flag.length === 2 && word.text.length > 2));
    if (glued !== undefined) return { ...word, text: word.text.slice(glued.length + (glued.startsWith('--') ? 1 : 0)) };
  }
  return undefined;
}

/** The arguments that are no flags. */
export function operands(invocation: Invocation): readonly Word[] {
  const end = invocation.texts.indexOf('--');
  return invocation.args.filter((word, index) => (end !== -1 && index > end) || !/^-./.test(word.text));
}

/** Rules on joined arguments may look for several words in a row, which costs the square of this. */
const MAX_JOINED_CHARS = 1024;

/** All arguments as one text in lower case, cut to a bound: for rules that look at words alone. */
export function joinedArgs(invocation: Invocation): string {
  let text = '';
  for (const value of invocation.texts) {
    text += text === '' ? value : ` ${value}`;
    if (text.length > MAX_JOINED_CHARS) break;
  }
  return text.slice(0, MAX_JOINED_CHARS).toLowerCase();
}
