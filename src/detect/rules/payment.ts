/** Payment cards, bank accounts and numbers that states give to people: all with a checksum, or known by their name. */
import { luhn } from '../checks.ts';
import {
  isAbaRouting, isChineseResidentId, isCnpj, isCodiceFiscale, isCpf, isFrenchNir, isGermanTaxId, isIban, isPesel, isSpanishId,
  isUkNino, isUsSsn, verhoeff,
} from '../checksums.ts';
import type { Rule, ScannedRule, Span } from '../rule.ts';
import { prefixEach } from './samples.ts';

const DIGITS = '0123456789';
const CARD_PAGE = 'https://www.iso.org/standard/70484.html';
const BACKSLASH = 0x5c;

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** Four digits each: what card numbers of the networks begin with. */
const CARD_STARTS: readonly string[] = [
  ...prefixEach('4', DIGITS, 3), // Visa
  ...['51', '52', '53', '54', '55'].flatMap((two) => prefixEach(two, DIGITS, 2)), // Mastercard
  ...Array.from({ length: 500 }, (_, i) => String(2221 + i)), // Mastercard since 2017
  ...['34', '37'].flatMap((two) => prefixEach(two, DIGITS, 2)), // American Express
  '6011', ...prefixEach('65', DIGITS, 2), ...['644', '645', '646', '647', '648', '649'].flatMap((three) => prefixEach(three, DIGITS)), // Discover
  ...prefixEach('62', DIGITS, 2), ...prefixEach('81', DIGITS, 2), // UnionPay
  ...Array.from({ length: 62 }, (_, i) => String(3528 + i)), // JCB
  ...['36', '38', '39'].flatMap((two) => prefixEach(two, DIGITS, 2)), ...['300', '301', '302', '303', '304', '305'].flatMap((three) => prefixEach(three, DIGITS)), // Diners Club
  ...['2200', '2201', '2202', '2203', '2204'], // Mir
  ...['5018', '5020', '5038', '5893', '6304', '6759', '6761', '6762', '6763'], // Maestro
  '6363', '5067', '5090', '6277', // Elo
];

