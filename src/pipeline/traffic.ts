/** What has come of one exchange's bodies: how much each way, and since when nothing. */
import type { Taken } from './filter-transform.ts';

export class Traffic {
  requestBytes = 0;
  responseBytes = 0;
  /** Something has moved since it was asked last. A byte costs a note and not a look at the clock. */
  #moved = true;
  #idleSince = 0;

  readonly up: Taken = (bytes) => {
    this.requestBytes += bytes;
    this.#moved = true;
  };

  readonly down: Taken = (bytes) => {
    this.responseBytes += bytes;
    this.#moved = true;
  };

  /** Something came that is no part of a body: the head of an answer. */
  moved(): void {
    this.#moved = true;
  }

  /** For how long nothing has moved, in milliseconds, counted from the first asking that found nothing. */
  idleMs(now: number): number {
    if (this.#moved) {
      this.#moved = false;
      this.#idleSince = now;
    }
    return now - this.#idleSince;
  }
}
