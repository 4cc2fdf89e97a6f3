/** systemd, of the user or of the machine (Linux, also in WSL2). */
import { existsSync } from 'node:fs';
import { requirePlainPath, stopSeconds, type CreateManager, type DefinitionSettings } from './manager.ts';
import { SYSTEMD_UNIT, type ServiceHost, type ServicePlaces } from './places.ts';
import type { Step } from './step.ts';
import { fillTemplate, systemdCommand, systemdLine, systemdPattern, systemdWord } from './template.ts';

/** There while systemd is the init of the machine: sd_booted(3). */
const BOOTED = '/run/systemd/system';
const PRIVILEGED_PORTS_END = 1024;
/** What ProtectHome takes away. */
export const BELOW_HOME = /^\/(?:home|root|run\/user)\//;

/** The unit's text. @throws Error for a path that no unit can hold. */
export function systemdUnit(host: ServiceHost, places: ServicePlaces, settings: DefinitionSettings): string {
  const server = `${host.dist}/server.js`;
  for (const [what, path] of [['the path of Node', host.node], ['the path of the gateway', server], ['the state folder', places.state], ['the settings file', places.settings]] as const) {
    requirePlainPath(what, path);
  }
  // systemd calls these special in the path of a program, however they are quoted; arguments may hold them.
  if (/["'\\]/.test(host.node)) throw new Error(`systemd starts no program with a quote or a backslash in its path: put Node elsewhere than ${host.node}`);
  const values = {
    EXEC: systemdCommand([host.node, server]),
    // A gateway that is one process has nothing to take over: there the signal would end it.
    RELOAD: settings.workers > 1 ? 'ExecReload=/bin/kill -HUP $MAINPID' : '',
    STATE_LINE: systemdLine(places.state),
    TOKENS_SETTING: systemdWord(`AEGIS_GW_TOKENS_PATH=${places.tokens}`),
    AUDIT_SETTING: systemdWord(`AEGIS_AUDIT_LOG_PATH=${places.audit}`),
    KEY_SETTING: systemdWord(`AEGIS_PLACEHOLDER_KEY=${places.placeholderKey}`),
    SETTINGS_PATTERN: systemdPattern(places.settings),
    STOP_SECONDS: stopSeconds(settings.shutdownGraceMs),
  };
  if (!host.system) return fillTemplate('systemd-user.service', { ...values, STATE_WORD: systemdWord(places.state) });
  const belowHome = [host.node, server].some((path) => BELOW_HOME.test(path));
  return fillTemplate('systemd-system.service', {
    ...values,
    PROTECT_HOME: belowHome ? 'read-only' : 'yes',
    CAPABILITIES: settings.port > 0 && settings.port < PRIVILEGED_PORTS_END ? 'CAP_NET_BIND_SERVICE' : '',
  });
}

export const createSystemd: CreateManager = (host, places) => {
  const systemctl = (...args: string[]): readonly string[] => (host.system ? ['systemctl', ...args] : ['systemctl', '--user', ...args]);
  const definition = places.definition ?? '';
  return {
    title: host.system ? 'systemd' : 'systemd of the user',
    check() {
      if (!existsSync(BOOTED)) {
        throw new Error('systemd does not run here. In WSL2 put "[boot]" and "systemd=true" into /etc/wsl.conf and call "wsl --shutdown" in Windows; elsewhere let your own service manager run "aegisgate serve"');
      }
    },
    install: (settings): Step[] => [
      { do: 'file', path: definition, mode: 0o644, text: systemdUnit(host, places, settings) },
      { do: 'run', command: systemctl('daemon-reload') },
      // By its path: the manager may have been started with another XDG_CONFIG_HOME, and then links it.
      { do: 'run', command: systemctl('enable', definition) },
      { do: 'run', command: systemctl('reset-failed', SYSTEMD_UNIT), mayFail: true },
      { do: 'run', command: systemctl('restart', SYSTEMD_UNIT) },
    ],
    uninstall: (): Step[] => [
      { do: 'run', command: systemctl('disable', '--now', SYSTEMD_UNIT), mayFail: true },
      { do: 'remove', path: definition },
      { do: 'run', command: systemctl('daemon-reload') },
      { do: 'run', command: systemctl('reset-failed', SYSTEMD_UNIT), mayFail: true },
    ],
    async state(run) {
      const { code, out } = await run(systemctl('show', SYSTEMD_UNIT, '--property=LoadState,ActiveState,SubState,UnitFileState'));
      const shown = Object.fromEntries(out.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
      if (code !== 0) return { installed: existsSync(definition), running: false, enabled: false, word: 'systemd does not answer' };
      const installed = shown['LoadState'] !== undefined && shown['LoadState'] !== 'not-found';
      return {
        installed,
        running: shown['ActiveState'] === 'active',
        enabled: /^(?:enabled|linked)/.test(shown['UnitFileState'] ?? ''),
        word: installed ? `${shown['ActiveState'] ?? ''} (${shown['SubState'] ?? ''})` : 'not installed',
      };
    },
    logCommand: `journalctl ${host.system ? '-u' : '--user -u'} aegisgate -n 50`,
    notes: host.system ? [] : ['it runs while you are logged in; to run it always: loginctl enable-linger'],
  };
};
