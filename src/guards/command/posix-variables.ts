/** What a script's variables hold while it is parsed: set by assignments and declarations, unknown once they are read. */
import type { Reader } from './posix-reader.ts';
import { spend, withText } from './syntax.ts';
import type { Assignment, Word } from './syntax.ts';

const DECLARATIONS = new Set(['export', 'declare', 'local', 'readonly', 'typeset', 'set']);
/** Builtins that set variables to what only running them would tell. */
const READS = new Set(['read', 'mapfile', 'readarray', 'getopts']);

/** Remembers a variable. What the reader takes as known by name stays unknown. */
export function remember(reader: Reader, name: string, value: Word): void {
  if (name !== 'HOME' && name !== 'PATH' && spend(reader.budget, 16)) reader.variables.set(name, value);
}

/** Remembers what a simple command sets. */
export function rememberSimple(reader: Reader, assignments: readonly Assignment[], words: readonly Word[]): void {
  // `IFS=, read a b` sets it for that command alone.
  for (const { name, value } of assignments) if (name !== 'IFS' || words.length === 0) remember(reader, name, value);
  const builtin = words[0]?.text ?? '';
  if (DECLARATIONS.has(builtin)) {
    for (const word of words.slice(1)) {
      const equals = word.text.indexOf('=');
      if (equals > 0 && equals < 64) remember(reader, word.text.slice(0, equals), withText(word, word.text.slice(equals + 1)));
    }
  } else if (READS.has(builtin)) {
    for (const word of words.slice(1)) reader.variables.delete(word.text);
  }
}
