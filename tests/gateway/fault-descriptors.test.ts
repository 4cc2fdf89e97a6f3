// A process that runs out of file descriptors: those who are connected are served, others are turned away, and when
// descriptors are free again all is as before.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { mostConnections } from '../../src/http/descriptors.ts';
import { startProcess } from '../support/compiled-process.ts';
import { startUpstream } from '../support/upstream.ts';
import { until } from '../support/until.ts';

const DESCRIPTORS = 256;
const FLOOD = 400;
const PROCESSOR_MOST_MS = 500;

test('a flood of connections beyond the descriptors leaves those before it served, and passes', { skip: process.platform === 'linux' ? false : 'the limit can only be read on Linux' }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-descriptors-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const upstream = await startUpstream(t, (_req, res) => void res.end('ok'));
  const gateway = await startProcess(t, { AEGIS_PORT: '0', AEGIS_GW_TOKENS_PATH: join(folder, 'gw_tokens.json'), AEGIS_AUDIT_LOG_PATH: '' }, { before: `ulimit -n ${DESCRIPTORS}` });
  const url = await gateway.url();
  const { body } = await gateway.admin('register', { upstream_base: upstream.url, gateway_key: 'agent' });
  const path = `/v1/__gw__/t/${String(body['token'])}/models`;

  const sockets: Socket[] = [];
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  let closed = 0;
  for (let i = 0; i < FLOOD; i++) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    // Read, so that its end is seen.
    socket.on('close', () => closed++).resume();
    sockets.push(socket);
  }
  const most = Math.floor((DESCRIPTORS - 64) / 2);
  await until('the surplus to be turned away', () => closed >= FLOOD - most);
  assert.ok(closed < FLOOD, 'not everybody');
  await until('the shortage to be told', () => gateway.stderr().includes('file descriptors are short'));
  assert.equal(gateway.stderr().split('file descriptors are short').length, 2, 'once');

  // Whoever is connected reaches an upstream, all at once.
  const kept = sockets.filter((socket) => !socket.destroyed);
  const answers = kept.map((socket) => new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n\r\nok')) resolve(text);
    });
    socket.on('close', () => resolve(text));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  }));
  for (const text of await Promise.all(answers)) assert.match(text, /^HTTP\/1\.1 200 /);

  // Nothing spins meanwhile: the time of a process that waits stands still.
  const processorMs = async (): Promise<number> => {
    const { readFile } = await import('node:fs/promises');
    const fields = (await readFile(`/proc/${gateway.child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  const before = await processorMs();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.ok((await processorMs()) - before < PROCESSOR_MOST_MS);

  for (const socket of sockets) socket.destroy();
  await until('the flood to be over', () => closed === FLOOD);
  let status = 0;
  await until('the gateway to take connections again', () => {
    void fetch(url + path).then((response) => (status = response.status), () => undefined);
    return status === 200;
  });
  assert.equal(gateway.child.exitCode, null);
});

test('half of the descriptors are for clients, the others for their upstreams', () => {
  const limits = (soft: string): string => `Limit                     Soft Limit           Hard Limit           Units     \nMax processes             7                    7                    processes \nMax open files            ${soft.padEnd(20)} 1048576              files     \n`;
  assert.equal(mostConnections(() => limits('1024')), 480);
  assert.equal(mostConnections(() => limits('20')), 16);
  assert.equal(mostConnections(() => limits('unlimited')), undefined);
  assert.equal(mostConnections(() => ''), undefined);
  assert.equal(mostConnections(() => { throw new Error('no /proc'); }), undefined);
});
