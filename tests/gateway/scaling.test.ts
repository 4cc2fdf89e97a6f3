// Two gateways behind nginx and behind haproxy, with the settings of docs/scaling.md; skipped where they are not installed
// (`npm run test:scaling` installs them where it can).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BALANCERS, balancerVersion } from '../support/balancer.ts';
import { SECRETS } from '../support/redaction.ts';
import { GATEWAYS, startReplicas, type OpenStream } from '../support/replicas.ts';
import { until, untilAsync } from '../support/until.ts';

for (const balancer of BALANCERS) {
  const skip = balancerVersion(balancer) === undefined ? `${balancer} is not installed` : false;

  test(`behind ${balancer}: streams are not held back, a secret has one placeholder, and a killed gateway's requests go to the other`, { skip }, async (t) => {
    const { path, ask, openStream, streams, arrived, gateways, answerWith } = await startReplicas(t, balancer);

    // ── The request as it was sent, by way of both ────────────────────────────────────────────────────────────────
    const target = '/responses?a=%2F%41&b=&c=d//e';
    const served = new Set<string>();
    await untilAsync('both gateways to be used', async () => {
      const { status, text, gateway } = await ask(path + target, { input: `deploy with ${SECRETS.github}` }, { session_id: 'with an underscore' });
      assert.equal(status, 200, text);
      served.add(gateway);
      return served.size === GATEWAYS;
    });
    const placeholders = new Set<string>();
    for (const request of arrived) {
      assert.equal(request.target, `/v1${target}`);
      assert.ok(request.rawHeaders.some((name, i) => name === 'session_id' && request.rawHeaders[i + 1] === 'with an underscore'), 'headers with an underscore arrive');
      assert.ok(!request.rawHeaders.some((name) => /^x-forwarded|^via$/i.test(name)), 'nothing of the balancer arrives');
      assert.ok(!request.body.includes(SECRETS.github));
      placeholders.add(/aegis-github-token-[a-z2-7]{12}/.exec(request.body)?.[0] ?? 'none');
    }
    assert.equal(placeholders.size, 1, [...placeholders].join(' '));
    const [placeholder = ''] = placeholders;
    answerWith(JSON.stringify({ output: placeholder }));
    for (const tried of [1, 2, 3, 4]) assert.equal((await ask(`${path}/responses`, { input: 'and?' })).text, JSON.stringify({ output: SECRETS.github }), `answer ${tried}`);
    const large = await ask(`${path}/responses`, { input: 'a long text. '.repeat(250_000) });
    assert.equal(large.status, 200, 'three megabytes pass');

    // ── Streams: each event is there before the next is sent ─────────────────────────────────────────────────────
    const open: OpenStream[] = [];
    while (new Set(open.map(({ gateway }) => gateway)).size < GATEWAYS) {
      const stream = await openStream();
      await until('the first event', () => stream.text().includes('{"n":1}'));
      open.push(stream);
      assert.ok(open.length < 10, 'streams go to both gateways');
    }
    for (const n of [2, 3]) {
      for (const answer of streams) answer.write(`data: {"n":${n}}\n\n`);
      for (const stream of open) await until(`event ${n} before the next is sent`, () => stream.text().includes(`{"n":${n}}`));
    }

    // ── One gateway is killed ────────────────────────────────────────────────────────────────────────────────────
    const before = open.map(({ ending }) => ending());
    assert.ok(before.every((ending) => ending === undefined));
    gateways[0]?.child.kill('SIGKILL');
    await gateways[0]?.ended();
    await until('its streams to break', () => open.some(({ ending }) => ending() === 'broken'));
    const left = open.filter(({ ending }) => ending() === undefined);
    assert.equal(new Set(left.map(({ gateway }) => gateway)).size, 1, 'those of the other go on');
    // What is new goes to the other, from the first request on.
    for (let i = 0; i < 20; i++) {
      const { status, gateway, text } = await ask(`${path}/responses`, { input: `deploy with ${SECRETS.github}` });
      assert.equal(status, 200, `request ${i + 1} after the kill: ${text}`);
      assert.equal(gateway, left[0]?.gateway);
    }
    assert.equal(/aegis-github-token-[a-z2-7]{12}/.exec(arrived.at(-1)?.body ?? '')?.[0], placeholder);
    for (const answer of streams) answer.end('data: {"n":4}\n\n');
    for (const stream of left) {
      await until('the streams of the other to end', () => stream.ending() !== undefined);
      assert.equal(stream.ending(), 'complete');
      assert.match(stream.text(), /\{"n":4\}/);
    }
  });
}
