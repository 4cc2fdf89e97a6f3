/**
 * One table of settings, read once into a frozen Config. The only reader of the environment.
 *
 * A setting that is unknown, malformed or out of range is an error that names it: a typo in a security setting
 * must never pass as "default".
 */
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { LEVELS, type SecurityLevel } from './guards/policy.ts';
import { isLoopback, parseAddressList, type AddressList } from './http/address-list.ts';
import { parseHostList, type HostList } from './http/host-list.ts';
import { parseProxySettings, type ProxySettings } from './http/proxy-settings.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFormat = 'pretty' | 'json';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly gatewayKey: string;
  readonly tokensPath: string;
  readonly securityLevel: SecurityLevel;
  /** Without a trailing slash; undefined = derived from each request's Host. */
  readonly publicUrl: string | undefined;
  readonly adminAllow: AddressList;
  readonly allowedHosts: HostList;
  readonly trustedProxies: AddressList;
  /** undefined = any upstream but the always-denied. */
  readonly upstreamAllow: HostList | undefined;
  readonly proxy: ProxySettings;
  /** 0 = no limit. */
  readonly maxRequestBodyBytes: number;
  readonly requestHoldBytes: number;
  readonly upstreamConnectTimeoutMs: number;
  readonly upstreamIdleTimeoutMs: number;
  /** 0 = no limit. */
  readonly maxConnections: number;
  /** 0 = no limit. */
  readonly maxConcurrentPerToken: number;
  readonly secretFiles: readonly string[];
  readonly rulesPath: string | undefined;
  readonly placeholderKeyPath: string;
  /** Empty = no audit log. */
  readonly auditLogPath: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat | undefined;
  /** Processes that share the port. */
  readonly workers: number;
  readonly shutdownGraceMs: number;
}

/** Everything that is wrong with the settings, one line each; none of them holds the value of a secret setting. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export const DEFAULT_GATEWAY_KEY = 'agent';
const LOOPBACK = '127.0.0.0/8,::1';
const MAX_TIMER_MS = 2_147_483_647;
/** More would be a slip: each takes some 100 MB. */
const MAX_WORKERS = 256;
const MAX_BYTES = Number.MAX_SAFE_INTEGER;

/** How one variable is read. `parse` throws an Error whose message is what is allowed. */
interface Setting<T> {
  readonly fallback: string;
  readonly parse: (text: string) => T;
  /** Its value is never shown. */
  readonly secret?: true;
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw new Error(`a whole number from ${min} to ${max}`);
    return value;
  };
}

function oneOf<const T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text.toLowerCase());
    if (found === undefined) throw new Error(`one of ${words.join(', ')}`);
    return found;
  };
}

function nonEmpty(what: string): (text: string) => string {
  return (text) => {
    if (text.trim() === '') throw new Error(what);
    return text;
  };
}

function optional<T>(parse: (text: string) => T): (text: string) => T | undefined {
  return (text) => (text.trim() === '' ? undefined : parse(text));
}

