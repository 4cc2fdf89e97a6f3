/** `aegisgate scan`: what the gateway would redact in files. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readConfig } from '../config.ts';
import type { TextFinding } from '../detect/scan-text.ts';
import { createPolicy } from '../guards/policy.ts';
import { EXIT_DONE, EXIT_FOUND, UsageError, type Command, type CommandIo } from './command.ts';
import { parseOptions } from './options.ts';

const HELP = `Usage: aegisgate scan [--level low|medium|high] [--json] [FILE …]

Prints what the gateway would redact in files, or in standard input when there
is no FILE (or FILE is -): rule, line, column and a masked form of the value.

  --level LEVEL  of security (default: AEGIS_SECURITY_LEVEL, medium)
  --json         one JSON object a finding, each on a line
  --help         this text

AEGIS_RULES_PATH applies as it does in the gateway.

Exit code: 0 nothing found, 1 something found, 2 the call or a file is wrong.
As a pre-commit hook:

  git diff --cached --name-only -z --diff-filter=d | xargs -0 aegisgate scan
`;

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { level: { type: 'string' }, json: { type: 'boolean' } });
  const config = readConfig(values.level === undefined ? io.env : { ...io.env, AEGIS_SECURITY_LEVEL: values.level });
  // By need: the rules take longer to load than most commands to run.
  const [{ openRulesFile }, { createEngine }, { RULES }, { scanText }] = await Promise.all([
    import('../protection/open.ts'), import('../detect/engine.ts'), import('../detect/rules/index.ts'), import('../detect/scan-text.ts'),
  ]);
  const rulesFile = openRulesFile(config.rulesPath);
  const policy = createPolicy(config.securityLevel, rulesFile.overrides, rulesFile.topicOf);
  const engine = createEngine([...RULES, ...rulesFile.rules].filter((rule) => policy.of(rule.class, rule.id) !== 'off'));
  const allowed = (_rule: string, value: string): boolean => rulesFile.allows(value);

  let found = 0;
  for (const file of positionals.length === 0 ? ['-'] : positionals) {
    const name = file === '-' ? '(standard input)' : file;
    for (const finding of scanText(engine, await read(file, name, io), allowed)) {
      found++;
      io.stdout.write(values.json ? `${JSON.stringify({ file: name, ...finding })}\n` : `${printed(name, finding)}\n`);
    }
  }
  return found > 0 ? EXIT_FOUND : EXIT_DONE;
}

async function read(file: string, name: string, io: CommandIo): Promise<Buffer> {
  try {
    if (file !== '-') return await readFile(resolve(io.cwd, file));
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  } catch (error) {
    throw new UsageError(`${name} can't be read (${(error as NodeJS.ErrnoException).code ?? 'i/o error'})`);
  }
}

function printed(file: string, { rule, line, column, masked }: TextFinding): string {
  return `${file}:${line}:${column}  ${rule}  ${masked}`;
}

export const scan: Command = { name: 'scan', summary: 'what would be redacted in files or standard input', help: HELP, run };
