/**
 * Walks a parsed command in the order it would run and tells of every program in it: beneath wrappers, within
 * substitutions, and in texts handed to interpreters. Depth and the amount of text are bounded.
 */
import { parseCmd } from './cmd-parser.ts';
import { textsInCode, textsRunBy } from './interpreters.ts';
import type { Text } from './interpreters.ts';
import { MAX_FEEDS, PLAIN_SETTING, flagValue, operands, programName } from './invocation.ts';
import type { FileRecord, Invocation, Setting } from './invocation.ts';
import { entriesFor } from './lists.ts';
import { outputOf } from './outputs.ts';
import { parsePosix } from './posix-parser.ts';
import { parsePowershell } from './powershell-parser.ts';
import { spelledOut } from './powershell-spelling.ts';
import { MAX_DEPTH, createBudget, spend } from './syntax.ts';
import type { Group, Language, Pipeline, Redirect, Script, Simple, Span, Stage, Word } from './syntax.ts';
import { unwrap, withPlace } from './wrappers.ts';

/** Programs that leave files behind, of a kind that tells something. */
const NOTED = new Set(['tee', 'cp', 'mv', 'copy-item', 'copy', 'ln', 'tar', 'zip', '7z', 'gpg', 'openssl', 'sqlite3', 'rar', 'compress-archive', 'curl', 'wget', 'invoke-webrequest', 'invoke-restmethod', 'start-bitstransfer', 'certutil', 'bitsadmin', 'aria2c', 'axel', 'gcloud', 'lwp-download', 'scp', 'rsync', 'fetch']);
/** A command that runs more programs than this is not followed further. */
const MAX_PROGRAMS = 4096;
const MAX_WRAPPERS = 12;
const MAX_SCRIPT_CHARS = 4096;
const MAX_FILES = 256;
const MAX_INHERITED_REDIRECTS = 8;
const NONE: readonly never[] = [];

/** What holds for all that a script runs. */
interface Surroundings {
  readonly setting: Setting;
  readonly feeds: readonly Invocation[];
  readonly redirects: readonly Redirect[];
  /** The statement of the command that the script belongs to, when it is a text of its own. */
  readonly statement: Span | undefined;
  readonly depth: number;
  /** What a loop around it reads from a list. */
  readonly reads: Reads | undefined;
}

/** A variable as it is written, `$f`, and the entries it takes in turn. */
interface Reads {
  readonly name: string;
  readonly entries: readonly Word[];
}

const START: Surroundings = { setting: PLAIN_SETTING, feeds: NONE, redirects: NONE, statement: undefined, depth: 0, reads: undefined };

export interface Walk {
  /** The command, cut to a bound. */
  readonly script: string;
  /** What the last stages of a script that was walked run: whose output the script has. */
  runBy(script: Script): readonly Invocation[];
}

const DOWNLOADS = new Set(['curl', 'wget']);

