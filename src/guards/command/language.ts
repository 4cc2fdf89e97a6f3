/** Which languages a command may be written in, by the shell that runs it and by its looks. */
import type { Language } from './syntax.ts';

/** `unknown`: it is tried as what it looks like. */
export type Shell = 'posix' | 'powershell' | 'cmd' | 'unknown';

/** How much of a command is looked at to guess its language. */
const LOOK_CHARS = 4096;
const POWERSHELL = /(?:^|[\s;|&({])(?:(?:Get|Set|New|Remove|Add|Invoke|Start|Stop|Clear|Format|Out|Write|Import|Export|Test|Select|Where|ForEach|Copy|Move|Rename|Restart|Disable|Enable|Register|Unregister|Convert\w{0,4}|Join|Resolve|Expand|Compress|Initialize|Suspend|Send|Receive|Read|Measure|Sort|Group|Install|Uninstall|Update|Enter|Save|Find|Mount|Dismount|Repair|Reset|Unblock|Limit)-[A-Za-z]{3,40}\b|iex\b|iwr\b|irm\b|ri\s|gci\b|gc\s|\$env:|\$[A-Za-z_]\w{0,40}\s{0,4}=|\[(?:System\.|IO\.|Net\.|Convert|Text\.|Environment|Reflection|Diagnostics|scriptblock)|\(New-Object|&\s?\(|@['"]\s{0,4}\n)/i;
const CMD = /%[A-Za-z]\w{0,40}%|(?:^|[\s&|(])(?:(?:del|erase|rd|rmdir|copy|xcopy|attrib|format|dir|icacls|takeown|robocopy|taskkill|schtasks|reg|net|sc|netsh|wmic|wevtutil|vssadmin|bcdedit|certutil|bitsadmin|cipher|fsutil|shutdown|mshta|regsvr32|rundll32|start|forfiles|diskpart)(?:\.exe)?\s[^\n]{0,200}?(?:\s?\/[a-z]|[A-Za-z]:\\|\\)|[A-Za-z]:\\)|\^[a-z&|]|(?:^|\s)@echo\b|(?:^|[\s&])(?:if|for)\s{1,4}(?:exist|%)|(?:^|[\s&])(?:wevtutil|vssadmin|wbadmin|bcdedit|diskpart|net1?\s{1,4}(?:user|localgroup))\b/i;

/** The languages to try, each at most once. */
export function languagesOf(command: string, shell: Shell): readonly Language[] {
  const head = command.slice(0, LOOK_CHARS);
  switch (shell) {
    case 'powershell':
      // Programs of Windows are often called from it with switches of their own.
      return ['powershell'];
    case 'cmd':
      return ['cmd'];
    case 'posix':
      // A tool that calls itself a shell may stand on a machine whose shell is another.
      return /^\s{0,16}(?:(?:Get|Set|New|Remove|Add|Invoke|Start|Stop|Clear|Format|Import|Register|Disable|Enable|Copy|Move|Restart)-[A-Z]\w{2,40}\b|(?:iex|iwr|irm)\s|\$env:)/i.test(head) ? ['powershell', 'posix'] : ['posix'];
    case 'unknown': {
      const languages: Language[] = ['posix'];
      if (POWERSHELL.test(head)) languages.push('powershell');
      if (CMD.test(head)) languages.push('cmd');
      return languages;
    }
  }
}
