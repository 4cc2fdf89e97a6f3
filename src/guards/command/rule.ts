/**
 * What a command rule is: the programs it looks at, a test over one parsed program, and beside it the commands it must
 * and must not find. Examples are POSIX shell unless they begin with a prompt: `PS> ` for PowerShell, `C:\> ` for cmd.
 */
import type { Invocation } from './invocation.ts';
import type { SecretFlow } from './secrets.ts';
import type { Walk } from './walk.ts';

export type CommandFamily =
  | 'destruction' | 'disk' | 'database' | 'cloud-destruction' | 'resource-exhaustion' | 'system-halt'
  | 'reverse-shell' | 'download-run' | 'credential-theft' | 'persistence' | 'privilege' | 'trace-wiping' | 'crypto-mining';

/** `certain`: blocked at level medium. `likely`: only flagged at medium, blocked at high. */
export type Certainty = 'certain' | 'likely';

/** What a test may ask beyond the program itself. */
export interface Scene {
  readonly walk: Walk;
  readonly secrets: SecretFlow;
}

export interface CommandRule {
  /** Unique, kebab-case. */
  readonly id: string;
  readonly family: CommandFamily;
  readonly certainty: Certainty;
  /**
   * Names of programs as `programName` gives them. `*` looks at every program, `<code>` at code handed to an
   * interpreter, `<script>` at whole PowerShell scripts, `<loop>` and `<function>` at those, '' at redirections without
   * a program, `<writes>` at what may write a file, `<redirects>` at what has redirections, `<files>` at what runs after
   * files were written.
   */
  readonly verbs: readonly string[];
  readonly test: (invocation: Invocation, scene: Scene) => boolean;
  readonly matches: readonly string[];
  readonly ignores: readonly string[];
}
