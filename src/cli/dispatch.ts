/** From the arguments to a command, and what is the same for all: help, version, errors. */
import { ConfigError } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { readVersion } from '../version.ts';
import { CallError, EXIT_DONE, EXIT_USAGE, UsageError, type Command, type CommandIo } from './command.ts';
import { nearest } from './nearest.ts';

const FOOT = `aegisgate help COMMAND tells its options. --json prints for programs, --version
the version. Settings are AEGIS_* environment variables.

Exit code: 0 done, 1 something found or not healthy, 2 the call or a file is
wrong.
`;

/** The list of commands, for a screen of 24 lines. */
export function overview(commands: readonly Command[]): string {
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}\n`);
  return `Usage: aegisgate COMMAND [ARGUMENTS]

${list.join('')}
${FOOT}`;
}

/**
 * Runs what the arguments name. Errors that are the user's to mend are told on standard error, a line each.
 * @returns the exit code
 * @throws what is nobody's to mend but ours
 */
export async function dispatch(args: readonly string[], io: CommandIo, commands: readonly Command[]): Promise<number> {
  try {
    return await runNamed(args, io, commands);
  } catch (error) {
    const lines = linesOf(error);
    if (lines === undefined) throw error;
    for (const line of lines) io.stderr.write(`aegisgate: ${line}\n`);
    if (error instanceof CallError) io.stderr.write(`aegisgate help ${args[0] ?? ''} tells how it is called\n`);
    return EXIT_USAGE;
  }
}

function runNamed(args: readonly string[], io: CommandIo, commands: readonly Command[]): number | Promise<number> {
  const [first, ...rest] = args;
  switch (first) {
    case undefined:
      io.stderr.write(overview(commands));
      return EXIT_USAGE;
    case 'help':
    case '--help':
    case '-h':
      return help(rest, io, commands);
    case '--version':
    case '-V':
    case 'version':
      return version(rest, io);
    default:
  }
  const command = commandOf(first, commands);
  // What stands behind "--" is another program's.
  const end = rest.indexOf('--');
  const own = end === -1 ? rest : rest.slice(0, end);
  if (own.includes('--help') || own.includes('-h')) {
    io.stdout.write(command.help);
    return EXIT_DONE;
  }
  return command.run(rest, io);
}

function commandOf(name: string, commands: readonly Command[]): Command {
  const command = commands.find((known) => known.name === name);
  if (command !== undefined) return command;
  const meant = nearest(name, [...commands.map((known) => known.name), 'help', 'version']);
  const what = name.startsWith('-') ? 'option' : 'command';
  throw new UsageError(`there is no ${what} ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${meant}?`} "aegisgate help" lists the commands`);
}

function help(args: readonly string[], io: CommandIo, commands: readonly Command[]): number {
  const name = args.find((arg) => !arg.startsWith('-'));
  const named = name === undefined ? commands : [commandOf(name, commands)];
  if (args.includes('--json')) {
    io.stdout.write(`${JSON.stringify({ commands: named.map((command) => ({ name: command.name, summary: command.summary, help: command.help })) })}\n`);
  } else {
    io.stdout.write(name === undefined ? overview(commands) : named.map((command) => command.help).join(''));
  }
  return EXIT_DONE;
}

function version(args: readonly string[], io: CommandIo): number {
  const told = { version: readVersion(), node: process.versions.node };
  io.stdout.write(args.includes('--json') ? `${JSON.stringify(told)}\n` : `aegisgate ${told.version}\n`);
  return EXIT_DONE;
}

/** What to tell of an error that the user can mend, or undefined for another. */
function linesOf(error: unknown): readonly string[] | undefined {
  if (error instanceof ConfigError) return error.problems;
  if (error instanceof UsageError || error instanceof GatewayError) return [error.message];
  return undefined;
}
