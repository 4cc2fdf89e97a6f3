/** `aegisgate register`: a token for an upstream. */
import { readConfig } from '../config.ts';
import { EXIT_DONE, type Command, type CommandIo } from './command.ts';
import { onlyArgument, parseOptions } from './options.ts';
import { openDesk } from './tokens/desk.ts';

const HELP = `Usage: aegisgate register UPSTREAM_BASE [--name TEXT] [--mode MODE]
                          [--level LEVEL] [--url URL] [--json]

Gives a token to a provider's base URL and prints the base URL for the client:

  aegisgate register https://api.anthropic.com/v1 --name Claude

The same UPSTREAM_BASE again prints the same; what --name, --mode and --level
say is then set anew.

  --name TEXT    a note by which you know the token
  --mode MODE    full (default), redact (no guards) or passthrough (no filters)
  --level LEVEL  low, medium or high, for this token alone
  --url URL      of the gateway (default: AEGIS_HOST and AEGIS_PORT)
  --json         one JSON object
  --help         this text

It asks the gateway that runs (key: AEGIS_GATEWAY_KEY), and writes the token
file when none does. Standard error says which of the two was done.
Exit code: 0 done, 2 refused, with the reason.
`;

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    name: { type: 'string' }, mode: { type: 'string' }, level: { type: 'string' }, url: { type: 'string' }, json: { type: 'boolean' },
  });
  const upstreamBase = onlyArgument(positionals, 'UPSTREAM_BASE');
  const desk = await openDesk(readConfig(io.env), values.url);
  const settings = {
    ...(values.mode === undefined ? {} : { mode: values.mode }),
    ...(values.level === undefined ? {} : { level: values.level }),
    ...(values.name === undefined ? {} : { note: values.name }),
  };
  const { baseUrl, fingerprint, alreadyRegistered } = await desk.register(upstreamBase, settings);
  if (values.json) {
    io.stdout.write(`${JSON.stringify({ baseUrl, fingerprint, already_registered: alreadyRegistered, through: desk.through, where: desk.where })}\n`);
    return EXIT_DONE;
  }
  io.stderr.write(`${alreadyRegistered ? 'registered before' : 'registered'}, ${desk.told}\n`);
  io.stdout.write(`${baseUrl}\n`);
  return EXIT_DONE;
}

export const register: Command = { name: 'register', summary: 'give a token to a provider\'s base URL', help: HELP, run };
