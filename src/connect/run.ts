/** `aegisgate run`: a client through the gateway for this one run; nothing is written. */
import { spawn } from 'node:child_process';
import { constants as osConstants } from 'node:os';
import { isatty } from 'node:tty';
import { EXIT_DONE, EXIT_FOUND, UsageError, type Command, type CommandIo } from '../cli/command.ts';
import { parseOptions } from '../cli/options.ts';
import { createResolver } from './base-url.ts';
import type { Launch } from './client.ts';
import { clientOf } from './find.ts';
import { findProgram, invocation, type Invocation } from './program.ts';

const HELP = `Usage: aegisgate run CLIENT [--token TOKEN | --upstream URL] [--api API]
                     [--url URL] [--json] [-- ARGUMENTS]

Starts a client that goes through the gateway for this one run; no file is
changed. CLIENT is claude-code, codex, opencode, gemini-cli or qwen-code. With
anthropic-sdk, openai-sdk or ai-sdk, ARGUMENTS are a program of your own:

  aegisgate run claude-code -- -p "What does this project do?"
  aegisgate run anthropic-sdk -- node app.js

  --token TOKEN   a token, its fingerprint or base URL (default: the only one
                  that fits, else the vendor's own upstream is registered)
  --upstream URL  registers this upstream if it has no token yet
  --api API       anthropic, openai or gemini, for clients that speak several
  --url URL       of the gateway (default: AEGIS_HOST and AEGIS_PORT)
  --json          prints what would be started, and starts nothing
  --help          this text

The client gets no AEGIS_* variables. Exit code: the client's own. Without one:
1 no gateway runs, 2 the call is wrong, 126 the client can't be started, 127 it
is not found.
`;

const EXIT_NOT_STARTED = 126;
const EXIT_NOT_FOUND = 127;
/** Sent to this process alone. What a terminal sends for a key, it sends to the client as well. */
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP'];
const STANDARD_INPUT = 0;
const FROM_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const theirs = end === -1 ? [] : args.slice(end + 1);
  const { values, positionals } = parseOptions(own, { token: { type: 'string' }, upstream: { type: 'string' }, api: { type: 'string' }, url: { type: 'string' }, json: { type: 'boolean' } });
  const [name, more] = positionals;
  if (more !== undefined) throw new UsageError(`what is for the client stands behind --: aegisgate run ${name} -- ${more}`);
  const client = clientOf(positionals);
  if (client.launch === undefined) throw new UsageError(client.noLaunch ?? `${client.id} can't be started from here`);
  const base = await createResolver(io)(client, { token: values.token, upstream: values.upstream, wire: values.api, url: values.url });
  if (!base.running && values.json !== true) {
    io.stderr.write(`aegisgate: ${base.told}; start the gateway first: aegisgate serve\n`);
    return EXIT_FOUND;
  }
  const launch = client.launch(base.baseUrl, base.wire, io.env, base.upstream);
  const [command, ...rest] = launch.command === undefined ? theirs : [launch.command, ...launch.args, ...theirs];
  if (command === undefined) throw new UsageError(`the program is missing: aegisgate run ${client.id} -- node app.js`);
  const file = findProgram(command, io, io.cwd);
  if (values.json) {
    io.stdout.write(`${JSON.stringify({ client: client.id, api: base.wire, base_url: base.baseUrl, upstream_base: base.upstream, command, program: file ?? null, args: rest, env: launch.env })}\n`);
    return EXIT_DONE;
  }
  if (file === undefined) {
    io.stderr.write(`aegisgate: ${command} is not found${launch.command === undefined ? '' : `; install ${client.title}, or put it on the PATH`}\n`);
    return EXIT_NOT_FOUND;
  }
  return started(invocation(file, rest, io), environment(io.env, launch, base.baseUrl), io);
}

/** The client's environment: without the gateway's own settings, one of which is a key, and past a proxy to the gateway. */
function environment(env: NodeJS.ProcessEnv, launch: Launch, baseUrl: string): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) if (!/^AEGIS_/i.test(name)) result[name] = value;
  Object.assign(result, launch.env);
  if (['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => (env[name] ?? '') !== '')) {
    const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, '');
    const list = [env['NO_PROXY'] ?? env['no_proxy'] ?? '', host].filter((entry) => entry !== '').join(',');
    result['NO_PROXY'] = result['no_proxy'] = list;
  }
  return result;
}

function started({ file, args, verbatim }: Invocation, env: NodeJS.ProcessEnv, io: CommandIo): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: 'inherit', env, cwd: io.cwd, windowsVerbatimArguments: verbatim });
    const forward = (signal: NodeJS.Signals): void => {
      if (!(FROM_TERMINAL.includes(signal) && isatty(STANDARD_INPUT))) child.kill(signal);
    };
    const signals = [...FORWARDED, ...FROM_TERMINAL].filter((signal) => signal in osConstants.signals);
    for (const signal of signals) process.on(signal, forward);
    const done = (code: number): void => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      io.stderr.write(`aegisgate: ${file} can't be started (${error.code ?? 'unknown fault'})\n`);
      done(error.code === 'ENOENT' ? EXIT_NOT_FOUND : EXIT_NOT_STARTED);
    });
    child.once('exit', (code, signal) => {
      if (signal !== null) {
        for (const name of signals) process.off(name, forward);
        // Whoever waits for this process sees what ended the client.
        process.kill(process.pid, signal);
      }
      // A signal that does not end this process is told as a shell does.
      done(code ?? 128 + (osConstants.signals[signal ?? 'SIGTERM'] ?? 0));
    });
  });
}

export const runClient: Command = { name: 'run', summary: 'start a client through the gateway, once', help: HELP, run };
