// The Kubernetes settings of docs/scaling.md, without a cluster: the gateway takes them, answers the probes, and follows
// a token table that is replaced as the kubelet replaces it.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { documentBlock } from '../support/balancer.ts';
import { startProcess } from '../support/compiled-process.ts';
import { untilAsync } from '../support/until.ts';

const YAML = documentBlock('yaml');

function settings(): Record<string, string> {
  const env = Object.fromEntries([...YAML.matchAll(/\{name: (AEGIS_\w+), value: "([^"]*)"\}/g)].map(([, name = '', value = '']) => [name, value]));
  env['AEGIS_GATEWAY_KEY'] = /^ {2}gateway-key: "([^"]+)"$/m.exec(YAML)?.[1] ?? '';
  return env;
}

/** Mounts a ConfigMap or Secret as the kubelet does: the file is a link through `..data`, which is replaced at once. */
function mount(folder: string, file: string, text: string, version: number): void {
  const held = `..version_${version}`;
  mkdirSync(join(folder, held), { recursive: true });
  writeFileSync(join(folder, held, file), text);
  chmodSync(join(folder, held, file), 0o440);
  symlinkSync(held, join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  if (version === 1) symlinkSync(join('..data', file), join(folder, file));
}

test('the gateway takes the settings, with both files read-only, and answers the probes', { skip: process.platform === 'win32' ? 'Windows makes no links without rights' : false }, async (t) => {
  const env = settings();
  const config = readConfig(env);
  assert.equal(config.host, '0.0.0.0');
  const grace = Number(/terminationGracePeriodSeconds: (\d+)/.exec(YAML)?.[1]);
  const pause = Number(/"sleep", "(\d+)"/.exec(YAML)?.[1]);
  assert.ok(grace * 1000 > config.shutdownGraceMs + pause * 1000, 'the kubelet waits longer than the gateway takes');
  for (const [variable, name] of [['AEGIS_GW_TOKENS_PATH', 'gw_tokens.json'], ['AEGIS_PLACEHOLDER_KEY', 'placeholder.key']] as const) {
    assert.ok(new RegExp(`^ {2}${name.replace('.', '\\.')}: `, 'm').test(YAML), `${name} is in a ConfigMap or Secret`);
    const folder = String(env[variable]).replace(/\/[^/]+$/, '');
    assert.ok(YAML.includes(`mountPath: ${folder}, readOnly: true`), `${folder} is mounted`);
  }

  const folder = mkdtempSync(join(tmpdir(), 'aegis-pod-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const table = /gw_tokens\.json: \|\n +(\{.*\})\n/.exec(YAML)?.[1] ?? '';
  const key = /placeholder\.key: "([0-9a-f]{64})"/.exec(YAML)?.[1] ?? '';
  mount(join(folder, 'tokens'), 'gw_tokens.json', table, 1);
  mount(join(folder, 'keys'), 'placeholder.key', key, 1);
  const gateway = await startProcess(t, {
    ...env,
    AEGIS_HOST: '127.0.0.1', AEGIS_PORT: '0',
    AEGIS_GW_TOKENS_PATH: join(folder, 'tokens', 'gw_tokens.json'),
    AEGIS_PLACEHOLDER_KEY: join(folder, 'keys', 'placeholder.key'),
    AEGIS_AUDIT_LOG_PATH: join(folder, 'audit', 'audit.jsonl'),
  }, folder);
  const url = await gateway.url();
  const probes = [...YAML.matchAll(/httpGet: \{path: (\S+), port: (\d+)\}/g)];
  assert.deepEqual(probes.map(([, path]) => path), ['/health', '/ready', '/health']);
  for (const [, path, port] of probes) {
    assert.equal(port, String(config.port));
    // The kubelet names the pod's address and port as the Host, and says who it is.
    assert.equal((await fetch(`${url}${path}`, { headers: { 'user-agent': 'kube-probe/1.34' } })).status, 200);
  }

  const status = async (token: string): Promise<number> => (await fetch(`${url}/v1/__gw__/t/${token}`)).status;
  assert.equal(await status('Ab3k9Qx7'), 200);
  mount(join(folder, 'tokens'), 'gw_tokens.json', table.replace('Ab3k9Qx7', 'Cd5m1Rz8'), 2);
  await untilAsync('the new table to be in force', async () => (await status('Cd5m1Rz8')) === 200 && (await status('Ab3k9Qx7')) === 404);
  assert.doesNotMatch(gateway.stderr(), /"level":"(?:warn|error)"/);
});
