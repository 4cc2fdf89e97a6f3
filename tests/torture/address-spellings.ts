// Ways to write an IPv4 address that lead to the same place: what the URL standard, inet_aton and IPv6 make of it.

type Spelling = (octets: readonly [number, number, number, number]) => string;

const hex = (value: number, digits = 0): string => value.toString(16).padStart(digits, '0');
const whole = ([a, b, c, d]: readonly [number, number, number, number]): number => ((a * 256 + b) * 256 + c) * 256 + d;
const groups = ([a, b, c, d]: readonly [number, number, number, number]): [string, string] => [hex(a * 256 + b), hex(c * 256 + d)];
const mapped = (text: string, digits: string): string => text.replace(/\d/g, (digit) => [...digits][Number(digit)] ?? digit);
const dotted: Spelling = (octets) => octets.join('.');

/** Hosts that a URL may name and that lead to the address. */
export const HOST_SPELLINGS: Readonly<Record<string, Spelling>> = {
  dotted,
  'one number': (octets) => String(whole(octets)),
  'one hexadecimal number': (octets) => `0x${hex(whole(octets))}`,
  'one hexadecimal number in capitals': (octets) => `0X${hex(whole(octets)).toUpperCase()}`,
  'one octal number': (octets) => `0${whole(octets).toString(8)}`,
  'one number with zeros before': (octets) => `0x000000000000${hex(whole(octets), 8)}`,
  'octal octets': (octets) => octets.map((octet) => `0${octet.toString(8)}`).join('.'),
  'octal octets with zeros before': (octets) => octets.map((octet) => `0000${octet.toString(8)}`).join('.'),
  'hexadecimal octets': (octets) => octets.map((octet) => `0x${hex(octet)}`).join('.'),
  'octets of all kinds': ([a, b, c, d]) => `0x${hex(a)}.0${b.toString(8)}.${c}.0X${hex(d, 4)}`,
  'three parts': ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  'three parts in hexadecimal': ([a, b, c, d]) => `0x${hex(a)}.0x${hex(b)}.0x${hex(c * 256 + d)}`,
  'two parts': ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  'two parts, octal and decimal': ([a, b, c, d]) => `0${a.toString(8)}.${(b * 256 + c) * 256 + d}`,
  'a dot behind': (octets) => `${dotted(octets)}.`,
  'one number and a dot behind': (octets) => `${whole(octets)}.`,
  'percent-encoded': (octets) => dotted(octets).replace(/\d/g, (digit) => `%3${digit}`),
  'percent-encoded dots': (octets) => dotted(octets).replaceAll('.', '%2e'),
  'full-width digits': (octets) => mapped(dotted(octets), '０１２３４５６７８９'),
  'full-width digits and dots': (octets) => mapped(dotted(octets), '０１２３４５６７８９').replaceAll('.', '．'),
  'circled digits': (octets) => mapped(dotted(octets), '⓪①②③④⑤⑥⑦⑧⑨'),
  'mathematical digits': (octets) => mapped(dotted(octets), '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗'),
  'superscript digits': (octets) => mapped(dotted(octets), '⁰¹²³⁴⁵⁶⁷⁸⁹'),
  'ideographic full stops': (octets) => dotted(octets).replaceAll('.', '。'),
  'half-width full stops': (octets) => dotted(octets).replaceAll('.', '｡'),
  'full-width x': (octets) => `0ｘ${hex(whole(octets))}`,
  'a soft hyphen within': (octets) => dotted(octets).replace('.', '\u00ad.'),
  'a zero-width space within': (octets) => dotted(octets).replace('.', '.\u200b'),
  'a word joiner within': (octets) => dotted(octets).replace('.', '\u2060.'),
  'a tab and a line feed within': (octets) => dotted(octets).replace('.', '\t.\n'),
  'mapped into IPv6': (octets) => `[::ffff:${dotted(octets)}]`,
  'mapped, in hexadecimal': (octets) => `[::ffff:${groups(octets).join(':')}]`,
  'mapped, in capitals': (octets) => `[::FFFF:${groups(octets).join(':').toUpperCase()}]`,
  'mapped, in full': (octets) => `[0:0:0:0:0:ffff:${groups(octets).join(':')}]`,
  'mapped, with zeros before': (octets) => `[0000:0000:0000:0000:0000:ffff:${groups(octets).map((group) => group.padStart(4, '0')).join(':')}]`,
  'compatible with IPv6': (octets) => `[::${dotted(octets)}]`,
  'compatible, in hexadecimal': (octets) => `[::${groups(octets).join(':')}]`,
  translated: (octets) => `[::ffff:0:${dotted(octets)}]`,
  NAT64: (octets) => `[64:ff9b::${dotted(octets)}]`,
  'NAT64, in hexadecimal': (octets) => `[0064:ff9b:0::${groups(octets).join(':')}]`,
  'NAT64, local': (octets) => `[64:ff9b:1::${groups(octets).join(':')}]`,
  'NAT64, local, 48 bits': ([a, b, c, d]) => `[64:ff9b:1:${hex(a * 256 + b)}:${hex(c)}:${hex(d * 256)}:1:1]`,
  'NAT64, local, 56 bits': ([a, b, c, d]) => `[64:ff9b:1:${hex(0x4200 + a)}:${hex(b)}:${hex(c * 256 + d)}:1:1]`,
  'NAT64, local, 64 bits': ([a, b, c, d]) => `[64:ff9b:1:4242:${hex(a)}:${hex(b * 256 + c)}:${hex(d * 256 + 1)}:1]`,
  '6to4': (octets) => `[2002:${groups(octets).join(':')}::1]`,
  Teredo: ([a, b, c, d]) => `[2001:0:4136:e378:8000:63bf:${hex((a * 256 + b) ^ 0xffff)}:${hex((c * 256 + d) ^ 0xffff)}]`,
  ISATAP: (octets) => `[2001:db8::5efe:${dotted(octets)}]`,
  'ISATAP, unique': (octets) => `[2001:db8::200:5efe:${dotted(octets)}]`,
};

/** Whole URLs around a host, and still it is the one that is meant. */
export const URL_SPELLINGS: Readonly<Record<string, (host: string) => string>> = {
  plain: (host) => `http://${host}/v1`,
  https: (host) => `https://${host}/v1`,
  'capitals and a port': (host) => `HTTP://${host}:80/v1`,
  backslashes: (host) => `http:\\\\${host}\\v1`,
  'no slashes': (host) => `http:${host}/v1`,
  'many slashes': (host) => `http://///${host}/v1`,
  'spaces around': (host) => `  http://${host}/v1  `,
  'a backslash and another host behind': (host) => `http://${host}\\@api.anthropic.com/v1`,
  'a line feed within': (host) => `ht\ntp://${host}/v1`,
  'a user': (host) => `http://api.anthropic.com@${host}/v1`,
};

export type Octets = readonly [number, number, number, number];

/** Addresses that no upstream may have. */
export const DENIED_OCTETS: readonly Octets[] = [
  [169, 254, 169, 254], [169, 254, 0, 1], [169, 254, 170, 2], [0, 0, 0, 0], [0, 1, 2, 3], [224, 0, 0, 1], [239, 255, 255, 250], [255, 255, 255, 255], [100, 100, 100, 200], [168, 63, 129, 16], [192, 0, 0, 192],
];

/** Addresses of local and private models, which must stay reachable in any spelling that leads there. */
export const LOCAL_OCTETS: readonly Octets[] = [[127, 0, 0, 1], [10, 1, 2, 3], [192, 168, 1, 20], [172, 16, 9, 8]];
