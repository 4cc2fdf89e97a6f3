/** `aegisgate unregister`: takes a token away. */
import { readConfig } from '../config.ts';
import { EXIT_DONE, EXIT_FOUND, type Command, type CommandIo } from './command.ts';
import { onlyArgument, parseOptions } from './options.ts';
import { openDesk } from './tokens/desk.ts';

const HELP = `Usage: aegisgate unregister NAME [--url URL] [--json]

Takes a token away: clients that use it get token_not_found from then on. NAME
is the token, its fingerprint (aegisgate tokens shows it), its base URL or its
upstream_base.

  --url URL  of the gateway (default: AEGIS_HOST and AEGIS_PORT)
  --json     one JSON object
  --help     this text

It asks the gateway that runs (key: AEGIS_GATEWAY_KEY), and writes the token
file when none does. Standard error says which of the two was done.

Exit code: 0 done, 1 no such token, 2 the call, a setting or a file is wrong.
`;

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { url: { type: 'string' }, json: { type: 'boolean' } });
  const name = onlyArgument(positionals, 'NAME');
  const desk = await openDesk(readConfig(io.env), values.url);
  const done = await desk.unregister(name);
  if (values.json) io.stdout.write(`${JSON.stringify({ unregistered: done, through: desk.through, where: desk.where })}\n`);
  else io.stderr.write(`${done ? 'unregistered' : 'no such token'}, ${desk.told}\n`);
  return done ? EXIT_DONE : EXIT_FOUND;
}

export const unregister: Command = { name: 'unregister', summary: 'take a token away', help: HELP, run };
