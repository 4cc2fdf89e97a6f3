/**
 * The stream of exchanges (Server-Sent Events, https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * The browser's own reconnecting gives up on an answer that is not 200 and does not say when it tries again; so a broken
 * stream is closed here and opened anew after a pause, from where it ended.
 */
import { exchangeOf, missedOf, type Exchange } from './records.ts';

const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];

export type FeedState = 'connecting' | 'live' | 'lost';

export interface FeedEvents {
  onExchange(exchange: Exchange): void;
  /** So many exchanges were not sent, since they came faster than the page took them. */
  onGap(missed: number): void;
  onState(state: FeedState): void;
  /**
   * Asked before each new attempt. False ends the feed, e.g. since a login is needed; `anew` starts without the place where
   * the last stream ended, which another process does not know. May reject: then it is tried again later.
   */
  mayRetry(): Promise<'resume' | 'anew' | false>;
}

export interface Feed {
  close(): void;
}

export function openFeed(urlOf: (after: string) => string, events: FeedEvents): Feed {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = '';
  let attempts = 0;
  let closed = false;

  function open(): void {
    events.onState(attempts === 0 ? 'connecting' : 'lost');
    const stream = new EventSource(urlOf(lastId));
    source = stream;
    stream.addEventListener('open', () => {
      attempts = 0;
      events.onState('live');
    });
    stream.addEventListener('exchange', (event) => {
      if (event.lastEventId !== '') lastId = event.lastEventId;
      const exchange = exchangeOf(String(event.data));
      if (exchange !== undefined) events.onExchange(exchange);
    });
    stream.addEventListener('gap', (event) => events.onGap(missedOf(String(event.data))));
    stream.addEventListener('error', () => {
      stream.close();
      if (source === stream) retryLater();
    });
  }

  function retryLater(): void {
    if (closed) return;
    const pauseMs = PAUSES_MS[Math.min(attempts, PAUSES_MS.length - 1)] ?? 0;
    attempts += 1;
    events.onState('lost');
    timer = setTimeout(() => void retry(), pauseMs);
  }

  async function retry(): Promise<void> {
    try {
      const how = await events.mayRetry();
      if (closed || how === false) return;
      if (how === 'anew') lastId = '';
      open();
    } catch {
      retryLater();
    }
  }

  open();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
