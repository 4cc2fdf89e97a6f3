// Every case of smuggling, in each mode and each way of writing it, against an upstream that reads strictly.
import type { TestContext } from 'node:test';
import { checkEnvelope } from '../support/envelope.ts';
import { nextResponse, type RawResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { okText, startStrictUpstream } from '../support/strict-upstream.ts';
import { until, untilAsync } from '../support/until.ts';
import { connectWire, requestText, type WireClient } from '../support/wire-client.ts';
import { eachAtOnce, type Figures } from './figures.ts';
import { SMUGGLING_CASES, type SmugglingCase } from './smuggling-cases.ts';

/** A refused connection must be closed within this. */
const CLOSE_LIMIT_MS = 3_000;
/** Longer texts are not worth their time byte by byte. */
const MAX_BYTEWISE = 2_000;
const AT_ONCE = 16;

export type Delivery = 'whole' | 'byte by byte' | 'cut at random';

export interface SmugglingPlan {
  readonly deliveries: readonly Delivery[];
  readonly rounds: number;
  random(): number;
}

interface Try {
  readonly number: number;
  readonly mode: string;
  readonly delivery: Delivery;
  readonly trial: SmugglingCase;
}

export async function runSmuggling(t: TestContext, plan: SmugglingPlan): Promise<Figures> {
  const faults: string[] = [];
  const upstream = await startStrictUpstream(t, ({ method, target }) => (method === 'HEAD' ? okText('') : okText(target)));
  const gateway = await startGateway(t, { env: { AEGIS_LOG_LEVEL: 'error' } });
  const tokens = { full: await gateway.register(upstream.url), passthrough: await gateway.register(`${upstream.url}/p`, { mode: 'passthrough' }) };
  const tries: Try[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const mode of Object.keys(tokens)) for (const delivery of plan.deliveries) for (const trial of SMUGGLING_CASES) tries.push({ number: tries.length, mode, delivery, trial });
  }

  let leaked = 0;
  await eachAtOnce(tries, AT_ONCE, async ({ number, mode, delivery, trial }) => {
    const prefix = mode === 'full' ? '' : '/p';
    const base = `/v1/__gw__/t/${mode === 'full' ? tokens.full : tokens.passthrough}`;
    const places = { target: `${base}/case-${number}`, hidden: requestText('GET', `${base}/hidden-${number}`) };
    const fault = (what: string): void => void faults.push(`${mode}, ${delivery}, ${trial.what}: ${what}`);
    const client = await connectWire(t, gateway.port);
    const text = trial.text(places);
    await deliver(client, text, delivery, plan.random);
    let answer: RawResponse | undefined;
    try {
      answer = await nextResponse(client, { bodiless: /^\s*HEAD /.test(text) });
    } catch (error) {
      fault((error as Error).message);
    }
    const seen = upstream.requests.filter(({ target }) => target === `${prefix}/case-${number}`);
    if (answer !== undefined && trial.verdict === 'refused') {
      if (answer.status < 400 || answer.status > 499) fault(`answered ${answer.status}`);
      else envelopeFault(answer, fault);
      await until('the connection to be closed', () => client.ending() !== undefined, CLOSE_LIMIT_MS).catch(() => fault('the connection was kept'));
      if (answer.after !== '') fault(`something follows: ${JSON.stringify(answer.after.slice(0, 80))}`);
      if (seen.length > 0) fault('it went upstream');
      leaked += seen.length;
    } else if (answer !== undefined && trial.verdict !== 'refused') {
      const [only] = seen;
      if (answer.status !== 200) fault(`answered ${answer.status} ${answer.body.toString()}`);
      if (seen.length !== 1 || only === undefined) fault(`seen ${seen.length} times upstream`);
      else if (only.body !== trial.verdict.body(places)) fault(`its body became ${JSON.stringify(only.body.slice(0, 80))}`);
    }
    const hidden = upstream.requests.filter(({ target }) => target.endsWith(`/hidden-${number}`)).length;
    if (hidden > 0) fault('the hidden request was run');
    leaked += hidden;
    client.socket.destroy();
  });

  // A request that was run late would still come.
  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);
  const strangers = upstream.requests.filter(({ target }) => !/\/case-\d+$/.test(target)).length;
  if (strangers > 0) faults.push(`${strangers} requests that no client sent`);
  if (upstream.requests.length > tries.filter(({ trial }) => trial.verdict !== 'refused').length) faults.push(`${upstream.requests.length} requests upstream, more than were to be taken`);
  faults.push(...upstream.faults.map((text) => `upstream: ${text}`));
  if (gateway.log().includes('"level":"error"')) faults.push(`the log has errors: ${gateway.log().slice(0, 500)}`);
  return { part: 'requests that smuggle', tried: tries.length, lost: 0, leaked, faults, notes: [`${SMUGGLING_CASES.length} cases`] };
}

function envelopeFault(answer: RawResponse, fault: (what: string) => void): void {
  try {
    checkEnvelope(JSON.parse(answer.body.toString()), (JSON.parse(answer.body.toString()) as { error: { code: string } }).error.code);
  } catch (error) {
    fault(`no envelope: ${(error as Error).message}`);
  }
}

/** Writes a text in pieces, each in a turn of its own. Stops where the other side has closed. */
export async function deliver(client: WireClient, text: string, delivery: Delivery, random: () => number): Promise<void> {
  const bytes = Buffer.from(text, 'latin1');
  if (delivery === 'whole' || (delivery === 'byte by byte' && bytes.length > MAX_BYTEWISE)) {
    client.write(bytes);
    return;
  }
  client.socket.setNoDelay(true);
  for (let at = 0; at < bytes.length && client.ending() === undefined; ) {
    const size = delivery === 'byte by byte' ? 1 : 1 + Math.floor(random() * Math.max(200, bytes.length / 50));
    client.write(bytes.subarray(at, at + size));
    at += size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
