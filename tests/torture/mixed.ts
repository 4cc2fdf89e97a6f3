// Honest and hostile clients at once, on the same upstream connections: each honest one gets its own answer, whole, and
// no upstream request is anything but one that an honest client sent, or the whole of what a hostile one may send.
import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { nextResponse, parseResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { okText, startStrictUpstream } from '../support/strict-upstream.ts';
import { untilAsync } from '../support/until.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';
import { eachAtOnce, type Figures } from './figures.ts';
import { deliver, type Delivery } from './smuggling.ts';
import { SMUGGLING_CASES } from './smuggling-cases.ts';

const AT_ONCE = 32;
const DELIVERIES: readonly Delivery[] = ['whole', 'cut at random'];
const MAX_PIPELINED = 5;
const LARGE_CHARS = 300_000;

export interface MixedPlan {
  readonly clients: number;
  random(): number;
}

const digest = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 16);

export async function runMixed(t: TestContext, { clients, random }: MixedPlan): Promise<Figures> {
  const faults: string[] = [];
  const below = (end: number): number => Math.floor(random() * end);
  const upstream = await startStrictUpstream(t, ({ method, target, body }) => {
    const told = `${target} ${digest(body)}`;
    return method === 'HEAD' ? okText('') : below(4) === 0 ? chunked(told) : okText(told);
  });
  const gateway = await startGateway(t, { env: { AEGIS_LOG_LEVEL: 'error', AEGIS_REQUEST_HOLD_BYTES: '100000' } });
  const bases: string[] = [];
  for (const path of ['/a', '/b', '/c__passthrough']) bases.push(`/v1/__gw__/t/${await gateway.register(`${upstream.url}${path.slice(0, 2)}`)}${path.slice(2)}`);

  const counts = { honest: 0, hostile: 0, abandoned: 0, lost: 0 };
  /** What may come upstream at most: target to digest of the body. */
  const may = new Map<string, string>();

  async function honest(client: WireClient, base: number, name: string): Promise<void> {
    const sent: string[] = [];
    let text = '';
    for (let i = 1 + below(MAX_PIPELINED); i > 0; i--) {
      const marker = `${name}-${i}`;
      const body = below(3) === 0 ? '' : `${marker} ${'x'.repeat(below(10) === 0 ? LARGE_CHARS : below(500))}`;
      const target = `/${'abc'[base] ?? ''}/${marker}`;
      may.set(target, digest(body));
      sent.push(`${target} ${digest(body)}`);
      const path = `${bases[base] ?? ''}/${marker}`;
      if (body !== '' && below(2) === 0) text += `${requestText('POST', path, ['Transfer-Encoding: chunked'])}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      else text += requestText(body === '' ? 'GET' : 'POST', path, [], body);
    }
    await deliver(client, text, text.length > LARGE_CHARS ? 'whole' : (DELIVERIES[below(2)] ?? 'whole'), random);
    let from = 0;
    for (const expected of sent) {
      counts.honest++;
      const answer = await nextResponse(client, { from });
      from = client.received().length - answer.after.length;
      if (answer.status === 200 && answer.body.toString() === expected) continue;
      counts.lost++;
      faults.push(`${name}: expected ${expected}, got ${answer.status} ${answer.body.toString().slice(0, 200)}`);
    }
    if (client.received().length !== from) faults.push(`${name}: more came than was asked for`);
  }

  async function hostile(client: WireClient, base: number, name: string): Promise<void> {
    counts.hostile++;
    const trial = SMUGGLING_CASES[below(SMUGGLING_CASES.length)];
    if (trial === undefined) return;
    const places = { target: `${bases[base] ?? ''}/${name}`, hidden: requestText('GET', `${bases[base] ?? ''}/hidden-${name}`) };
    if (trial.verdict !== 'refused') may.set(`/${'abc'[base] ?? ''}/${name}`, digest(trial.verdict.body(places)));
    const text = trial.text(places);
    await deliver(client, text, 'whole', random);
    await nextResponse(client, { bodiless: /^\s*HEAD /.test(text) });
  }

  /** Leaves in the middle of a request or of its answer. */
  async function abandons(client: WireClient, base: number, name: string): Promise<void> {
    counts.abandoned++;
    const body = `${name} ${'y'.repeat(below(2_000))}`;
    may.set(`/${'abc'[base] ?? ''}/${name}`, digest(body));
    const text = requestText('POST', `${bases[base] ?? ''}/${name}`, [], body);
    client.write(text.slice(0, below(2) === 0 ? below(text.length) : text.length));
    await new Promise((resolve) => setTimeout(resolve, below(4)));
    const early = parseResponse(client.received());
    if (early !== undefined && early.status === 200 && !early.body.toString().includes(name)) faults.push(`${name}: got ${early.body.toString().slice(0, 200)}`);
    if (below(2) === 0) client.socket.resetAndDestroy();
  }

  await eachAtOnce(Array.from({ length: clients }, (_, i) => i), AT_ONCE, async (i) => {
    const client = await connectWire(t, gateway.port);
    const kind = below(4);
    const act = kind < 2 ? honest : kind === 2 ? hostile : abandons;
    try {
      await act(client, below(3), `client-${i}`);
    } catch (error) {
      if (act === honest) counts.lost++;
      faults.push(`client-${i}, ${act.name}: ${(error as Error).message}`);
    }
    client.socket.destroy();
  });
  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);

  let leaked = 0;
  const seen = new Set<string>();
  for (const { target, body } of upstream.requests) {
    if (may.get(target) === digest(body) && !seen.has(target)) {
      seen.add(target);
      continue;
    }
    leaked++;
    faults.push(`upstream saw ${target} with ${JSON.stringify(body.slice(0, 80))}`);
  }
  faults.push(...upstream.faults.map((text) => `upstream: ${text}`));
  const notes = [`${counts.honest} honest requests, ${counts.hostile} hostile, ${counts.abandoned} abandoned; ${upstream.requests.length} upstream`];
  return { part: 'honest and hostile clients at once', tried: clients, lost: counts.lost, leaked, faults, notes };
}

function chunked(text: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}
