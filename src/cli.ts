#!/usr/bin/env node
/** The `aegisgate` command. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readConfig, ConfigError } from './config.ts';
import { classesAt } from './detect/classes.ts';
import { createEngine } from './detect/engine.ts';
import { RULES } from './detect/rules/index.ts';
import { scanText, type TextFinding } from './detect/scan-text.ts';
import { openUserRules } from './redaction/open.ts';

const EXIT_CLEAN = 0;
const EXIT_FOUND = 1;
const EXIT_USAGE = 2;

const HELP = `Usage: aegisgate scan [--level low|medium|high] [--json] [FILE …]

Prints what the gateway would redact in files, or in standard input when there
is no FILE (or FILE is -): rule, line, column and a masked form of the value.

  --level   which kinds count: low credentials, medium also payment and
            identity numbers, high also personal data
            (default: AEGIS_SECURITY_LEVEL, medium)
  --json    one JSON object a finding and line
  --help    this text

AEGIS_RULES_PATH applies as it does in the gateway.

Exit code: 0 nothing found, 1 something found, 2 the call or a file is wrong.
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
  const userRules = openUserRules(config.rulesPath);
  const classes = classesAt(config.securityLevel);
  const engine = createEngine([...RULES, ...userRules.rules].filter((rule) => classes.has(rule.class)));
  const allowed = (rule: string, value: string): boolean => userRules.disabled.has(rule) || userRules.allows(value);

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
