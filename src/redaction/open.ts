/** Redaction put together from the settings: rules, files of secrets, the placeholder key, the memory. */
import { resolve } from 'node:path';
import type { Config, SecurityLevel } from '../config.ts';
import { classesAt } from '../detect/classes.ts';
import { createEngine, type Engine } from '../detect/engine.ts';
import type { Rule } from '../detect/rule.ts';
import { RULES } from '../detect/rules/index.ts';
import { loadSecretFiles, watchSecretFiles } from '../detect/secret-files.ts';
import { loadUserRules, parseUserRules, type UserRules } from '../detect/user-rules.ts';
import type { Audit } from '../observe/audit.ts';
import type { Log } from '../observe/log.ts';
import type { FilterSource } from '../pipeline/filter.ts';
import { createKnownValues, type KnownValues } from './known-values.ts';
import { createPlaceholders } from './placeholder.ts';
import { loadPlaceholderKey } from './placeholder-key.ts';
import { createRedactionSource } from './source.ts';
import { createVault, VAULT_DEFAULTS } from './vault.ts';

export interface Redaction {
  readonly source: FilterSource;
  close(): void;
}

export interface RedactionServices {
  readonly log: Log;
  readonly audit: Audit;
  /** Counts a finding, by rule and action. */
  count(rule: string, action: string): void;
}

export type RedactionConfig = Pick<Config, 'placeholderKeyPath' | 'secretFiles' | 'rulesPath' | 'securityLevel'>;

/** The kind in the placeholders of values from AEGIS_SECRET_FILES. */
const SECRET_KIND = 'secret';

/**
 * @throws Error that names the setting and the file at fault: no request is taken with less protection than was asked for.
 */
export async function openRedaction(config: RedactionConfig, { log, audit, count }: RedactionServices): Promise<Redaction> {
  const userRules = openUserRules(config.rulesPath);
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
  const engines = createEngines([...RULES, ...userRules.rules]);
  engines(config.securityLevel);
  const source = createRedactionSource({
    engine: engines,
    placeholders: createPlaceholders(key),
    vault: createVault(VAULT_DEFAULTS),
    secrets: () => secrets,
    policy: (entry) => userRules.forToken(entry.token, entry.fingerprint),
    audit,
    count,
  });
  return { source, close: () => watcher.close() };
}

/** One engine for each level, made when it is first asked for: rules that a level does not redact cost it nothing. */
function createEngines(rules: readonly Rule[]): (level: SecurityLevel) => Engine {
  const made = new Map<SecurityLevel, Engine>();
  return (level) => {
    let engine = made.get(level);
    if (engine === undefined) {
      const classes = classesAt(level);
      engine = createEngine(rules.filter((rule) => classes.has(rule.class)));
      made.set(level, engine);
    }
    return engine;
  };
}

/** @throws Error that names the setting, the rule and the field at fault. */
export function openUserRules(path: string | undefined): UserRules {
  const known = RULES.map((rule) => rule.id);
  if (path === undefined) return parseUserRules({}, known);
  try {
    return loadUserRules(path, known);
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