/** The address that a download client is given. */
function urlIn(invocation: Invocation): string | undefined {
  return invocation.texts.find((text) => /^(?:https?|ftp):\/\//i.test(text)) ?? invocation.texts.find((text) => /^(?:[\w.-]{1,200}\.[a-z]{2,10}|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?\//i.test(text));
}

/** The place alone of what has more to it. */
function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/**
 * Walks a command.
 *
 * @param visit is called for every program in the order they would run
 * @returns whether all programs were told of; false when there were too many
 */
export function walkCommand(command: string, language: Language, visit: (invocation: Invocation, walk: Walk) => void): boolean {
  const budget = createBudget(command.length);
  const outputs = new WeakMap<Script, readonly Invocation[]>();
  const files = new Map<string, FileRecord>();
  const variables = new Map<string, Word>();
  const functions = new Map<string, readonly Invocation[]>();
  let directory: string | undefined;
  let programs = 0;
  const walk: Walk = { script: command.slice(0, MAX_SCRIPT_CHARS), runBy: (script) => outputs.get(script) ?? NONE };

  function parse(text: string, textLanguage: Language, depth: number, place: Span | undefined): Script {
    if (textLanguage === 'powershell') return parsePowershell(text, budget, depth, place, textLanguage === language ? variables : new Map());
    if (textLanguage === 'cmd') return parseCmd(text, budget, place);
    return parsePosix(text, budget, depth, place, textLanguage === language ? variables : new Map());
  }

  function runScript(script: Script, around: Surroundings): readonly Invocation[] {
    const last: Invocation[] = [];
    for (const pipeline of script.pipelines) {
      if (programs > MAX_PROGRAMS) break;
      for (const invocation of runPipeline(pipeline, script.language, around)) if (last.length < MAX_FEEDS) last.push(invocation);
    }
    outputs.set(script, last);
    return last;
  }

  function runPipeline(pipeline: Pipeline, scriptLanguage: Language, around: Surroundings): readonly Invocation[] {
    let feeds = around.feeds;
    const statement = around.statement ?? spanOf(pipeline);
    const setting = pipeline.background ? { ...around.setting, background: true } : around.setting;
    const { redirects, depth, reads } = around;
    for (const stage of pipeline.stages) feeds = runStage(stage, scriptLanguage, { setting, feeds, redirects, statement, depth, reads });
    return feeds;
  }

  function runStage(stage: Stage, scriptLanguage: Language, around: Surroundings): readonly Invocation[] {
    const redirects = stage.redirects.length === 0 ? around.redirects : [...around.redirects, ...stage.redirects].slice(-Math.max(MAX_INHERITED_REDIRECTS, stage.redirects.length));
    if (stage.kind === 'simple') return runSimple(stage, scriptLanguage, redirects === around.redirects ? around : { ...around, redirects });
    runNested(stage.redirects.map((redirect) => redirect.target), around);
    if (stage.keyword !== 'list') {
      tell({ ...blank(scriptLanguage, around), name: stage.keyword === 'loop' ? '<loop>' : '<function>', group: stage });
    }
    const reads = stage.keyword === 'loop' ? readBy(stage, { ...around, redirects }) : undefined;
    const ran = runScript(stage.body, { ...around, reads: reads ?? around.reads, redirects: redirects.slice(-MAX_INHERITED_REDIRECTS), depth: around.depth + 1 });
    if (stage.keyword === 'function' && functions.size < MAX_FILES) functions.set(stage.name, ran);
    return ran;
  }

  /** The variable that `while read x` sets, and the list that flows in. */
  function readBy(loop: Group, around: Surroundings): Reads | undefined {
    const head = loop.body.pipelines[0]?.stages[0];
    if (head?.kind !== 'simple' || !head.words.some((word) => word.text === 'read') || around.feeds.length + around.redirects.length === 0) return undefined;
    const name = head.words.at(-1)?.text ?? '';
    const place = head.words[0];
    return place && /^[A-Za-z_]\w{0,63}$/.test(name) ? { name: `$${name}`, entries: entriesFor(blank('posix', around), place).slice(0, 8) } : undefined;
  }

  /** The words with what a loop reads put in, and a program's name spelt with unset variables as it runs. */
  function settled(words: readonly Word[], around: Surroundings): readonly Word[] {
    const first = words[0];
    const { reads } = around;
    const spelt = first?.bare !== undefined && /^[a-z][\w.-]*$/.test(first.bare) && !/[/]/.test(first.text) ? words.map((word) => (word.bare === undefined ? word : { ...word, text: word.bare })) : words;
    if (!reads || !spelt.some((word) => word.text.includes(reads.name))) return spelt;
    return spelt.flatMap((word) => (word.text === reads.name ? reads.entries.map((entry) => ({ ...word, text: entry.text })) : [withPlace(word, reads.entries[0], reads.name)]));
  }

  function blank(scriptLanguage: Language, around: Surroundings): Invocation {
    return {
      name: '', path: '', head: undefined, args: NONE, texts: NONE, redirects: around.redirects, assignments: NONE, language: scriptLanguage,
      setting: around.setting, feeds: around.feeds, statement: around.statement ?? { start: 0, end: command.length }, directory, files,
    };
  }

  function tell(invocation: Invocation): Invocation {
    programs += 1;
    if (programs <= MAX_PROGRAMS) visit(invocation, walk);
    return invocation;
  }

  /** Substitutions run before the command they stand in. */
  function runNested(words: readonly Word[], around: Surroundings): void {
    for (const word of words) {
      for (const script of word.nested) runScript(script, { ...around, feeds: around.feeds, redirects: NONE, depth: around.depth + 1 });
    }
  }

  function runSimple(simple: Simple, scriptLanguage: Language, around: Surroundings): readonly Invocation[] {
    if (simple.assignments.length > 0) runNested(simple.assignments.map((assignment) => assignment.value), around);
    runNested(simple.words, around);
    if (simple.redirects.length > 0) runNested(simple.redirects.map((redirect) => redirect.target), around);
    if (simple.words.length === 0) {
      if (around.redirects.length + simple.assignments.length === 0) return NONE;
      const told = tell({ ...blank(scriptLanguage, around), assignments: simple.assignments });
      noteRedirects(told);
      return [told];
    }
    const ran: Invocation[] = [];
    const { reads } = around;
    const fed = reads !== undefined && simple.words.some((word) => word.text.includes(reads.name));
    runWords(settled(simple.words, around), simple, scriptLanguage, fed ? { ...around, setting: { ...around.setting, fed } } : around, ran, 0);
    return ran;
  }

  function runWords(words: readonly Word[], simple: Simple, scriptLanguage: Language, around: Surroundings, ran: Invocation[], depth: number): void {
    const first = words[0];
    if (!first || depth > MAX_WRAPPERS) return;
    const args = words.slice(1);
    const invocation: Invocation = {
      ...blank(scriptLanguage, around),
      name: programName(first.text, scriptLanguage), path: first.text, head: first, args, texts: args.map((word) => word.text), assignments: simple.assignments,
    };
    tell(invocation);
    ran.push(invocation);
    for (const inner of unwrap(invocation.name, words, around.setting)) {
      if (inner.words) runWords(withInput(invocation, inner.words), simple, scriptLanguage, { ...around, setting: inner.setting, redirects: listFile(invocation, around) }, ran, depth + 1);
      if (inner.script) runText({ text: inner.script.text, language: inner.script.language, decoded: false }, invocation, inner.setting, around, ran);
    }
    for (const text of textsRunBy(invocation)) runText(text, invocation, around.setting, around, ran);
    // What a function prints is what its last programs print.
    for (const called of functions.get(first.text) ?? NONE) if (ran.length < MAX_FEEDS) ran.push(called);
    note(invocation);
  }

  /** `xargs -a file`: its entries come from the file. */
  function listFile(invocation: Invocation, around: Surroundings): readonly Redirect[] {
    const file = invocation.name === 'xargs' || invocation.name === 'parallel' ? flagValue(invocation, '-a', '--arg-file') : undefined;
    return file ? [...around.redirects, { operator: '<', target: file }] : around.redirects;
  }

  /** What `xargs` adds to the command it runs, when it can be told. */
  function withInput(invocation: Invocation, words: readonly Word[]): readonly Word[] {
    if (invocation.name !== 'xargs' && invocation.name !== 'parallel') return words;
    const place = invocation.args[0];
    if (!place) return words;
    const added = entriesFor(invocation, place);
    const at = words.findIndex((word) => word.text === '{}' || word.text === '%');
    const own = flagValue(invocation, '-I', '--replace')?.text ?? '{}';
    if (at === -1 && own !== '' && words.some((word) => word.text.includes(own))) return words.map((word) => withPlace(word, added[0], own));
    return at === -1 ? [...words, ...added] : [...words.slice(0, at), ...added, ...words.slice(at + 1)];
  }

  function runText(text: Text, invocation: Invocation, setting: Setting, around: Surroundings, ran: Invocation[]): void {
    if (around.depth >= MAX_DEPTH || programs > MAX_PROGRAMS || !spend(budget, text.text.length)) return;
    const inner: Setting = text.decoded ? { ...setting, decoded: true } : setting;
    const statement = around.statement ?? { start: 0, end: command.length };
    const next: Surroundings = { ...around, setting: inner, statement, depth: around.depth + 1 };
    if (text.language === 'code') {
      const told = tell({ ...invocation, setting: inner, code: text.text });
      ran.push(told);
      for (const found of textsInCode(text.text)) runText(found, invocation, inner, { ...next, feeds: NONE }, ran);
      return;
    }
    if (text.language === 'powershell') tellScript({ ...invocation, name: '<script>', setting: inner, code: text.text }, next);
    for (const [index, word] of (text.positional ?? []).entries()) variables.set(String(index), word);
    const script = parse(text.text, text.language, around.depth + 1, spanOf(text.word ?? statement));
    for (const told of runScript(script, next)) if (ran.length < MAX_FEEDS) ran.push(told);
  }

  /** A PowerShell script as a whole; put together as well, when it spells its words from pieces. */
  function tellScript(script: Invocation, around: Surroundings): void {
    tell(script);
    const whole = spelledOut(script.code ?? '');
    if (whole === undefined || around.depth >= MAX_DEPTH || !spend(budget, whole.length)) return;
    tell({ ...script, code: whole });
    runScript(parse(whole, 'powershell', around.depth + 1, spanOf(script.statement)), { ...around, statement: script.statement, depth: around.depth + 1 });
  }

  /** Remembers what later statements build on: the working directory and the files written. */
  function note(invocation: Invocation): void {
    if (invocation.name === 'cd' || invocation.name === 'pushd' || invocation.name === 'set-location') changeDirectory(invocation);
    noteRedirects(invocation);
    noteFiles(invocation);
  }

  function changeDirectory(invocation: Invocation): void {
    const target = operands(invocation).find((word) => !/^\/d$/i.test(word.text))?.text ?? '~';
    if (target === '-') directory = './elsewhere';
    else if (/^(?:[/~$%\\]|[A-Za-z]:)/.test(target)) directory = target;
    else directory = directory === undefined ? `./${target}` : `${directory}/${target}`.slice(-512);
  }

  function remember(path: string, record: FileRecord): void {
    if (files.size < MAX_FILES && path !== '' && path !== '/dev/null') files.set(path, record);
  }

  function noteRedirects(invocation: Invocation): void {
    const written = invocation.redirects.filter((redirect) => redirect.operator === '>' || redirect.operator === '>>').slice(-MAX_INHERITED_REDIRECTS);
    const printed = written.length === 0 ? undefined : outputOf(invocation)?.text;
    for (const redirect of written) {
      const before = redirect.operator === '>>' ? files.get(redirect.target.text) : undefined;
      const text = printed === undefined ? undefined : `${before?.text === undefined ? '' : `${before.text.slice(0, 16_384)}\n`}${printed}`;
      if (text !== undefined && !spend(budget, text.length)) return;
      remember(redirect.target.text, { text, sources: [...(before?.sources ?? []).slice(0, 4), invocation.statement], writers: [invocation], url: before?.url ?? (DOWNLOADS.has(invocation.name) ? urlIn(invocation) : undefined) });
    }
  }

  function noteFiles(invocation: Invocation): void {
    const { name } = invocation;
    const written = (path: string | undefined, more: Partial<FileRecord>): void => {
      if (path !== undefined) remember(path, { text: undefined, sources: [invocation.statement], writers: [invocation], url: undefined, ...more });
    };
    if (invocation.language === 'powershell' && invocation.head && /\.downloadfile\(/i.test(invocation.path.slice(0, 256))) noteDownloadFile(invocation.head, invocation);
    if (!NOTED.has(name)) return;
    const paths = operands(invocation);
    if (name === 'gcloud') {
      if (/\bkeys create\b/.test(invocation.texts.join(' ').slice(0, 256))) written(paths[paths.findIndex((word) => word.text === 'create') + 1]?.text, {});
    } else if (name === 'lwp-download') {
      written(paths[1]?.text ?? paths[0]?.text.replace(/^.*\//s, ''), { url: urlIn(invocation) });
    } else if (name === 'scp' || name === 'rsync') {
      const from = /^(?:[\w.-]{1,64}@)?([\w.-]{1,253}):(?!\/\/)(.{0,512})$/s.exec(paths.at(-2)?.text ?? '');
      const to = paths.at(-1)?.text ?? '';
      const base = from?.[2]?.replace(/^.*\//s, '') ?? '';
      if (from) for (const path of [to, `${to.replace(/\/$/, '')}/${base}`]) written(path, { url: `ssh://${from[1] ?? ''}/` });
    } else if (name === 'tee') paths.slice(0, 4).forEach((word) => written(word.text, { text: outputOf(invocation)?.text }));
    else if (name === 'cp' || name === 'mv' || name === 'copy-item' || name === 'copy' || name === 'ln') {
      const from = files.get(paths[0]?.text ?? '');
      const to = paths.at(-1)?.text;
      if (to !== undefined && paths.length > 1) written(to, from ?? {});
    } else if (name === 'tar' || name === 'zip' || name === '7z' || name === 'gpg' || name === 'openssl' || name === 'sqlite3' || name === 'rar' || name === 'compress-archive') {
      if (name === 'tar') noteUnpacked(invocation, written);
      const archive = flagValue(invocation, '-f', '--file', '-out', '-o', '--output', '-DestinationPath')?.text ?? (name === 'compress-archive' ? paths.at(-1)?.text : undefined) ?? paths.find((word) => /\.[a-z0-9]{2,4}$/i.test(word.text))?.text;
      written(archive, {});
    } else if (name === 'curl' || name === 'wget' || name === 'invoke-webrequest' || name === 'invoke-restmethod' || name === 'start-bitstransfer' || name === 'certutil' || name === 'bitsadmin' || name === 'aria2c' || name === 'axel' || name === 'fetch') {
      noteDownload(invocation, written);
    }
  }

  /** The folder that a downloaded archive is unpacked into; its name ends in a slash. */
  function noteUnpacked(invocation: Invocation, written: (path: string | undefined, more: Partial<FileRecord>) => void): void {
    if (!/x/.test(invocation.texts[0] ?? '')) return;
    const url = invocation.feeds.map((feed) => (DOWNLOADS.has(feed.name) ? urlIn(feed) : undefined)).find((found) => found !== undefined) ?? invocation.texts.map((text) => files.get(text)?.url).find((found) => found !== undefined);
    const folder = flagValue(invocation, '-C', '--directory')?.text ?? '.';
    if (url !== undefined) written(`${folder.replace(/\/$/, '')}/`, { url });
  }

  /** `(New-Object Net.WebClient).DownloadFile(url, path)`: the call's arguments are a script of two words. */
  function noteDownloadFile(head: Word, invocation: Invocation): void {
    const words = head.nested.flatMap((script) => script.pipelines.flatMap((pipeline) => pipeline.stages.flatMap((stage) => (stage.kind === 'simple' ? stage.words : []))));
    const url = words.find((word) => /^https?:\/\//i.test(word.text))?.text;
    const path = words.at(-1)?.text;
    if (url !== undefined && path !== undefined) remember(path, { text: undefined, sources: [invocation.statement], writers: [invocation], url });
  }

  function noteDownload(invocation: Invocation, written: (path: string | undefined, more: Partial<FileRecord>) => void): void {
    const url = urlIn(invocation);
    if (url === undefined) return;
    const base = url.replace(/[?#].*$/s, '').replace(/^.*\//s, '');
    const windows = invocation.name === 'certutil' || invocation.name === 'bitsadmin' || invocation.name === 'start-bitstransfer';
    const named = windows
      ? invocation.texts.at(-1)
      : (flagValue(invocation, '-o', '--output', ...(invocation.name === 'wget' ? ['-O', '--output-document'] : []), '-OutFile', '-outfile')
        // `-sSLo name`: the flag stands at the end of a bundle.
        ?? invocation.args[invocation.texts.findIndex((text) => /^-[a-zA-Z]{1,8}[oO]$/.test(text) && (invocation.name === 'wget' || text.endsWith('o'))) + 1 || invocation.args.length])?.text;
    if (named !== undefined && named !== '-') written(named, { url });
    if (base !== '') {
      written(base, { url });
      written(`./${base}`, { url });
    }
    if (named !== undefined && /^[\w.-]+$/.test(named)) written(`./${named}`, { url });
    const directoryFlag = flagValue(invocation, '-P', '--directory-prefix')?.text;
    if (directoryFlag !== undefined) written(`${directoryFlag.replace(/\/$/, '')}/${base}`, { url });
  }

  if (language === 'powershell') {
    tellScript({ ...blank(language, START), name: '<script>', code: command, statement: { start: 0, end: command.length } }, START);
  }
  runScript(parse(command, language, 0, undefined), START);
  return programs <= MAX_PROGRAMS;
}
