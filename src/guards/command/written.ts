/** Files that a program writes, whichever way it is told to. */
import { hasFlag, operands } from './invocation.ts';
import type { Invocation } from './invocation.ts';

const WRITERS = new Set(['tee', 'truncate', 'cp', 'mv', 'ln', 'install', 'copy', 'copy-item', 'move-item', 'xcopy', 'sed', 'perl', 'ed', 'add-content', 'set-content', 'out-file', 'new-item', 'curl', 'wget', 'ddrescue']);

/** Whether a program may write a file; cheaper than asking which. */
export function mayWrite(invocation: Invocation): boolean {
  return invocation.redirects.length > 0 || WRITERS.has(invocation.name);
}

/** The files a program writes: by redirection, `tee`, `cp`, `sed -i` and PowerShell's cmdlets. */
export function writtenPaths(invocation: Invocation): readonly string[] {
  const paths = invocation.redirects.filter((redirect) => redirect.operator === '>' || redirect.operator === '>>').map((redirect) => redirect.target.text);
  const words = operands(invocation).map((word) => word.text);
  switch (invocation.name) {
    case 'tee': case 'truncate':
      return [...paths, ...words.slice(0, 4)];
    case 'cp': case 'mv': case 'ln': case 'install': case 'copy': case 'copy-item': case 'move-item': case 'xcopy':
      return words.length > 1 ? [...paths, words.at(-1) ?? ''] : paths;
    case 'sed': case 'perl': case 'ed':
      return hasFlag(invocation, 'i', '--in-place') ? [...paths, ...words.slice(-2)] : paths;
    case 'add-content': case 'set-content': case 'out-file': case 'new-item':
      return [...paths, ...words.slice(0, 3)];
    case 'curl': case 'wget':
      return [...paths, ...invocation.texts.filter((_text, index) => /^(?:-o|--output|-O|--output-document)$/.test(invocation.texts[index - 1] ?? ''))];
    default:
      return paths;
  }
}
