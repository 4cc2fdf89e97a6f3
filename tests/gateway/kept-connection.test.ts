import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../support/gateway.ts';
import { connectWire, requestText } from '../support/wire-client.ts';
import { until } from '../support/until.ts';

test('many answers of the gateway\'s own on one connection leave nothing behind on it', async (t) => {
  const warnings: string[] = [];
  const keep = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', keep);
  t.after(() => process.off('warning', keep));
  const gateway = await startGateway(t);
  const token = await gateway.register('http://127.0.0.1:9');
  const wire = await connectWire(t, gateway.port);
  for (let i = 1; i <= 30; i++) {
    const [target, answer] = i % 3 === 0 ? ['/health', '200 OK'] : i % 3 === 1 ? [`/v1/__gw__/t/${token}`, '200 OK'] : ['/nowhere', '400 Bad Request'];
    wire.write(requestText('GET', target ?? '', ['X-Number: 1']));
    await until(`answer ${i}`, () => wire.received().split('HTTP/1.1 ').length === i + 1);
    assert.ok(wire.received().split('HTTP/1.1 ')[i]?.startsWith(answer ?? ''));
  }
  // Node warns when more than ten listeners of one event have gathered.
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(warnings, []);
});
