// Live exchanges as a person watches them: paused, filtered, searched and opened without losing any, and without anything
// moving under the reader; the connection and the session may end meanwhile.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { until, untilAsync } from '../support/until.ts';
import { assertAccessible, openPage, picture, useBrowser, type PageOptions } from './browser.ts';
import { startFakeConsole, type FakeConsole, type FakeState } from './fake-console.ts';
import { createDice, FINDINGS, sampleExchange, sampleExchanges, TOKENS, type SampleExchange } from './sample-data.ts';

useBrowser();

const NOW_MS = Date.parse('2026-11-27T10:15:00Z');
/** What Chromium says of a stream that breaks, and of a call that meets nobody. */
const BROKEN = /ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/;

async function watch(t: TestContext, state: Partial<FakeState> = {}, options: PageOptions = {}): Promise<{ fake: FakeConsole; page: Page }> {
  const fake = await startFakeConsole({ tokens: [...TOKENS], exchanges: sampleExchanges(200, NOW_MS), ...state });
  t.after(() => fake.close());
  const page = await openPage(fake.url, options);
  if (fake.state.login !== 'needed') await until('the page to watch', () => fake.watchers === 1);
  return { fake, page };
}

function made(fake: FakeConsole, count: number, changes: Readonly<Record<string, unknown>> = {}): SampleExchange[] {
  const last = fake.state.exchanges.at(-1)?.seq ?? 0;
  const dice = createDice(last + 1);
  return Array.from({ length: count }, (_, index) => sampleExchange(last + 1 + index, NOW_MS + (last + index) * 1_000, dice, { status: 200, findings: [], findingCount: 0, ...changes }));
}

const rows = (page: Page) => page.locator('.rows .row');
const firstModel = (page: Page) => rows(page).first().locator('.model');

async function says(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector).filter({ hasText: text }).waitFor();
}

/** The row and the place of whatever is in the middle of the list. */
function inTheMiddle(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { left, top, height } = document.querySelector('.list-scroll')?.getBoundingClientRect() ?? new DOMRect();
    const row = document.elementFromPoint(left + 40, top + height / 2)?.closest('.row');
    return `${row?.textContent} at ${row?.getBoundingClientRect().top}`;
  });
}

