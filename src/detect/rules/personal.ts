/** What belongs to a person: mail and network addresses, telephone numbers, crypto addresses, names and places in fields. */
import { base58check, bech32 } from '../checksums.ts';
import type { DecodedText, Rule, ScannedRule, Span } from '../rule.ts';
import { isPublicIpv4, isIpv6 } from './ip-address.ts';
import { prefixEach } from './samples.ts';

const DIGITS = '0123456789';
const BACKSLASH = 0x5c;
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** Endings of domains by which mail addresses are found; the at sign alone is too short a keyword. */
const ENDINGS = [
  'com', 'org', 'net', 'edu', 'gov', 'mil', 'info', 'biz', 'name', 'mobi', 'email', 'cloud', 'online', 'site', 'tech', 'app', 'dev', 'xyz', 'shop', 'store', 'live',
  'example', 'test', 'local', 'internal', 'io', 'ai', 'co', 'me', 'cc', 'tv', 'us', 'uk', 'eu', 'cn', 'hk', 'tw', 'jp', 'kr', 'sg', 'in', 'au', 'nz', 'ca', 'mx', 'br', 'ar', 'cl',
  'de', 'fr', 'it', 'es', 'pt', 'nl', 'be', 'ch', 'at', 'se', 'no', 'dk', 'fi', 'pl', 'cz', 'sk', 'hu', 'ro', 'bg', 'gr', 'ie', 'ru', 'ua', 'by', 'tr', 'il', 'ae', 'sa', 'za', 'th', 'vn', 'id', 'my', 'ph', 'pk',
];
const MAIL = /[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9@]|-[A-Za-z0-9])/y;
/** Addresses nobody reads, and those of SSH. */
const NOBODY = /^(?:git|hg|svn|no-?reply|do-?not-?reply|donotreply)@/i;
const MAIL_BACK_CHARS = 200;

function isLocalByte(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2e || byte === 0x2d || byte === 0x5f || byte === 0x2b || byte >= 0x80;
}

