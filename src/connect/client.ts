/**
 * What is known of a client: where its base URL is set, how it is started, and what can't work.
 *
 * All of it is data and pure functions over it. `BASE` below is the base URL that register returns; a client takes it as
 * it is, whether it appends `/messages` or `/v1/messages`.
 */

/** The API that a client speaks. */
export type ClientWire = 'anthropic' | 'openai' | 'gemini';

export type SnippetLanguage = 'sh' | 'powershell' | 'toml' | 'json' | 'jsonc' | 'yaml' | 'js' | 'text';

/** A piece of configuration to be shown, complete as it stands. */
export interface Snippet {
  readonly title: string;
  /** The file or the place in the program that it belongs to; empty for a shell. */
  readonly where: string;
  readonly language: SnippetLanguage;
  readonly text: string;
  readonly wire: ClientWire;
}

/** A step into a document: a key, or the list's entry whose field has this value. */
export type PathStep = string | { readonly field: string; readonly value: string };

/** What a file may hold at a path. Maps keep their order. */
export type Value = string | boolean | number | readonly Value[] | { readonly [key: string]: Value };

export interface Setting {
  readonly path: readonly PathStep[];
  readonly value: Value;
  /** Set only where there is nothing yet: what the file needs to be valid, not what makes the connection. */
  readonly onlyIfAbsent?: true;
}

export type FileFormat = 'json' | 'jsonc' | 'json5' | 'toml' | 'yaml' | 'dotenv';

/** What decides about the places of files. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** A client's own file. */
export interface ClientFile {
  readonly format: FileFormat;
  /** The paths it may have, the one that counts most first; the last is where it is made when there is none. */
  places(surroundings: Surroundings): readonly string[];
  settings(baseUrl: string, wire: ClientWire, upstream?: string): readonly Setting[];
  /** What the client must have put there itself before anything can be added, and how it is made to. */
  readonly needs?: { path(wire: ClientWire): readonly PathStep[]; readonly hint: string };
}

/** How a client is started for one run. */
export interface Launch {
  /** The program's name on the PATH; undefined = the arguments name it. */
  readonly command: string | undefined;
  /** Put before the user's own arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Client {
  readonly id: string;
  readonly title: string;
  /** The APIs it can be set to speak, its usual one first. */
  readonly wires: readonly ClientWire[];
  /**
   * @param baseUrl what register returned
   * @param upstream where that leads, when it is known
   */
  snippets(baseUrl: string, upstream?: string): readonly Snippet[];
  /** Where the API key stays; it is never written, nor read. */
  readonly key: string;
  /** What to know besides, one sentence each. */
  readonly notes: readonly string[];
  /** Its calls come from its vendor's servers: an address of this machine can't work. */
  readonly remote?: true;
  /** The files that make the connection together; none where nothing can be written. */
  readonly files: readonly ClientFile[];
  /** Why there is no file to write, for those without. */
  readonly noFile?: string;
  launch?(baseUrl: string, wire: ClientWire, env: Readonly<Record<string, string | undefined>>, upstream?: string): Launch;
  /** Why it can't be started for one run, for those that can't. */
  readonly noLaunch?: string;
}

/** Each vendor's own address; clients that put a version of their own before the path replace the one here. */
export const VENDOR_UPSTREAMS: Readonly<Record<ClientWire, string>> = {
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
};

const VENDOR_HOSTS: readonly (readonly [suffix: string, wire: ClientWire])[] = [
  ['anthropic.com', 'anthropic'],
  ['openai.com', 'openai'],
  ['generativelanguage.googleapis.com', 'gemini'],
];

/** The API of a vendor's own upstream; undefined for any other host, which may speak either. */
export function wireOfUpstream(upstream: string): ClientWire | undefined {
  let host: string;
  try {
    host = new URL(upstream).hostname;
  } catch {
    return undefined;
  }
  return VENDOR_HOSTS.find(([suffix]) => host === suffix || host.endsWith(`.${suffix}`))?.[1];
}
