import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startProcess, type GatewayProcess } from '../support/compiled-process.ts';
import { seededRandom } from '../support/random.ts';
import { within } from '../support/until.ts';

/** Whole gateways take long to start; token-file-kills.test.ts kills many more. */
const KILLS = 16;
/** A killed process is to be caught at any point of a registration, which takes a few milliseconds. */
const LONGEST_LIFE_MS = 60;

function folderOf(t: TestContext): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-processes-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, path: join(folder, 'gw_tokens.json') };
}

function tokensOf(path: string): Map<string, string> {
  const { tokens } = JSON.parse(readFileSync(path, 'utf8')) as { tokens: Record<string, { upstream_base: string }> };
  return new Map(Object.entries(tokens).map(([token, { upstream_base: base }]) => [token, base]));
}

async function register(gateway: GatewayProcess, base: string): Promise<string> {
  const { status, body } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
  assert.equal(status, 200, JSON.stringify(body));
  return String(body['token']);
}

test('two processes that register fifty upstreams each at once lose nothing', async (t) => {
  const { folder, path } = folderOf(t);
  const env = { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: path, AEGIS_LOG_LEVEL: 'warn' };
  const gateways = await Promise.all([startProcess(t, env), startProcess(t, env)]);
  const answered = new Map<string, string>();
  await Promise.all(
    gateways.flatMap((gateway, g) =>
      Array.from({ length: 50 }, async (_, i) => {
        const base = `http://127.0.0.1:9/${g}/${i}`;
        answered.set(await register(gateway, base), base);
      }),
    ),
  );
  assert.equal(answered.size, 100);
  assert.deepEqual(new Map([...tokensOf(path)].sort()), new Map([...answered].sort()));
  // Each knows the other's at once.
  for (const gateway of gateways) for (const token of answered.keys()) assert.equal((await fetch(`${await gateway.url()}/v1/__gw__/t/${token}`)).status, 200);
  assert.deepEqual(readdirSync(folder), ['gw_tokens.json', 'placeholder.key']);
  for (const gateway of gateways) assert.equal(gateway.stderr(), '');
});

test('two processes that register the same upstream at once give it one token', async (t) => {
  const { path } = folderOf(t);
  const env = { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: path, AEGIS_LOG_LEVEL: 'warn' };
  const gateways = await Promise.all([startProcess(t, env), startProcess(t, env)]);
  for (let i = 0; i < 10; i++) {
    const tokens = await Promise.all(gateways.map((gateway) => register(gateway, `http://127.0.0.1:9/${i}`)));
    assert.equal(tokens[0], tokens[1]);
  }
  assert.equal(tokensOf(path).size, 10);
});

test('what was answered survives kill -9 at any moment, and the next process is never blocked', async (t) => {
  const { random, seed } = seededRandom();
  t.diagnostic(`SEED=${seed}`);
  const { folder, path } = folderOf(t);
  const env = { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: path, AEGIS_LOG_LEVEL: 'warn' };
  const answered = new Map<string, string>();
  // One that lives through it all and keeps writing beside those that die.
  const survivor = await startProcess(t, env);
  answered.set(await register(survivor, 'http://127.0.0.1:9/first'), 'http://127.0.0.1:9/first');
  let over = false;
  t.after(() => {
    over = true;
  });
  const surviving = (async () => {
    for (let i = 0; !over; i++) {
      const base = `http://127.0.0.1:9/survivor/${i}`;
      answered.set(await register(survivor, base), base);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  })();

  const prepared: Promise<GatewayProcess>[] = [startProcess(t, env)];
  for (let round = 0; round < KILLS; round++) {
    const victim = await (prepared.pop() as Promise<GatewayProcess>);
    await victim.url();
    // The next one starts meanwhile.
    if (round + 1 < KILLS) prepared.push(startProcess(t, env));
    const calls = Array.from({ length: 3 }, async (_, lane) => {
      for (let i = 0; ; i++) {
        const base = `http://127.0.0.1:9/${round}/${lane}/${i}`;
        // The connection breaks when the process dies: that registration was not answered.
        const token = await register(victim, base).catch((error: unknown) => {
          if (error instanceof assert.AssertionError) throw error;
          return undefined;
        });
        if (token === undefined) return;
        answered.set(token, base);
      }
    });
    await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_LIFE_MS));
    victim.child.kill('SIGKILL');
    assert.deepEqual(await victim.ended(), { code: null, signal: 'SIGKILL' });
    await within('the calls to the killed process', Promise.all(calls));
    // Whole at every moment: it is read as it stands, without a lock.
    tokensOf(path);
  }
  over = true;
  await within('the surviving process to write on', surviving);

  const last = await startProcess(t, env);
  await register(last, 'http://127.0.0.1:9/last');
  const inFile = tokensOf(path);
  for (const [token, base] of answered) assert.equal(inFile.get(token), base);
  t.diagnostic(`${answered.size} answered registrations, ${inFile.size} in the file`);
  assert.ok(answered.size > KILLS, 'there was something to lose');
  assert.equal(survivor.stderr(), '');
  // One killed before it had written a byte leaves an empty draft, which goes when it is old enough to be nobody's.
  const left = readdirSync(folder).filter((name) => !(/\.lock\.[0-9a-f]{24}$/.test(name) && statSync(join(folder, name)).size === 0));
  assert.deepEqual(left, ['gw_tokens.json', 'placeholder.key'], 'nothing else is left of those that were killed');
});
