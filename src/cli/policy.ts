/** `aegisgate policy`: what the gateway does with what it finds. */
import { readConfig } from '../config.ts';
import { createPolicy, meaningOf, TOPICS } from '../guards/policy.ts';
import { tokenFingerprint } from '../tokens/token.ts';
import { EXIT_DONE, type Command, type CommandIo } from './command.ts';
import { noArgument, parseOptions } from './options.ts';

const HELP = `Usage: aegisgate policy [--level low|medium|high] [--token TOKEN] [--json]

Prints what the gateway does with what it finds, and what the rules file has
changed, for all tokens or for one.

  --level LEVEL  of security (default: AEGIS_SECURITY_LEVEL, medium)
  --token TOKEN  a token or its fingerprint, as the rules file names it
  --json         one JSON object
  --help         this text

AEGIS_RULES_PATH applies as it does in the gateway.

Exit code: 0 done, 2 the call or a file is wrong.
`;

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { level: { type: 'string' }, token: { type: 'string' }, json: { type: 'boolean' } });
  noArgument(positionals);
  const config = readConfig(values.level === undefined ? io.env : { ...io.env, AEGIS_SECURITY_LEVEL: values.level });
  // By need: the rules take longer to load than most commands to run.
  const { openRulesFile } = await import('../protection/open.ts');
  const rulesFile = openRulesFile(config.rulesPath);
  const exceptions = values.token === undefined ? rulesFile : rulesFile.forToken(values.token, tokenFingerprint(values.token));
  const policy = createPolicy(config.securityLevel, exceptions.overrides, rulesFile.topicOf);
  const rules = [...exceptions.overrides].filter(([name]) => rulesFile.topicOf(name) !== undefined);
  if (values.json) {
    io.stdout.write(`${JSON.stringify({ level: policy.level, topics: Object.fromEntries(TOPICS.map((topic) => [topic, policy.of(topic)])), rules: Object.fromEntries(rules) })}\n`);
    return EXIT_DONE;
  }
  io.stdout.write(`level ${policy.level}\n\n`);
  for (const topic of TOPICS) {
    const changed = exceptions.overrides.has(topic) ? ' (set in the rules file)' : '';
    io.stdout.write(`${topic.padEnd(18)}${policy.of(topic).padEnd(12)}${meaningOf(topic)}${changed}\n`);
  }
  if (rules.length > 0) io.stdout.write('\nrules set in the rules file\n');
  for (const [rule, action] of rules) io.stdout.write(`${rule.padEnd(30)}${action}\n`);
  return EXIT_DONE;
}

export const policy: Command = { name: 'policy', summary: 'what is done with what is found, by level', help: HELP, run };
