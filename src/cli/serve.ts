/** `aegisgate serve`: the gateway itself. */
import { SETTING_NAMES } from '../config.ts';
import { startGateway } from '../start.ts';
import { CallError, type Command, type CommandIo } from './command.ts';
import { noArgument, parseOptions, UnknownOptionError } from './options.ts';

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
  const { values, positionals } = readCall(args);
  noArgument(positionals);
  await startGateway(io.env, values.json === true ? 'json' : 'text');
  // It ends by itself, with a code of its own.
  return new Promise<never>(() => {});
}

const OPTIONS = { json: { type: 'boolean' } } as const;

function readCall(args: readonly string[]): ReturnType<typeof parseOptions<typeof OPTIONS>> {
  try {
    return parseOptions(args, OPTIONS);
  } catch (error) {
    // Many servers have options for these; here one way to say it is enough, and the other commands need it as well.
    const setting = error instanceof UnknownOptionError ? `AEGIS_${error.given.replace(/^-+/, '').replaceAll('-', '_').toUpperCase()}` : '';
    if (!SETTING_NAMES.includes(setting)) throw error;
    throw new CallError(`settings are environment variables: set ${setting} instead`);
  }
}

export const serve: Command = { name: 'serve', summary: 'start the gateway', help: HELP, run };
