/** Check digits and checksums of numbers and addresses that people and money go by. Pure. */
import { createHash } from 'node:crypto';
function digitAt(text, index) {
    return text.charCodeAt(index) - 48;
}
function allDigits(text) {
    return /^[0-9]+$/.test(text);
}
/** The remainder of a number of any length; letters count as two digits, A = 10 (ISO/IEC 7064, ISO 13616-1). */
function remainder97(text) {
    let rest = 0;
    for (let i = 0; i < text.length; i += 1) {
        const code = text.charCodeAt(i);
        if (code >= 48 && code <= 57)
            rest = (rest * 10 + code - 48) % 97;
        else if (code >= 65 && code <= 90)
            rest = (rest * 100 + code - 55) % 97;
        else
            return -1;
    }
    return rest;
}
/** Lengths of IBANs by country, from the IBAN registry (https://www.swift.com/standards/data-standards/iban-international-bank-account-number). */
export const IBAN_LENGTHS = {
    AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21, CR: 22,
    CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GB: 22,
    GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HN: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30,
    KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20,
    MR: 27, MT: 31, MU: 30, NI: 28, NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22,
    RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26,
    UA: 29, VA: 22, VG: 24, XK: 20, YE: 30,
};
/** Whether an IBAN, spaces allowed, has its country's length and the right check digits (ISO 13616-1). */
export function isIban(text) {
    const bare = text.replace(/[ -]/g, '');
    return IBAN_LENGTHS[bare.slice(0, 2)] === bare.length && remainder97(bare.slice(4) + bare.slice(0, 4)) === 1;
}
const VERHOEFF_TIMES = [
    '0123456789', '1234067895', '2340178956', '3401289567', '4012395678', '5987604321', '6598710432', '7659821043', '8765932104', '9876543210',
];
const VERHOEFF_SHIFT = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258'];
/** Verhoeff's check (Error Detecting Decimal Codes, 1969) over digits, the last of which is the check digit. */
export function verhoeff(digits) {
    if (!allDigits(digits))
        return false;
    let check = 0;
    for (let i = 0; i < digits.length; i += 1) {
        const shifted = digitAt(VERHOEFF_SHIFT[i % 8] ?? '', digitAt(digits, digits.length - 1 - i));
        check = digitAt(VERHOEFF_TIMES[check] ?? '', shifted);
    }
    return check === 0;
}
function weighted(text, weights) {
    let sum = 0;
    for (let i = 0; i < weights.length; i += 1)
        sum += digitAt(text, i) * (weights[i] ?? 0);
    return sum;
}
function isDate(year, month, day) {
    const date = new Date(Date.UTC(year, month - 1, day));
    return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** Chinese resident identity number of 18 characters: province, date of birth and check digit (GB 11643-1999). */
export function isChineseResidentId(text) {
    if (!/^[1-9][0-9]{16}[0-9Xx]$/.test(text))
        return false;
    const province = Number(text.slice(0, 2));
    const provinces = (province >= 11 && province <= 15) || (province >= 21 && province <= 23) || (province >= 31 && province <= 37)
        || (province >= 41 && province <= 46) || (province >= 50 && province <= 54) || (province >= 61 && province <= 65) || (province >= 81 && province <= 83) || province === 71;
    const year = Number(text.slice(6, 10));
    if (!provinces || year < 1900 || year > 2099 || !isDate(year, Number(text.slice(10, 12)), Number(text.slice(12, 14))))
        return false;
    return '10X98765432'.charAt(weighted(text, RESIDENT_WEIGHTS) % 11) === text.charAt(17).toUpperCase();
}
/** Routing number of the American Bankers Association: nine digits, weights 3 7 1, known ranges of the first two. */
export function isAbaRouting(text) {
    if (!/^[0-9]{9}$/.test(text))
        return false;
    const first = Number(text.slice(0, 2));
    const ranges = first <= 12 || (first >= 21 && first <= 32) || (first >= 61 && first <= 72) || first === 80;
    return ranges && text !== '000000000' && weighted(text, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}
/** US social security number: areas, groups and serials that are never issued are left out (20 CFR 422.103, SSA). */
export function isUsSsn(text) {
    const bare = text.replace(/[ -]/g, '');
    if (!/^[0-9]{9}$/.test(bare))
        return false;
    const area = bare.slice(0, 3);
    if (area === '000' || area === '666' || area >= '900' || bare.slice(3, 5) === '00' || bare.slice(5) === '0000')
        return false;
    return !/^(\d)\1{8}$/.test(bare) && bare !== '123456789' && bare !== '078051120' && bare !== '219099999';
}
/** German tax identification number (§ 139b AO): ISO/IEC 7064 mod 11,10, and one digit twice or thrice among the first ten. */
export function isGermanTaxId(text) {
    const bare = text.replace(/[ /]/g, '');
    if (!/^[1-9][0-9]{10}$/.test(bare))
        return false;
    const counts = new Map();
    for (const digit of bare.slice(0, 10))
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
    const repeated = [...counts.values()].filter((count) => count > 1);
    if (repeated.length !== 1 || (repeated[0] ?? 0) > 3)
        return false;
    let product = 10;
    for (let i = 0; i < 10; i += 1) {
        const sum = (digitAt(bare, i) + product) % 10 || 10;
        product = (sum * 2) % 11;
    }
    return (11 - product) % 10 === digitAt(bare, 10);
}
/** Spanish DNI or NIE: the letter is the number's remainder by 23 (Real Decreto 1553/2005, article 11). */
export function isSpanishId(text) {
    const bare = text.replace(/[-. ]/g, '').toUpperCase();
    const match = /^([XYZ]?)([0-9]{7,8})([A-Z])$/.exec(bare);
    if (match === null || bare.length !== 9)
        return false;
    const prefix = match[1] ?? '';
    const number = Number((prefix === '' ? '' : String('XYZ'.indexOf(prefix))) + (match[2] ?? ''));
    return 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(number % 23) === match[3];
}
function brazilianDigit(text, length, top) {
    let sum = 0;
    let weight = top;
    for (let i = 0; i < length; i += 1) {
        sum += digitAt(text, i) * weight;
        weight = weight === 2 ? 9 : weight - 1;
    }
    const rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
}
/** Brazilian CPF: eleven digits, two check digits (Receita Federal, IN RFB 2172/2024). */
export function isCpf(text) {
    const bare = text.replace(/[.-]/g, '');
    if (!/^[0-9]{11}$/.test(bare) || /^(\d)\1{10}$/.test(bare))
        return false;
    const check = (length) => {
        let sum = 0;
        for (let i = 0; i < length; i += 1)
            sum += digitAt(bare, i) * (length + 1 - i);
        return ((sum * 10) % 11) % 10;
    };
    return check(9) === digitAt(bare, 9) && check(10) === digitAt(bare, 10);
}
/** Brazilian CNPJ of digits: fourteen, two check digits (Receita Federal, IN RFB 2119/2022). */
export function isCnpj(text) {
    const bare = text.replace(/[./-]/g, '');
    if (!/^[0-9]{14}$/.test(bare) || /^(\d)\1{13}$/.test(bare))
        return false;
    return brazilianDigit(bare, 12, 5) === digitAt(bare, 12) && brazilianDigit(bare, 13, 6) === digitAt(bare, 13);
}
/** UK National Insurance number: prefixes that are never used are left out (HMRC manual NIM39110). */
export function isUkNino(text) {
    const bare = text.replace(/ /g, '').toUpperCase();
    return /^[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][0-9]{6}[A-D]$/.test(bare) && !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(bare);
}
/** Polish PESEL: date of birth with the century in the month, check digit (ustawa o ewidencji ludności, article 15). */
export function isPesel(text) {
    if (!/^[0-9]{11}$/.test(text))
        return false;
    const month = Number(text.slice(2, 4));
    const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)] ?? 1900;
    if (!isDate(century + Number(text.slice(0, 2)), month % 20, Number(text.slice(4, 6))))
        return false;
    return (10 - (weighted(text, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digitAt(text, 10);
}
/** French social security number (NIR) of fifteen digits with its key, 97 less the remainder (INSEE). */
export function isFrenchNir(text) {
    const bare = text.replace(/[ .]/g, '').toUpperCase();
    if (!/^[12][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{8}$/.test(bare))
        return false;
    const number = bare.slice(0, 13).replace('2A', '19').replace('2B', '18');
    return 97 - Number(BigInt(number) % 97n) === Number(bare.slice(13));
}
/** Italian codice fiscale: the last letter checks the fifteen before it (DM 23 dicembre 1976). */
export function isCodiceFiscale(text) {
    const bare = text.toUpperCase();
    if (!/^[A-Z]{6}[0-9L-NP-V]{2}[ABCDEHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]$/.test(bare))
        return false;
    const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let sum = 0;
    for (let i = 0; i < 15; i += 1) {
        const code = bare.charCodeAt(i);
        const value = code <= 57 ? code - 48 : code - 65;
        sum += i % 2 === 0 ? (odd[value] ?? 0) : value;
    }
    return sum % 26 === bare.charCodeAt(15) - 65;
}
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The bytes of a base58 text, or undefined. */
function base58Bytes(text) {
    let number = 0n;
    for (const character of text) {
        const value = BASE58.indexOf(character);
        if (value < 0)
            return undefined;
        number = number * 58n + BigInt(value);
    }
    const hex = number.toString(16);
    const body = number === 0n ? Buffer.alloc(0) : Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex');
    return Buffer.concat([Buffer.alloc(/^1*/.exec(text)?.[0].length ?? 0), body]);
}
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
/** Base58Check: four bytes of a double SHA-256 end the text (https://en.bitcoin.it/wiki/Base58Check_encoding). */
export function base58check(text) {
    const bytes = base58Bytes(text);
    if (bytes === undefined || bytes.length < 21)
        return false;
    return sha256(sha256(bytes.subarray(0, -4))).subarray(0, 4).equals(bytes.subarray(-4));
}
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32M = 0x2bc830a3;
/** Bech32 or Bech32m, in one case throughout (BIP 173, BIP 350). */
export function bech32(text) {
    const low = text.toLowerCase();
    if (text !== low && text !== text.toUpperCase())
        return false;
    const split = low.lastIndexOf('1');
    if (split < 1 || low.length - split < 7)
        return false;
    const values = [];
    for (let i = 0; i < split; i += 1)
        values.push(low.charCodeAt(i) >> 5);
    values.push(0);
    for (let i = 0; i < split; i += 1)
        values.push(low.charCodeAt(i) & 31);
    for (let i = split + 1; i < low.length; i += 1) {
        const value = BECH32.indexOf(low.charAt(i));
        if (value < 0)
            return false;
        values.push(value);
    }
    let check = 1;
    for (const value of values) {
        const top = check >>> 25;
        check = ((check & 0x1ffffff) << 5) ^ value;
        for (let i = 0; i < 5; i += 1)
            if (((top >> i) & 1) === 1)
                check ^= BECH32_GENERATOR[i] ?? 0;
    }
    return check === 1 || check === BECH32M;
}
