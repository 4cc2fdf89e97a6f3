/** Lists of addresses and CIDR blocks, as the settings name them, over node:net's BlockList. */
import { BlockList, isIP } from 'node:net';

export interface AddressList {
  has(address: string | undefined): boolean;
  readonly empty: boolean;
}

/**
 * An IPv4 address written as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2, with dots as a dual-stack socket reports it
 * or in hexadecimal as the URL class writes it) as plain IPv4; any other address without its zone.
 */
export function plainAddress(address: string): string {
  // Plain IPv4, as nearly always.
  if (!address.includes(':')) return address.includes('%') ? address.slice(0, address.indexOf('%')) : address;
  const unzoned = address.split('%')[0] ?? '';
  const [, dotted, high, low] = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(unzoned) ?? [];
  if (high === undefined || low === undefined) return dotted ?? unzoned;
  const [a, b] = [parseInt(high, 16), parseInt(low, 16)];
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
}

/**
 * Reads a comma-separated list of addresses and CIDR blocks.
 * @throws Error whose message says what is allowed.
 */
export function parseAddressList(text: string): AddressList {
  const blocks = new BlockList();
  let count = 0;
  for (const entry of text.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const [address = '', prefix, ...rest] = entry.split('/');
    const plain = plainAddress(address.replace(/^\[(.*)\]$/, '$1'));
    const version = isIP(plain);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    const bits = version === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (version === 0 || rest.length > 0 || length < 0 || length > bits) {
      throw new Error('addresses and CIDR blocks separated by commas, such as 10.0.0.5, 192.168.0.0/16 or fd00::/8');
    }
    blocks.addSubnet(plain, length, family);
    count++;
  }
  return {
    empty: count === 0,
    has(address) {
      if (address === undefined || count === 0) return false;
      const plain = plainAddress(address);
      const version = isIP(plain);
      return version !== 0 && blocks.check(plain, version === 6 ? 'ipv6' : 'ipv4');
    },
  };
}

/** Whether an address is this machine's own loopback. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = plainAddress(address);
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
