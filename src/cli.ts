#!/usr/bin/env node
/** The `aegisgate` command: process → dispatcher. Nothing else. */
import { homedir } from 'node:os';
import type { CommandIo } from './cli/command.ts';
import { EXIT_USAGE } from './cli/command.ts';
import { dispatch } from './cli/dispatch.ts';
import { COMMANDS } from './cli/index.ts';

const io: CommandIo = {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  // By need: to look at it is to open it.
  get stdin() {
    return process.stdin;
  },
  cwd: process.cwd(),
  home: homedir(),
  platform: process.platform,
};

// A reader that has seen enough (`| head -1`) is no fault. The command goes on: its exit code must not depend on it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => (stream.destroyed ? resolve() : stream.write('', () => resolve())));
}

dispatch(process.argv.slice(2), io, COMMANDS)
  .catch((error: unknown) => {
    // Rules, secret files and the like throw plain errors that name the setting and the file.
    process.stderr.write(`aegisgate: ${error instanceof Error ? error.message : 'unknown fault'}\n`);
    return EXIT_USAGE;
  })
  .then(async (code) => {
    await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
    // What is left may be a name that is still being resolved, which nothing else can call off.
    process.exit(code);
  });
