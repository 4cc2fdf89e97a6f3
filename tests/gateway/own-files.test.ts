// What the gateway writes is its owner's alone, whatever umask it was started with.
import assert from 'node:assert/strict';
import { chownSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProcess } from '../support/compiled-process.ts';
import { SECRETS } from '../support/redaction.ts';
import { startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

test('files are for their owner only and folders too, whatever the umask', { skip: process.platform === 'win32' ? 'modes of POSIX' : false }, async (t) => {
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    res.end('{}');
  });
  for (const umask of ['000', '027', '777']) {
    const folder = mkdtempSync(join(tmpdir(), 'aegis-files-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    // Root may use what its umask forbids.
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    const audit = join(folder, 'logs', 'deep', 'audit.jsonl');
    const gateway = await startProcess(
      t,
      { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: join(folder, 'config', 'deep', 'gw_tokens.json'), AEGIS_AUDIT_LOG_PATH: audit, AEGIS_LOG_LEVEL: 'warn' },
      { before: `umask ${umask}`, ...(isRoot ? { uid: NOBODY } : {}) },
    );
    for (const base of [upstream.url, `${upstream.url}/again`]) {
      const { status, body } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
      assert.equal(status, 200, JSON.stringify(body));
      const url = `${await gateway.url()}/v1/__gw__/t/${String(body['token'])}/x`;
      await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: `token ${SECRETS.github}` }) })).text();
    }
    await until('the audit log', () => existsSync(audit) && readFileSync(audit, 'utf8').split('\n').length > 2);
    const made = (at: string): string[] =>
      readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
        const path = join(at, entry.name);
        const mode = (lstatSync(path).mode & 0o7777).toString(8);
        return [`${path.slice(folder.length + 1)} ${mode}`, ...(entry.isDirectory() ? made(path) : [])];
      });
    assert.deepEqual(made(folder).sort(), [
      'config 700', 'config/deep 700', 'config/deep/gw_tokens.json 600', 'config/deep/placeholder.key 600',
      'logs 700', 'logs/deep 700', 'logs/deep/audit.jsonl 600',
    ], `umask ${umask}`);
    assert.equal(gateway.stderr(), '');
    gateway.child.kill('SIGKILL');
  }
});
