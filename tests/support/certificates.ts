// Certificates made on the spot, so that none lies in the repository and none expires there.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** For NODE_EXTRA_CA_CERTS. */
  readonly certPath: string;
}

/** Why TLS tests can't run here, or false. */
export const noOpenssl: string | false = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'openssl is not installed';
  }
})();

/** A self-signed certificate for the given names, e.g. `DNS:upstream.test` or `IP:127.0.0.1`. */
export function selfSigned(t: TestContext, ...names: string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-cert-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const keyPath = join(folder, 'key.pem');
  const certPath = join(folder, 'cert.pem');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=aegis test', '-addext', `subjectAltName=${names.join(',')}`, '-keyout', keyPath, '-out', certPath],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(keyPath), cert: readFileSync(certPath), certPath };
}
