/** `aegisgate connect`: a client's configuration, printed or written into the client's own file. */
import { existsSync, rmSync } from 'node:fs';
import { EXIT_DONE, EXIT_USAGE, UsageError, type Command, type CommandIo } from '../cli/command.ts';
import { parseOptions } from '../cli/options.ts';
import { createResolver, type Base } from './base-url.ts';
import { applySettings, type Change } from './change.ts';
import type { Client, ClientFile } from './client.ts';
import { EditError } from './edit/document.ts';
import { EDITORS } from './edit/editor.ts';
import { backUp, readConfigFile, replaceFile, type ConfigFile } from './file.ts';
import { clientOf } from './find.ts';
import { fittingSnippets, isPrivateAddress, printDiff, printSnippets, shownFile } from './print.ts';
import { confirmed } from './prompt.ts';
import { createConnectionStore, type Connection, type ConnectionStore } from './state.ts';

const HELP = `Usage: aegisgate connect CLIENT [--token TOKEN | --upstream URL] [--api API]
                         [--write [--yes] | --print] [--url URL] [--json]

Prints the configuration that sends a client through the gateway, or writes it
into the client's own file. CLIENT is claude-code, codex, opencode, openclaw,
cherry-studio, cline, continue, cursor, gemini-cli, qwen-code, anthropic-sdk,
openai-sdk or ai-sdk. API keys are neither read nor written.

  --token TOKEN   a token, its fingerprint or base URL (default: the only one
                  that fits, else the vendor's own upstream is registered)
  --upstream URL  registers this upstream if it has no token yet
  --api API       anthropic, openai or gemini, for clients that speak several
  --write         changes the file: shows what changes, asks, keeps a copy
                  beside it; aegisgate disconnect takes it back
  --yes           does not ask
  --print         prints only (default)
  --url URL       of the gateway (default: AEGIS_HOST and AEGIS_PORT)
  --json          one JSON object
  --help          this text

Exit code: 0 done, or as it was already; 2 not possible, with the reason.
`;

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    token: { type: 'string' }, upstream: { type: 'string' }, api: { type: 'string' }, url: { type: 'string' },
    write: { type: 'boolean' }, print: { type: 'boolean' }, yes: { type: 'boolean' }, json: { type: 'boolean' },
  });
  const client = clientOf(positionals);
  if (values.write && values.print) throw new UsageError('--write and --print exclude each other');
  if (values.write && client.files.length === 0) throw new UsageError(`--write: ${client.noFile}. aegisgate connect ${client.id} prints what to set`);
  const base = await createResolver(io)(client, { token: values.token, upstream: values.upstream, wire: values.api, url: values.url });
  io.stderr.write(`${base.upstream}: ${base.isNew ? 'registered' : 'found'}, ${base.told}\n`);
  if (values.write) return write(client, base, { yes: values.yes === true, json: values.json === true }, io);

  if (values.json) {
    const { id, title, key, notes } = client;
    io.stdout.write(`${JSON.stringify({ client: id, title, api: base.wire, base_url: base.baseUrl, upstream_base: base.upstream, snippets: fittingSnippets(client, base), key, notes, works_from_here: !cannotWork(client, base) })}\n`);
  } else {
    printSnippets(client, base, io);
  }
  if (cannotWork(client, base)) {
    io.stderr.write(`warning: ${base.baseUrl.split('/v1/')[0]} can be reached from this machine alone, and ${client.title}'s servers can't; see the notes\n`);
  }
  return EXIT_DONE;
}

function cannotWork(client: Client, base: Base): boolean {
  return client.remote === true && isPrivateAddress(base.baseUrl);
}

interface WriteOptions {
  readonly yes: boolean;
  readonly json: boolean;
}

/** What is to come of one file. */
interface Plan {
  readonly path: string;
  readonly format: ClientFile['format'];
  readonly found: ConfigFile;
  readonly text: string;
  readonly changes: readonly Change[];
}

