/**
 * Keeps what passed buffers hold in memory small. V8 collects young buffers when 32 MB of them have been allocated,
 * however little of it is still in use; a gateway that hands on ten megabytes would take so much for it. Asking for a
 * minor collection earlier costs some tenths of a millisecond each time.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collected after so much has passed. */
const PASSED_BYTES = 6_000_000;

type Collect = (options: { readonly type: 'minor' }) => void;

/** V8's own function, which scripts are not shown unless they ask. Without one, V8 collects as it always does. */
function minorCollection(): Collect | undefined {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return typeof collect === 'function' ? (collect as Collect) : undefined;
}

const collect = minorCollection();
let passed = 0;

/** Says that so many bytes of bodies have come. */
export function buffersPassed(bytes: number): void {
  passed += bytes;
  if (passed < PASSED_BYTES) return;
  passed = 0;
  collect?.({ type: 'minor' });
}
