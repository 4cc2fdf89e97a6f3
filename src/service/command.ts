/** `aegisgate service`: the gateway as a service of the platform. */
import { fileURLToPath } from 'node:url';
import { EXIT_DONE, EXIT_FOUND, UsageError, type Command, type CommandIo } from '../cli/command.ts';
import { parseOptions } from '../cli/options.ts';
import { planInstall } from './install.ts';
import { createLaunchd } from './launchd.ts';
import { answers, type Address } from './liveness.ts';
import type { Manager, ServiceState } from './manager.ts';
import { servicePlaces, type ServiceHost, type ServicePlaces } from './places.ts';
import { serviceAddress } from './service-config.ts';
import { carryOut, describe, detail, runProgram, StepError, type Runner, type Step } from './step.ts';
import { createSystemd } from './systemd.ts';
import { createWindowsTask } from './windows-task.ts';

const HELP = `Usage: aegisgate service install [--system] [--import] [--dry-run] [--json]
       aegisgate service status [--system] [--json]
       aegisgate service uninstall [--system] [--dry-run] [--json]

The gateway as a service that starts by itself: systemd on Linux and in WSL2,
launchd on macOS, a scheduled task on Windows.

install    writes the definition, starts the service and waits for its answer.
           AEGIS_* variables and proxies that are set now become its settings
uninstall  stops and removes it; its settings, tokens and logs stay

  --system   a service of the machine, not only of your account (root, sudo or
             an Administrator's prompt)
  --import   copy the tokens and the placeholder key of the gateway that was
             started in this folder
  --dry-run  print what would be written and run, and change nothing
  --json     one JSON object
  --help     this text

Exit code: 0 done and it runs, 1 it does not run or is not there, 2 the call
or a setting is wrong.
`;

/** What the command takes from the machine; tests bring their own. */
export interface ServiceParts {
  readonly run: Runner;
  readonly node: string;
  readonly dist: string;
  readonly uid: number;
  /** Whether a gateway answers there. */
  readonly answers: (address: Address) => Promise<boolean>;
  /** How long a start may take, in milliseconds. */
  readonly startDeadlineMs: number;
}

const START_DEADLINE_MS = 20_000;

type Options = Readonly<{ system: boolean; import: boolean; dryRun: boolean; json: boolean }>;

interface Context {
  readonly io: CommandIo;
  readonly options: Options;
  readonly parts: ServiceParts;
  readonly host: ServiceHost;
  readonly places: ServicePlaces;
  readonly manager: Manager;
}

