/** The corpora of commands: one a line, `⏎` for a line's end within one, `## name` before each family. */
import { readFileSync } from 'node:fs';

export interface CorpusEntry {
  readonly family: string;
  readonly text: string;
}

/** Reads a corpus beside this file. */
export function readCorpus(name: string): CorpusEntry[] {
  const entries: CorpusEntry[] = [];
  let family = '';
  for (const line of readFileSync(new URL(`./corpus/${name}.txt`, import.meta.url), 'utf8').split('\n')) {
    if (line.startsWith('## ')) family = line.slice(3);
    else if (line !== '') entries.push({ family, text: line.replaceAll('⏎', '\n') });
  }
  return entries;
}
