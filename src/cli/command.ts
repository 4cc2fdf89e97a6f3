/** What a command of `aegisgate` is, and what it is given. */

/** Where a command reads from and writes to: it takes neither settings nor streams from `process` by itself. */
export interface CommandIo {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

export interface Command {
  readonly name: string;
  /** One line without a full stop, for the list of commands. */
  readonly summary: string;
  /** The whole help: at most 24 lines of 80 characters. It names each option that the command takes, and no other. */
  readonly help: string;
  /** @returns the exit code. A command that stays, such as `serve`, never settles. */
  run(args: readonly string[], io: CommandIo): number | Promise<number>;
}

export const EXIT_DONE = 0;
/** Something was found, or is not healthy, or is not there. */
export const EXIT_FOUND = 1;
/** The call, a setting or a file is wrong. */
export const EXIT_USAGE = 2;

/** A fault that the user can mend, told in a line without a stack: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** What is wrong is the call itself: the command's help tells how it is called. */
export class CallError extends UsageError {
  constructor(message: string) {
    super(message);
    this.name = 'CallError';
  }
}
