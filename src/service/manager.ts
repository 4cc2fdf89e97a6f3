/** What a platform's service manager does for the gateway. */
import type { ServiceHost, ServicePlaces } from './places.ts';
import type { Runner, Step } from './step.ts';

export interface ServiceState {
  /** The manager knows the service. */
  readonly installed: boolean;
  readonly running: boolean;
  /** It starts by itself at the next login or boot. */
  readonly enabled: boolean;
  /** The manager's own word for it. */
  readonly word: string;
}

/** What of the settings the definition depends on. */
export interface DefinitionSettings {
  readonly port: number;
  readonly workers: number;
  readonly shutdownGraceMs: number;
}

export interface Manager {
  readonly title: string;
  /** @throws Error when this machine has no such manager, with what to do. */
  check(): void;
  /** From the folders that are already there to a service that runs. */
  install(settings: DefinitionSettings): readonly Step[];
  uninstall(): readonly Step[];
  state(run: Runner): Promise<ServiceState>;
  /** The command, or the file, that shows the log. */
  readonly logCommand: string;
  /** What a user may want to know after it is installed. */
  readonly notes: readonly string[];
}

export type CreateManager = (host: ServiceHost, places: ServicePlaces) => Manager;

/** How much longer than the gateway's own grace the manager waits before it kills, in seconds. */
const STOP_RESERVE_SECONDS = 10;

export function stopSeconds(shutdownGraceMs: number): string {
  return String(Math.ceil(shutdownGraceMs / 1000) + STOP_RESERVE_SECONDS);
}

/** @throws Error for a path that a definition can't hold. */
export function requirePlainPath(what: string, path: string): void {
  if (/[\u0000-\u001f\u007f]/.test(path)) throw new Error(`${what}, ${JSON.stringify(path)}, holds a control character, which a service definition can't; move it`);
}
