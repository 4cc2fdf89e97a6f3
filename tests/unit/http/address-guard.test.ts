import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { describe, test } from 'node:test';
import { AddressDeniedError, createGuardedLookup, isDeniedAddress, isDeniedHost } from '../../../src/http/address-guard.ts';
import { parseUpstreamBase } from '../../../src/http/upstream-url.ts';
import { within } from '../../support/until.ts';

describe('an address that no upstream may have', () => {
  for (const address of [
    '169.254.169.254', '169.254.0.1', '169.254.255.255', '169.254.170.2', '0.0.0.0', '0.1.2.3', '224.0.0.1', '239.255.255.255', '255.255.255.255', '100.100.100.200', '168.63.129.16', '192.0.0.192',
    '::', '0:0:0:0:0:0:0:0', 'fe80::1', 'FE80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'ff02::1', 'fd00:ec2::254', 'fd00:0ec2:0000::254', 'fd00:ec2::23', 'fd20:ce::254',
    // IPv4 inside IPv6, in all the ways that lead there.
    '::ffff:169.254.169.254', '::FFFF:a9fe:a9fe', '0:0:0:0:0:ffff:a9fe:a9fe', '::169.254.169.254', '::a9fe:a9fe', '::ffff:0:169.254.169.254', '64:ff9b::169.254.169.254', '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1', '::ffff:0.0.0.0', '::ffff:100.100.100.200', '64:ff9b:1::a9fe:a9fe',
  ]) {
    test(address, () => {
      assert.ok(isDeniedAddress(address));
      assert.ok(isDeniedHost(address));
    });
  }
});

describe('an address that stays allowed: local models live there', () => {
  for (const address of [
    '127.0.0.1', '127.1.2.3', '10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', '100.100.100.201', '169.253.255.255', '169.255.0.0', '223.255.255.255', '8.8.8.8', '192.0.0.191',
    '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', 'fd00::1', 'fd00:ec2::255', 'fc00::1', '2001:db8::1', '2606:4700::1111', '64:ff9b::808:808', '2002:808:808::1',
  ]) {
    test(address, () => {
      assert.ok(!isDeniedAddress(address));
      assert.ok(!isDeniedHost(address));
    });
  }
});

test('names of metadata services are refused without DNS, in every spelling', () => {
  for (const name of ['metadata.google.internal', 'METADATA.google.internal', 'metadata.google.internal.', 'metadata', 'metadata.goog', 'instance-data']) assert.ok(isDeniedHost(name), name);
  for (const name of ['metadata.example.com', 'api.anthropic.com', 'localhost', '', 'x169.254.169.254', '169.254.169.254.nip.io']) assert.ok(!isDeniedHost(name), name);
});

describe('a base whose host is a denied address in disguise is seen through', () => {
  for (const base of [
    'http://0xa9fea9fe/latest', 'http://2852039166', 'http://0251.0376.0251.0376', 'http://169.254.43518', 'http://169.16689662', 'http://0', 'http://①⑥⑨.254.169.254', 'http://169.254.169.254.',
    'http://169。254。169。254', 'http://[::ffff:a9fe:a9fe]', 'http://[::FFFF:169.254.169.254]', 'http://[fe80::1]', 'http://%31%36%39.254.169.254', 'http://metadata.google.internal./x',
  ]) {
    test(base, () => {
      assert.ok(isDeniedHost(parseUpstreamBase(base).hostname));
    });
  }
});

type Answer = LookupAddress[] | NodeJS.ErrnoException;

/** A guarded lookup over a resolver that gives a fixed answer; resolves with what the callback got. */
function look(hostname: string, answer: Answer, options: { all?: boolean; family?: number } = {}): Promise<unknown[]> {
  const asked: unknown[] = [];
  const resolve = ((name: string, given: unknown, callback: (error: Error | null, addresses?: LookupAddress[]) => void) => {
    asked.push(name, given);
    process.nextTick(() => (answer instanceof Error ? callback(answer) : callback(null, answer)));
  }) as unknown as Parameters<typeof createGuardedLookup>[0];
  const lookup = createGuardedLookup(resolve);
  return within(
    'the lookup',
    new Promise((done) => {
      lookup(hostname, options, (error, address, family) => done([error instanceof Error ? (error as NodeJS.ErrnoException).code : error, address, family, asked.length]));
    }),
  );
}

const GOOD: LookupAddress = { address: '192.0.2.7', family: 4 };
const LOCAL6: LookupAddress = { address: '::1', family: 6 };
const BAD: LookupAddress = { address: '169.254.169.254', family: 4 };
const BAD6: LookupAddress = { address: '::ffff:169.254.169.254', family: 6 };

test('the lookup hands on only addresses that may be connected to', async () => {
  assert.deepEqual(await look('h', [BAD, GOOD, BAD6]), [null, GOOD.address, 4, 2]);
  assert.deepEqual(await look('h', [BAD, GOOD, BAD6, LOCAL6], { all: true }), [null, [GOOD, LOCAL6], undefined, 2]);
});

test('the lookup fails where no address is left', async () => {
  assert.deepEqual((await look('h', [BAD, BAD6]))[0], 'EADDRDENIED');
  assert.deepEqual((await look('h', [BAD], { all: true }))[0], 'EADDRDENIED');
  assert.deepEqual((await look('h', []))[0], 'EADDRDENIED');
});

test('the lookup asks nobody about a name that is refused by itself', async () => {
  assert.deepEqual(await look('metadata.google.internal', [GOOD]), ['EADDRDENIED', [], undefined, 0]);
});

test('the resolver\'s own error is handed on', async () => {
  assert.equal((await look('h', Object.assign(new Error('x'), { code: 'ENOTFOUND' })))[0], 'ENOTFOUND');
});

test('the error of a refusal names no address', () => {
  assert.ok(!/\d/.test(new AddressDeniedError().message));
});