describe('exchanges', () => {
  test('come in at the top while nobody reads in the list', async (t) => {
    const { fake, page } = await watch(t);
    await says(page, '.counts', '200 exchanges');
    fake.send(...made(fake, 3, { model: 'brand-new' }));
    await says(page, '.counts', '203 exchanges');
    // The rows are drawn with the next frame.
    await firstModel(page).filter({ hasText: /^brand-new$/ }).waitFor();
  });

  test('wait while the list is paused, are counted, and come with its end, none lost', async (t) => {
    const { fake, page } = await watch(t);
    await says(page, '.counts', '200 exchanges');
    await page.getByRole('button', { name: 'Pause' }).click();
    await says(page, '.feed-state', 'Paused');
    const before = await inTheMiddle(page);
    fake.send(...made(fake, 12));
    await says(page, '.waiting', 'Show 12 new');
    assert.equal(await inTheMiddle(page), before, 'nothing has moved');
    await picture(page, 'exchanges-paused');
    await assertAccessible(page, 'paused');
    assert.equal(await page.getByRole('button', { name: 'Pause' }).getAttribute('aria-pressed'), 'true');
    await page.getByRole('button', { name: 'Pause' }).click();
    await says(page, '.counts', '212 exchanges');
    assert.equal(await page.locator('.waiting').isVisible(), false);
  });

  test('do not move what a reader has scrolled to, and are shown when asked for', async (t) => {
    const { fake, page } = await watch(t);
    await says(page, '.counts', '200 exchanges');
    await page.locator('.list-scroll').evaluate((list) => { list.scrollTop = 2_000; });
    await untilAsync('the rows to follow', async () => (await page.locator('.rows .row').first().getAttribute('aria-rowindex')) !== '2');
    const before = await inTheMiddle(page);
    fake.send(...made(fake, 5, { model: 'brand-new' }));
    await says(page, '.waiting', 'Show 5 new');
    assert.equal(await inTheMiddle(page), before);
    await page.locator('.waiting').click();
    await untilAsync('the top', async () => (await firstModel(page).textContent()) === 'brand-new');
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY', 'the focus is somewhere');
  });

  test('do not move the row that has the focus; arrows, Home and End walk the list', async (t) => {
    const { fake, page } = await watch(t);
    await rows(page).first().waitFor();
    assert.equal(await page.locator('.rows button[tabindex="0"]').count(), 1, 'one stop for Tab');
    await page.locator('.rows button[tabindex="0"]').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'PageDown']) await page.keyboard.press(key);
    const focused = (): Promise<string> => page.evaluate(() => `${document.activeElement?.closest('.row')?.getAttribute('aria-rowindex')} ${document.activeElement?.getBoundingClientRect().top}`);
    const before = await focused();
    fake.send(...made(fake, 5));
    await says(page, '.waiting', 'Show 5 new');
    assert.equal(await focused(), before);
    await page.keyboard.press('End');
    assert.match(await focused(), /^201 /);
    await page.locator('.list-scroll').evaluate((list) => { list.scrollTop = 0; });
    await untilAsync('the rows to follow', async () => (await rows(page).count()) > 20);
    assert.match(await focused(), /^201 /, 'scrolled out of sight it keeps the focus');
    await page.keyboard.press('Home');
    assert.match(await focused(), /^2 /);
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await untilAsync('the focus to come back', async () => /^2 /.test(await focused()));
  });

  test('are told to a screen reader politely, and not each', async (t) => {
    const { fake, page } = await watch(t, { exchanges: [] });
    await page.evaluate(() => {
      const spoken: string[] = [];
      Object.assign(globalThis, { spoken });
      for (const region of document.querySelectorAll('[aria-live="polite"]')) new MutationObserver(() => region.textContent !== '' && spoken.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
    });
    for (let round = 0; round < 20; round += 1) fake.send(...made(fake, 1));
    await says(page, '.counts', '20 exchanges');
    const spoken = await page.evaluate(() => (globalThis as unknown as { spoken: string[] }).spoken);
    assert.ok(spoken.length <= 2, spoken.join(' | '));
  });

  test('are filtered by client, token, wire, status, rule and findings, and searched; clearing brings all back', async (t) => {
    const { fake, page } = await watch(t, { exchanges: [] });
    const [redacted, , blocked] = FINDINGS;
    fake.send(
      ...made(fake, 5, { client: 'Claude Code', wire: 'anthropic', token: { fingerprint: 'a1b2c3d4', name: 'Claude' }, model: 'm1' }),
    );
    fake.send(...made(fake, 3, { client: 'Codex', wire: 'openai-responses', token: { fingerprint: 'b2c3d4e5', name: 'OpenAI' }, model: 'm2', findings: [redacted] }));
    fake.send(...made(fake, 2, { client: 'Codex', wire: 'openai-responses', token: { fingerprint: 'b2c3d4e5', name: 'OpenAI' }, model: 'm3', status: 529, findings: [blocked] }));
    await says(page, '.counts', '10 exchanges');
    const tries: readonly (readonly [label: string, option: string, shown: number])[] = [
      ['Client', 'Codex', 5], ['Token', 'Claude', 5], ['Wire', 'openai-responses', 5], ['Status', '5xx', 2], ['Rule', 'github-token', 3],
    ];
    for (const [label, option, shown] of tries) {
      await page.getByLabel(label, { exact: true }).selectOption({ label: option });
      await says(page, '.counts', `${shown} of 10 exchanges`);
      await page.getByRole('button', { name: 'Clear' }).click();
      await says(page, '.counts', /^10 exchanges/);
    }
    await page.getByLabel('With findings').check();
    await says(page, '.counts', '5 of 10 exchanges');
    await page.getByRole('searchbox').fill('m3 codex');
    await says(page, '.counts', '2 of 10 exchanges');
    await page.getByRole('searchbox').fill('nothing like it');
    await says(page, '.empty-title', 'No exchange matches');
    await page.getByRole('button', { name: 'Clear' }).click();
    await says(page, '.counts', /^10 exchanges/);
  });

  test('open to what was done: rule, place, action, masked shape, why, and how to allow it', async (t) => {
    const { fake, page } = await watch(t, { exchanges: [] });
    fake.send(...made(fake, 1, { findings: [FINDINGS[0], FINDINGS[2]], findingCount: 5 }));
    await rows(page).first().click();
    const dialog = page.getByRole('dialog');
    const text = await dialog.textContent() ?? '';
    for (const part of ['blocked', 'delete-root', 'can\'t be undone', 'Bash', 'redacted', 'github-token', 'gh…Xy (40)', 'messages.*.content.*.text', 'And 2 more findings']) assert.ok(text.includes(part), part);
    await dialog.getByRole('button', { name: /Copy: For this token/ }).first().click();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { tokens: Record<string, unknown> };
    assert.deepEqual(Object.values(copied.tokens), [{ policy: { 'delete-root': 'flag' } }]);
  });

  test('that the gateway had let go are told by their number', async (t) => {
    const { fake, page } = await watch(t);
    fake.sendGap(7);
    await says(page, '.gap', 'At least 7 are missing');
  });

  test('hold text only: what looks like markup is shown as it is', async (t) => {
    const { fake, page } = await watch(t, { exchanges: [] });
    const evil = '<img src=x onerror=alert(1)>';
    fake.send(...made(fake, 1, { model: evil, client: evil, path: evil, token: { fingerprint: evil, name: evil }, findings: [{ ...FINDINGS[0], rule: evil, place: evil, shape: evil, why: evil }] }));
    await rows(page).first().click();
    assert.ok((await page.getByRole('dialog').textContent() ?? '').includes(evil));
    assert.equal(await page.locator('img[src="x"]').count(), 0);
  });
});

