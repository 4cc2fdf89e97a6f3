// Every hostile answer in each mode and way of writing it; behind each an honest request, which must get its own answer.
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { checkEnvelope } from '../support/envelope.ts';
import { nextResponse, parseResponse, type RawResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { until, untilAsync } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';
import { eachAtOnce, type Figures } from './figures.ts';
import { HOSTILE_ANSWERS, type HostileAnswer } from './hostile-answer-cases.ts';
import { startScriptedUpstream, type ScriptedUpstream } from './scripted-upstream.ts';
import type { Delivery } from './smuggling.ts';

const AT_ONCE = 12;
const MAX_BYTEWISE = 2_000;

export interface HostileAnswerPlan {
  readonly deliveries: readonly Delivery[];
  random(): number;
}

interface Try {
  readonly answer: HostileAnswer;
  readonly mode: 'full' | 'passthrough';
  readonly delivery: Delivery;
  readonly number: number;
}

export async function runHostileAnswers(t: TestContext, { deliveries, random }: HostileAnswerPlan): Promise<Figures> {
  const faults: string[] = [];
  const gateway = await startGateway(t, { env: { AEGIS_LOG_LEVEL: 'error' } });
  // An upstream for each lane: only there may an honest request meet what a hostile answer has left on the connection.
  const lanes: { upstream: ScriptedUpstream; token: string }[] = [];
  for (let i = 0; i < AT_ONCE; i++) {
    const upstream = await startScriptedUpstream(t);
    lanes.push({ upstream, token: await gateway.register(upstream.url) });
  }
  const tries: Try[] = [];
  for (const mode of ['full', 'passthrough'] as const) for (const delivery of deliveries) for (const answer of HOSTILE_ANSWERS) tries.push({ answer, mode, delivery, number: tries.length });
  let lost = 0;
  let leaked = 0;

  await eachAtOnce(tries, AT_ONCE, async ({ answer, mode, delivery, number }) => {
    const lane = lanes.pop();
    if (lane === undefined) throw new Error('more at once than lanes');
    const { upstream, token } = lane;
    const fault = (what: string): void => void faults.push(`${mode}, ${delivery}, ${answer.what}: ${what}`);
    const base = `/v1/__gw__/t/${token}${mode === 'full' ? '' : '__passthrough'}`;
    upstream.scripts.set(`/try-${number}`, (socket) => void play(socket, answer, delivery, random));
    const client = await connectWire(t, gateway.port);
    client.write(requestText(answer.method ?? 'GET', `${base}/try-${number}`));
    let got: RawResponse | undefined;
    await until('an end', () => {
      got = parseResponse(client.received(), answer.method === 'HEAD', false);
      return got !== undefined || client.ending() !== undefined;
    }).catch((error: Error) => fault(error.message));
    judge(answer, got, fault);
    if (got !== undefined && got.after !== '') {
      leaked++;
      fault(`something follows: ${JSON.stringify(got.after.slice(0, 80))}`);
    }

    // On the same client connection where there still is one, and more than once: connections are taken last in, first out.
    for (let i = 0; i < 3; i++) {
      const honest = client.ending() === undefined && got !== undefined ? client : await connectWire(t, gateway.port);
      const from = honest.received().length;
      honest.write(requestText('GET', `${base}/honest-${number}-${i}`));
      try {
        const next = await nextResponse(honest, { from });
        if (next.status !== 200 || next.body.toString() !== `/honest-${number}-${i}`) throw new Error(`got ${next.status} ${next.body.toString().slice(0, 160)}`);
      } catch (error) {
        lost++;
        fault(`the honest request behind it: ${(error as Error).message}`);
      }
      if (honest !== client) honest.socket.destroy();
    }
    if (upstream.asked.get(`/try-${number}`) !== 1) fault(`asked for ${String(upstream.asked.get(`/try-${number}`))} times`);
    client.socket.destroy();
    lanes.push(lane);
  });

  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);
  gateway.gateway.cut();
  const left = (): number => lanes.reduce((sum, { upstream }) => sum + upstream.sockets.size, 0);
  await until('every upstream connection to be closed', () => left() === 0).catch(() => faults.push(`${left()} upstream connections are left`));
  if (gateway.log().includes('"level":"error"')) faults.push(`the log has errors: ${gateway.log().slice(0, 500)}`);
  return { part: 'hostile answers', tried: tries.length, lost, leaked: leaked + left(), faults, notes: [`${HOSTILE_ANSWERS.length} cases, 3 honest requests behind each`] };
}

async function play(socket: Socket, { bytes, closes }: HostileAnswer, delivery: Delivery, random: () => number): Promise<void> {
  // What comes meanwhile is not to be answered in between: the connection is this answer's.
  if (closes) socket.removeAllListeners('data').resume();
  const all = Buffer.from(bytes, 'latin1');
  const whole = delivery === 'whole' || (delivery === 'byte by byte' && all.length > MAX_BYTEWISE);
  socket.setNoDelay(true);
  for (let at = 0; at < all.length && !socket.destroyed; ) {
    const size = whole ? all.length : delivery === 'byte by byte' ? 1 : 1 + Math.floor(random() * Math.max(200, all.length / 50));
    socket.write(all.subarray(at, at + size));
    at += size;
    if (!whole) await new Promise((resolve) => setImmediate(resolve));
  }
  if (closes) socket.end();
}

function judge({ verdict }: HostileAnswer, got: RawResponse | undefined, fault: (what: string) => void): void {
  if (typeof verdict === 'object') {
    if (got === undefined) fault('a good answer became a break');
    else if (got.status !== verdict.status || got.body.toString('latin1') !== verdict.body) fault(`became ${got.status} ${JSON.stringify(got.body.toString().slice(0, 200))}`);
    return;
  }
  if (got === undefined) {
    if (verdict === 'refused') fault('became a break where nothing had been sent yet');
    return;
  }
  if (got.status !== 502) {
    fault(`a made-up answer: ${got.status} ${JSON.stringify(got.body.toString('latin1').slice(0, 200))}`);
    return;
  }
  try {
    checkEnvelope(JSON.parse(got.body.toString()), 'upstream_unreachable');
  } catch (error) {
    fault((error as Error).message);
  }
}
