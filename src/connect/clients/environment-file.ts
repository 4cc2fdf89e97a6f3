/** What the clients that read a `.env` file of their own have in common. */
import type { ClientWire, Snippet } from '../client.ts';
import { powershellText, quoted, shellWord } from '../quote.ts';

/** The three ways to set one variable: the client's file, and both families of shells. */
export function variableSnippets(where: string, wire: ClientWire, name: string, value: string, command: string): readonly Snippet[] {
  return [
    { title: 'The client\'s own environment file', where, language: 'text', wire, text: `${name}=${quoted(value)}\n` },
    { title: 'For one shell: Linux, macOS, WSL2', where: '', language: 'sh', wire, text: `export ${name}=${shellWord(value)}\n${command}\n` },
    { title: 'For one shell: Windows PowerShell', where: '', language: 'powershell', wire, text: `$env:${name} = ${powershellText(value)}\n${command}\n` },
  ];
}
