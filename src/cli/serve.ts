/** `aegisgate serve`: the gateway itself. */
import { startGateway } from '../start.ts';
import type { Command, CommandIo } from './command.ts';
import { noArgument, parseOptions } from './options.ts';

const HELP = `Usage: aegisgate serve [--json]

Starts the gateway and stays: it listens on http://127.0.0.1:18080 and prints
one line with its address, the security level, the number of tokens and the
path of the token file. Its log goes to standard error. It is the same program
as node dist/server.js.

  --json  the line as one JSON object
  --help  this text

Settings are environment variables, such as AEGIS_PORT, AEGIS_SECURITY_LEVEL or
AEGIS_WORKERS; aegisgate doctor shows those that are set.

SIGTERM and SIGINT (Ctrl-C) let running answers finish, a second one cuts them.
With several workers SIGHUP replaces them one by one.

Exit code: 0 stopped with nothing cut, 1 streams had to be cut, 2 a setting or
a file is wrong, or the port is taken.
`;

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
  noArgument(positionals);
  await startGateway(io.env, values.json === true ? 'json' : 'text');
  // It ends by itself, with a code of its own.
  return new Promise<never>(() => {});
}

export const serve: Command = { name: 'serve', summary: 'start the gateway', help: HELP, run };
