/** Where the files of a service lie: in the platform's own places, never in the working folder. */
import { posix, win32 } from 'node:path';

/** Whom a service is installed for, and by what. */
export interface ServiceHost {
  readonly platform: NodeJS.Platform;
  /** A service of the machine instead of one of the user. */
  readonly system: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** The user's number; 0 where there are none. */
  readonly uid: number;
  /** Node's own program. */
  readonly node: string;
  /** The folder of the compiled gateway: server.js, service/start.js. */
  readonly dist: string;
}

export interface ServicePlaces {
  /** The unit or the plist; undefined where the definition is no file (Windows). */
  readonly definition: string | undefined;
  readonly settings: string;
  /** The service's own folder, the only one that it writes to but for that of `log`. */
  readonly state: string;
  readonly tokens: string;
  readonly placeholderKey: string;
  readonly audit: string;
  /** Where the log goes; undefined where the platform keeps it (the journal). */
  readonly log: string | undefined;
}

export const LAUNCHD_LABEL = 'org.aegisgate.gateway';
export const SYSTEMD_UNIT = 'aegisgate.service';

/** What `path` is on that platform, whichever runs this. */
export function pathOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

/** @throws Error when the environment does not say where a folder is. */
export function servicePlaces(host: ServiceHost): ServicePlaces {
  switch (host.platform) {
    case 'linux':
      return linuxPlaces(host);
    case 'darwin':
      return macPlaces(host);
    case 'win32':
      return windowsPlaces(host);
    default:
      throw new Error(`there is no service for ${host.platform}; let its own service manager run: ${host.node} ${host.dist}/server.js`);
  }
}

function within(path: typeof posix, state: string): Pick<ServicePlaces, 'state' | 'tokens' | 'placeholderKey' | 'audit'> {
  return {
    state,
    tokens: path.join(state, 'gw_tokens.json'),
    placeholderKey: path.join(state, 'placeholder.key'),
    audit: path.join(state, 'audit.jsonl'),
  };
}

/** https://specifications.freedesktop.org/basedir-spec/latest: a path that is not absolute counts as none. */
function xdg(value: string | undefined, fallback: string): string {
  return value !== undefined && posix.isAbsolute(value) ? posix.normalize(value) : fallback;
}

function linuxPlaces({ system, env, home }: ServiceHost): ServicePlaces {
  if (system) {
    return {
      definition: `/etc/systemd/system/${SYSTEMD_UNIT}`,
      settings: '/etc/aegisgate/settings.env',
      ...within(posix, '/var/lib/aegisgate'),
      log: undefined,
    };
  }
  const config = xdg(env['XDG_CONFIG_HOME'], posix.join(home, '.config'));
  const state = xdg(env['XDG_STATE_HOME'], posix.join(home, '.local/state'));
  return {
    definition: posix.join(config, 'systemd/user', SYSTEMD_UNIT),
    settings: posix.join(config, 'aegisgate/settings.env'),
    ...within(posix, posix.join(state, 'aegisgate')),
    log: undefined,
  };
}

/** https://developer.apple.com/library/archive/documentation/MacOSX/Conceptual/BPSystemStartup/Chapters/CreatingLaunchdJobs.html */
function macPlaces({ system, home }: ServiceHost): ServicePlaces {
  const library = system ? '/Library' : posix.join(home, 'Library');
  const support = posix.join(library, 'Application Support/AegisGate');
  return {
    definition: posix.join(library, system ? 'LaunchDaemons' : 'LaunchAgents', `${LAUNCHD_LABEL}.plist`),
    settings: posix.join(support, 'settings.env'),
    ...within(posix, support),
    log: posix.join(support, 'service.log'),
  };
}

/** A user's files must not lie in ProgramData, which all users may look into: they have a folder of their own. */
function windowsPlaces({ system, env }: ServiceHost): ServicePlaces {
  const name = system ? 'ProgramData' : 'LOCALAPPDATA';
  // Windows' environment knows no case; a copy of it does.
  const folder = Object.entries(env).find(([known]) => known.toUpperCase() === name.toUpperCase())?.[1];
  if (folder === undefined || !win32.isAbsolute(folder)) throw new Error(`the environment variable ${name} does not name a folder`);
  const state = win32.join(folder, 'AegisGate');
  return { definition: undefined, settings: win32.join(state, 'settings.env'), ...within(win32, state), log: win32.join(state, 'service.log') };
}
