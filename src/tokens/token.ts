/** Tokens: how they are minted, and what the path segment that carries one may say. */
import { createHash, randomBytes } from 'node:crypto';
import { GatewayError } from '../errors.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const TOKEN_LENGTH = 24;

/** What is done with the traffic of a token. */
export type FilterMode = 'full' | 'redact' | 'passthrough';
export const FILTER_MODES: readonly FilterMode[] = ['full', 'redact', 'passthrough'];

/** A new token: 24 base62 characters, 142 bits from the system's cryptographic source. */
export function mintToken(): string {
  let token = '';
  while (token.length < TOKEN_LENGTH) {
    for (const byte of randomBytes(TOKEN_LENGTH * 2)) {
      // 248 is the largest multiple of 62 in a byte: what lies above would favour the first letters.
      if (byte < 248 && token.length < TOKEN_LENGTH) token += BASE62.charAt(byte % 62);
    }
  }
  return token;
}

/** Whether a text can be a token: minted ones and the shorter ones that people write into the file by hand. */
export function isToken(text: string): boolean {
  return text.length <= 128 && /^[0-9A-Za-z](?:[0-9A-Za-z-]|_(?!_))*$/.test(text);
}

export interface TokenSegment {
  readonly token: string;
  /** The mode that the suffix asks for, or undefined for the token's own. */
  readonly mode: FilterMode | undefined;
}

/**
 * Reads the path segment `<TOKEN>` or `<TOKEN>__<mode>`.
 * @throws GatewayError `invalid_filter_mode` for an unknown suffix.
 */
export function parseTokenSegment(segment: string): TokenSegment {
  const at = segment.indexOf('__');
  if (at === -1) return { token: segment, mode: undefined };
  const suffix = segment.slice(at + 2);
  if (suffix !== 'redact' && suffix !== 'passthrough') {
    throw new GatewayError(
      'invalid_filter_mode',
      'Unknown mode after the token in the URL. Use <TOKEN>, <TOKEN>__redact or <TOKEN>__passthrough.',
      'token',
    );
  }
  return { token: segment.slice(0, at), mode: suffix };
}

/** What may be shown of a token to people who look after it: its ends, by which it is found in their own settings. */
export function maskedToken(token: string): string {
  return token.length < 2 * TOKEN_LENGTH / 3 ? '…' : `${token.slice(0, 4)}…${token.slice(-4)}`;
}

/** A short name for a token that may stand in logs: it identifies, and gives nothing back. */
export function tokenFingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 8);
}
