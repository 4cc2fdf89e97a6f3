/** Refuses a body that grows beyond a bound. Counts what passes; holds nothing. */
import { GatewayError } from '../errors.ts';
import type { Filter } from './filter.ts';

export function bodyTooLarge(maxBytes: number): GatewayError {
  return new GatewayError('request_body_too_large', `The request's body is larger than ${maxBytes} bytes (AEGIS_MAX_REQUEST_BODY_BYTES).`);
}

/** @param maxBytes largest size that passes; above it `push` throws `request_body_too_large`. */
export function createSizeLimit(maxBytes: number): Filter {
  let bytes = 0;
  return {
    push(chunk, emit) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw bodyTooLarge(maxBytes);
      emit(chunk);
    },
    end() {},
  };
}
