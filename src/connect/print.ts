/** How clients, snippets and changes are shown. */
import { createStyle, printable } from '../cli/style.ts';
import type { CommandIo } from '../cli/command.ts';
import type { Base } from './base-url.ts';
import type { Client, Snippet } from './client.ts';
import { diffLines } from './diff.ts';

/** The snippets of the API that the token leads to. */
export function fittingSnippets(client: Client, { baseUrl, upstream, wire }: Base): readonly Snippet[] {
  return client.snippets(baseUrl, upstream).filter((snippet) => snippet.wire === wire);
}

export function printSnippets(client: Client, base: Base, io: CommandIo): void {
  const style = createStyle(io.stdout, io.env);
  const parts = fittingSnippets(client, base).map(({ title, where, text }) => `${style.strong(`# ${title}${where === '' ? '' : `: ${where}`}`)}\n\n${text}\n`);
  io.stdout.write(parts.join(''));
  const notes = [`API key: ${client.key}.`, ...client.notes];
  io.stdout.write(notes.map((note) => `${style.faint('-')} ${note}\n`).join(''));
}

/** The changed lines, and nothing of the rest. */
export function printDiff(path: string, before: string, after: string, out: CommandIo['stdout'], { env }: Pick<CommandIo, 'env'>): void {
  const style = createStyle(out, env);
  const paint = { '@': style.faint, '-': style.bad, '+': style.good } as const;
  out.write(`${style.strong(printable(path))}\n`);
  for (const line of diffLines(before, after)) out.write(`${paint[line[0] as '@' | '-' | '+'](printable(line.replaceAll('\t', '    ')))}\n`);
}

/** A path with the home folder as people write it. */
export function shownFile(path: string, { home }: Pick<CommandIo, 'home'>): string {
  return home !== '' && (path.startsWith(`${home}/`) || path.startsWith(`${home}\\`)) ? `~${path.slice(home.length)}` : path;
}

/** Addresses that only this machine or its own network can reach. */
export function isPrivateAddress(baseUrl: string): boolean {
  const url = new URL(baseUrl);
  return url.protocol !== 'https:' || /^(?:localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[)/.test(url.hostname) || !url.hostname.includes('.');
}
