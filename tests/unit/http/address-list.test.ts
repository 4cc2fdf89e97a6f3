import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isLoopback, parseAddressList, plainAddress } from '../../../src/http/address-list.ts';

describe('a list has', () => {
  const cases: readonly (readonly [string, string | undefined, boolean])[] = [
    ['', '127.0.0.1', false],
    [' , ,', '127.0.0.1', false],
    ['10.0.0.5', '10.0.0.5', true],
    ['10.0.0.5', '10.0.0.6', false],
    ['10.0.0.5', '::ffff:10.0.0.5', true],
    ['::ffff:10.0.0.5', '10.0.0.5', true],
    [' 10.0.0.0/8 , fd00::/8', '10.255.0.1', true],
    ['10.0.0.0/8,fd00::/8', 'fdff::1', true],
    ['10.0.0.0/8,fd00::/8', 'fe00::1', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['[::1]', '::1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['10.0.0.5', undefined, false],
    ['0.0.0.0/0,::/0', undefined, false],
    ['0.0.0.0/0,::/0', '', false],
    ['0.0.0.0/0,::/0', 'unknown', false],
    ['0.0.0.0/0,::/0', '1.2.3', false],
    ['0.0.0.0/0,::/0', '1.2.3.4, 5.6.7.8', false],
    ['127.0.0.0/8', '127.0.0.1.evil.example', false],
  ];
  for (const [list, address, expected] of cases) {
    test(`${list || 'nothing'} ${expected ? 'has' : 'lacks'} ${String(address)}`, () => {
      assert.equal(parseAddressList(list).has(address), expected);
    });
  }
});

test('what is no address is refused with the words of what is allowed', () => {
  for (const text of ['x', '10.0.0', '10.0.0.0/33', '::1/129', '10.0.0.0/-1', '10.0.0.0/8x', '10.0.0.0/', '/8', '10.0.0.1;10.0.0.2', 'localhost', '0x7f.1', '010.0.0.1']) {
    assert.throws(() => parseAddressList(text), /CIDR/, text);
  }
});

test('emptiness is told', () => {
  assert.ok(parseAddressList(' ,').empty);
  assert.ok(!parseAddressList('::1').empty);
});

test('the plain form of an address', () => {
  assert.equal(plainAddress('::FFFF:1.2.3.4'), '1.2.3.4');
  assert.equal(plainAddress('fe80::1%eth0'), 'fe80::1');
  assert.equal(plainAddress('1.2.3.4'), '1.2.3.4');
});

test('loopback is an address, not whatever begins like one', () => {
  for (const address of ['127.0.0.1', '127.255.255.255', '::1', '::ffff:127.0.0.1']) assert.ok(isLoopback(address), address);
  for (const address of ['127.0.0.1.evil.example', '127.evil', '127.', '128.0.0.1', '::2', '', undefined, 'localhost', '10.127.0.1', '127.0.0.1, 8.8.8.8']) assert.ok(!isLoopback(address), String(address));
});
