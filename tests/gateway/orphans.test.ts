// A thousand clients that hang up at random moments leave nothing behind: no upstream request, socket or timer.
import assert from 'node:assert/strict';
import { request, Agent } from 'node:http';
import { test } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { metric } from '../support/metrics.ts';
import { seededRandom } from '../support/random.ts';
import { until, untilAsync } from '../support/until.ts';
import { startUpstream } from '../support/upstream.ts';

const CLIENTS = 1000;
const AT_ONCE = 50;

test('a thousand clients that hang up at random leave no upstream exchange, timer or socket', async (t) => {
  const { random, seed } = seededRandom();
  t.diagnostic(`SEED=${seed}`);
  let upstreamOpen = 0;
  const upstream = await startUpstream(t, (req, res) => {
    upstreamOpen++;
    res.on('close', () => upstreamOpen--);
    req.resume();
    const slow = random() < 0.5;
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const timer = setInterval(() => res.write('data: x\n\n'), slow ? 5 : 1);
    res.on('close', () => clearInterval(timer));
    // Some complete by themselves, so that kept connections are in the game.
    if (random() < 0.3) setTimeout(() => res.end(), 3);
  });
  const gateway = await startGateway(t, { env: { AEGIS_REQUEST_HOLD_BYTES: '20000', AEGIS_LOG_LEVEL: 'error' } });
  const token = await gateway.register(upstream.url);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const timersBefore = timers();

  async function hangUpOnce(): Promise<void> {
    const mode = random() < 0.5 ? '' : '__passthrough';
    const size = Math.floor(random() * 60_000);
    const leaveAfterMs = random() * 60;
    await new Promise<void>((resolve) => {
      const client = request(`${gateway.url}/v1/__gw__/t/${token}${mode}/messages`, { method: 'POST', agent, headers: { 'Content-Length': size } });
      client.on('response', (answer) => {
        answer.on('error', () => {});
        answer.resume();
      });
      client.on('error', () => {});
      client.on('close', resolve);
      const first = Math.floor(random() * size);
      client.write(Buffer.alloc(first, 'x'));
      setTimeout(() => (client.destroyed ? undefined : client.end(Buffer.alloc(size - first, 'x'))), random() * 5);
      // From the moment of the connection: before it nothing could be abandoned.
      const leave = (): void => void setTimeout(() => client.destroy(), leaveAfterMs);
      client.once('socket', (socket) => (socket.connecting ? socket.once('connect', leave) : leave()));
    });
  }

  let left = CLIENTS;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await hangUpOnce();
    }),
  );

  await until('every upstream request to be over', () => upstreamOpen === 0);
  agent.destroy();
  await untilAsync('every exchange to be accounted', async () => (await metric(gateway, 'aegis_exchanges_open')) === 0);
  const exchanges = await metric(gateway, 'aegis_exchanges_total');
  t.diagnostic(`${exchanges} exchanges of ${CLIENTS} clients`);
  assert.ok(exchanges > CLIENTS / 2, 'most clients had an exchange to abandon');
  await until('no timer to be left over', () => timers() <= timersBefore + 1);
  gateway.gateway.cut();
  await until('every upstream socket to be closed', () => upstream.sockets.size === 0);
});

/** Timers that keep the process alive; those of kept-alive sockets are among them, so the count is taken when all is quiet. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
