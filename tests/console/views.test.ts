// Every view in both themes, both languages, wide and narrow: axe finds nothing, nothing is cut off, and a picture is kept.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, openPage, picture, useBrowser, type PageOptions } from './browser.ts';
import { startFakeConsole, type FakeState } from './fake-console.ts';
import { sampleExchanges, sampleOverview, TOKENS } from './sample-data.ts';

useBrowser();

const NOW_MS = Date.parse('2026-11-27T10:15:00Z');
const TRIAL_TEXT = 'Deploy with\nDB_PASSWORD=correct-horse-7\nand mail jane@example.com.\n';
const found = (action: string, more: boolean): unknown => ({
  prompt: [
    { start: 24, end: 39, rule: 'named-secret', kind: 'password', topic: 'credential', action: 'redact', why: 'A value that its name says to be a password.' },
    ...(more ? [{ start: 49, end: 65, rule: 'email-address', kind: 'email', topic: 'personal', action, why: 'The form of an e-mail address.' }] : []),
  ],
  command: [{ start: 0, end: 11, rule: 'delete-root', kind: 'command', topic: 'command', action: 'block', why: 'The command deletes files.' }],
});
const FULL = (): Partial<FakeState> => ({
  exchanges: sampleExchanges(400, NOW_MS), overview: sampleOverview(NOW_MS), tokens: [...TOKENS],
  trial: { levels: { low: found('off', false), medium: found('off', false), high: found('redact', true) } },
});

const LOOKS: readonly (readonly [name: string, options: PageOptions])[] = [
  ['wide-light-en', { colorScheme: 'light' }],
  ['wide-dark-zh', { colorScheme: 'dark', locale: 'zh-CN' }],
  ['narrow-dark-en', { colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true }],
  ['narrow-light-zh', { colorScheme: 'light', locale: 'zh-CN', viewport: { width: 360, height: 740 }, hasTouch: true }],
];

/** The page is not wider than its window, and no control is smaller than WCAG 2.2's 24 pixels (2.5.8). */
async function assertFits(page: Page, where: string): Promise<void> {
  assert.equal(await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('main, dialog, .dialog-body')].some((element) => element.scrollWidth > element.clientWidth)), false, `${where} scrolls sideways`);
  const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, select, a, summary, input')].filter((element) => {
    const { width, height } = element.closest('label')?.getBoundingClientRect() ?? element.getBoundingClientRect();
    return element.offsetParent !== null && width > 1 && !element.matches('.skip') && (width < 24 || height < 24);
  }).map((element) => element.outerHTML.slice(0, 120)));
  assert.deepEqual(small, [], `${where}: small targets`);
}

async function look(t: TestContext, look: readonly [string, PageOptions], view: string, state: Partial<FakeState>, act: (page: Page) => Promise<void> = async () => {}, name = view): Promise<void> {
  const fake = await startFakeConsole(state);
  t.after(() => fake.close());
  const page = await openPage(`${fake.url}#${view}`, look[1]);
  await page.locator('h1:visible').waitFor();
  await act(page);
  await assertFits(page, name);
  await picture(page, `${name}-${look[0]}`);
  await assertAccessible(page, `${name} ${look[0]}`);
}

// WCAG 2.2, 1.4.10: at four times its size a page is as wide as 320 pixels.
test('nothing needs more than 320 pixels', async (t) => {
  const fake = await startFakeConsole(FULL());
  t.after(() => fake.close());
  const page = await openPage(fake.url, { viewport: { width: 320, height: 400 } });
  for (const view of ['exchanges', 'overview', 'tokens', 'try']) {
    await page.locator('nav a').nth(['exchanges', 'overview', 'tokens', 'try'].indexOf(view)).click();
    await page.locator('h1:visible').waitFor();
    await assertFits(page, view);
  }
});

for (const each of LOOKS) {
  describe(`in ${each[0]}`, () => {
    test('exchanges', (t) => look(t, each, 'exchanges', FULL(), (page) => page.locator('.rows .row').first().waitFor()));
    test('an exchange that is open', (t) => look(t, each, 'exchanges', FULL(), async (page) => {
      await page.locator('.rows .row:has(.tone-bad)').first().locator('.row-open').click();
      await page.locator('dialog .finding').first().waitFor();
    }, 'exchange'));
    test('exchanges, filtered', (t) => look(t, each, 'exchanges', FULL(), async (page) => {
      const summary = page.locator('.filters > summary');
      if (await summary.isVisible()) await summary.click();
      await page.locator('.filters input').check();
      await page.locator('.clear').waitFor();
    }, 'exchanges-filtered'));
    test('exchanges before the first', (t) => look(t, each, 'exchanges', { tokens: [...TOKENS] }, (page) => page.locator('.empty:visible').waitFor(), 'exchanges-empty'));
    test('the first run', (t) => look(t, each, 'exchanges', {}, (page) => page.locator('.first-run:visible').waitFor(), 'first-run'));
    test('the first run, registered', (t) => look(t, each, 'exchanges', {}, async (page) => {
      await page.locator('.first-run button.primary').click();
      await page.locator('.snippets .code').first().waitFor();
    }, 'first-run-connect'));
    test('overview', (t) => look(t, each, 'overview', FULL(), (page) => page.locator('.tiles').waitFor()));
    test('overview with nothing in it', (t) => look(t, each, 'overview', { tokens: [...TOKENS] }, (page) => page.locator('.tiles').waitFor(), 'overview-empty'));
    test('tokens', (t) => look(t, each, 'tokens', FULL(), (page) => page.locator('.token').first().waitFor()));
    test('registering', (t) => look(t, each, 'tokens', FULL(), (page) => page.locator('.view-actions:visible button').click(), 'register'));
    test('connecting', (t) => look(t, each, 'tokens', FULL(), async (page) => {
      await page.locator('.token-actions button').nth(1).click();
      await page.locator('.snippets .code').first().waitFor();
    }, 'connect'));
    test('unregistering', (t) => look(t, each, 'tokens', FULL(), (page) => page.locator('.token-actions .danger').first().click(), 'unregister'));
    test('try it', (t) => look(t, each, 'try', FULL(), async (page) => {
      await page.locator('textarea').fill(TRIAL_TEXT);
      await page.locator('.try-bar .primary').click();
      await page.locator('.segments').nth(1).locator('label').nth(2).click();
      await page.locator('.mark').first().waitFor();
    }));
    test('the login', (t) => look(t, each, 'exchanges', { login: 'needed' }, (page) => page.locator('.login').waitFor(), 'login'));
  });
}
