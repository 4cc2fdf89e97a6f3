/** What went wrong with an upstream, in words for the client and a code for the log. */
import { GatewayError } from '../errors.ts';
import { ProxyRefusedError } from './upstream.ts';

/** OpenSSL's and Node's codes for a certificate that was not accepted. */
const CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/;

/**
 * Maps a connection's error to the one that the client is told.
 * @param host the upstream's host, for the message.
 */
export function upstreamError(error: unknown, host: string): GatewayError {
  const code = errorCode(error);
  const unreachable = (what: string): GatewayError => new GatewayError('upstream_unreachable', `The upstream ${host} can't be reached: ${what}`);
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return unreachable('DNS knows no such name. Check the upstream_base that was registered.');
    case 'EAI_AGAIN':
    case 'ESERVFAIL':
    case 'ETIMEOUT':
      return unreachable('DNS did not answer. Check this machine\'s network.');
    case 'ECONNREFUSED':
      return unreachable('the connection was refused. Is it running, and is the port right?');
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return unreachable('it closed the connection before it answered.');
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return unreachable('there is no route to it.');
    case 'EMFILE':
    case 'ENFILE':
      return new GatewayError('gateway_busy', `The upstream ${host} can't be reached now: the gateway has no file descriptor left. Raise its limit (ulimit -n).`);
    case 'EADDRDENIED':
      return unreachable('its name leads to a link-local, metadata or unspecified address or to this gateway itself, which are never connected to.');
    case 'EPROXYREFUSED':
      return unreachable(`the proxy refused the tunnel with status ${error instanceof ProxyRefusedError ? error.status : 0}. Check AEGIS_UPSTREAM_PROXY or HTTPS_PROXY.`);
    case 'ECONNECTTIMEOUT':
    case 'ETIMEDOUT':
      return new GatewayError('upstream_timeout', `The upstream ${host} did not take the connection in time (AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS).`);
    case undefined:
      return unreachable('the connection failed.');
    default:
  }
  if (isCertificateFault(code)) {
    return unreachable(`its TLS certificate was not accepted (${code}). For a private CA set NODE_EXTRA_CA_CERTS.`);
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') {
    return unreachable(`TLS failed (${code}). Does it speak https on this port?`);
  }
  if (code.startsWith('HPE_')) return unreachable(`what it answered is not valid HTTP (${code}).`);
  return unreachable(`the connection failed (${code}).`);
}

/** Whether a connection's error code says that the certificate was not accepted. */
export function isCertificateFault(code: string): boolean {
  return CERTIFICATE.test(code);
}

/** An error's code, where it is one of the system's or a library's own words; never free text. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(error.code) ? error.code : undefined;
}
