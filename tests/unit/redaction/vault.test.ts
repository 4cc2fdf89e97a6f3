import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVault, VAULT_DEFAULTS, type VaultOptions } from '../../../src/redaction/vault.ts';

function vaultAt(options: Partial<VaultOptions> = {}): { vault: ReturnType<typeof createVault>; clock: { now: number } } {
  const clock = { now: 0 };
  return { vault: createVault({ ...VAULT_DEFAULTS, ...options, now: () => clock.now }), clock };
}

test('each token has a memory of its own', () => {
  const { vault } = vaultAt();
  vault.memory('a').remember('id1', 'value-one-1', 'k', true);
  assert.equal(vault.memory('a').lookup('id1'), 'value-one-1');
  assert.equal(vault.memory('b').lookup('id1'), undefined);
  assert.ok(vault.memory('b').empty);
});

test('a value that may stand alone is looked for, one that may not is only put back', () => {
  const memory = vaultAt().vault.memory('a');
  memory.remember('id1', 'value-one-1', 'k', true);
  memory.remember('id2', 'value-two-2', 'k', false);
  assert.equal(memory.known.size, 1);
  assert.equal(memory.lookup('id2'), 'value-two-2');
});

test('beyond its bound the entries unused for longest go, from the search as well', () => {
  const memory = vaultAt({ maxEntriesPerToken: 2 }).vault.memory('a');
  memory.remember('id1', 'value-one-1', 'k', true);
  memory.remember('id2', 'value-two-2', 'k', true);
  assert.equal(memory.lookup('id1'), 'value-one-1');
  memory.remember('id3', 'value-three-3', 'k', true);
  assert.equal(memory.lookup('id2'), undefined);
  assert.equal(memory.lookup('id1'), 'value-one-1');
  assert.equal(memory.known.size, 2);
});

test('the characters of all values are bounded too', () => {
  const memory = vaultAt({ maxCharsPerToken: 100 }).vault.memory('a');
  for (let i = 0; i < 50; i++) memory.remember(`id${i}`, `value-${i}`.padEnd(30, 'x'), 'k', true);
  assert.ok(memory.known.size <= 3);
  assert.notEqual(memory.lookup('id49'), undefined);
});

test('an entry that was not used for its time is forgotten, one in use is not', () => {
  const { vault, clock } = vaultAt({ ttlMs: 1000 });
  const memory = vault.memory('a');
  memory.remember('id1', 'value-one-1', 'k', true);
  memory.remember('id2', 'value-two-2', 'k', true);
  clock.now = 900;
  assert.equal(memory.lookup('id1'), 'value-one-1');
  clock.now = 1500;
  assert.equal(memory.lookup('id2'), undefined);
  assert.equal(memory.lookup('id1'), 'value-one-1');
});

test('beyond so many tokens the one unused for longest is forgotten', () => {
  const { vault } = vaultAt({ maxTokens: 2 });
  vault.memory('a').remember('id1', 'value-one-1', 'k', true);
  vault.memory('b');
  vault.memory('a');
  vault.memory('c');
  assert.equal(vault.memory('a').lookup('id1'), 'value-one-1');
});

test('the characters of all tokens are bounded: the token unused for longest goes, never the one in use', () => {
  const { vault } = vaultAt({ maxChars: 100 });
  const memories = ['a', 'b', 'c'].map((token) => vault.memory(token));
  for (const memory of memories) memory.remember('id1', 'value-one-1'.padEnd(40, 'x'), 'k', true);
  assert.deepEqual(['a', 'b', 'c'].map((token) => vault.memory(token).lookup('id1') !== undefined), [false, true, true]);
  assert.equal(memories[0]?.known.size, 0, 'an exchange that still has it sees nothing either');
  vault.memory('b').remember('id2', 'y'.repeat(200), 'k', true);
  assert.equal(vault.memory('b').lookup('id2'), 'y'.repeat(200));
  assert.ok(vault.memory('c').empty);
});

test('what has expired is neither looked for nor kept, of this token or another', () => {
  const { vault, clock } = vaultAt({ ttlMs: 1000 });
  const a = vault.memory('a');
  const b = vault.memory('b');
  for (const memory of [a, b]) memory.remember('id1', 'value-one-1', 'k', true);
  clock.now = 2000;
  assert.equal(vault.memory('b').known.size, 0);
  assert.equal(a.known.size, 0);
});

test('a forgotten token forgets for exchanges that still run, too', () => {
  const { vault } = vaultAt();
  const memory = vault.memory('a');
  memory.remember('id1', 'value-one-1', 'k', true);
  vault.forget('a');
  assert.equal(memory.lookup('id1'), undefined);
  assert.ok(vault.memory('a').empty);
});
