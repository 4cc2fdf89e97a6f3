/** What a trusted reverse proxy tells the gateway about the caller. It is meant for the gateway and no further. */

const FORWARDING = new Set(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip']);
const FORWARDING_LENGTHS = new Set([...FORWARDING].map((name) => name.length));

/**
 * Headers without those by which a proxy tells who called and how (RFC 7239 section 4, and the X-Forwarded family): sent
 * on, an upstream would learn addresses and names of the network behind the gateway.
 */
export function withoutForwarding(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    if (!FORWARDING_LENGTHS.has(name.length) || !FORWARDING.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
