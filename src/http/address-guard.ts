/**
 * Addresses that no upstream may have, whoever registered it: link-local, cloud metadata services, unspecified,
 * multicast. Loopback and private networks stay allowed, since local models live there.
 *
 * Asked at registration, for literal addresses before connecting, and as the `lookup` of every connection, so that
 * the address that was judged is the one connected to.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { canonicalHost } from './host-list.ts';

const DENIED: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // "this host": connects to loopback on most systems, RFC 1122 section 3.2.1.3
  ['169.254.0.0', 16], // link-local, RFC 3927; AWS, GCP, Azure, DigitalOcean metadata at 169.254.169.254
  ['224.0.0.0', 4], // multicast, RFC 5771
  ['255.255.255.255', 32],
  ['100.100.100.200', 32], // Alibaba Cloud metadata
  ['168.63.129.16', 32], // Azure's wire server
  ['192.0.0.192', 32], // Oracle Cloud metadata (classic)
  ['::', 128],
  ['fe80::', 10], // link-local, RFC 4291
  ['fec0::', 10], // site-local, deprecated by RFC 3879
  ['ff00::', 8], // multicast
  ['fd00:ec2::254', 128], // AWS metadata over IPv6
  ['fd00:ec2::23', 128], // AWS EKS pod identity
  ['fd20:ce::254', 128], // GCP metadata over IPv6
];

/** Names of metadata services, refused without asking DNS. */
const DENIED_NAMES = new Set(['metadata.google.internal', 'metadata.goog', 'metadata', 'instance-data', 'instance-data.ec2.internal']);

const blocks = new BlockList();
for (const [address, prefix] of DENIED) blocks.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The error of a connection that the guard refused; `code` tells it from network errors. */
export class AddressDeniedError extends Error {
  readonly code = 'EADDRDENIED';

  constructor() {
    super('the upstream resolves to a link-local, metadata or unspecified address, or to the gateway itself');
    this.name = 'AddressDeniedError';
  }
}

/** Whether a literal address, in any spelling that Node connects to, is one that no upstream may have. */
export function isDeniedAddress(address: string): boolean {
  const bare = address.split('%')[0] ?? '';
  switch (isIP(bare)) {
    case 4:
      return blocks.check(bare, 'ipv4');
    case 6: {
      if (blocks.check(bare, 'ipv6')) return true;
      return embeddedIPv4(bare).some((inner) => blocks.check(inner, 'ipv4'));
    }
    default:
      return false;
  }
}

/** Whether a host is refused by its name or literal address alone. */
export function isDeniedHost(hostname: string): boolean {
  const name = canonicalHost(hostname);
  return DENIED_NAMES.has(name) || isDeniedAddress(name);
}

/**
 * The IPv4 addresses that an IPv6 address may lead to: mapped and compatible (RFC 4291 section 2.5.5), translated
 * (RFC 2765), NAT64 (RFC 6052 section 2.2, RFC 8215), 6to4 (RFC 3056), Teredo (RFC 4380) and ISATAP (RFC 5214).
 */
function embeddedIPv4(address: string): string[] {
  const groups = ipv6Groups(address);
  if (groups === undefined) return [];
  const at = (index: number): number => groups[index] ?? 0;
  const join = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const zeroTo = (end: number): boolean => groups.slice(0, end).every((group) => group === 0);
  // Loopback only looks like the compatible form of 0.0.0.1.
  if (zeroTo(7) && at(7) === 1) return [];
  const found: string[] = [];
  const last = join(at(6), at(7));
  if (zeroTo(5) && (at(5) === 0xffff || at(5) === 0)) found.push(last);
  if (zeroTo(4) && at(4) === 0xffff && at(5) === 0) found.push(last);
  if (at(0) === 0x64 && at(1) === 0xff9b) found.push(last);
  if (at(0) === 0x64 && at(1) === 0xff9b && at(2) === 1) {
    // Prefixes of 48, 56 and 64 bits leave out the byte behind bit 64. An address of a longer prefix has zeros there, which say nothing.
    const shorter = [join(at(3), ((at(4) & 255) << 8) | (at(5) >> 8)), join(((at(3) & 255) << 8) | (at(4) & 255), at(5)), join(((at(4) & 255) << 8) | (at(5) >> 8), ((at(5) & 255) << 8) | (at(6) >> 8))];
    found.push(...shorter.filter((inner) => !inner.startsWith('0.')));
  }
  if (at(0) === 0x2002) found.push(join(at(1), at(2)));
  if (at(0) === 0x2001 && at(1) === 0) found.push(join(at(6) ^ 0xffff, at(7) ^ 0xffff));
  if ((at(4) === 0 || at(4) === 0x200) && at(5) === 0x5efe) found.push(last);
  return found;
}

/** The eight groups of an address that isIP has accepted. */
function ipv6Groups(address: string): number[] | undefined {
  let text = address;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted !== null) {
    const [, head = '', a, b, c, d] = dotted;
    text = `${head}${((Number(a) << 8) | Number(b)).toString(16)}:${((Number(c) << 8) | Number(d)).toString(16)}`;
  }
  const [left = '', right] = text.split('::');
  const parse = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const head = parse(left);
  const tail = right === undefined ? [] : parse(right);
  const missing = 8 - head.length - tail.length;
  if (missing < 0 || (right === undefined && missing !== 0)) return undefined;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** How a name is resolved: node:dns's own way, in which tests can put another. */
export type Resolve = typeof dnsLookup;

/**
 * A `lookup` for net.connect that hands on only allowed addresses, and fails when none is left.
 * @param isOwn whether an address is the gateway's own, which would make a loop.
 */
export function createGuardedLookup(resolve: Resolve = dnsLookup, isOwn: (address: string) => boolean = () => false): LookupFunction {
  return (hostname, options, callback) => {
    if (isDeniedHost(hostname)) {
      process.nextTick(() => callback(new AddressDeniedError(), []));
      return;
    }
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) {
        callback(error, []);
        return;
      }
      const allowed = addresses.filter(({ address }) => !isDeniedAddress(address) && !isOwn(address));
      const first = allowed[0];
      if (first === undefined) callback(new AddressDeniedError(), []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