function findMail({ text }: DecodedText, at: number): Span | undefined {
  let sign = at - 1;
  while (sign > 0 && at - sign < MAIL_BACK_CHARS && /[A-Za-z0-9.-]/.test(text.charAt(sign))) sign -= 1;
  if (text.charAt(sign) !== '@') return undefined;
  let from = sign;
  while (from > 0 && sign - from < 64 && /[A-Za-z0-9._%+'-]/.test(text.charAt(from - 1))) from -= 1;
  while (from < sign && /[.%'+-]/.test(text.charAt(from))) from += 1;
  if (from === sign || /(?::\/\/[^\s"'<>@/?#]{0,160}|[/@])$/.test(text.slice(Math.max(0, from - 180), from))) return undefined;
  MAIL.lastIndex = from;
  const match = MAIL.exec(text);
  if (match === null || from + match[0].length <= at || NOBODY.test(match[0])) return undefined;
  // An ending is letters: `user@2x.png` and versions are none.
  if (/\.(?:png|jpe?g|gif|svg|webp|js|ts|css|json|md|py|so|dll|map|html?)$/i.test(match[0])) return undefined;
  return { start: from, end: from + match[0].length };
}

const email: ScannedRule = {
  id: 'email-address', kind: 'email', class: 'personal', page: 'https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1',
  keywords: ENDINGS.map((ending) => `.${ending}`), caseless: true, before: 0, window: 64,
  pattern: MAIL,
  glance(bytes, at, _length, start) {
    for (let i = at - 1; i >= start && at - i < MAIL_BACK_CHARS; i -= 1) {
      const byte = bytes[i] ?? 0;
      if (byte === 0x40) return i > start && (isLocalByte(bytes[i - 1] ?? 0) || bytes[i - 1] === 0x27);
      if (!isLocalByte(byte)) return false;
    }
    return false;
  },
  find: findMail,
  matches: ['alice.smith+news@mail.example.com', 'Contact: bob@example.co.uk.', '邮箱：zhangsan@example.cn，', 'mailto:carol@sub.example.org'],
  ignores: ['git@github.com:owner/name.git', 'https://user:pass1234@db.example.com/x', 'logo@2x.png', '@types/node.com', 'noreply@example.com', 'package@1.2.3'],
};

const PHONE = /\+(?:\d{1,3})[ .-]?(?:\(\d{1,5}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,5}(?![A-Za-z0-9_])(?![ .-]?\d)/y;

function digitCount(text: string): number {
  return text.replace(/\D/g, '').length;
}

function telephoneGlance(bytes: Uint8Array, at: number, _length: number, _start: number, end: number): boolean {
  let count = 0;
  for (let i = at; i < end && i < at + 28; i += 1) {
    const byte = bytes[i] ?? 0;
    if (isDigit(byte)) count += 1;
    else if (byte === BACKSLASH) return true;
    else if (byte !== 0x20 && byte !== 0x2d && byte !== 0x2e && byte !== 0x28 && byte !== 0x29 && byte !== 0x2b) break;
  }
  return count >= 8;
}

const MARKS = [' ', '-', '.', '('];
/** A plus sign, the country's number and what follows it, four characters each. */
const PHONE_STARTS: readonly string[] = [
  ...prefixEach('+', DIGITS, 3).filter((start) => !start.startsWith('+0')),
  ...prefixEach('+', DIGITS, 2).filter((start) => !start.startsWith('+0')).flatMap((start) => MARKS.map((mark) => start + mark)),
  ...['+1', '+7'].flatMap((start) => [`${start} (`, `${start}-(`, ...MARKS.flatMap((mark) => prefixEach(start + mark, DIGITS))]),
];

const telephone: ScannedRule = {
  id: 'phone-number', kind: 'phone', class: 'personal', page: 'https://www.itu.int/rec/T-REC-E.164',
  keywords: PHONE_STARTS,
  window: 48, pattern: PHONE, glance: telephoneGlance,
  find({ text }, at) {
    if (at > 0 && /[A-Za-z0-9_)\]+/]/.test(text.charAt(at - 1))) return undefined;
    PHONE.lastIndex = at;
    const match = PHONE.exec(text);
    if (match === null || /^\+(?:19|20)\d{2}-\d{2}-\d{2}/.test(match[0])) return undefined;
    const count = digitCount(match[0]);
    return count >= 8 && count <= 15 ? { start: at, end: at + match[0].length } : undefined;
  },
  matches: ['+14155552671', '+1 (415) 555-2671', '+44 20 7946 0958', '+86 138 0013 8000', '+8613800138000', '+49-30-901820'],
  ignores: ['+1', 'a+14155552671', '+12', '+000000120', '+2026-11-23', 'AB+4915112345678901'],
};

const NANP = /\([2-9]\d{2}\) ?\d{3}[-. ]\d{4}(?!\d)/y;
const nanpTelephone: Rule = {
  id: 'phone-number-nanp', kind: 'phone', class: 'personal', page: 'https://nationalnanpa.com/number_resource_info/index.html',
  keywords: Array.from({ length: 800 }, (_, i) => `(${200 + i}`), window: 32,
  pattern: NANP,
  matches: ['(415) 555-2671', 'Tel (212) 555-0199'],
  ignores: ['(415) 555', '(115) 555-2671', 'f(415) + 555', 'call(415) 555-2671'],
};

/** A telephone number as people write it at home, behind a word that says so. */
const namedTelephone: Rule = {
  id: 'phone-number-named', kind: 'phone', class: 'personal', page: 'https://www.itu.int/rec/T-REC-E.123', caseless: true,
  keywords: ['phone', 'mobile', 'cell', 'tel:', 'tel.', 'tel ', 'tel=', 'contact ', 'contact:', '拨打', '致电', '电話', 'fax', 'call ', 'whatsapp', '手机', '电话', '联系方式', '座机', '微信号', 'telefon', 'teléfono', 'télé', 'handy'], left: 'none', window: 96,
  pattern: /(?<![A-Za-z])(?:phone|telephone|mobile|cell|tel|fax|call|whatsapp|contact|拨打|致电|电話|手机|电话|联系方式|座机|微信号|telefon\w{0,4}|teléfono|télé\w{0,6}|handy)(?:[^\n0-9+(]{0,24}?)(?<![A-Za-z0-9_.+-])(?<secret>(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|\(?0?\d{2,5}\)?(?:[ .-]\d{2,5}){1,4}|[2-9]\d{9}|0\d{8,10}))(?![A-Za-z0-9_]|[.-]?\d)/iy,
  check: (value) => { const count = digitCount(value); return count >= 7 && count <= 13 && new Set(value).size > 2 && !/^(?:19|20)\d{2}[-. ]\d{2}[-. ]\d{2}$/.test(value); },
  matches: ['手机号：13800138000', 'phone: 415-555-2671', 'Tel: 020 7946 0958', '{"mobile":"13912345678"}', 'call me at 212.555.0199', '电话 010-88886666', '请拨打13800138000咨询', 'tel=13912345678&a=1'],
  ignores: ['phone: 2026-11-23', 'phone = 12345', 'telemetry 13800138000', 'cellular_count: 1672531200000', '手机 138001380001'],
};

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`${OCTET}(?:\\.${OCTET}){3}(?![\\w]|\\.\\d|-\\d)`, 'y');
const ADDRESS_WORDS = /(?:\bip\b|ip[_ -]?addr|host|server|client|\bfrom\b|remote|inet|nameserver|\bdns\b|gateway|ping|ssh|listen|bind|peer|forwarded|地址|服务器)[^\n]{0,24}$/i;
const VERSION_WORDS = /(?:version|ver\.?|release|v|==|>=|<=|~=|\^|~|@|oid|build|rev|§|section)[ :="']{0,4}$/i;

function findIpv4({ text }: DecodedText, at: number): Span | undefined {
  if (at > 0 && /[\w.+-]/.test(text.charAt(at - 1))) return undefined;
  IPV4.lastIndex = at;
  const match = IPV4.exec(text);
  if (match === null) return undefined;
  const head = text.slice(Math.max(0, at - 48), at);
  if (VERSION_WORDS.test(head) || !isPublicIpv4(match[0], ADDRESS_WORDS.test(head))) return undefined;
  return { start: at, end: at + match[0].length };
}

const ipv4: ScannedRule = {
  id: 'ipv4-address', kind: 'ip', class: 'personal', page: 'https://www.rfc-editor.org/rfc/rfc791#section-3.2',
  keywords: [...Array.from({ length: 124 }, (_, i) => `${100 + i}.`), ...Array.from({ length: 90 }, (_, i) => `${10 + i}.`).flatMap((two) => prefixEach(two, DIGITS)), ...prefixEach('', '123456789').flatMap((one) => prefixEach(`${one}.`, DIGITS).flatMap((text) => prefixEach(text, `.${DIGITS}`)))],
  window: 32, pattern: IPV4,
  glance(bytes, at, _length, _start, end) {
    let dots = 0;
    for (let i = at; i < end && i < at + 16; i += 1) {
      const byte = bytes[i] ?? 0;
      if (byte === 0x2e) dots += 1;
      else if (!isDigit(byte)) return dots >= 3 || byte === BACKSLASH;
    }
    return dots >= 3;
  },
  find: findIpv4,
  matches: ['203.0.113.42', 'Host: 10.1.2.3', 'server at 192.168.1.20:8080', '来自8.130.24.7的请求', 'ip 1.2.3.4'],
  ignores: ['version 10.4.12.3', '1.2.3.4', 'v10.20.30.40', '127.0.0.1', '0.0.0.0', '255.255.255.0', '1.3.6.1.4.1', '10.20.30.256', '10.20.30.40.50', 'pkg==12.14.100.2', '4.18.0-305.19'],
};

const IPV6 = /[0-9A-Fa-f:]{6,39}(?![\w:]|\.\d)/y;
const ipv6: Rule = {
  id: 'ipv6-address', kind: 'ip', class: 'personal', page: 'https://www.rfc-editor.org/rfc/rfc4291#section-2.2', caseless: true,
  // What the registries have given out, link-local and unique local.
  keywords: ['2001:', '2002:', '2003:', 'fe80:', 'fc00:', ...prefixEach('240', '0123456789abcdef').map((text) => `${text}:`), ...prefixEach('260', '0123456789abcdef').map((text) => `${text}:`), '2610:', '2620:', '2630:',
    ...prefixEach('280', '0123456').map((text) => `${text}:`), ...prefixEach('2a0', '0123456789abcdef').map((text) => `${text}:`), ...prefixEach('2a1', '01234').map((text) => `${text}:`), '2c0f:', ...prefixEach('fd', '0123456789abcdef', 2).map((text) => `${text}:`)],
  window: 64, pattern: IPV6, check: isIpv6,
  matches: ['2001:db8:85a3::8a2e:370:7334', 'fe80::1ff:fe23:4567:890a', 'from 2a01:4f8:c0c:1234::1'],
  ignores: ['2001:10:05', '2001::', 'a2001:db8::1', '2003:12:34:56', 'fd12:34'],
};

/** A value behind a word for a wallet or its currency. */
const CRYPTO_VALUE = '[13][1-9A-HJ-NP-Za-km-z]{25,34}|T[1-9A-HJ-NP-Za-km-z]{33}|[DLMX][1-9A-HJ-NP-Za-km-z]{25,34}';
const cryptoBase58: Rule = {
  id: 'crypto-address', kind: 'crypto-address', class: 'personal', page: 'https://en.bitcoin.it/wiki/Invoice_address', caseless: true,
  keywords: ['bitcoin', 'btc', 'wallet', 'address', 'tron', 'trx', 'usdt', 'doge', 'litecoin', 'dash', '钱包', '地址'], left: 'none', window: 128,
  pattern: new RegExp(`(?:bitcoin|btc|wallet|address|tron|trx|usdt|doge|litecoin|dash|钱包|地址)[^\\n]{0,40}?(?<![A-Za-z0-9_+/])(?<secret>${CRYPTO_VALUE})(?![A-Za-z0-9_+/=])`, 'iy'),
  check: base58check,
  matches: ['bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'wallet address is 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy', '钱包地址：1BoatSLRHtKNngkdXEeobR76b53LETtpyT'],
  ignores: ['bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', 'address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa1'],
};

const cryptoBech32: Rule = {
  id: 'crypto-address-bech32', kind: 'crypto-address', class: 'personal', page: 'https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki', caseless: true,
  keywords: ['bc1q', 'bc1p', 'tb1q', 'tb1p', 'ltc1q', 'addr1'], window: 128,
  pattern: /(?:bc1|tb1|ltc1|addr1)[ac-hj-np-z02-9]{25,100}(?![A-Za-z0-9_])/iy, check: bech32,
  matches: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4'],
  ignores: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', 'abc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
};

const cryptoHex: Rule = {
  id: 'crypto-address-hex', kind: 'crypto-address', class: 'personal', page: 'https://eips.ethereum.org/EIPS/eip-55', caseless: true,
  keywords: prefixEach('0x', '0123456789abcdef', 2), window: 64,
  pattern: /0x[0-9a-fA-F]{40}(?![0-9A-Za-z_])/y, check: (text) => new Set(text.slice(2)).size > 6,
  matches: ['0x52908400098527886E0F7030069857D2E4169EE7', 'eth: 0xde709f2102306220921060314715629080e2fb77'],
  ignores: ['0x52908400098527886E0F7030069857D2E4169EE', '0x0000000000000000000000000000000000000001', '0x52908400098527886E0F7030069857D2E4169EE70', 'a0x52908400098527886E0F7030069857D2E4169EE7'],
};

/** A field's value: quoted, or the rest of a line. */
const FIELD = '["\'`]?\\s{0,3}(?::|=>?|：)\\s{0,3}';
const NAME_VALUE =
  "(?:\\p{Lu}[\\p{Script=Latin}'’-]{1,24}(?: \\p{Lu}[\\p{Script=Latin}’.-]{0,24}){0,3}(?![A-Za-z0-9_(.\\[-])|[\\u4e00-\\u9fff]{2,4}(?:·[\\u4e00-\\u9fff]{1,6})?(?=[\"'`\\n\\r\\t,;|< ，。；、」】）)]|$))";
const CODE_WORDS = /^(?:String|Number|Boolean|Object|Array|Null|None|True|False|Undefined|Required|Optional|Text|Varchar|Column|Field|Name|First|Last|Full|Any|Type|Input|Label|Value|Self|This|Default|Unknown|Test|Example|姓名|名字|必填|字符串)\b/;

const personName: Rule = {
  id: 'person-name-field', kind: 'name', class: 'personal', page: 'https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill', left: 'none', window: 160,
  keywords: ['first_name', 'last_name', 'full_name', 'firstName', 'lastName', 'fullName', 'surname', 'given_name', 'family_name', 'givenName', 'familyName', 'middle_name', 'maiden', 'customer_name', 'customerName', 'patient_name', 'patientName', 'contact_name', 'cardholder', 'First Name', 'Last Name', 'Full Name', 'Patient Name', '姓名', '联系人', '收货人', '收件人', '真实姓名'],
  pattern: new RegExp(`(?:first_?name|last_?name|full_?name|surname|given_?name|family_?name|middle_?name|maiden(?:_?name)?|customer_?name|patient_?name|contact_?name|cardholder(?:_?name)?|firstName|lastName|fullName|givenName|familyName|customerName|patientName|First Name|Last Name|Full Name|Patient Name|姓名|联系人|收货人|收件人|真实姓名)${FIELD}["'\`]?(?<secret>${NAME_VALUE})`, 'uy'),
  check: (value) => !CODE_WORDS.test(value),
  matches: ['{"first_name": "Margaret"}', "lastName: 'Thatcher-Jones'", '{"姓名":"张伟明"}', 'Full Name: Ada Lovelace\n', 'cardholder_name="Grace B. Hopper"'],
  ignores: ['first_name: String', 'firstName = getFirstName()', 'lastName: user.lastName', 'full_name: "{{ name }}"', 'name: "Margaret"', 'first_name VARCHAR(40)'],
};

const postalAddress: Rule = {
  id: 'postal-address-field', kind: 'address', class: 'personal', page: 'https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill', left: 'none', window: 256,
  keywords: ['street', 'Street', 'address_line', 'addressLine', 'address1', 'home_address', 'homeAddress', 'mailing_address', 'billing_address', 'shipping_address', 'residence', 'postal_address', '住址', '地址', '收货地址', '家庭住址', 'Address'],
  pattern: new RegExp(`(?:street(?:_?[aA]ddress)?|Street(?: Address)?|address_?[lL]?(?:ine)?_?1?|(?:home|mailing|billing|shipping|postal)_?[aA]ddress|residence|住址|地址|(?:Home |Mailing )?Address)${FIELD}["'\`]?(?<secret>\\d{1,6}[A-Za-z]?,? [A-Z][\\p{L}0-9 .,'#/-]{4,100}(?=["'\`\\n\\r;|<&]|$)|[A-Z][\\p{L} .'-]{3,40} \\d{1,5}[a-z]?(?:, ?[\\p{L}0-9 .-]{2,60})?(?=["'\`\\n\\r;|<&]|$)|[\\u4e00-\\u9fff]{2,12}(?:省|市|区|县|路|街|镇|村)[\\u4e00-\\u9fff0-9A-Za-z-]{0,40}?\\d{1,5}(?:号|弄|栋|室)(?:[\\u4e00-\\u9fff0-9A-Za-z-]{0,20}?(?:室|楼|层|单元))?)`, 'uy'),
  matches: ['"street": "221B Baker Street"', 'shipping_address: "1600 Amphitheatre Parkway, Mountain View, CA 94043"', '地址：北京市海淀区中关村大街27号', 'street_address="Hauptstrasse 12, 10115 Berlin"'],
  ignores: ['street: string', 'address: "0.0.0.0:8080"', 'addressLine1: props.address', '地址：https://example.cn'],
};

const birthDate: Rule = {
  id: 'birth-date-field', kind: 'birth-date', class: 'personal', page: 'https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill', caseless: true, left: 'none', window: 96,
  keywords: ['date_of_birth', 'dateofbirth', 'date of birth', 'birth_date', 'birthdate', 'birthday', 'dob', '出生日期', '生日', 'geburtsdatum'],
  pattern: /(?<![A-Za-z])(?:date[_ ]?of[_ ]?birth|birth_?date|birthday|dob|出生日期|生日|geburtsdatum)["'`]?\s{0,3}(?::|=|：|is)\s{0,3}["'`]?(?<secret>(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}|[A-Z][a-z]{2,8} \d{1,2}, (?:19|20)\d{2})(?!\d)/iy,
  matches: ['DOB: 1987-04-12', '{"date_of_birth":"12/04/1987"}', '出生日期：1987年4月12日', 'birthday: April 12, 1987'],
  ignores: ['dob: Date', 'birthday: 1987', 'release date: 1987-04-12'],
};

export const PERSONAL_RULES: readonly Rule[] = [
  email, telephone, nanpTelephone, namedTelephone, ipv4, ipv6, cryptoBase58, cryptoBech32, cryptoHex, personName, postalAddress, birthDate,
];