function publicUrl(text: string): string {
  const allowed = 'an http or https URL without query, fragment or credentials, such as https://gw.example.com';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Error(allowed);
  }
  // The URL class takes an empty query or fragment for none, and its text keeps the mark: the text itself is asked.
  if (!/^https?:$/.test(url.protocol) || /[?#]/.test(text) || url.username || url.password) throw new Error(allowed);
  return url.href.replace(/\/+$/, '');
}

function pathList(text: string): readonly string[] {
  return text.split(',').map((path) => path.trim()).filter((path) => path !== '');
}

function listenHost(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  const isName = /^[0-9A-Za-z._-]+$/.test(host);
  if (!isName && isIP(host) !== 6) throw new Error('an address or host name without a port, such as 127.0.0.1 or ::1');
  return host;
}

const SETTINGS = {
  AEGIS_HOST: { fallback: '127.0.0.1', parse: listenHost },
  AEGIS_PORT: { fallback: '18080', parse: integer(0, 65535) },
  AEGIS_GATEWAY_KEY: { fallback: DEFAULT_GATEWAY_KEY, parse: nonEmpty('a non-empty text'), secret: true },
  AEGIS_GW_TOKENS_PATH: { fallback: 'config/gw_tokens.json', parse: nonEmpty('a path') },
  AEGIS_SECURITY_LEVEL: { fallback: 'medium', parse: oneOf(...LEVELS) },
  AEGIS_PUBLIC_URL: { fallback: '', parse: optional(publicUrl) },
  AEGIS_ADMIN_ALLOW: { fallback: LOOPBACK, parse: parseAddressList },
  AEGIS_ALLOWED_HOSTS: { fallback: '', parse: parseHostList },
  AEGIS_TRUSTED_PROXY_IPS: { fallback: '', parse: parseAddressList },
  AEGIS_UPSTREAM_ALLOW: { fallback: '', parse: optional(parseHostList) },
  AEGIS_MAX_REQUEST_BODY_BYTES: { fallback: '67108864', parse: integer(0, MAX_BYTES) },
  AEGIS_REQUEST_HOLD_BYTES: { fallback: '1048576', parse: integer(0, 1_073_741_824) },
  AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS: { fallback: '10000', parse: integer(1, MAX_TIMER_MS) },
  AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: { fallback: '600000', parse: integer(1, MAX_TIMER_MS) },
  AEGIS_MAX_CONNECTIONS: { fallback: '0', parse: integer(0, 10_000_000) },
  AEGIS_MAX_CONCURRENT_PER_TOKEN: { fallback: '0', parse: integer(0, 10_000_000) },
  AEGIS_SECRET_FILES: { fallback: '', parse: pathList },
  AEGIS_RULES_PATH: { fallback: '', parse: optional((text) => text) },
  AEGIS_PLACEHOLDER_KEY: { fallback: '', parse: optional((text) => text) },
  AEGIS_AUDIT_LOG_PATH: { fallback: 'logs/audit.jsonl', parse: (text: string): string => text.trim() },
  AEGIS_WORKERS: { fallback: '1', parse: integer(1, MAX_WORKERS) },
  AEGIS_LOG_LEVEL: { fallback: 'info', parse: oneOf('debug', 'info', 'warn', 'error', 'silent') },
  AEGIS_LOG_FORMAT: { fallback: '', parse: optional(oneOf('pretty', 'json')) },
  AEGIS_SHUTDOWN_GRACE_MS: { fallback: '30000', parse: integer(0, MAX_TIMER_MS) },
} as const satisfies Record<string, Setting<unknown>>;

/** Read apart from the table: its default comes from other variables. */
const PROXY_SETTING = 'AEGIS_UPSTREAM_PROXY';

type SettingName = keyof typeof SETTINGS;
type Values = { [Name in SettingName]: ReturnType<(typeof SETTINGS)[Name]['parse']> };

/** The names of all settings, in the table's order. */
export const SETTING_NAMES: readonly string[] = [...Object.keys(SETTINGS), PROXY_SETTING];

/** Whether a setting's value is never to be shown. */
export function isSecretSetting(name: string): boolean {
  const setting: Setting<unknown> | undefined = Object.hasOwn(SETTINGS, name) ? SETTINGS[name as SettingName] : undefined;
  return setting?.secret === true;
}

/**
 * Reads the settings from an environment.
 * @throws ConfigError naming every variable at fault, its value (unless secret) and what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  for (const name of Object.keys(env)) {
    if (!/^AEGIS_/i.test(name)) continue;
    // Windows' environment knows no case: there the value is found under the setting's own name all the same.
    const setting = name.toUpperCase();
    if (!SETTING_NAMES.includes(setting) || env[setting] === undefined) {
      problems.push(`${name} is not a setting; known are ${SETTING_NAMES.join(', ')}`);
    }
  }

  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const setting: Setting<unknown> = SETTINGS[name];
    const text = env[name] ?? setting.fallback;
    try {
      values[name] = setting.parse(text);
    } catch (error) {
      // No setting takes an "@"; where one stands, somebody has put a URL with a password.
      const shown = setting.secret || text.includes('@') ? 'its value' : JSON.stringify(text);
      problems.push(`${name}: ${shown} is not allowed; it takes ${(error as Error).message}`);
    }
  }
  let proxy: ProxySettings | undefined;
  try {
    proxy = parseProxySettings(env[PROXY_SETTING], env);
  } catch (error) {
    problems.push((error as Error).message);
  }
  // Filled by the loop above, name by name, wherever there was no problem.
  const read = values as Values;

  if (read.AEGIS_GATEWAY_KEY === DEFAULT_GATEWAY_KEY && read.AEGIS_HOST !== undefined && !isLoopbackHost(read.AEGIS_HOST)) {
    problems.push(
      `AEGIS_GATEWAY_KEY: the default key is refused because AEGIS_HOST=${JSON.stringify(read.AEGIS_HOST)} can be reached from other machines; set AEGIS_GATEWAY_KEY to a long random text, or AEGIS_HOST to 127.0.0.1`,
    );
  }
  if (problems.length > 0 || proxy === undefined) throw new ConfigError(problems);

  return Object.freeze({
    host: read.AEGIS_HOST,
    port: read.AEGIS_PORT,
    gatewayKey: read.AEGIS_GATEWAY_KEY,
    tokensPath: read.AEGIS_GW_TOKENS_PATH,
    securityLevel: read.AEGIS_SECURITY_LEVEL,
    publicUrl: read.AEGIS_PUBLIC_URL,
    adminAllow: read.AEGIS_ADMIN_ALLOW,
    allowedHosts: read.AEGIS_ALLOWED_HOSTS,
    trustedProxies: read.AEGIS_TRUSTED_PROXY_IPS,
    upstreamAllow: read.AEGIS_UPSTREAM_ALLOW,
    proxy,
    maxRequestBodyBytes: read.AEGIS_MAX_REQUEST_BODY_BYTES,
    requestHoldBytes: read.AEGIS_REQUEST_HOLD_BYTES,
    upstreamConnectTimeoutMs: read.AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS,
    upstreamIdleTimeoutMs: read.AEGIS_UPSTREAM_IDLE_TIMEOUT_MS,
    maxConnections: read.AEGIS_MAX_CONNECTIONS,
    maxConcurrentPerToken: read.AEGIS_MAX_CONCURRENT_PER_TOKEN,
    secretFiles: read.AEGIS_SECRET_FILES,
    rulesPath: read.AEGIS_RULES_PATH,
    placeholderKeyPath: read.AEGIS_PLACEHOLDER_KEY ?? join(dirname(read.AEGIS_GW_TOKENS_PATH), 'placeholder.key'),
    auditLogPath: read.AEGIS_AUDIT_LOG_PATH,
    logLevel: read.AEGIS_LOG_LEVEL,
    logFormat: read.AEGIS_LOG_FORMAT,
    workers: read.AEGIS_WORKERS,
    shutdownGraceMs: read.AEGIS_SHUTDOWN_GRACE_MS,
  });
}

/** Whether nobody but this machine reaches who listens there. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopback(host);
}
