import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogFormat, LogLevel } from '../../../src/config.ts';
import { createLog, type Log } from '../../../src/observe/log.ts';
import { until } from '../../support/until.ts';

interface Recorded {
  readonly log: Log;
  readonly written: string[];
  readonly now: string[];
  /** Ends the write under way. */
  finish(): void;
}

function record(level: LogLevel, format: LogFormat): Recorded {
  const written: string[] = [];
  const now: string[] = [];
  let finish = (): void => {};
  const log = createLog({
    level,
    format,
    now: () => new Date('2026-11-23T04:05:06.789Z'),
    sink: {
      write(text, done) {
        written.push(text);
        finish = done;
      },
      writeNow: (text) => void now.push(text),
    },
  });
  return { log, written, now, finish: () => finish() };
}

test('a JSON line has time, level, message and fields', () => {
  const { log, now } = record('info', 'json');
  log.warn('something', { id: 'req_1', n: 5, on: true, list: ['a'], none: undefined });
  log.flush();
  assert.equal(now[0], '{"time":"2026-11-23T04:05:06.789Z","level":"warn","msg":"something","id":"req_1","n":5,"on":true,"list":["a"]}\n');
});

test('a readable line has its fields quoted where they need it, and stays one line', () => {
  const { log, now } = record('info', 'pretty');
  log.error('something', { id: 'req_1', text: 'a b\n\u001b[2J', empty: '', none: undefined, nil: null, list: ['x', 'y'], n: 1.5 });
  log.flush();
  assert.match(now[0] ?? '', /^\d\d:\d\d:06 error something id=req_1 text="a b\\n\\u001b\[2J" empty="" list=\["x","y"\] n=1\.5\n$/);
});

test('no field can move the cursor or break the line', () => {
  const { log, now } = record('info', 'pretty');
  log.info('m', { a: 'x\u009b2J', b: '\u007f', c: '\u2028', d: '\u202ereversed' });
  log.flush();
  assert.ok(!/[\u007f-\u009f\u2028\u2029\u202a-\u202e]/.test(now[0] ?? ''), JSON.stringify(now[0]));
});

test('what is below the level is not written', () => {
  const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];
  order.forEach((level, i) => {
    const { log, now } = record(level, 'json');
    for (const each of ['debug', 'info', 'warn', 'error'] as const) log[each](each);
    log.flush();
    assert.equal((now[0] ?? '').split('\n').filter((line) => line !== '').length, Math.max(0, 4 - i), level);
    assert.equal(log.writesInfo, i <= 1);
  });
});

test('lines of one moment are written together, later ones after the write has ended', async () => {
  const { log, written, finish } = record('info', 'json');
  for (let i = 0; i < 10; i++) log.info(`line ${i}`);
  assert.equal(written.length, 0, 'nothing waits for the sink');
  await until('the batch', () => written.length === 1);
  assert.equal(written[0]?.split('\n').length, 11);
  log.info('while writing');
  finish();
  await until('the second batch', () => written.length === 2);
  assert.match(written[1] ?? '', /while writing/);
});

test('a sink that takes nothing costs bounded memory, and the loss is told', async () => {
  const { log, written, finish } = record('info', 'json');
  log.info('first');
  await until('the first batch', () => written.length === 1);
  for (let i = 0; i < 30_000; i++) log.info('x'.repeat(100));
  finish();
  await until('the second batch', () => written.length === 2);
  const text = written[1] ?? '';
  assert.ok(text.length < 1_200_000, `${text.length}`);
  const kept = text.split('\n').filter((line) => line.includes('xxx')).length;
  assert.match(text, new RegExp(`log lines dropped","lines":${30_000 - kept}}`));
});

test('lines lost before the end of the process are told as well', async () => {
  const { log, written, now } = record('info', 'json');
  log.info('first');
  await until('the first batch', () => written.length === 1);
  for (let i = 0; i < 30_000; i++) log.info('x'.repeat(100));
  log.flush();
  assert.match(now[0] ?? '', /log lines dropped/);
});

test('flushing nothing writes nothing', () => {
  const { log, now } = record('info', 'json');
  log.flush();
  assert.deepEqual(now, []);
});
