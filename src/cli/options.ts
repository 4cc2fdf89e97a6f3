/** util.parseArgs with errors that say what to do. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './command.ts';
import { nearest } from './nearest.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>>;

/**
 * Reads a command's options and what stands beside them.
 * @throws UsageError that names the option at fault and, where there is one, the option that was meant.
 */
export function parseOptions<const T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const given = /'(-[^']*)'/.exec(message)?.[1] ?? '';
      const meant = nearest(given.replace(/^-+/, ''), Object.keys(options));
      throw new UsageError(`there is no option ${given}${meant === undefined ? '' : `; did you mean --${meant}?`}`);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
      const given = /--([a-z-]+)/.exec(message)?.[1] ?? '';
      const takes = options[given]?.type === 'string';
      throw new UsageError(takes ? `--${given} needs a value: --${given}=VALUE where it begins with "-"` : `--${given} takes no value`);
    }
    throw new UsageError(message);
  }
}

/** @throws UsageError unless exactly one argument is left, which is returned. */
export function onlyArgument(positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined || first === '') throw new UsageError(`${what} is missing`);
  if (second !== undefined) throw new UsageError(`only one ${what} is taken; ${JSON.stringify(second)} is one too many`);
  return first;
}

/** @throws UsageError when any argument is left. */
export function noArgument(positionals: readonly string[]): void {
  const [first] = positionals;
  if (first !== undefined) throw new UsageError(`${JSON.stringify(first)} is not taken here`);
}
