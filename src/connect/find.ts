/** The client that an argument names. */
import { UsageError } from '../cli/command.ts';
import { nearest } from '../cli/nearest.ts';
import { onlyArgument } from '../cli/options.ts';
import type { Client } from './client.ts';
import { CLIENTS, findClient } from './clients.ts';

/** @throws UsageError that names the clients */
export function clientOf(positionals: readonly string[]): Client {
  const names = CLIENTS.map(({ id }) => id);
  if (positionals.length === 0) throw new UsageError(`CLIENT is missing; known are ${names.join(', ')}`);
  const name = onlyArgument(positionals, 'CLIENT');
  const client = findClient(name);
  if (client !== undefined) return client;
  const meant = nearest(name, names);
  throw new UsageError(`there is no client ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${meant}?`} Known are ${names.join(', ')}`);
}
