// Limits under load: one token's flood and another's requests, floods of tokens that nobody has, connections beyond the
// limit, and refusals that do not wait for what they refuse.
import type { TestContext } from 'node:test';
import { checkEnvelope } from '../support/envelope.ts';
import { nextResponse, valueOf, type RawResponse } from '../support/exchange.ts';
import { metric } from '../support/metrics.ts';
import { startProcess, type GatewayProcess } from '../support/process.ts';
import { until, untilAsync } from '../support/until.ts';
import { startUpstream } from '../support/upstream.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';
import { connectAsker, type Asker } from './asker.ts';
import { eachAtOnce, type Figures } from './figures.ts';

const PER_TOKEN = 16;
const ANSWER_AFTER_MS = 20;
const UNKNOWN = 'Ab3k9Qx7Ab3k9Qx7Ab3k9Qx7';

export interface FloodPlan {
  /** Connections that flood. */
  readonly flooders: number;
  /** Requests of the one who must not starve. */
  readonly honest: number;
  /** Connections beyond the limit. */
  readonly surplus: number;
}

type Fault = (what: string) => void;

function wholeRefusal(answer: RawResponse, status: number, code: string, fault: Fault): void {
  try {
    if (answer.status !== status) throw new Error(`answered ${answer.status}`);
    checkEnvelope(JSON.parse(answer.body.toString()), code);
    if ((status === 429 || status === 503) && !/^[1-9]\d*$/.test(valueOf(answer.rawHeaders, 'retry-after') ?? '')) throw new Error('no retry-after');
  } catch (error) {
    fault((error as Error).message);
  }
}

/** Sends the same request over and over on one connection until told to stop; counts the answers by status. */
async function flood(client: Asker, request: string, stopped: () => boolean, counts: Map<number, number>, fault: Fault): Promise<void> {
  while (!stopped()) {
    const answer = await client.ask(request);
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
    if (answer.status === 429) wholeRefusal(answer, 429, 'too_many_requests', fault);
    else if (answer.status === 404) wholeRefusal(answer, 404, 'token_not_found', fault);
    else if (answer.status !== 200) fault(`the flood was answered ${answer.status}`);
  }
}

async function askInTurn(t: TestContext, gateway: GatewayProcess, token: string, count: number, fault: Fault): Promise<{ lost: number; times: number[] }> {
  const client = await connectAsker(t, gateway.port);
  const times: number[] = [];
  let lost = 0;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const answer = await client.ask(requestText('POST', `/v1/__gw__/t/${token}/honest-${i}`, ['Content-Type: application/json'], '{"a":1}'));
    times.push(performance.now() - began);
    if (answer.status === 200 && answer.body.toString() === `/b/honest-${i}`) continue;
    lost++;
    fault(`the honest request ${i} was answered ${answer.status} ${answer.body.toString().slice(0, 100)}`);
  }
  client.close();
  return { lost, times: times.sort((a, b) => a - b) };
}

const quantile = (sorted: readonly number[], part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0);

