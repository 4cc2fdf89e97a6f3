// Connections whose head never comes to its end: they keep nobody from being served, and are told and closed in time.
import type { TestContext } from 'node:test';
import { checkEnvelope } from '../support/envelope.ts';
import { parseResponse } from '../support/exchange.ts';
import { metric } from '../support/metrics.ts';
import { startProcess } from '../support/process.ts';
import { untilAsync } from '../support/until.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';
import type { Figures } from './figures.ts';

/** A byte so often: each connection moves all the time. */
const BYTE_EVERY_MS = 2_000;
const HEAD = requestText('GET', '/health', ['X: '.padEnd(10_000, 'y')]);

export interface SlowHeadPlan {
  readonly clients: number;
  /** How long their end is waited for; 0 to look only at how others fare. The gateway's limit is a minute, kept to within half of one. */
  readonly waitMs: number;
}

export async function runSlowHeads(t: TestContext, { clients, waitMs }: SlowHeadPlan): Promise<Figures> {
  const faults: string[] = [];
  const gateway = await startProcess(t, { AEGIS_LOG_LEVEL: 'error' });
  const slow: { client: WireClient; sent: number }[] = [];
  // Some silent from the first byte, some in the request line, some in the headers.
  for (let i = 0; i < clients; i++) {
    const client = await connectWire(t, gateway.port);
    const sent = (i % 4) * 15;
    client.write(HEAD.slice(0, sent));
    slow.push({ client, sent });
  }
  const drip = setInterval(() => {
    for (const one of slow) if (one.sent > 0 && one.client.ending() === undefined) one.client.write(HEAD.slice(one.sent, ++one.sent));
  }, BYTE_EVERY_MS);
  t.after(() => clearInterval(drip));
  let lost = 0;
  for (let i = 0; i < 50; i++) {
    const answer = await fetch(`${gateway.url}/health`, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    if (answer?.status !== 200) lost++;
    await answer?.body?.cancel();
  }
  if (lost > 0) faults.push(`${lost} of 50 others were not served`);
  let leaked = 0;
  let told = 0;
  if (waitMs > 0) {
    const began = performance.now();
    await untilAsync('all slow heads to be closed', async () => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      return slow.every(({ client }) => client.ending() !== undefined);
    }, waitMs).catch((error: Error) => faults.push(error.message));
    leaked = slow.filter(({ client }) => client.ending() === undefined).length;
    for (const { client, sent } of slow) {
      const answer = parseResponse(client.received());
      if (answer === undefined) {
        if (sent > 0) faults.push('one was closed without a word');
        continue;
      }
      told++;
      if (answer.status !== 408) faults.push(`one was answered ${answer.status}`);
      else checkEnvelope(JSON.parse(answer.body.toString()), 'request_timeout');
    }
    clearInterval(drip);
    // The answer's reader is given a moment before its connection is cut.
    await untilAsync('the connections to be gone', async () => (await metric(gateway, 'aegis_client_connections')) <= 3).catch((error: Error) => faults.push(error.message));
    return { part: `${clients} heads that never end`, tried: clients, lost, leaked, faults, notes: [`${told} told 408, all closed after ${Math.round((performance.now() - began) / 1000)} s`] };
  }
  clearInterval(drip);
  return { part: `${clients} heads that never end`, tried: clients, lost, leaked, faults };
}
