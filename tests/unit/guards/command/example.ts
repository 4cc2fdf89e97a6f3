/** Commands in tables: a prompt before one tells its shell. */
import type { Shell } from '../../../../src/guards/command/language.ts';

export interface Example {
  readonly command: string;
  readonly shell: Shell;
}

/** `PS> ` stands for PowerShell, `C:\> ` for cmd, nothing for a POSIX shell. */
export function exampleOf(text: string): Example {
  if (text.startsWith('PS> ')) return { command: text.slice(4), shell: 'powershell' };
  if (text.startsWith('C:\\> ')) return { command: text.slice(5), shell: 'cmd' };
  return { command: text, shell: 'posix' };
}