/** One token's flood must not starve another, and a flood of unknown tokens must starve nobody. */
export async function runFlood(t: TestContext, { flooders, honest }: FloodPlan): Promise<Figures> {
  const faults: string[] = [];
  const fault: Fault = (what) => {
    if (faults.length < 20) faults.push(what);
  };
  let most = 0;
  let running = 0;
  const upstream = await startUpstream(t, (req, res) => {
    req.resume();
    const flooding = req.url?.startsWith('/a') === true;
    if (flooding) most = Math.max(most, ++running);
    // From the answer on the gateway may send the next: it can't know when this side takes the exchange for over.
    setTimeout(() => {
      if (flooding) running--;
      res.end(req.url);
    }, flooding ? ANSWER_AFTER_MS : 0);
  });
  const gateway = await startProcess(t, { AEGIS_LOG_LEVEL: 'error', AEGIS_MAX_CONCURRENT_PER_TOKEN: String(PER_TOKEN) });
  const [a, b] = [await gateway.register(`${upstream.url}/a`), await gateway.register(`${upstream.url}/b`)];
  const alone = await askInTurn(t, gateway, b, honest, fault);
  const counts = new Map<number, number>();
  let stop = false;
  const clients = await Promise.all(Array.from({ length: flooders }, () => connectAsker(t, gateway.port)));
  const flooding = clients.map((client, i) => flood(client, requestText('POST', `/v1/__gw__/t/${i % 4 === 3 ? UNKNOWN : a}/x`, ['Content-Type: application/json'], '{"a":1}'), () => stop, counts, fault).catch((error: Error) => fault(error.message)));
  await until('the flood to begin', () => (counts.get(429) ?? 0) > 0, 20_000).catch((error: Error) => fault(error.message));
  const flooded = await askInTurn(t, gateway, b, honest, fault);
  stop = true;
  await Promise.all(flooding);
  for (const client of clients) client.close();
  const lost = alone.lost + flooded.lost;
  if (most > PER_TOKEN) fault(`${most} of the flood's requests were upstream at once, more than ${PER_TOKEN}`);
  const floods = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if ((counts.get(200) ?? 0) === 0) fault('nothing of the flood was served');
  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0).catch((error: Error) => fault(error.message));
  const told = [200, 429, 404].map((status) => `${counts.get(status) ?? 0} × ${status}`).join(', ');
  const notes = [
    `the flood: ${told}, at most ${most} upstream at once`,
    `the other token: p50 ${quantile(alone.times, 0.5)} ms, p99 ${quantile(alone.times, 0.99)} ms alone; p50 ${quantile(flooded.times, 0.5)} ms, p99 ${quantile(flooded.times, 0.99)} ms in the flood`,
  ];
  return { part: `${flooders} connections that flood one token`, tried: floods + 2 * honest, lost, leaked: await metric(gateway, 'aegis_exchanges_open'), faults, notes };
}

/** Connections beyond AEGIS_MAX_CONNECTIONS are told so; those within it are served all the while. */
export async function runConnections(t: TestContext, { surplus }: FloodPlan): Promise<Figures> {
  const LIMIT = 40;
  const faults: string[] = [];
  const fault: Fault = (what) => {
    if (faults.length < 20) faults.push(what);
  };
  const gateway = await startProcess(t, { AEGIS_LOG_LEVEL: 'error', AEGIS_MAX_CONNECTIONS: String(LIMIT) });
  const within: WireClient[] = [];
  for (let i = 0; i < LIMIT; i++) within.push(await connectWire(t, gateway.port));
  const served = async (client: WireClient): Promise<boolean> => {
    const from = client.received().length;
    client.write(requestText('GET', '/health'));
    return (await nextResponse(client, { from })).status === 200;
  };
  let lost = 0;
  const check = async (): Promise<void> => {
    for (const client of within) {
      if (await served(client).catch(() => false)) continue;
      lost++;
      fault('a connection within the limit was not served');
    }
  };
  await check();
  let refused = 0;
  await eachAtOnce(Array.from({ length: surplus }, (_, i) => i), 50, async (i) => {
    const client = await connectWire(t, gateway.port);
    // One in three stays silent: it takes nobody's place.
    if (i % 3 === 2) return;
    client.write(requestText('GET', '/health'));
    const answer = await nextResponse(client);
    wholeRefusal(answer, 503, 'gateway_busy', fault);
    await until('the connection to be closed', () => client.ending() !== undefined, 5_000).catch((error: Error) => fault(error.message));
    refused++;
  });
  await check();
  for (const client of within.splice(0, 10)) client.socket.destroy();
  // Their places are free, for those who come now.
  await untilAsync('a place', async () => {
    const client = await connectWire(t, gateway.port);
    if (!(await served(client).catch(() => false))) return false;
    within.push(client);
    return true;
  });
  await check();
  return { part: `${surplus} connections beyond the limit`, tried: surplus + LIMIT, lost, leaked: 0, faults, notes: [`${refused} told 503`] };
}

