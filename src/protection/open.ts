/** Redaction and guards put together from the settings: rules, files of secrets, the placeholder key, the memory. */
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { createEngine, type Engine } from '../detect/engine.ts';
import type { FindingClass, Rule } from '../detect/rule.ts';
import { RULES } from '../detect/rules/index.ts';
import { loadSecretFiles, watchSecretFiles } from '../detect/secret-files.ts';
import { createPolicy, type Policy, type SecurityLevel } from '../guards/policy.ts';
import { GUARD_SIGNALS } from '../guards/request-guard.ts';
import { GUARD_TOPICS } from '../guards/rule-topics.ts';
import { loadRulesFile, parseRulesFile, type Exceptions, type RulesFile } from '../guards/rules-file.ts';
import type { Audit } from '../observe/audit.ts';
import type { Log } from '../observe/log.ts';
import type { FilterSource } from '../pipeline/filter.ts';
import { createClearedTexts } from '../redaction/cleared.ts';
import { createKnownValues, type KnownValues } from '../redaction/known-values.ts';
import { loadPlaceholderKey } from '../redaction/placeholder-key.ts';
import { createPlaceholders } from '../redaction/placeholder.ts';
import { createVault, VAULT_DEFAULTS, type Remembered, type Vault } from '../redaction/vault.ts';
import { createProtection, type Search } from './source.ts';
import { createTrial, type Trial } from './trial.ts';

export interface Protection {
  readonly source: FilterSource;
  readonly vault: Vault;
  /** For people who try a text. */
  readonly trial: Trial;
  close(): void;
}

export interface ProtectionServices {
  readonly log: Log;
  readonly audit: Audit;
  /** Counts a finding, by rule and action. */
  count(rule: string, action: string): void;
  /** Told of what other processes' vaults have to know; undefined when there are none. */
  readonly remember?: ((told: Remembered) => void) | undefined;
}

export type ProtectionConfig = Pick<Config, 'placeholderKeyPath' | 'secretFiles' | 'rulesPath' | 'securityLevel'>;

const CLASSES: readonly FindingClass[] = ['credential', 'payment', 'personal', 'exact'];
/** The kind in the placeholders of values from AEGIS_SECRET_FILES. */
const SECRET_KIND = 'secret';

/**
 * @throws Error that names the setting and the file at fault: no request is taken with less protection than was asked for.
 */
export async function openProtection(config: ProtectionConfig, { log, audit, count, remember }: ProtectionServices): Promise<Protection> {
  const rulesFile = openRulesFile(config.rulesPath);
  const key = await loadPlaceholderKey(resolve(config.placeholderKeyPath));
  let secrets = knownValues(loadSecrets(config.secretFiles));
  const watcher = watchSecretFiles(
    config.secretFiles,
    (values) => {
      secrets = knownValues(values);
      log.info('files of secrets taken over', { values: secrets.size });
    },
    (error) => log.error('files of secrets not taken over, the last good values stay in force', { file: error.file, line: error.line }),
  );
  const policies = createPolicies(rulesFile);
  const searches = createSearches(createEngines([...RULES, ...rulesFile.rules]));
  searches(policies(config.securityLevel, rulesFile), true);
  const vault = createVault(remember === undefined ? VAULT_DEFAULTS : { ...VAULT_DEFAULTS, tell: remember });
  const source = createProtection({
    search: searches,
    placeholders: createPlaceholders(key),
    vault,
    secrets: () => secrets,
    exceptions: (entry) => rulesFile.forToken(entry.token, entry.fingerprint),
    policy: policies,
    audit,
    count,
  });
  const trial = createTrial({
    engine: (policy) => searches(policy, false).engine,
    policy: (level) => policies(level, rulesFile),
    secrets: () => secrets,
    allows: rulesFile.allows,
  });
  return { source, vault, trial, close: () => watcher.close() };
}

/** One policy for each level and set of exceptions. */
function createPolicies(rulesFile: RulesFile): (level: SecurityLevel, exceptions: Exceptions) => Policy {
  const made = new Map<Exceptions, Map<SecurityLevel, Policy>>();
  return (level, exceptions) => {
    let levels = made.get(exceptions);
    if (levels === undefined) made.set(exceptions, (levels = new Map()));
    let policy = levels.get(level);
    if (policy === undefined) levels.set(level, (policy = createPolicy(level, exceptions.overrides, rulesFile.topicOf)));
    return policy;
  };
}

/** One for each policy with and without guards: they look for different things, and find different texts clean. */
function createSearches(engines: (policy: Policy, guarded: boolean) => Engine): (policy: Policy, guarded: boolean) => Search {
  const made = { guarded: new Map<Policy, Search>(), redacting: new Map<Policy, Search>() };
  return (policy, guarded) => {
    const searches = guarded ? made.guarded : made.redacting;
    let search = searches.get(policy);
    if (search === undefined) {
      search = { engine: engines(policy, guarded), classes: new Set(CLASSES.filter((name) => policy.looksFor(name))), cleared: createClearedTexts() };
      searches.set(policy, search);
    }
    return search;
  };
}

/** One engine for each set of classes, made when it is first asked for: rules that a policy does not look for cost it nothing. */
function createEngines(rules: readonly Rule[]): (policy: Policy, guarded: boolean) => Engine {
  const made = new Map<string, Engine>();
  const names: readonly FindingClass[] = ['credential', 'payment', 'personal'];
  return (policy, guarded) => {
    const classes = names.filter((name) => policy.looksFor(name));
    const signals = guarded && (policy.looksFor('hidden-text') || policy.looksFor('injection') || policy.looksFor('user-injection')) ? GUARD_SIGNALS : [];
    const id = `${classes.join(' ')} ${signals.length}`;
    let engine = made.get(id);
    if (engine === undefined) {
      engine = createEngine(rules.filter((rule) => classes.includes(rule.class)), signals);
      made.set(id, engine);
    }
    return engine;
  };
}

/** @throws Error that names the setting, the rule and the field at fault. */
export function openRulesFile(path: string | undefined): RulesFile {
  const topics = new Map([...RULES.map((rule) => [rule.id, rule.class] as const), ...GUARD_TOPICS]);
  if (path === undefined) return parseRulesFile({}, topics);
  try {
    return loadRulesFile(path, topics);
  } catch (error) {
    throw new Error(`AEGIS_RULES_PATH: ${(error as Error).message}`);
  }
}

function loadSecrets(paths: readonly string[]): readonly string[] {
  try {
    return loadSecretFiles(paths);
  } catch (error) {
    throw new Error(`AEGIS_SECRET_FILES: ${(error as Error).message}`);
  }
}

function knownValues(values: readonly string[]): KnownValues {
  const known = createKnownValues();
  for (const value of values) known.add(value, SECRET_KIND);
  return known;
}