const LEAST_CARD_DIGITS = 13;
const CARD = /(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}\1\d{3}|\d{4}([ -])\d{4}\2\d{4}\2\d{1,7}|\d{4}([ -])\d{6}\3\d{4,5}|\d{4}([ -])\d{3}\4\d{3}\4\d{3})(?![A-Za-z0-9_])(?![.,+/-]\d{3}|[ -](?:\d{4}|[0-9A-F]{4})(?![A-Za-z])|[+/][A-Za-z]|={1,2}(?:[^0-9A-Za-z=]|$))/y;
/** What may not stand before: the rest of a longer number, of an identifier, of base64. */
const BEFORE_NUMBER = /(?:[A-Za-z0-9_]|[0-9][.,:+/-]|(?:[0-9][0-9A-F]{3}|[A-F][0-9][0-9A-F]{2}|[A-F]{2}[0-9][0-9A-F]|[A-F]{3}[0-9])[ -]|[A-Za-z0-9][+/]|[#&]x?)$/;
const CARD_WORDS = /(?:card|credit|debit|visa|maestro|master|amex|diners|\bpan\b|\bcc\b|cc_?num|payment|卡号|银行卡|信用卡|储蓄卡|kreditkarte|carte|tarjeta|cart[aã]o)[^\n]{0,40}$/i;
/** How much of the text before a number is looked at for such a word, in characters. */
const WORDS_CHARS = 64;

/** Whether an unformatted number of this start and length is a card's, no word needed. */
function usualLength(digits: string): boolean {
  switch (digits.charAt(0)) {
    case '3': return /^3[47]/.test(digits) ? digits.length === 15 : /^35/.test(digits) && digits.length === 16;
    case '6': return digits.length === 16 || (digits.startsWith('62') && digits.length === 19);
    default: return digits.length === 16 && !/^50/.test(digits);
  }
}

/** A length that the network issues at all. */
function possibleLength(digits: string): boolean {
  const { length } = digits;
  if (digits.startsWith('4')) return length === 13 || length === 16 || length === 19;
  if (/^3[47]/.test(digits)) return length === 15;
  if (/^3[0689]/.test(digits)) return length === 14 || length === 16 || length === 19;
  if (/^(?:5[1-5]|2[2-7])/.test(digits)) return length === 16;
  return length >= 14;
}

function findCard(text: string, at: number): Span | undefined {
  const head = text.slice(Math.max(0, at - WORDS_CHARS), at);
  if (BEFORE_NUMBER.test(head)) return undefined;
  CARD.lastIndex = at;
  const match = CARD.exec(text);
  if (match === null) return undefined;
  const digits = match[0].replace(/[ -]/g, '');
  if (digits.length < LEAST_CARD_DIGITS || digits.length > 19 || !possibleLength(digits) || !luhn(digits) || new Set(digits).size < 2) return undefined;
  const grouped = digits.length < match[0].length;
  if (!grouped && !usualLength(digits) && !CARD_WORDS.test(head)) return undefined;
  return { start: at, end: at + match[0].length };
}

const paymentCard: ScannedRule = {
  id: 'payment-card', kind: 'card-number', class: 'payment', page: CARD_PAGE,
  keywords: CARD_STARTS, left: 'token', window: 64,
  pattern: CARD,
  glance(bytes, at, _length, _start, end) {
    let count = 0;
    for (let i = at; i < end && i < at + 32; i += 1) {
      const byte = bytes[i] ?? 0;
      if (isDigit(byte)) {
        count += 1;
        if (count >= LEAST_CARD_DIGITS) return true;
      } else if (byte === BACKSLASH) {
        return true;
      } else if (byte !== 0x20 && byte !== 0x2d) {
        return false;
      }
    }
    return false;
  },
  find: ({ text }, at) => findCard(text, at),
  matches: ['6222 0212 3456 7890 128', '6363 6800 0045 7017', '4111111111111111', '4111 1111 1111 1111 12/27 123', '5555 5555 5555 4444', '3782-822463-10005', 'card number 4222222222222', '2223003122003222', '6222021234567890128', '3530111333300000'],
  ignores: ['4111111111111112', '411111111111111', '14111111111111111', '4111111111111111a', 'x4111111111111111', '0.4111111111111111', '1672531200000', '4222222222222', '4111 1111 1111 1111 1111', '509A 5091 5080 5096 5098', '4111 1111 1111 1111 84AF', 'sha1 4111111111111111ab', '5555555555554444==', 'AB+4111111111111111'],
};

/** Countries whose IBANs are found without the word before them: each costs 97 keywords. */
const IBAN_COUNTRIES = [
  'AE', 'AT', 'BE', 'BG', 'CH', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GB', 'GR', 'HR', 'HU', 'IE', 'IL', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SA', 'SE', 'SI', 'SK', 'TR', 'UA',
];
/** The country and the check digits, 02 to 98. */
const IBAN_STARTS = IBAN_COUNTRIES.flatMap((country) => Array.from({ length: 97 }, (_, i) => country + String(i + 2).padStart(2, '0')));
const IBAN_FORM = '[A-Z]{2}\\d{2}(?:[A-Z0-9]{11,29}|(?:[ -][A-Z0-9]{4}){2,7}(?:[ -][A-Z0-9]{1,3})?)(?![A-Za-z0-9_])';

const iban: Rule = {
  id: 'iban', kind: 'iban', class: 'payment', page: 'https://www.swift.com/standards/data-standards/iban-international-bank-account-number',
  keywords: IBAN_STARTS, window: 64,
  pattern: new RegExp(IBAN_FORM, 'y'),
  check: isIban,
  matches: ['DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32', 'IBAN: FR14 2004 1010 0505 0001 3M02 606', 'HR1210010051863000160', 'UA213223130000026007233566001'],
  ignores: ['DE89370400440532013001', 'DE8937040044053201300', 'XDE89370400440532013000', 'DE89370400440532013000a'],
};

const namedIban: Rule = {
  ...iban, id: 'iban-named', keywords: ['IBAN', 'iban', 'Iban', '账户', '账号', '收款', 'bank account', 'Bank account', 'transfer to ', 'pay to '], left: 'none', window: 96,
  pattern: new RegExp(`(?:I[Bb][Aa][Nn]|iban|账户|账号|收款|[Bb]ank account|transfer to|pay to)[^\\nA-Z]{0,24}(?<![A-Za-z0-9])(?<secret>${IBAN_FORM})`, 'y'),
  matches: ['IBAN: MT84MALT011000012345MTLCAST001S', '{"iban":"CY17 0020 0128 0000 0012 0052 7600"}'],
  ignores: ['IBAN: MT84MALT011000012345MTLCAST001T', 'IBAN: none'],
};

const RESIDENT = /(?<![A-Za-z0-9_.])[1-9]\d{16}[\dXx](?![A-Za-z0-9_])/y;

/** Found by the year of birth, which stands in the middle. */
const chineseResidentId: ScannedRule = {
  id: 'chinese-resident-id', kind: 'resident-id', class: 'payment', page: 'https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=080D6FBF2BB468F9007657F26D60013E',
  keywords: Array.from({ length: 91 }, (_, i) => String(1930 + i)), before: 6, window: 32,
  pattern: RESIDENT,
  glance(bytes, at, _length, start, end) {
    if (at - 6 < start || at + 12 > end) return false;
    for (let i = at - 6; i < at + 11; i += 1) if (!isDigit(bytes[i] ?? 0)) return bytes[i] === BACKSLASH;
    return true;
  },
  find({ text }, at) {
    const from = at - 6;
    if (from < 0) return undefined;
    RESIDENT.lastIndex = from;
    const match = RESIDENT.exec(text);
    return match !== null && isChineseResidentId(match[0]) ? { start: from, end: from + match[0].length } : undefined;
  },
  matches: ['11010519491231002X', '身份证号：11010519491231002X。'],
  ignores: ['110105194912310021', '11010519491331002X', '911010519491231002X', '11010519491231002X1', '0.11010519491231002X'],
};

interface Numbered {
  readonly id: string;
  readonly kind: string;
  readonly page: string;
  readonly keywords: readonly string[];
  /** Source of the name that must stand before, beginning with a keyword. */
  readonly name: string;
  readonly value: string;
  readonly check: (value: string) => boolean;
  readonly matches: readonly string[];
  readonly ignores: readonly string[];
}

/** A short name with each character that may follow it: three letters alone stand in too many words. */
const short = (...names: readonly string[]): readonly string[] => names.flatMap((name) => [':', ' ', '=', '"', "'", '_', '-', '.', '#', '：'].map((next) => name + next));

/** A number known by the name that stands before it, at most a few words away, and by its check. */
function numbered({ name, value, ...rest }: Numbered): Rule {
  return {
    ...rest, class: 'payment', caseless: true, left: 'none', window: 128,
    pattern: new RegExp(`(?<![A-Za-z])(?:${name})[^\\n0-9]{0,32}?(?<![A-Za-z0-9])(?<secret>${value})(?![A-Za-z0-9_]|[-./]\\d)`, 'iy'),
  };
}

const digitsOnly = (text: string): string => text.replace(/\D/g, '');

function weightedModulo(text: string, weights: readonly number[], modulus: number): boolean {
  const bare = digitsOnly(text);
  let sum = 0;
  for (let i = 0; i < bare.length; i += 1) sum += (bare.charCodeAt(i) - 48) * (weights[i] ?? 0);
  return bare.length === weights.length && sum % modulus === 0 && new Set(bare).size > 1;
}

function isNhsNumber(text: string): boolean {
  const bare = digitsOnly(text);
  let sum = 0;
  for (let i = 0; i < 9; i += 1) sum += (bare.charCodeAt(i) - 48) * (10 - i);
  return bare.length === 10 && (11 - (sum % 11)) % 11 === bare.charCodeAt(9) - 48;
}

/** Singapore's NRIC and FIN: a letter by the remainder of weights 2 7 6 5 4 3 2. */
function isNric(text: string): boolean {
  const id = text.toUpperCase();
  let sum = /^[TG]/.test(id) ? 4 : 0;
  [2, 7, 6, 5, 4, 3, 2].forEach((weight, i) => { sum += (id.charCodeAt(i + 1) - 48) * weight; });
  return (/^[ST]/.test(id) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK').charAt(sum % 11) === id.charAt(8);
}

const NUMBERED: readonly Rule[] = [
  numbered({
    id: 'us-ssn', kind: 'ssn', page: 'https://www.ssa.gov/employer/randomization.html', keywords: [...short('ssn'), 'social security', 'social_security', 'socialsecurity', 'social-security'],
    name: 'ssn|social[-_ ]?security', value: '\\d{3}-\\d{2}-\\d{4}|\\d{3} \\d{2} \\d{4}|\\d{9}', check: isUsSsn,
    matches: ['SSN: 536-90-4399', '{"ssn":"536904399"}', 'my social security number is 536-90-4399'], ignores: ['SSN: 000-12-3456', 'crossnode 536-90-4399', 'ssn 536-90-43991', 'SSN: 123-45-6789'],
  }),
  numbered({
    id: 'aba-routing-number', kind: 'routing-number', page: 'https://www.aba.com/about-us/routing-number', keywords: ['routing', ...short('aba', 'rtn')],
    name: 'routing|aba|rtn', value: '\\d{9}', check: isAbaRouting,
    matches: ['routing number: 021000021', 'ABA 011401533'], ignores: ['routing number: 021000022', 'routing table 1234567890', 'database 021000021'],
  }),
  numbered({
    id: 'uk-nino', kind: 'nino', page: 'https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110', keywords: ['national insurance', 'nino', 'ni number', 'ni no', 'national_insurance'],
    name: 'national[ _]insurance|nino|ni n(?:umber|o)', value: '[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]', check: isUkNino,
    matches: ['National Insurance number: AB 12 34 56 C', 'NINO=AB123456C'], ignores: ['NINO=BG123456C', 'NINO=AB123456E'],
  }),
  numbered({
    id: 'german-tax-id', kind: 'tax-id', page: 'https://www.bzst.de/DE/Privatpersonen/SteuerlicheIdentifikationsnummer/steuerlicheidentifikationsnummer_node.html',
    keywords: ['steuer', 'idnr', 'tax id', 'tax_id', 'taxid'], name: 'steuer[a-zäöüß. -]{0,30}|idnr|tax[ _]?id', value: '[1-9]\\d ?\\d{3} ?\\d{3} ?\\d{3}', check: isGermanTaxId,
    matches: ['Steuer-ID: 86 095 742 719', 'IdNr 86095742719'], ignores: ['Steuer-ID: 86095742718', 'Steuer-ID: 8609574271'],
  }),
  numbered({
    id: 'spanish-id', kind: 'dni', page: 'https://www.boe.es/buscar/act.php?id=BOE-A-2005-21163', keywords: short('dni', 'nie', 'nif'),
    name: 'dni|nie|nif', value: '(?:[XYZ]-?\\d{7}|\\d{8}|\\d{2}\\.\\d{3}\\.\\d{3})[ -]?[A-Z]', check: isSpanishId,
    matches: ['DNI: 12345678Z', 'NIE X1234567L', 'NIF 12.345.678-Z'], ignores: ['DNI: 12345678A', 'NIE W1234567L'],
  }),
  numbered({
    id: 'brazilian-cpf', kind: 'cpf', page: 'https://www.gov.br/receitafederal/pt-br/assuntos/meu-cpf', keywords: [...short('cpf'), 'cadastro de pessoa'],
    name: 'cpf|cadastro de pessoa', value: '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}|\\d{11}', check: isCpf,
    matches: ['CPF: 529.982.247-25', 'cpf=52998224725'], ignores: ['CPF: 529.982.247-26', 'cpf=11111111111'],
  }),
  numbered({
    id: 'brazilian-cnpj', kind: 'cnpj', page: 'https://www.gov.br/receitafederal/pt-br/assuntos/orientacao-tributaria/cadastros/cnpj', keywords: ['cnpj'],
    name: 'cnpj', value: '\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}|\\d{14}', check: isCnpj,
    matches: ['CNPJ 11.222.333/0001-81', 'cnpj: 11222333000181'], ignores: ['CNPJ 11.222.333/0001-82'],
  }),
  numbered({
    id: 'aadhaar', kind: 'aadhaar', page: 'https://uidai.gov.in/en/my-aadhaar/about-your-aadhaar.html', keywords: ['aadhaar', 'aadhar', 'uidai', 'आधार'],
    name: 'aadhaa?r|uidai|आधार', value: '[2-9]\\d{3}([ -]?)\\d{4}\\d?[ -]?\\d{3,4}', check: (text) => digitsOnly(text).length === 12 && verhoeff(digitsOnly(text)),
    matches: ['Aadhaar: 2345 6789 0124', 'aadhar_number=234567890124'], ignores: ['Aadhaar: 2345 6789 0125', 'Aadhaar: 1234 5678 9012'],
  }),
  numbered({
    id: 'indian-pan', kind: 'tax-id', page: 'https://www.incometax.gov.in/iec/foportal/', keywords: ['pan card', 'pan no', 'pan number', 'pan:', 'pan_'],
    name: 'pan(?: (?:card|no|number)|:|_)', value: '[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]', check: (text) => text === text.toUpperCase(),
    matches: ['PAN card: ABCPE1234F', 'PAN: AAAPL1234C'], ignores: ['PAN: ABCXE1234F', 'pan: abcpe1234f', 'PAN: ABCPE12345'],
  }),
  numbered({
    id: 'polish-pesel', kind: 'pesel', page: 'https://www.gov.pl/web/gov/czym-jest-numer-pesel', keywords: ['pesel'], name: 'pesel', value: '\\d{11}', check: isPesel,
    matches: ['PESEL: 44051401359'], ignores: ['PESEL: 44051401358'],
  }),
  numbered({
    id: 'french-nir', kind: 'nir', page: 'https://www.insee.fr/fr/metadonnees/definition/c1409', keywords: ['sécurité sociale', 'securite sociale', ...short('nir'), 'insee'],
    name: 's[ée]curit[ée] sociale|nir|insee', value: '[12] ?\\d{2} ?\\d{2} ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}', check: isFrenchNir,
    matches: ['NIR: 255081416802538', 'numéro de sécurité sociale : 2 55 08 14 168 025 38'], ignores: ['NIR: 255081416802539'],
  }),
  numbered({
    id: 'italian-fiscal-code', kind: 'fiscal-code', page: 'https://www.agenziaentrate.gov.it/portale/schede/istanze/richiesta-ts_cf', keywords: ['codice fiscale', 'cod. fisc', 'codicefiscale', 'codice_fiscale', 'c.f.'],
    name: 'codice[ _]?fiscale|cod\\. fisc|c\\.f\\.', value: '[A-Z]{6}[0-9A-Z]{2}[A-Z][0-9A-Z]{2}[A-Z][0-9A-Z]{3}[A-Z]', check: isCodiceFiscale,
    matches: ['Codice Fiscale: RSSMRA85T10A562S'], ignores: ['Codice Fiscale: RSSMRA85T10A562T'],
  }),
  numbered({
    id: 'canadian-sin', kind: 'sin', page: 'https://www.canada.ca/en/employment-social-development/services/sin.html', keywords: ['social insurance', 'sin number', 'sin:', 'sin='],
    name: 'social insurance|sin(?: number|[:=])', value: '[1-79]\\d{2}[ -]?\\d{3}[ -]?\\d{3}', check: (text) => luhn(text) && new Set(text).size > 3,
    matches: ['Social Insurance Number: 193-456-787', 'SIN: 193 456 787'], ignores: ['SIN: 193-456-788', 'sin: 046 454 2867'],
  }),
  numbered({
    id: 'nhs-number', kind: 'nhs-number', page: 'https://www.datadictionary.nhs.uk/attributes/nhs_number.html', keywords: short('nhs'), name: 'nhs', value: '\\d{3}[ -]?\\d{3}[ -]?\\d{4}', check: isNhsNumber,
    matches: ['NHS number: 943 476 5919'], ignores: ['NHS number: 943 476 5918'],
  }),
  numbered({
    id: 'australian-tfn', kind: 'tfn', page: 'https://www.ato.gov.au/individuals-and-families/tax-file-number', keywords: ['tax file', ...short('tfn')], name: 'tax file|tfn', value: '\\d{3}[ -]?\\d{3}[ -]?\\d{3}',
    check: (text) => weightedModulo(text, [1, 4, 3, 7, 5, 8, 6, 9, 10], 11), matches: ['TFN: 123 456 782'], ignores: ['TFN: 123 456 789'],
  }),
  numbered({
    id: 'dutch-bsn', kind: 'bsn', page: 'https://www.rvig.nl/burgerservicenummer', keywords: [...short('bsn'), 'burgerservicenummer'], name: 'bsn|burgerservicenummer', value: '\\d{9}',
    check: (text) => weightedModulo(text, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11), matches: ['BSN: 111222333'], ignores: ['BSN: 111222334'],
  }),
  numbered({
    id: 'singapore-nric', kind: 'nric', page: 'https://www.ica.gov.sg/', keywords: ['nric', 'fin no', 'fin:', '身份证'], name: 'nric|fin(?: no|:)', value: '[STFG]\\d{7}[A-Z]', check: isNric,
    matches: ['NRIC: S1234567D'], ignores: ['NRIC: S1234567A'],
  }),
  numbered({
    id: 'swiss-ahv', kind: 'ahv', page: 'https://www.zas.admin.ch/zas/en/home/partenaires-et-institutions-/navs13.html', keywords: ['756.', ...short('ahv', 'avs')], name: '(?=756\\.)|ahv|avs', value: '756\\.\\d{4}\\.\\d{4}\\.\\d{2}',
    check: (text) => weightedModulo(text, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1], 10), matches: ['AHV 756.9217.0769.85', '756.9217.0769.85'], ignores: ['756.9217.0769.86', '1.756.9217'],
  }),
  numbered({
    id: 'passport-number', kind: 'passport', page: 'https://www.icao.int/publications/pages/publication.aspx?docnum=9303', keywords: ['passport', '护照'], name: 'passport(?:[ _]?(?:no|num(?:ber)?))?|护照', value: '[A-Z]{1,2}\\d{7,8}|\\d{9}|[A-Z]\\d{8}',
    check: (text) => new Set(text).size > 4, matches: ['Passport number: E12345678', '护照号：G87654321'], ignores: ['passport.js 0.7.0', 'Passport: 000000000'],
  }),
];

export const PAYMENT_RULES: readonly Rule[] = [paymentCard, iban, namedIban, chineseResidentId, ...NUMBERED];
