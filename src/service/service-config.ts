/** The settings of a service: what its file says, what the caller's environment adds, and what they come to. */
import { readFileSync } from 'node:fs';
import { readConfig, SETTING_NAMES, type Config } from '../config.ts';
import type { Address } from './liveness.ts';
import { pathOf, type ServiceHost, type ServicePlaces } from './places.ts';
import { parseSettings, type Settings } from './settings-file.ts';

/** Settings whose values the service's own places give. */
const OWN_PLACES = new Set(['AEGIS_GW_TOKENS_PATH', 'AEGIS_AUDIT_LOG_PATH', 'AEGIS_PLACEHOLDER_KEY']);
/** What Node and the gateway read besides. */
const FOREIGN = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS'];
/** Settings that are paths, which must not depend on a working folder. */
const PATHS = new Set(['AEGIS_RULES_PATH', 'NODE_EXTRA_CA_CERTS']);
const PATH_LISTS = new Set(['AEGIS_SECRET_FILES']);

/** The settings file's text, empty when there is none. @throws Error when it can't be read. */
export function readSettingsText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new Error(`${path} can't be read (${code ?? 'i/o error'})`);
  }
}

/** @throws Error that names the file and the line at fault. */
export function settingsOf(path: string, text: string): Settings {
  try {
    return parseSettings(text);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

/** The settings that the caller's environment holds, with absolute paths. */
export function settingsFromEnvironment({ env, platform, home }: ServiceHost, cwd: string): Settings {
  const path = pathOf(platform);
  const absolute = (given: string): string => (/^~[/\\]/.test(given) ? path.join(home, given.slice(2)) : path.resolve(cwd, given));
  const found: Record<string, string> = {};
  // Empty is no place, it is off.
  if (env['AEGIS_AUDIT_LOG_PATH']?.trim() === '') found['AEGIS_AUDIT_LOG_PATH'] = '';
  for (const name of [...SETTING_NAMES.filter((known) => !OWN_PLACES.has(known)), ...FOREIGN]) {
    const value = env[name];
    if (value === undefined || value.trim() === '') continue;
    if (PATHS.has(name)) found[name] = absolute(value);
    else if (PATH_LISTS.has(name)) found[name] = value.split(',').map((one) => one.trim()).filter((one) => one !== '').map(absolute).join(',');
    else found[name] = value;
  }
  return found;
}

/** @throws ConfigError as the service's start would. */
export function serviceConfig(places: ServicePlaces, settings: Settings): Config {
  return readConfig({ AEGIS_GW_TOKENS_PATH: places.tokens, AEGIS_AUDIT_LOG_PATH: places.audit, AEGIS_PLACEHOLDER_KEY: places.placeholderKey, ...settings });
}

/** Where a service with these settings answers callers of this machine. */
export function addressOf({ host, port }: Config): Address {
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return { host: own, port };
}

/** Where the installed service answers. @throws Error when its settings can't be read. */
export function serviceAddress(places: ServicePlaces): Address {
  return addressOf(serviceConfig(places, settingsOf(places.settings, readSettingsText(places.settings))));
}
