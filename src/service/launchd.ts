/** launchd: an agent of the user or a daemon of the machine (macOS). */
import { existsSync } from 'node:fs';
import { requirePlainPath, stopSeconds, type CreateManager, type DefinitionSettings } from './manager.ts';
import { LAUNCHD_LABEL, type ServiceHost, type ServicePlaces } from './places.ts';
import type { Step } from './step.ts';
import { fillTemplate, xmlText } from './template.ts';

/** Whom a daemon of the machine runs as: who called sudo. Undefined for an agent, or where nobody did. */
function daemonUser({ system, env }: ServiceHost): string | undefined {
  const user = env['SUDO_USER'];
  return system && user !== undefined && user !== '' && user !== 'root' ? user : undefined;
}

/** The property list's text. @throws Error for a path that none can hold. */
export function launchdPlist(host: ServiceHost, places: ServicePlaces, settings: DefinitionSettings): string {
  const start = `${host.dist}/service/start.js`;
  const log = places.log ?? '';
  for (const [what, path] of [['the path of Node', host.node], ['the path of the gateway', start], ['the state folder', places.state]] as const) requirePlainPath(what, path);
  const user = daemonUser(host);
  return fillTemplate('launchd.plist', {
    LABEL: LAUNCHD_LABEL,
    NODE: xmlText(host.node),
    START: xmlText(start),
    SETTINGS: xmlText(places.settings),
    STATE: xmlText(places.state),
    LOG: xmlText(log),
    USER: user === undefined ? '' : `  <key>UserName</key>\n  <string>${xmlText(user)}</string>`,
    STOP_SECONDS: stopSeconds(settings.shutdownGraceMs),
  });
}

export const createLaunchd: CreateManager = (host, places) => {
  const domain = host.system ? 'system' : `gui/${host.uid}`;
  const definition = places.definition ?? '';
  const user = daemonUser(host);
  return {
    title: 'launchd',
    check() {
      if (host.system && user === undefined) throw new Error('call it by sudo from the account that the service shall run as');
    },
    install: (settings): Step[] => [
      { do: 'file', path: definition, mode: 0o644, text: launchdPlist(host, places, settings) },
      ...(user === undefined ? [] : [{ do: 'run', command: ['chown', '-R', user, places.state] } as const]),
      { do: 'run', command: ['launchctl', 'bootout', `${domain}/${LAUNCHD_LABEL}`], mayFail: true },
      { do: 'run', command: ['launchctl', 'enable', `${domain}/${LAUNCHD_LABEL}`] },
      // What was booted out may take a moment to go, and is in the way until then.
      { do: 'run', command: ['launchctl', 'bootstrap', domain, definition], tries: 5 },
    ],
    uninstall: (): Step[] => [
      { do: 'run', command: ['launchctl', 'bootout', `${domain}/${LAUNCHD_LABEL}`], mayFail: true },
      { do: 'remove', path: definition },
    ],
    async state(run) {
      const { code, out } = await run(['launchctl', 'print', `${domain}/${LAUNCHD_LABEL}`]);
      const installed = existsSync(definition);
      const word = /^\s*state = (.+)$/m.exec(out)?.[1];
      return { installed, running: code === 0 && word === 'running', enabled: installed, word: word ?? (installed ? 'not loaded' : 'not installed') };
    },
    logCommand: `tail -n 50 "${places.log ?? ''}"`,
    notes: [],
  };
};
