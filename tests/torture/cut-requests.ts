// Clients that leave after every single byte of a request, or fall silent there: nothing that was not sent whole may be
// a whole request to the upstream, and nothing may be left over.
import type { TestContext } from 'node:test';
import { parseResponse } from '../support/exchange.ts';
import { startGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { okText, startStrictUpstream } from '../support/strict-upstream.ts';
import { until, untilAsync } from '../support/until.ts';
import { connectWire, requestText } from '../support/wire-client.ts';
import { eachAtOnce, type Figures } from './figures.ts';

const AT_ONCE = 50;
const IDLE_LIMIT_MS = 300;

const ENDINGS = ['ends its side', 'resets', 'falls silent'] as const;

export interface CutRequestPlan {
  /** Every `step`th byte; 1 for all. */
  readonly step: number;
}

const REQUESTS: Readonly<Record<string, (target: string) => string>> = {
  'a stated length': (target) => requestText('POST', target, ['Content-Type: text/plain'], 'hello, upstream'),
  chunks: (target) => `${requestText('POST', target, ['Content-Type: text/plain', 'Transfer-Encoding: chunked', 'Trailer: x'])}5\r\nhello\r\nb;e=x\r\n, upstream!\r\n0\r\nx: y\r\n\r\n`,
  'no body': (target) => requestText('GET', target),
};

export async function runCutRequests(t: TestContext, { step }: CutRequestPlan): Promise<Figures> {
  const faults: string[] = [];
  const upstream = await startStrictUpstream(t, ({ target }) => okText(target));
  // No hold in the passthrough token's case anyway; a small one, so that the filtered ones stream too.
  const gateway = await startGateway(t, { env: { AEGIS_LOG_LEVEL: 'error', AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: String(IDLE_LIMIT_MS), AEGIS_REQUEST_HOLD_BYTES: '4' } });
  const token = await gateway.register(upstream.url);
  const tries: { name: string; mode: string; ending: (typeof ENDINGS)[number]; cut: number; text: string; headBytes: number }[] = [];
  for (const name of Object.keys(REQUESTS)) {
    for (const mode of ['', '__passthrough']) {
      for (const ending of ENDINGS) {
        const target = (cut: number): string => `/v1/__gw__/t/${token}${mode}/${name.replaceAll(' ', '-')}${mode}-${ending.replaceAll(' ', '-')}-${cut}`;
        const length = REQUESTS[name]?.(target(0)).length ?? 0;
        for (let cut = 1; cut < length; cut += step) {
          const text = REQUESTS[name]?.(target(cut)) ?? '';
          const headBytes = text.indexOf('\r\n\r\n') + 4;
          // Half a head is waited for longer than a test of every byte can wait.
          if (ending !== 'falls silent' || cut >= headBytes) tries.push({ name, mode, ending, cut, text, headBytes });
        }
      }
    }
  }
  await eachAtOnce(tries, AT_ONCE, async ({ name, mode, ending, cut, text }) => {
    const client = await connectWire(t, gateway.port);
    client.write(text.slice(0, cut));
    if (ending === 'ends its side') client.socket.end();
    else if (ending === 'resets') setTimeout(() => client.socket.resetAndDestroy(), 1);
    const what = `${name}${mode}, ${ending} after ${cut} of ${text.length}`;
    await until('an end', () => client.ending() !== undefined || parseResponse(client.received()) !== undefined).catch((error: Error) => faults.push(`${what}: ${error.message}`));
    const answer = parseResponse(client.received());
    // 400 for half a head that ends, 408 for a body that stopped arriving.
    if (answer !== undefined && (answer.status < 400 || answer.status > 499)) faults.push(`${what}: answered ${answer.status}`);
    if (ending === 'falls silent' && answer?.status !== 408) faults.push(`${what}: answered ${String(answer?.status)}`);
    client.socket.destroy();
  });
  await untilAsync('every exchange to be over', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);
  const leaked = upstream.requests.length;
  for (const { target } of upstream.requests) faults.push(`upstream saw ${target} as a whole request`);
  faults.push(...upstream.faults.map((text) => `upstream: ${text}`));
  if (gateway.log().includes('"level":"error"')) faults.push(`the log has errors: ${gateway.log().slice(0, 500)}`);
  return { part: `requests cut after every ${step === 1 ? '' : `${step}th `}byte`, tried: tries.length, lost: 0, leaked, faults };
}
