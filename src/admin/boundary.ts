/** What stands in front of the admin endpoints: address, origin, content type, size, key. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { checkOrigin, type Caller } from '../http/caller.ts';
import { firstHeader } from '../http/raw-headers.ts';

const MAX_BODY_BYTES = 65_536;
const BODY_LIMIT_MS = 10_000;

/**
 * Refuses callers whose address is not listed.
 * @throws GatewayError `admin_endpoint_network_restricted`.
 */
export function checkAdminAddress(caller: Caller, config: Pick<Config, 'adminAllow'>): void {
  if (config.adminAllow.has(caller.address)) return;
  throw new GatewayError(
    'admin_endpoint_network_restricted',
    caller.address === undefined
      ? 'The request came through a proxy that is not trusted. Call from the gateway\'s own machine, or name the proxy in AEGIS_TRUSTED_PROXY_IPS.'
      : 'This address may not call the admin endpoints. Call from the gateway\'s own machine, or list the address in AEGIS_ADMIN_ALLOW.',
  );
}

/**
 * Takes an admin call through the whole boundary and returns its body's fields.
 * @throws GatewayError with the first thing that is wrong.
 */
export async function readAdminCall(req: IncomingMessage, caller: Caller, config: Pick<Config, 'adminAllow' | 'gatewayKey'>): Promise<Record<string, unknown>> {
  checkAdminAddress(caller, config);
  checkOrigin(req, caller);
  const fields = await readFields(req);
  const key = fields['gateway_key'];
  if (key === undefined) throw new GatewayError('missing_params', 'The field "gateway_key" is missing.', 'gateway_key');
  if (typeof key !== 'string' || !sameKey(key, config.gatewayKey)) {
    throw new GatewayError('gateway_key_invalid', 'gateway_key is not the gateway\'s key (AEGIS_GATEWAY_KEY).', 'gateway_key');
  }
  return fields;
}

/**
 * The fields of a JSON object that a call has as its body.
 * @throws GatewayError with the first thing that is wrong.
 */
export async function readFields(req: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Record<string, unknown>> {
  // Simple cross-site requests can't carry this type: a page would have to ask first, and is never answered.
  if (!/^application\/json\s*(?:;|$)/i.test(firstHeader(req.rawHeaders, 'content-type') ?? '')) {
    throw new GatewayError('unsupported_media_type', 'Send the body as Content-Type: application/json.', 'Content-Type');
  }
  return parseFields(await readBody(req, maxBytes));
}

/** Compares without telling by its time where the two differ, or how long the right one is. */
export function sameKey(given: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

async function readBody(req: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const late = setTimeout(() => req.destroy(), BODY_LIMIT_MS).unref();
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
  } catch {
    throw new GatewayError('invalid_json', 'The body did not arrive whole.');
  } finally {
    clearTimeout(late);
  }
  if (bytes > maxBytes) throw new GatewayError('request_body_too_large', `An admin call's body takes at most ${maxBytes} bytes.`);
  return Buffer.concat(chunks).toString('utf8');
}

function parseFields(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new GatewayError('invalid_json', 'The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GatewayError('invalid_json', 'The body must be a JSON object.');
  }
  return value as Record<string, unknown>;
}
