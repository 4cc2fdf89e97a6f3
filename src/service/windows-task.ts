/** A scheduled task of the user or of the machine (Windows). */
import { requirePlainPath, type CreateManager, type DefinitionSettings } from './manager.ts';
import type { ServiceHost, ServicePlaces } from './places.ts';
import type { Step } from './step.ts';
import { fillTemplate, powershellLiteral, windowsArgument } from './template.ts';

const TASK = 'AegisGate';
/** Local System, the Administrators, Local Service: by number, since their names are translated. */
const OWNERS = ['*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F', '*S-1-5-19:(OI)(CI)M'];

export type TaskAction = 'Install' | 'Uninstall' | 'Show';

/** The script's text. @throws Error for a path that no task can hold. */
export function windowsScript(host: ServiceHost, places: ServicePlaces, action: TaskAction): string {
  const start = `${host.dist}\\service\\start.js`;
  const words = [host.node, start, '--settings', places.settings, '--state', places.state, '--log', places.log ?? ''];
  for (const path of [host.node, start, places.state]) {
    requirePlainPath('a path', path);
    if (/%[^%]+%/.test(path)) throw new Error(`the path ${path} holds a variable's name between percent signs, which the task scheduler would replace; move it`);
  }
  return fillTemplate('windows-task.ps1', {
    NAME: powershellLiteral(TASK),
    SYSTEM: host.system ? '$true' : '$false',
    ARGUMENTS: powershellLiteral(`--headless ${words.map(windowsArgument).join(' ')}`),
    STATE: powershellLiteral(places.state),
    DO: action,
  });
}

/** As an argument: no file that another user could have put there is run, and no code page comes between. */
export function encodedCommand(script: string): readonly string[] {
  return ['powershell.exe', '-NoProfile', '-NonInteractive', '-EncodedCommand', Buffer.from(script, 'utf16le').toString('base64')];
}

export const createWindowsTask: CreateManager = (host, places) => {
  const step = (action: TaskAction): Step => {
    const script = windowsScript(host, places, action);
    return { do: 'run', command: encodedCommand(script), script };
  };
  return {
    title: 'the task scheduler',
    check() {},
    install: (_settings: DefinitionSettings): Step[] => [step('Install')],
    uninstall: (): Step[] => [step('Uninstall')],
    async state(run) {
      const { code, out, err } = await run(encodedCommand(windowsScript(host, places, 'Show')));
      const word = out.trim();
      if (code !== 0) return { installed: false, running: false, enabled: false, word: err.trim() || 'PowerShell does not answer' };
      const installed = word !== 'absent';
      return { installed, running: word === 'Running', enabled: installed && word !== 'Disabled', word: installed ? word.toLowerCase() : 'not installed' };
    },
    logCommand: `powershell -Command Get-Content -Tail 50 '${places.log ?? ''}'`,
    notes: ['Windows ends the gateway at once when the task is stopped; running answers are cut'],
  };
};

/** Folders of ProgramData are open to all users until somebody closes them. */
export function closeFolder(places: ServicePlaces): readonly Step[] {
  return [
    { do: 'run', command: ['icacls', places.state, '/setowner', '*S-1-5-32-544', '/T', '/Q'] },
    { do: 'run', command: ['icacls', places.state, '/inheritance:r', '/grant:r', ...OWNERS, '/T', '/Q'] },
  ];
}
