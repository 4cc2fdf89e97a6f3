import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVault, VAULT_DEFAULTS, type Remembered, type VaultOptions } from '../../../src/redaction/vault.ts';

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

/** Vaults that tell each other, as those of several processes do. */
function telling(count: number, options: Partial<VaultOptions> = {}): { vaults: ReturnType<typeof createVault>[]; told: Remembered[]; clock: { now: number } } {
  const clock = { now: 1_000_000 };
  const told: Remembered[] = [];
  const vaults = Array.from({ length: count }, (_, own) =>
    createVault({
      ...VAULT_DEFAULTS, ...options, now: () => clock.now,
      tell(one) {
        told.push(one);
        vaults.forEach((vault, i) => i !== own && vault.learn(one));
      },
    }),
  );
  return { vaults, told, clock };
}

test('what one vault remembers the others look for and put back, and it is told once', () => {
  const { vaults: [a, b], told } = telling(2);
  a?.memory('token').remember('id1', 'value-one-1', 'k', true);
  a?.memory('token').remember('id2', 'value-two-2', 'k', false);
  for (let turn = 0; turn < 10; turn++) a?.memory('token').remember('id1', 'value-one-1', 'k', true);
  b?.memory('token').remember('id1', 'value-one-1', 'k', true);
  assert.deepEqual(told.map(({ id }) => id), ['id1', 'id2']);
  assert.equal(b?.memory('token').lookup('id1'), 'value-one-1');
  assert.equal(b?.memory('token').lookup('id2'), 'value-two-2');
  assert.equal(b?.memory('token').known.size, 1);
  assert.equal(b?.memory('other').lookup('id1'), undefined);
});

test('what one vault goes on using expires in none', () => {
  const { vaults: [a, b], told, clock } = telling(2, { ttlMs: 600_000 });
  a?.memory('token').remember('id1', 'value-one-1', 'k', true);
  a?.memory('token').remember('id2', 'value-two-2', 'k', true);
  for (let minute = 0; minute < 30; minute++) {
    clock.now += 61_000;
    a?.memory('token').lookup('id1');
  }
  assert.equal(b?.memory('token').lookup('id1'), 'value-one-1');
  assert.equal(b?.memory('token').lookup('id2'), undefined, 'what nobody used is forgotten by all');
  assert.ok(told.length <= 32, 'and it is told once a minute at most');
});

test('what is learnt is bounded as what is remembered', () => {
  const { vaults: [a, b] } = telling(2, { maxEntriesPerToken: 3 });
  for (let i = 0; i < 10; i++) a?.memory('token').remember(`id${i}`, `value-number-${i}`, 'k', true);
  assert.deepEqual([...(b?.all() ?? [])].map(({ id }) => id), ['id7', 'id8', 'id9']);
  assert.equal(b?.memory('token').known.size, 3);
});

test('a vault that only keeps for others hands on all it has, with what was used last at the end', () => {
  const { vaults: [a] } = telling(1);
  const kept = createVault({ ...VAULT_DEFAULTS, searched: false });
  for (const token of ['a', 'b']) for (const n of [1, 2]) kept.learn({ token, id: `id${n}`, value: `value-${token}-${n}`, kind: 'k', exact: n === 1 });
  assert.equal(kept.memory('a').known.size, 0);
  for (const one of kept.all()) a?.learn(one);
  assert.deepEqual([...(a?.all() ?? [])].map(({ value, exact }) => `${value} ${exact}`), ['value-b-1 true', 'value-b-2 false', 'value-a-1 true', 'value-a-2 false']);
  assert.equal(a?.memory('a').lookup('id2'), 'value-a-2');
});

test('a token that was forgotten is told of no more by exchanges that still have its memory', () => {
  const { vaults: [a], told } = telling(1);
  const memory = a?.memory('token');
  a?.forget('token');
  memory?.remember('id1', 'value-one-1', 'k', true);
  assert.deepEqual(told, []);
});

test('a token that is registered again right after it was forgotten has a memory that counts', () => {
  const { vault } = vaultAt();
  const before = vault.memory('a');
  vault.forget('a');
  const after = vault.memory('a');
  assert.notEqual(after, before);
  after.remember('id1', 'value-one-1', 'k', true);
  assert.deepEqual([...vault.all()].map(({ id }) => id), ['id1']);
});

test('while one token alone is in use, what others remember is let go within a second of its end', () => {
  const { vault, clock } = vaultAt({ ttlMs: 10_000 });
  const idle = vault.memory('idle');
  idle.remember('id1', 'value-one-1', 'k', true);
  vault.memory('busy');
  for (clock.now = 100; clock.now <= 11_000; clock.now += 100) vault.memory('busy');
  assert.ok(idle.empty);
});
