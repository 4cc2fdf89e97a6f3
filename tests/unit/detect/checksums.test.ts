import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as checksums from '../../../src/detect/checksums.ts';

/** Numbers from the issuers' own documentation, and the same with a digit changed. */
const CASES: readonly [string, (text: string) => boolean, readonly string[], readonly string[]][] = [
  ['an IBAN', checksums.isIban, ['DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32', 'FR1420041010050500013M02606', 'NO9386011117947'], ['DE89370400440532013001', 'DE8937040044053201300', 'ZZ89370400440532013000', 'DE98370400440532013000']],
  ['a Verhoeff number', checksums.verhoeff, ['2363', '758722', '1428570'], ['2364', '758272', '23a3', '']],
  ['a Chinese resident id', checksums.isChineseResidentId, ['11010519491231002X', '11010519491231002x'], ['110105194912310021', '11010519491331002X', '99010519491231002X', '11010519491231002']],
  ['an ABA routing number', checksums.isAbaRouting, ['021000021', '011401533'], ['021000022', '991000021', '000000000', '02100002']],
  ['a US social security number', checksums.isUsSsn, ['536-90-4399', '536904399'], ['000-12-3456', '666-12-3456', '900-12-3456', '123-00-4567', '123-45-0000', '111-11-1111', '123-45-6789']],
  ['a German tax id', checksums.isGermanTaxId, ['86095742719', '47036892816', '65929970489'], ['86095742718', '12345678901', '06095742719']],
  ['a Spanish id', checksums.isSpanishId, ['12345678Z', 'X1234567L', '12.345.678-Z'], ['12345678A', 'W1234567L', '1234567Z']],
  ['a CPF', checksums.isCpf, ['529.982.247-25', '52998224725'], ['529.982.247-26', '111.111.111-11', '5299822472']],
  ['a CNPJ', checksums.isCnpj, ['11.222.333/0001-81', '11222333000181'], ['11.222.333/0001-82', '00000000000000']],
  ['a UK NINO', checksums.isUkNino, ['AB123456C', 'ab 12 34 56 c'], ['BG123456C', 'QQ123456C', 'AB123456E', 'AB12345C']],
  ['a PESEL', checksums.isPesel, ['44051401359', '02070803628'], ['44051401358', '44131401359']],
  ['a French NIR', checksums.isFrenchNir, ['255081416802538'], ['255081416802539', '355081416802538']],
  ['a codice fiscale', checksums.isCodiceFiscale, ['RSSMRA85T10A562S'], ['RSSMRA85T10A562T', 'RSSMRA85Z10A562S']],
  ['a base58check text', checksums.base58check, ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'], ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', '1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a', '1A1z']],
  ['a bech32 text', checksums.bech32, ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'], ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', 'Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'bc1', 'pzry9x8gf']],
];

for (const [name, check, right, wrong] of CASES) {
  describe(name, () => {
    for (const text of right) it(`is ${text}`, () => assert.equal(check(text), true));
    for (const text of wrong) it(`is not ${text}`, () => assert.equal(check(text), false));
  });
}
