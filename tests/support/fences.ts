// The fenced snippets of the texts for users.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Fence {
  /** Relative to the repository. */
  readonly file: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** Ends with a line feed. */
  readonly text: string;
}

function pages(): readonly string[] {
  const below = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? below(path) : entry.name.endsWith('.md') ? [path] : [];
    });
  return [...['README.md', 'README.zh-CN.md'].map((name) => join(root, name)).filter(existsSync), ...below(join(root, 'docs'))].sort();
}

/** @throws for a fence that does not end */
export function fencesIn(file: string, text: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { line: number; language: string; indent: string; fence: string; lines: string[] } | undefined;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const [, indent = '', fence = '', language = ''] = /^( *)(`{3,}|~{3,})\s*([^\s`]*)/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { line: i + 1, language, indent, fence, lines: [] };
    } else if (fence.startsWith(open.fence) && language === '') {
      fences.push({ file, line: open.line, language: open.language, text: open.lines.map((inner) => `${inner}\n`).join('') });
      open = undefined;
    } else {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: a fence that does not end`);
  return fences;
}

export function allFences(): readonly Fence[] {
  return pages().flatMap((page) => fencesIn(relative(root, page), readFileSync(page, 'utf8')));
}
