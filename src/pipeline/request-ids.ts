/** Names of requests: unique across processes and restarts, and nothing to be kept from anybody. */
import { randomBytes } from 'node:crypto';

export function createRequestIds(): () => string {
  const prefix = `req_${randomBytes(10).toString('hex')}`;
  let count = 0;
  // 48 bits: enough for a million a second for eight years.
  return () => prefix + (++count).toString(16).padStart(12, '0');
}
