/** `aegisgate tokens`: what is registered, masked, with counts where a gateway has counted. */
import { readConfig } from '../config.ts';
import { EXIT_DONE, type Command, type CommandIo } from './command.ts';
import { noArgument, parseOptions } from './options.ts';
import { columns, createStyle, printable } from './style.ts';
import { openDesk, type ListedToken } from './tokens/desk.ts';

const HELP = `Usage: aegisgate tokens [--url URL] [--json]

Lists the registered tokens, one a line: fingerprint, token (masked), mode,
level, requests and findings since the gateway's start, when it was used last,
upstream and note.

  --url URL  of the gateway (default: AEGIS_HOST and AEGIS_PORT)
  --json     one JSON object
  --help     this text

It asks the gateway that runs (key: AEGIS_GATEWAY_KEY), and reads the token
file when none does; then nothing has been counted. Standard error says which
of the two was done. The whole base URL is printed by aegisgate lookup.

Exit code: 0 done, 2 the call, a setting or a file is wrong.
`;

const HEAD = ['FINGERPRINT', 'TOKEN', 'MODE', 'LEVEL', 'REQUESTS', 'FINDINGS', 'LAST USED', 'UPSTREAM', 'NOTE'];

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { url: { type: 'string' }, json: { type: 'boolean' } });
  noArgument(positionals);
  const desk = await openDesk(readConfig(io.env), values.url);
  const tokens = await desk.list();
  if (values.json) {
    io.stdout.write(`${JSON.stringify({ tokens: tokens.map(asJson), through: desk.through, where: desk.where })}\n`);
    return EXIT_DONE;
  }
  io.stderr.write(`${tokens.length} ${tokens.length === 1 ? 'token' : 'tokens'}, ${desk.told}\n`);
  if (tokens.length === 0) {
    io.stderr.write('aegisgate register https://api.anthropic.com/v1 registers one\n');
    return EXIT_DONE;
  }
  const [head = '', ...lines] = columns([HEAD, ...tokens.map(asRow)]).trimEnd().split('\n');
  io.stdout.write(`${createStyle(io.stdout, io.env).faint(head)}\n${lines.join('\n')}\n`);
  return EXIT_DONE;
}

function asRow({ fingerprint, token, mode, level, requests, findings, lastUsed, upstreamBase, note }: ListedToken): string[] {
  const count = (value: number | null): string => (value === null ? '-' : String(value));
  return [fingerprint, printable(token), mode, level ?? '-', count(requests), count(findings), lastUsed ?? '-', printable(upstreamBase), printable(note)];
}

/** Names as the admin call has them. */
function asJson({ fingerprint, token, mode, level, requests, findings, lastUsed, upstreamBase, note }: ListedToken): Record<string, unknown> {
  return { token, fingerprint, upstream_base: upstreamBase, mode, level, note, requests, findings, last_used: lastUsed };
}

export const tokens: Command = { name: 'tokens', summary: 'list the tokens, masked, with counts', help: HELP, run };
