/** The plan of an installation: everything that is checked and decided before the first byte is written. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../cli/command.ts';
import { readConfig, type Config } from '../config.ts';
import { parseDocument, parseTable } from '../tokens/table.ts';
import type { Address } from './liveness.ts';
import type { Manager } from './manager.ts';
import { pathOf, type ServiceHost, type ServicePlaces } from './places.ts';
import { addressOf, readSettingsText, serviceConfig, settingsFromEnvironment, settingsOf } from './service-config.ts';
import { changeSettings, printSettings, shownSettings } from './settings-file.ts';
import type { Step } from './step.ts';
import { BELOW_HOME } from './systemd.ts';
import { closeFolder } from './windows-task.ts';

export interface InstallPlan {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  readonly address: Address;
}

/**
 * @param cwd where the tokens of a gateway lie that was started by hand
 * @param importTokens copy them
 * @throws UsageError or ConfigError: nothing has been changed then
 */
export async function planInstall(host: ServiceHost, places: ServicePlaces, manager: Manager, cwd: string, importTokens: boolean): Promise<InstallPlan> {
  requireProgram(host);
  const { text, config } = plannedSettings(host, places, cwd);
  if (config.port === 0) throw new UsageError('AEGIS_PORT=0 takes another port at each start, and clients would not find the service: set AEGIS_PORT to a port');
  requireOwnFiles(host, places, config);
  const { steps: imported, notes } = planImport(host, places, cwd, importTokens);
  const path = pathOf(host.platform);
  const folders = new Map<string, number>([[places.state, 0o700], [path.dirname(places.settings), 0o700]]);
  if (places.definition !== undefined) folders.set(path.dirname(places.definition), 0o755);
  try {
    const steps: Step[] = [
      ...[...folders].map(([folder, mode]): Step => ({ do: 'folder', path: folder, mode })),
      ...(host.platform === 'win32' && host.system ? closeFolder(places) : []),
      { do: 'file', path: places.settings, mode: 0o600, text, shown: shownSettings(text) },
      ...imported,
      ...manager.install(config),
    ];
    return { steps, notes, address: addressOf(config) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function plannedSettings(host: ServiceHost, places: ServicePlaces, cwd: string): { text: string; config: Config } {
  const own = settingsFromEnvironment(host, cwd);
  let text: string;
  try {
    const old = readSettingsText(places.settings);
    settingsOf(places.settings, old);
    text = old === '' ? printSettings(own) : changeSettings(old, own);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  // A name that is no setting is told as the gateway itself tells it.
  const unknown = Object.fromEntries(Object.entries(host.env).filter(([name]) => /^AEGIS_/i.test(name) && own[name] === undefined));
  readConfig({ ...unknown, ...own });
  return { text, config: serviceConfig(places, settingsOf(places.settings, text)) };
}

function requireProgram({ dist, node, system, platform }: ServiceHost): void {
  const server = join(dist, 'server.js');
  if (!existsSync(server)) throw new UsageError(`${server} is not there: build it with "npm run build" first`);
  if (/[\\/]_npx[\\/]/.test(dist)) throw new UsageError('npx keeps this copy of the program only for a while: install it with "npm install -g" first, then call aegisgate service install');
  if (!system || platform !== 'linux') return;
  for (const path of [node, server]) {
    if (isOpenToAll(path)) continue;
    throw new UsageError(`${path} can't be read by all users of this machine, and so not by the service's own: put it below /opt or /usr/local, or install the service without --system for your account alone`);
  }
}

/** What the settings name must be within the reach of the machine's service, which can't see any home. */
function requireOwnFiles({ system, platform }: ServiceHost, { state }: ServicePlaces, { secretFiles, rulesPath }: Config): void {
  if (!system || platform !== 'linux') return;
  for (const path of [...secretFiles, ...(rulesPath === undefined ? [] : [rulesPath])]) {
    if (path.startsWith(`${state}/`) || (existsSync(path) && !BELOW_HOME.test(path) && isOpenToAll(path))) continue;
    throw new UsageError(`${path} is out of the reach of the machine's service: put it into ${state} with mode 0644 (nobody else gets into that folder) and name it there`);
  }
}

/** Whether any user may read the file, folder by folder. */
function isOpenToAll(file: string): boolean {
  const OTHERS_READ = 0o004;
  const OTHERS_ENTER = 0o001;
  if ((statSync(file).mode & OTHERS_READ) === 0) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & OTHERS_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** The tokens of a gateway that ran in the working folder must not be lost without a word. */
function planImport(host: ServiceHost, places: ServicePlaces, cwd: string, wanted: boolean): { steps: readonly Step[]; notes: readonly string[] } {
  const { tokensPath, placeholderKeyPath } = readConfig(host.env);
  const tokens = resolve(cwd, tokensPath);
  const key = resolve(cwd, placeholderKeyPath);
  const count = tokens === places.tokens ? 0 : tokensIn(tokens);
  if (!wanted) {
    const lost = count > 0 && !existsSync(places.tokens);
    return { steps: [], notes: lost ? [`${tokens} holds ${count} ${count === 1 ? 'token' : 'tokens'} that the service does not know; --import copies ${count === 1 ? 'it' : 'them'}`] : [] };
  }
  if (count === 0) throw new UsageError(`there is nothing to import: ${tokens} ${existsSync(tokens) ? 'holds no tokens' : 'is not there'}`);
  if (existsSync(places.tokens)) throw new UsageError(`the service has tokens already, which --import would not overwrite: copy what is missing from ${tokens} to ${places.tokens} by hand`);
  const steps: Step[] = [{ do: 'copy', from: tokens, to: places.tokens }];
  if (existsSync(key) && existsSync(places.placeholderKey)) {
    return { steps, notes: [`the service has a placeholder key already and keeps it; placeholders of running conversations do not lead back there`] };
  }
  if (existsSync(key)) steps.push({ do: 'copy', from: key, to: places.placeholderKey });
  return { steps, notes: [] };
}

/** How many tokens a file holds; 0 where there is no such file. @throws UsageError when it is no token file. */
function tokensIn(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    return parseTable(parseDocument(readFileSync(path, 'utf8'))).size;
  } catch (error) {
    throw new UsageError(`${path} can't be used: ${(error as Error).message}`);
  }
}
