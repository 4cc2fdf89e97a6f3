/** What an exchange is told of that ended in its middle. */
import { GatewayError } from '../errors.ts';
import { errorCode } from '../http/upstream-error.ts';

/** zlib's own codes, and brotli's and zstd's. */
const GARBLED = /^(?:Z|ERR|ZSTD)_/;

/**
 * The error of a stream between the two sides, as the client is to be told it.
 * @param answered it was the answer's, not the request's.
 */
export function filterError(error: Error, answered: boolean): Error {
  if (!GARBLED.test(errorCode(error) ?? '')) return error;
  return answered
    ? new GatewayError('upstream_unreachable', 'The upstream\'s answer is not what its Content-Encoding says.')
    : new GatewayError('invalid_parameters', 'The body is not what its Content-Encoding says.', 'Content-Encoding');
}

export function brokenOff(): GatewayError {
  return new GatewayError('upstream_unreachable', 'The upstream broke off in the middle of its answer.');
}
