/** The settings: which are set, what the gateway would refuse, and which are in force. */
import { ConfigError, isSecretSetting, readConfig, SETTING_NAMES, type Config } from '../../config.ts';
import type { Finding } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the system's that the gateway reads as well. */
export const PROXY_NAMES: readonly string[] = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];
/** Those of Node's that change what a gateway trusts. */
export const OTHER_NAMES: readonly string[] = ['NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_OPTIONS'];

export interface JudgedSettings {
  readonly findings: readonly Finding[];
  /** What holds, less the settings that are at fault: for the checks that follow. */
  readonly config: Config;
}

export function judgeSettings(env: Environment): JudgedSettings {
  const problems = problemsOf(env);
  const findings = problems.map((problem): Finding => ({
    check: 'settings', ...subjectOf(problem), status: 'problem', message: problem, advice: 'the gateway refuses to start with it: mend or unset it',
  }));
  const faulty = new Set(problems.map((problem) => nameOf(problem)));
  const set = Object.keys(env).filter((name) => /^AEGIS_/i.test(name) && !faulty.has(name) && env[name] !== undefined).sort();
  for (const name of set) findings.push(shownSetting(name, env[name] ?? '', isSecretSetting(name)));
  for (const name of PROXY_NAMES) if ((env[name] ?? '') !== '') findings.push(shownSetting(name, env[name] ?? '', false));
  for (const name of OTHER_NAMES) if ((env[name] ?? '') !== '') findings.push(otherSetting(name, env[name] ?? ''));
  if (findings.length === 0) findings.push({ check: 'settings', status: 'ok', message: `none of the ${SETTING_NAMES.length} settings is set in this shell: the defaults hold` });
  return { findings, config: configWithout(env, faulty) };
}

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The variable that a problem is about: its line begins with the name. */
function nameOf(problem: string): string {
  return /^\w+/.exec(problem)?.[0] ?? '';
}

function subjectOf(problem: string): { subject?: string } {
  const name = nameOf(problem);
  return name === '' ? {} : { subject: name };
}

function configWithout(env: Environment, faulty: ReadonlySet<string>): Config {
  // A host that is fine with another key is at fault beside the one that is named.
  for (const without of [faulty, new Set([...faulty, 'AEGIS_HOST'])]) {
    try {
      return readConfig(Object.fromEntries(Object.entries(env).filter(([name]) => !without.has(name))));
    } catch {
      // The next one leaves out more.
    }
  }
  return readConfig({});
}

function shownSetting(name: string, value: string, secret: boolean): Finding {
  const shown = secret ? '(set, not shown)' : withoutCredentials(value);
  const facts = { value: secret ? null : shown };
  return { check: 'settings', subject: name, status: 'ok', message: `${name}=${shown}`, facts };
}

/** What may stand before an "@" is somebody's name and password. */
export function withoutCredentials(value: string): string {
  const at = value.lastIndexOf('@');
  if (at === -1) return value;
  const scheme = /^[a-z]+:\/\//i.exec(value)?.[0] ?? '';
  return `${scheme}…${value.slice(at)}`;
}

function otherSetting(name: string, value: string): Finding {
  if (name === 'NODE_TLS_REJECT_UNAUTHORIZED' && value === '0') {
    return {
      check: 'settings', subject: name, status: 'problem', message: `${name}=0: no certificate is checked, so that anybody on the way can read keys and prompts`,
      advice: 'unset it; a private CA comes by NODE_EXTRA_CA_CERTS=/path/to/ca.pem',
    };
  }
  return { check: 'settings', subject: name, status: 'ok', message: `${name}=${value}`, facts: { value } };
}
