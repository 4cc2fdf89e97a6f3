/** Placeholders that are on their way to the network: with them a redacted secret would leave. Pure. */
import type { Shell } from './command/judge.ts';
import { networkUses } from './command/network-use.ts';

/** A placeholder, in any case; its last twelve characters identify. */
const PLACEHOLDER = /aegis-[a-z2-7-]{0,40}-([a-z2-7]{12})(?![a-z0-9])/gi;
/** Hosts that are this machine. */
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal|[a-z0-9-]+\.localhost)$/;

export interface FlowOptions {
  /** Whether a placeholder's last twelve characters stand for a secret of this token. */
  readonly isKnown: (id: string) => boolean;
  /** Whether the user lets secrets go to a host. */
  readonly allowsHost: (host: string) => boolean;
}

/** A first look, which nearly every text ends at. */
const MAY_HOLD = /aegis-/i;

/** Whether a placeholder may stand in a text, or in a text whose JSON this is. */
export function mayHoldSecret(text: string): boolean {
  return MAY_HOLD.test(text);
}

function holdsSecret(text: string, { isKnown }: FlowOptions): boolean {
  if (!mayHoldSecret(text)) return false;
  for (const match of text.matchAll(PLACEHOLDER)) if (isKnown((match[1] ?? '').toLowerCase())) return true;
  return false;
}

function mayGo(hosts: readonly string[], { allowsHost }: FlowOptions): boolean {
  return hosts.length > 0 && hosts.every((host) => LOCAL.test(host) || allowsHost(host));
}

/** Whether a command hands a secret to a host that the user has not allowed. */
export function flowsFromCommand(command: string, shell: Shell, options: FlowOptions): boolean {
  if (!holdsSecret(command, options)) return false;
  return networkUses(command, shell).some(({ hosts, sources }) => !mayGo(hosts, options) && sources.some(({ start, end }) => holdsSecret(command.slice(start, end), options)));
}

/** Whether the input of a tool that reaches the network holds a secret, and not only for hosts that the user has allowed. */
export function flowsFromInput(input: string, hosts: readonly string[], options: FlowOptions): boolean {
  return holdsSecret(input, options) && !mayGo(hosts, options);
}

/** An address in text: of a Markdown image or link, of an HTML element, or by itself. */
const ADDRESS = /\bhttps?:\/\/[^\s"'<>`\\)\]}]{1,4096}/gi;

export interface TextFlow {
  /** Character offsets of the address. */
  readonly start: number;
  readonly end: number;
}

/** The addresses in a text that hold a secret and lead to a host that the user has not allowed. */
export function flowsFromText(text: string, options: FlowOptions): TextFlow[] {
  const flows: TextFlow[] = [];
  if (!holdsSecret(text, options)) return flows;
  for (const match of text.matchAll(ADDRESS)) {
    const [address] = match;
    if (!holdsSecret(address, options)) continue;
    const hosts = URL.canParse(address) ? [new URL(address).hostname.toLowerCase()] : [];
    if (!mayGo(hosts, options)) flows.push({ start: match.index, end: match.index + address.length });
  }
  return flows;
}
