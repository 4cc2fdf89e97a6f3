// The long form: gateways behind a balancer are replaced one by one while clients ask on, several times over. Run by
// `npm run test:scaling`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BALANCERS, balancerVersion } from '../support/balancer.ts';
import { GATEWAYS, startReplicas } from '../support/replicas.ts';
import { until, untilAsync } from '../support/until.ts';

const ROUNDS = 5;
const CLIENTS = 8;
/** What the vendors' SDKs do by themselves on a break, a 502 or a 503. */
const RETRIES = 2;
const RETRY_PAUSE_MS = 500;

for (const balancer of BALANCERS) {
  const skip = balancerVersion(balancer) === undefined ? `${balancer} is not installed` : false;

  test(`behind ${balancer}: gateways replaced one by one under load lose no stream and no request`, { skip }, async (t) => {
    const { path, ask, openStream, streams, gateways, restart } = await startReplicas(t, balancer);
    let asking = true;
    let asked = 0;
    let again = 0;
    const refused: string[] = [];
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (asking) {
        asked++;
        const told: string[] = [];
        for (let tried = 0; tried <= RETRIES; tried++) {
          if (tried > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
          const { status, text } = await ask(`${path}/responses`, { input: 'a question' }).catch((error: Error) => ({ status: 0, text: error.message }));
          if (status === 200) break;
          told.push(`${status} ${text}`);
        }
        if (told.length > 0) again++;
        if (told.length > RETRIES) refused.push(told.join('; '));
      }
    });
    for (let round = 0; round < ROUNDS; round++) {
      const place = round % GATEWAYS;
      const open = await Promise.all([openStream(), openStream(), openStream()]);
      gateways[place]?.child.kill('SIGTERM');
      await until('the drain to begin', () => gateways[place]?.stderr().includes('"draining"') === true);
      // The streams of the one that ends go on, to their own end.
      for (const answer of streams.splice(0)) answer.end('data: {"n":2}\n\n');
      for (const stream of open) {
        await until('the streams to end', () => stream.ending() !== undefined);
        assert.equal(stream.ending(), 'complete');
        assert.match(stream.text(), /\{"n":2\}/);
      }
      assert.deepEqual(await gateways[place]?.ended(), { code: 0, signal: null });
      await restart(place);
      const seen = new Set<string>();
      await untilAsync('both gateways to be used again', async () => {
        seen.add((await ask(`${path}/responses`, { input: 'who?' })).gateway);
        return seen.size === GATEWAYS;
      });
    }
    asking = false;
    await Promise.all(clients);
    t.diagnostic(`${asked} requests while ${ROUNDS} gateways were replaced, ${again} of them asked again`);
    assert.deepEqual(refused, []);
  });
}
