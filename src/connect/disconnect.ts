/** `aegisgate disconnect`: takes back what connect has written, and nothing else. */
import { readFileSync, rmSync } from 'node:fs';
import { EXIT_DONE, EXIT_FOUND, EXIT_USAGE, UsageError, type Command, type CommandIo } from '../cli/command.ts';
import { parseOptions } from '../cli/options.ts';
import { undoChanges } from './change.ts';
import { EditError, shownPath } from './edit/document.ts';
import { readConfigFile, removeFile, replaceFile } from './file.ts';
import { clientOf } from './find.ts';
import { printDiff, shownFile } from './print.ts';
import { confirmed } from './prompt.ts';
import { createConnectionStore, type Connection } from './state.ts';

const HELP = `Usage: aegisgate disconnect CLIENT [--yes] [--json]

Takes back what aegisgate connect has written into the client's file, and
nothing else: a value that was there before comes back, one that you have
changed since is left alone and told. It shows what changes, and asks.

  --yes   does not ask
  --json  one JSON object
  --help  this text

The copies that connect kept are removed when the file is again as it was.
The token stays registered; aegisgate unregister takes it away.

Exit code: 0 done, or nothing to take back; 1 something was left as it is;
2 not possible, with the reason.
`;

/** What came of one file. */
interface Outcome {
  readonly file: string;
  readonly changed: boolean;
  readonly removed: boolean;
  /** Paths that were changed since. */
  readonly left: readonly string[];
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, { yes: { type: 'boolean' }, json: { type: 'boolean' } });
  const client = clientOf(positionals);
  const store = createConnectionStore(io);
  const out = values.json ? io.stderr : io.stdout;
  const outcomes: Outcome[] = [];
  for (const connection of store.read(client.id)) {
    const outcome = await takeBack(connection, values.yes === true, out, io);
    if (outcome === undefined) {
      io.stderr.write('nothing was written\n');
      return EXIT_USAGE;
    }
    store.write(client.id, store.read(client.id).filter(({ file }) => file !== connection.file));
    outcomes.push(outcome);
  }
  if (values.json) io.stdout.write(`${JSON.stringify({ client: client.id, files: outcomes })}\n`);
  else if (outcomes.length === 0) io.stdout.write(`connect has set nothing for ${client.id}\n`);
  return outcomes.some(({ left }) => left.length > 0) ? EXIT_FOUND : EXIT_DONE;
}

/** @returns undefined when the user says no */
async function takeBack(connection: Connection, yes: boolean, out: CommandIo['stdout'], io: CommandIo): Promise<Outcome | undefined> {
  const { file: path, format, created, backups, changes } = connection;
  const [first] = backups;
  const shown = shownFile(path, io);
  const found = readConfigFile(path);
  if (found.bytes === undefined) {
    out.write(`${shown} is gone, and what was set in it too\n`);
    return { file: path, changed: false, removed: false, left: [] };
  }
  let text: string;
  let left: readonly string[];
  try {
    const undone = undoChanges(found.text, format, changes);
    text = undone.text;
    left = undone.left.map((change) => shownPath(change.path));
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    throw new UsageError(`${shown}, ${error.message}; nothing was written. Take ${changes.map((change) => shownPath(change.path)).join(', ')} out by hand${first === undefined ? '' : `; the file from before is ${shownFile(first, io)}`}`);
  }
  for (const name of left) io.stderr.write(`${shown}: ${name} was changed since and is left as it is\n`);
  if (text === found.text) {
    out.write(`${shown}: nothing to take back\n`);
    return { file: path, changed: false, removed: false, left };
  }
  const remove = created && text.trim() === '';
  printDiff(shown, found.text, text, out, io);
  if (remove) out.write('then the file is empty, as before connect made it, and is removed\n');
  if (!yes && !(await confirmed('Write this?', io))) return undefined;
  if (remove) removeFile(found);
  else replaceFile(found, text);
  // As it was before the first change: nobody needs the copies any more.
  if (remove || (first !== undefined && sameBytes(first, text))) for (const copy of backups) rmSync(copy, { force: true });
  out.write(remove ? 'removed\n' : 'written\n');
  return { file: path, changed: true, removed: remove, left };
}

function sameBytes(backup: string, text: string): boolean {
  try {
    return readFileSync(backup).equals(Buffer.from(text, 'utf8'));
  } catch {
    return false;
  }
}

export const disconnect: Command = { name: 'disconnect', summary: 'take back what connect has written', help: HELP, run };