/** @throws EditError, with the path that it is about */
function planned(client: Client, file: ClientFile, base: Base, connections: readonly Connection[], io: CommandIo): Plan {
  const places = file.places(io);
  const path = places.find((place) => existsSync(place)) ?? places.at(-1);
  if (path === undefined) throw new UsageError(`${client.id} has no place for its file here`);
  const found = readConfigFile(path);
  const known = connections.find((connection) => connection.file === path);
  try {
    const needed = file.needs?.path(base.wire);
    if (needed !== undefined && EDITORS[file.format].readPath(found.text, needed) === undefined) throw new UsageError(`${shownFile(path, io)}: ${file.needs?.hint}`);
    return { path, format: file.format, found, ...applySettings(found.text, file.format, file.settings(base.baseUrl, base.wire, base.upstream), base.wire, known?.changes) };
  } catch (error) {
    if (error instanceof EditError) throw new UneditableError(path, error);
    throw error;
  }
}

class UneditableError extends Error {
  readonly path: string;
  readonly fault: EditError;

  constructor(path: string, fault: EditError) {
    super(fault.message);
    this.path = path;
    this.fault = fault;
  }
}

async function write(client: Client, base: Base, { yes, json }: WriteOptions, io: CommandIo): Promise<number> {
  const store = createConnectionStore(io);
  let plans: readonly Plan[];
  try {
    const connections = store.read(client.id);
    plans = client.files.map((file) => planned(client, file, base, connections, io));
  } catch (error) {
    if (!(error instanceof UneditableError)) throw error;
    return notEditable(client, base, error.path, error.fault, json, io);
  }
  const changing = plans.filter(({ text, found }) => text !== found.text);
  for (const { path, found, text } of changing) printDiff(shownFile(path, io), found.text, text, json ? io.stderr : io.stdout, io);
  if (changing.length > 0 && !yes && !(await confirmed('Write this?', io))) {
    io.stderr.write('nothing was written\n');
    return EXIT_USAGE;
  }
  const backups = changing.map((plan) => carryOut(client, plan, store));
  if (json) {
    const files = plans.map((plan) => ({ file: plan.path, changed: changing.includes(plan), backup: backups[changing.indexOf(plan)] ?? null }));
    io.stdout.write(`${JSON.stringify({ client: client.id, api: base.wire, base_url: base.baseUrl, upstream_base: base.upstream, changed: changing.length > 0, files })}\n`);
    return EXIT_DONE;
  }
  for (const { path } of plans.filter((plan) => !changing.includes(plan))) io.stdout.write(`${shownFile(path, io)} is so already\n`);
  if (changing.length === 0) return EXIT_DONE;
  const copies = backups.filter((backup) => backup !== undefined).map((backup) => shownFile(backup, io));
  io.stdout.write(`written${copies.length === 0 ? '' : `; what was there before is in ${copies.join(', ')}`}. aegisgate disconnect ${client.id} takes it back\nAPI key: ${client.key}.\n`);
  return EXIT_DONE;
}

/** @returns the path of the copy from before, if there was a file */
function carryOut(client: Client, { path, format, found, text, changes }: Plan, store: ConnectionStore): string | undefined {
  const connections = store.read(client.id);
  const known = connections.find((connection) => connection.file === path);
  const backup = backUp(found);
  const connection: Connection = { file: path, format, created: known?.created ?? found.bytes === undefined, backups: [...(known?.backups ?? []), ...(backup === undefined ? [] : [backup])], changes };
  try {
    // First what is to be set, so that it is known whatever happens while it is.
    store.write(client.id, [...connections.filter((other) => other !== known), connection]);
    try {
      replaceFile(found, text);
    } catch (error) {
      store.write(client.id, connections);
      throw error;
    }
  } catch (error) {
    if (backup !== undefined) rmSync(backup, { force: true });
    throw error;
  }
  return backup;
}

function notEditable(client: Client, base: Base, path: string, error: EditError, json: boolean, io: CommandIo): number {
  const message = `${shownFile(path, io)}, ${error.message}; nothing was written`;
  if (json) io.stdout.write(`${JSON.stringify({ client: client.id, file: path, changed: false, error: { message, line: error.line, column: error.column }, snippets: fittingSnippets(client, base) })}\n`);
  else printSnippets(client, base, io);
  io.stderr.write(`aegisgate: ${message}. Put what is printed above into the file by hand\n`);
  return EXIT_USAGE;
}

export const connect: Command = { name: 'connect', summary: 'set up a client for the gateway', help: HELP, run };

