/** util.parseArgs with errors that say what to do. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CallError } from './command.ts';
import { nearest } from './nearest.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>>;

/** An option that the command does not take. */
export class UnknownOptionError extends CallError {
  /** As it was given, with its dashes. */
  readonly given: string;
  /** Those that it takes, without dashes. */
  readonly known: readonly string[];

  constructor(given: string, known: readonly string[]) {
    const meant = nearest(given.replace(/^-+/, ''), known);
    super(`there is no option ${given}${meant === undefined ? '' : `; did you mean --${meant}?`}`);
    this.given = given;
    this.known = known;
  }
}

/**
 * Reads a command's options and what stands beside them.
 * @throws CallError that names the option at fault and, where there is one, the option that was meant.
 */
export function parseOptions<const T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const given = /'(-[^']*)'/.exec(message)?.[1] ?? '';
      throw new UnknownOptionError(given, Object.keys(options));
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      const given = /--([a-z-]+)/.exec(message)?.[1] ?? '';
      const takes = options[given]?.type === 'string';
      throw new CallError(takes ? `--${given} needs a value: --${given}=VALUE where it begins with "-"` : `--${given} takes no value`);
    }
    throw new CallError(message);
  }
}

/** @throws CallError unless exactly one argument is left, which is returned. */
export function onlyArgument(positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined || first === '') throw new CallError(`${what} is missing`);
  if (second !== undefined) throw new CallError(`only one ${what} is taken; ${JSON.stringify(second)} is one too many`);
  return first;
}

/** @throws CallError when any argument is left. */
export function noArgument(positionals: readonly string[]): void {
  const [first] = positionals;
  if (first !== undefined) throw new CallError(`${JSON.stringify(first)} is not taken here`);
}
