/** The clients whose settings the console can write out. */

export interface ShownClient {
  readonly id: string;
  readonly title: string;
}

export function clientList(): readonly ShownClient[] {
  return [];
}

/** Undefined for a client of which nothing is known. */
export function snippetsOf(_id: string, _baseUrl: string): (ShownClient & { readonly snippets: readonly object[] }) | undefined {
  return undefined;
}
