/** `aegisgate lookup`: the base URL of an upstream that is registered. */
import { readConfig } from '../config.ts';
import { EXIT_DONE, EXIT_FOUND, type Command, type CommandIo } from './command.ts';
import { onlyArgument, parseOptions } from './options.ts';
import { openDesk } from './tokens/desk.ts';

const HELP = `Usage: aegisgate lookup UPSTREAM_BASE [--url URL] [--json]

Prints the base URL for the client of an upstream that is registered:

  export ANTHROPIC_BASE_URL=$(aegisgate lookup https://api.anthropic.com/v1)

  --url URL  of the gateway (default: AEGIS_HOST and AEGIS_PORT)
  --json     one JSON object
  --help     this text

It asks the gateway that runs (key: AEGIS_GATEWAY_KEY), and reads the token
file when none does. Standard error says which of the two was done.

Exit code: 0 found, 1 not registered, 2 the call, a setting or a file is wrong.
`;

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { url: { type: 'string' }, json: { type: 'boolean' } });
  const upstreamBase = onlyArgument(positionals, 'UPSTREAM_BASE');
  const desk = await openDesk(readConfig(io.env), values.url);
  const found = await desk.lookup(upstreamBase);
  const place = { through: desk.through, where: desk.where };
  if (values.json) {
    io.stdout.write(`${JSON.stringify(found === undefined ? { baseUrl: null, ...place } : { baseUrl: found.baseUrl, fingerprint: found.fingerprint, ...place })}\n`);
  } else {
    io.stderr.write(`${found === undefined ? 'not registered' : 'found'}, ${desk.told}\n`);
    if (found !== undefined) io.stdout.write(`${found.baseUrl}\n`);
  }
  return found === undefined ? EXIT_FOUND : EXIT_DONE;
}

export const lookup: Command = { name: 'lookup', summary: 'print the base URL of a provider that has a token', help: HELP, run };