describe('the connection', () => {
  test('when lost is told and made again, and what came meanwhile is there once', async (t) => {
    const { fake, page } = await watch(t, {}, { expected: BROKEN });
    await says(page, '.counts', '200 exchanges');
    fake.cut();
    await page.getByRole('alert').filter({ hasText: 'connection to the gateway is lost' }).waitFor();
    await says(page, '.feed-state', 'Disconnected');
    await picture(page, 'exchanges-lost');
    await assertAccessible(page, 'disconnected');
    fake.state.exchanges.push(...made(fake, 4));
    await fake.resume();
    await says(page, '.feed-state', 'Live');
    await says(page, '.counts', '204 exchanges');
    assert.equal(await page.getByRole('alert').filter({ hasText: 'lost' }).count(), 0);
  });

  test('to a gateway that was started anew goes on, and keeps what was seen', async (t) => {
    const { fake, page } = await watch(t, {}, { expected: BROKEN });
    await says(page, '.counts', '200 exchanges');
    fake.cut();
    fake.state.started = 'second';
    fake.state.exchanges = sampleExchanges(2, NOW_MS).map((exchange) => ({ ...exchange, id: `second-${exchange.id}` }));
    await fake.resume();
    await says(page, '.counts', '202 exchanges');
  });
});

describe('the session', () => {
  const REFUSED = /status of 40[13]|status of 429/;
  test('is opened with the key; a wrong one, and one too many, are told', async (t) => {
    const { page } = await watch(t, { login: 'needed' }, { expected: REFUSED });
    const key = page.getByLabel('Gateway key');
    assert.equal(await key.evaluate((input) => input === document.activeElement), true, 'the field has the focus');
    await key.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'This is not the gateway\'s key.' }).waitFor();
    await key.fill('too-many');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'Try again in 30 s' }).waitFor();
    await key.fill('right');
    await page.keyboard.press('Enter');
    await says(page, '.counts', '200 exchanges');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in to the console' }).waitFor();
  });

  test('that ends in the middle leads to the login, and back to where the reader was', async (t) => {
    const { fake, page } = await watch(t, { login: 'in' }, { expected: REFUSED });
    await page.getByRole('link', { name: 'Tokens' }).click();
    await page.locator('.token').first().waitFor();
    fake.state.login = 'needed';
    await page.locator('.token-actions button').first().click();
    await says(page, '.login', 'Your session has ended');
    await page.getByLabel('Gateway key').fill('right');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.token').first().waitFor();
  });
});
