/** What a certificate says of itself. */
import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { createGuardedLookup, type Resolve } from '../../http/address-guard.ts';
import { isCertificateFault } from '../../http/upstream-error.ts';
import type { Upstream } from '../../http/upstream-url.ts';

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** ISO dates. */
  readonly begins: string;
  readonly expires: string;
  readonly expiresAtMs: number;
}

const LOOK_LIMIT_MS = 5_000;

/** Undefined where there is none. */
export function certificateOf(socket: TLSSocket): CertificateFacts | undefined {
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate();
  const { subject, issuer, valid_from: from, valid_to: to } = certificate;
  if (subject === undefined || issuer === undefined || from === undefined || to === undefined) return undefined;
  return { subject: nameIn(subject), issuer: nameIn(issuer), begins: day(from), expires: day(to), expiresAtMs: Date.parse(to) };
}

/**
 * The certificate that was not accepted. The connection that failed is gone with it: this one is made to look at the
 * certificate, and closed; nothing is sent.
 * @param code of the failed connection; where it is not about the certificate, there is nothing to look at
 */
export function unacceptedCertificate(upstream: Upstream, code: string, resolve: Resolve | undefined): Promise<CertificateFacts | undefined> {
  if (!isCertificateFault(code)) return Promise.resolve(undefined);
  return new Promise((done) => {
    const { hostname: host, port } = upstream;
    const socket = connect({ host, port, servername: isIP(host) === 0 ? host : '', rejectUnauthorized: false, lookup: createGuardedLookup(resolve) });
    const end = (facts: CertificateFacts | undefined): void => {
      clearTimeout(late);
      socket.destroy();
      done(facts);
    };
    const late = setTimeout(() => end(undefined), LOOK_LIMIT_MS);
    socket.once('error', () => end(undefined));
    socket.once('secureConnect', () => end(certificateOf(socket)));
  });
}

function nameIn(name: PeerCertificate['subject']): string {
  const parts: unknown[] = [name.CN, name.O].flat();
  return parts.filter((part) => typeof part === 'string' && part !== '').join(', ') || 'nobody named';
}

function day(date: string): string {
  const ms = Date.parse(date);
  return Number.isNaN(ms) ? date : new Date(ms).toISOString().slice(0, 10);
}
