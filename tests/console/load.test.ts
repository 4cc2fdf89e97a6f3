// Ten thousand exchanges: as the backlog of a page that is opened, and as they come, faster than any hour brings them. The
// figures are printed; what must hold is that the elements stay few, that none is lost, and that the page still answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage, useBrowser } from './browser.ts';
import { startFakeConsole } from './fake-console.ts';
import { createDice, sampleExchange, sampleExchanges, TOKENS } from './sample-data.ts';

useBrowser();

const COUNT = 10_000;
const NOW_MS = Date.parse('2026-11-27T10:15:00Z');
/** Rows in view at 800 pixels, and those kept beyond. */
const MOST_ROWS = 60;
const PORTION = 100;
const PORTION_EVERY_MS = 50;
const COME_DEADLINE_MS = 60_000;

interface Seen { readonly longTasks: readonly number[]; readonly frames: number; readonly longestFrameMs: number; readonly mostRows: number }

test('ten thousand exchanges do not slow the page', async (t) => {
  const fake = await startFakeConsole({ tokens: [...TOKENS] });
  t.after(() => fake.close());
  const page = await openPage(fake.url);
  await page.locator('.empty:visible').waitFor();
  await page.evaluate(() => {
    const longTasks: number[] = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    const seen = { longTasks, frames: 0, longestFrameMs: 0, mostRows: 0 };
    let before = performance.now();
    const look = (now: number): void => {
      seen.frames += 1;
      seen.longestFrameMs = Math.max(seen.longestFrameMs, now - before);
      seen.mostRows = Math.max(seen.mostRows, document.querySelectorAll('.rows .row').length);
      before = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(globalThis, { seen });
  });
  const seen = (): Promise<Seen> => page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
  const told = (what: string, { longTasks, frames, longestFrameMs }: Seen): void => {
    t.diagnostic(`${what}: ${longTasks.length} tasks over 50 ms, ${Math.round(longTasks.reduce((sum, ms) => sum + ms, 0))} ms in all, ${frames} frames, the longest ${Math.round(longestFrameMs)} ms`);
  };

  const dice = createDice(3);
  let seq = 0;
  while (seq < COUNT) {
    fake.send(...Array.from({ length: PORTION }, () => {
      seq += 1;
      return sampleExchange(seq, NOW_MS + seq * 360, dice);
    }));
    await new Promise((resolve) => setTimeout(resolve, PORTION_EVERY_MS));
  }
  await page.locator('.counts').filter({ hasText: '10,000 exchanges' }).waitFor({ timeout: COME_DEADLINE_MS });
  const live = await seen();
  told(`${COUNT} as they come, ${PORTION} every ${PORTION_EVERY_MS} ms`, live);
  assert.ok(live.mostRows > 10 && live.mostRows <= MOST_ROWS, `${live.mostRows} rows`);

  const scroller = page.locator('.list-scroll');
  for (let part = 1; part <= 10; part += 1) {
    await scroller.evaluate((list, share) => { list.scrollTop = list.scrollHeight * share; }, part / 10);
    await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
  }
  await page.locator(`.rows .row[aria-rowindex="${COUNT + 1}"]`).waitFor();
  const scrolled = await seen();
  told('and scrolled from end to end', scrolled);
  assert.ok(scrolled.mostRows <= MOST_ROWS, `${scrolled.mostRows} rows`);

  const start = performance.now();
  await page.getByRole('searchbox').fill('codex delete-root');
  await page.locator('.counts').filter({ hasText: 'of 10,000' }).waitFor();
  const searchMs = performance.now() - start;
  told(`and searched in ${Math.round(searchMs)} ms, the pause after typing within`, await seen());
  const shown = Number(/\d+/.exec((await page.locator('.counts').textContent() ?? '').replace(',', ''))?.[0]);
  assert.ok(shown > 0 && shown < COUNT);
});

test('a backlog of five thousand is there at once', async (t) => {
  const fake = await startFakeConsole({ tokens: [...TOKENS], exchanges: sampleExchanges(5_000, NOW_MS) });
  t.after(() => fake.close());
  const start = performance.now();
  const page = await openPage(fake.url);
  await page.locator('.counts').filter({ hasText: '5,000 exchanges' }).waitFor({ timeout: COME_DEADLINE_MS });
  t.diagnostic(`5000 exchanges of backlog: shown ${Math.round(performance.now() - start)} ms after the page was asked for`);
  assert.ok((await page.locator('.rows .row').count()) <= MOST_ROWS);
});