export function createServiceCommand(parts: ServiceParts): Command {
  async function run(args: readonly string[], io: CommandIo): Promise<number> {
    const flag = { type: 'boolean' } as const;
    const { values, positionals } = parseOptions(args, { system: flag, import: flag, 'dry-run': flag, json: flag });
    const [action, extra] = positionals;
    if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is not taken here`);
    const options = { system: values.system === true, import: values.import === true, dryRun: values['dry-run'] === true, json: values.json === true };
    const host: ServiceHost = { platform: io.platform, system: options.system, env: io.env, home: io.home, uid: parts.uid, node: parts.node, dist: parts.dist };
    if (options.import && action !== 'install') throw new UsageError('--import goes with install');
    if (options.dryRun && action === 'status') throw new UsageError('--dry-run goes with install and uninstall');
    const context = await usable(() => {
      const places = servicePlaces(host);
      return { io, options, parts, host, places, manager: managerOf(host, places) };
    });
    switch (action) {
      case 'install':
        return install(context);
      case 'status':
        return status(context);
      case 'uninstall':
        return uninstall(context);
      default:
        throw new UsageError(action === undefined ? 'install, status or uninstall is missing' : `there is no service ${JSON.stringify(action)}; it takes install, status or uninstall`);
    }
  }
  return { name: 'service', summary: 'run the gateway as a service: systemd, launchd, Windows task', help: HELP, run };
}

export const service: Command = createServiceCommand({
  run: runProgram,
  node: process.execPath,
  dist: fileURLToPath(new URL('../../dist', import.meta.url)),
  uid: process.getuid?.() ?? 0,
  answers,
  startDeadlineMs: START_DEADLINE_MS,
});

function managerOf(host: ServiceHost, places: ServicePlaces): Manager {
  const create = host.platform === 'win32' ? createWindowsTask : host.platform === 'darwin' ? createLaunchd : createSystemd;
  return create(host, places);
}

/** Whatever is thrown below names what is wrong and what to do. */
async function usable<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function install(context: Context): Promise<number> {
  const { io, options, parts, host, places, manager } = context;
  const plan = await planInstall(host, places, manager, io.cwd, options.import);
  if (options.dryRun) return printPlan(context, 'install', plan.steps, plan.notes);

  await usable(() => manager.check());
  requireRights(context);
  const before = await manager.state(parts.run);
  if (!before.running && (await parts.answers(plan.address))) {
    throw new UsageError(`a gateway answers on ${urlOf(plan.address)} already and would be in the way: stop it, or set AEGIS_PORT to another port`);
  }
  if (!(await followed(context, plan.steps))) return EXIT_FOUND;
  const state = await started(context, plan.address);
  const alive = await parts.answers(plan.address);
  const healthy = state.running && alive;
  tellState(context, 'install', state, plan.address, alive, [...plan.notes, ...(healthy ? manager.notes : [])]);
  return healthy ? EXIT_DONE : EXIT_FOUND;
}

async function uninstall(context: Context): Promise<number> {
  const { io, options, parts, places, manager } = context;
  const kept = `your settings, tokens and logs stay: ${places.settings}, ${places.state}`;
  const steps = await usable(() => manager.uninstall());
  if (options.dryRun) return printPlan(context, 'uninstall', steps, [kept]);
  await usable(() => manager.check());
  requireRights(context);
  const { installed } = await manager.state(parts.run);
  if (!installed) {
    if (options.json) printJson(io, { action: 'uninstall', installed: false });
    else io.stdout.write('no service is installed\n');
    return EXIT_FOUND;
  }
  if (!(await followed(context, steps))) return EXIT_FOUND;
  if (options.json) printJson(io, { action: 'uninstall', installed: false, notes: [kept] });
  else io.stdout.write(`the service is removed\n${kept}\n`);
  return EXIT_DONE;
}

async function status(context: Context): Promise<number> {
  const { parts, places, manager } = context;
  const address = await usable(() => serviceAddress(places));
  const state = await manager.state(parts.run);
  const alive = await parts.answers(address);
  tellState(context, 'status', state, address, alive, []);
  return state.running && alive ? EXIT_DONE : EXIT_FOUND;
}

function requireRights({ host, parts }: Context): void {
  if (host.system && host.platform !== 'win32' && parts.uid !== 0) throw new UsageError('--system needs root: call it with sudo');
}

/** Carries the steps out; tells the one that failed. */
async function followed({ io, parts }: Context, steps: readonly Step[]): Promise<boolean> {
  try {
    for (const step of steps) await carryOut(step, parts.run);
    return true;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    io.stderr.write(`aegisgate: ${error.message}\n`);
    return false;
  }
}

async function started({ parts, manager }: Context, address: Address): Promise<ServiceState> {
  const end = performance.now() + parts.startDeadlineMs;
  for (;;) {
    const alive = await parts.answers(address);
    const state = await manager.state(parts.run);
    if ((alive && state.running) || performance.now() > end || /failed/.test(state.word)) return state;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function urlOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function tellState({ io, options, places, manager }: Context, action: string, state: ServiceState, address: Address, alive: boolean, notes: readonly string[]): void {
  const url = urlOf(address);
  const { installed, running, enabled, word } = state;
  if (options.json) {
    const { definition = null, settings, state: folder } = places;
    printJson(io, { action, manager: manager.title, installed, running, enabled, state: word, address: url, answers: alive, definition, settings, folder, log: manager.logCommand, notes });
    return;
  }
  const lines = [
    ['service', `${manager.title}: ${word}${installed ? (enabled ? ', starts by itself' : ', does not start by itself') : ''}`],
    ['address', `${url} ${!alive ? 'does not answer' : running ? 'answers' : 'answers, but it is not this service'}`],
    ['settings', places.settings],
    ['files', places.state],
    ['log', manager.logCommand],
    ...notes.map((note) => ['note', note]),
  ];
  io.stdout.write(lines.map(([name = '', text = '']) => `${name.padEnd(10)}${text}\n`).join(''));
}

function printPlan({ io, options, manager }: Context, action: string, steps: readonly Step[], notes: readonly string[]): number {
  if (options.json) {
    printJson(io, { action, dry_run: true, manager: manager.title, steps: steps.map((step) => ({ do: step.do, what: describe(step), text: detail(step) ?? null })), notes });
    return EXIT_DONE;
  }
  for (const step of steps) {
    io.stdout.write(`# ${shortened(step)}\n`);
    const text = detail(step);
    if (text !== undefined) io.stdout.write(`${text.trimEnd()}\n\n`);
  }
  for (const note of notes) io.stdout.write(`# note: ${note}\n`);
  return EXIT_DONE;
}

/** A script is printed below in its own words. */
function shortened(step: Step): string {
  if (step.do !== 'run' || step.script === undefined) return describe(step);
  return describe({ ...step, command: [...step.command.slice(0, -1), '…'] });
}

function printJson(io: CommandIo, value: object): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}
