/** The clients whose settings the console writes out, as `aegisgate connect` prints them. */
import { CLIENTS, findClient, type Snippet } from '../connect/clients.ts';

export interface ShownClient {
  readonly id: string;
  readonly title: string;
}

export interface ShownSettings extends ShownClient {
  readonly snippets: readonly Snippet[];
  /** Where the API key stays. */
  readonly key: string;
  /** One sentence each. */
  readonly notes: readonly string[];
  /** Its calls come from its vendor's servers: an address of this machine can't work. */
  readonly remote: boolean;
}

export function clientList(): readonly ShownClient[] {
  return CLIENTS.map(({ id, title }) => ({ id, title }));
}

/** Undefined for a client of which nothing is known. @param upstream where the base URL leads. */
export function settingsOf(id: string, baseUrl: string, upstream: string): ShownSettings | undefined {
  const client = findClient(id);
  if (client === undefined) return undefined;
  const { title, key, notes, remote = false } = client;
  return { id, title, snippets: client.snippets(baseUrl, upstream), key, notes, remote };
}
