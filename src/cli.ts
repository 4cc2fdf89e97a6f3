#!/usr/bin/env node
/** The `aegisgate` command. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfig, ConfigError } from './config.ts';
import { createEngine } from './detect/engine.ts';
import { RULES } from './detect/rules/index.ts';
import { scanText, type TextFinding } from './detect/scan-text.ts';
import { createPolicy, meaningOf, TOPICS } from './guards/policy.ts';
import { openRulesFile } from './protection/open.ts';
import { tokenFingerprint } from './tokens/token.ts';

const EXIT_CLEAN = 0;
const EXIT_FOUND = 1;
const EXIT_USAGE = 2;

const HELP = `Usage: aegisgate scan [--level low|medium|high] [--json] [FILE …]
       aegisgate policy [--level low|medium|high] [--token TOKEN] [--json]

scan    prints what the gateway would redact in files, or in standard input
        when there is no FILE (or FILE is -): rule, line, column and a masked
        form of the value
policy  prints what the gateway does with what it finds, and what the rules
        file has changed, for all tokens or for one

  --level   of security (default: AEGIS_SECURITY_LEVEL, medium)
  --token   a token or its fingerprint, as the rules file names it
  --json    one JSON object a finding and line; the policy as one object
  --help    this text

AEGIS_RULES_PATH applies as it does in the gateway.

Exit code: 0 done and nothing found, 1 something found, 2 the call or a file
is wrong.
`;

/** A fault in the call itself, told without a stack. */
class UsageError extends Error {}

function scan(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { level: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_CLEAN;
  }
  const config = readConfig(values.level === undefined ? process.env : { ...process.env, AEGIS_SECURITY_LEVEL: values.level });
  const rulesFile = openRulesFile(config.rulesPath);
  const policy = createPolicy(config.securityLevel, rulesFile.overrides, rulesFile.topicOf);
  const engine = createEngine([...RULES, ...rulesFile.rules].filter((rule) => policy.of(rule.class, rule.id) !== 'off'));
  const allowed = (_rule: string, value: string): boolean => rulesFile.allows(value);

  let found = 0;
  for (const file of positionals.length === 0 ? ['-'] : positionals) {
    const name = file === '-' ? '(standard input)' : file;
    for (const finding of scanText(engine, read(file, name), allowed)) {
      found++;
      process.stdout.write(values.json ? `${JSON.stringify({ file: name, ...finding })}\n` : `${printed(name, finding)}\n`);
    }
  }
  return found > 0 ? EXIT_FOUND : EXIT_CLEAN;
}

function printPolicy(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { level: { type: 'string' }, token: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_CLEAN;
  }
  const config = readConfig(values.level === undefined ? process.env : { ...process.env, AEGIS_SECURITY_LEVEL: values.level });
  const rulesFile = openRulesFile(config.rulesPath);
  const exceptions = values.token === undefined ? rulesFile : rulesFile.forToken(values.token, tokenFingerprint(values.token));
  const policy = createPolicy(config.securityLevel, exceptions.overrides, rulesFile.topicOf);
  const rules = [...exceptions.overrides].filter(([name]) => rulesFile.topicOf(name) !== undefined);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ level: policy.level, topics: Object.fromEntries(TOPICS.map((topic) => [topic, policy.of(topic)])), rules: Object.fromEntries(rules) })}\n`);
    return EXIT_CLEAN;
  }
  process.stdout.write(`level ${policy.level}\n\n`);
  for (const topic of TOPICS) {
    const changed = exceptions.overrides.has(topic) ? ' (set in the rules file)' : '';
    process.stdout.write(`${topic.padEnd(18)}${policy.of(topic).padEnd(12)}${meaningOf(topic)}${changed}\n`);
  }
  if (rules.length > 0) process.stdout.write('\nrules set in the rules file\n');
  for (const [rule, action] of rules) process.stdout.write(`${rule.padEnd(30)}${action}\n`);
  return EXIT_CLEAN;
}

function read(file: string, name: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UsageError(`${name} can't be read (${(error as NodeJS.ErrnoException).code ?? 'i/o error'})`);
  }
}

function printed(file: string, { rule, line, column, masked }: TextFinding): string {
  return `${file}:${line}:${column}  ${rule}  ${masked}`;
}

function main(args: readonly string[]): number {
  const [command, ...rest] = args;
  switch (command) {
    case 'scan':
      return scan(rest);
    case 'policy':
      return printPolicy(rest);
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(HELP);
      return EXIT_CLEAN;
    default:
      process.stderr.write(HELP);
      return EXIT_USAGE;
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const lines = error instanceof ConfigError ? error.problems : [(error as Error).message];
  for (const line of lines) process.stderr.write(`aegisgate: ${line}\n`);
  process.exitCode = EXIT_USAGE;
}