/** 413 and 429 come without waiting for a body that would be refused, and with bounded reading where no length is told. */
export async function runRefusals(t: TestContext, { surplus }: FloodPlan): Promise<Figures> {
  const faults: string[] = [];
  const fault: Fault = (what) => {
    if (faults.length < 20) faults.push(what);
  };
  let seen = 0;
  const upstream = await startUpstream(t, (req, res) => {
    req.on('data', (chunk: Buffer) => (seen += chunk.length));
    req.on('error', () => {});
    if (req.url === '/hang') return;
    req.on('end', () => res.end('ok'));
  });
  const limit = 2_000_000;
  const gateway = await startProcess(t, { AEGIS_LOG_LEVEL: 'error', AEGIS_MAX_REQUEST_BODY_BYTES: String(limit), AEGIS_MAX_CONCURRENT_PER_TOKEN: '1' });
  const [token, full] = [await gateway.register(upstream.url), await gateway.register(`${upstream.url}/hang`)];
  const busy = await connectWire(t, gateway.port);
  busy.write(requestText('POST', `/v1/__gw__/t/${full}`, [], 'x'));
  await untilAsync('the token to be busy', async () => (await metric(gateway, 'aegis_exchanges_open')) === 1);
  await eachAtOnce(Array.from({ length: surplus }, (_, i) => i), 20, async (i) => {
    const client = await connectWire(t, gateway.port);
    const mode = i % 2 === 0 ? '' : '__passthrough';
    if (i % 3 === 0) {
      // A length that says too much: no byte of the body is waited for.
      client.write(requestText('POST', `/v1/__gw__/t/${token}${mode}/x`, [`Content-Length: ${limit + 1 + i}`]));
      wholeRefusal(await nextResponse(client), 413, 'request_body_too_large', fault);
    } else if (i % 3 === 1) {
      client.write(requestText('POST', `/v1/__gw__/t/${full}${mode}/x`, ['Content-Length: 1000000']));
      wholeRefusal(await nextResponse(client), 429, 'too_many_requests', fault);
    } else {
      client.write(requestText('POST', `/v1/__gw__/t/${full}${mode}/x`, ['Expect: 100-continue', 'Content-Length: 1000000']));
      const answer = await nextResponse(client);
      wholeRefusal(answer, 429, 'too_many_requests', fault);
      if (answer.interim.length > 0) fault('leave to send was given first');
    }
    client.socket.destroy();
  });
  // Chunks without end: told once the limit is passed, and what has gone upstream is no whole request.
  for (const mode of ['', '__passthrough']) {
    seen = 0;
    const client = await connectWire(t, gateway.port);
    client.write(requestText('POST', `/v1/__gw__/t/${token}${mode}/endless`, ['Transfer-Encoding: chunked']));
    const chunk = `10000\r\n${'z'.repeat(65_536)}\r\n`;
    let sent = 0;
    const more = setInterval(() => {
      if (client.ending() !== undefined || client.socket.writableLength > 1_000_000) return;
      sent += 65_536;
      client.write(chunk);
    }, 1);
    const answer = await nextResponse(client).catch((error: Error) => fault(error.message));
    clearInterval(more);
    if (answer !== undefined) wholeRefusal(answer, 413, 'request_body_too_large', fault);
    if (seen > limit) fault(`${seen} bytes of an endless body went upstream`);
    if (sent > 3 * limit + 10_000_000) fault(`${sent} bytes were taken before the refusal`);
    client.socket.destroy();
  }
  busy.socket.destroy();
  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0).catch((error: Error) => fault(error.message));
  return { part: 'refusals that do not wait', tried: surplus + 2, lost: 0, leaked: await metric(gateway, 'aegis_exchanges_open'), faults };
}
