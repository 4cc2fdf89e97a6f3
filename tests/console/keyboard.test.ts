// Every view by the keyboard alone: each stop of Tab is seen, shows that it has the focus, has a name, and none is a trap.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage, useBrowser } from './browser.ts';
import { startFakeConsole, type FakeState } from './fake-console.ts';
import { sampleExchanges, sampleOverview, TOKENS } from './sample-data.ts';

useBrowser();

const NOW_MS = Date.parse('2026-11-27T10:15:00Z');
const MOST_STOPS = 60;
const FULL = (): Partial<FakeState> => ({ exchanges: sampleExchanges(100, NOW_MS), overview: sampleOverview(NOW_MS), tokens: [...TOKENS], login: 'in' });

interface Stop {
  readonly name: string;
  readonly problem: string;
}

/** What has the focus, and what is wrong with it; undefined for the page itself, after the last stop. */
function stopNow(page: Page): Promise<Stop | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return undefined;
    // The mark of the focus may be on what stands for a control that is not seen itself.
    const marked = element.closest<HTMLElement>('.rows .row, .preset') ?? element.parentElement?.querySelector<HTMLElement>('.segments :focus-visible + span') ?? element;
    const { outlineStyle, outlineWidth } = getComputedStyle(marked);
    const { left, top, width, height } = element.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + Math.min(height, innerHeight) / 2);
    const label = element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent ?? '';
    const problem = outlineStyle === 'none' || parseFloat(outlineWidth) < 2 ? 'no mark of the focus'
      : label.trim() === '' ? 'no name'
        : over === null || !(marked.contains(over) || over.contains(marked) || element.contains(over)) ? `covered by ${over?.outerHTML.slice(0, 80)}` : '';
    return { name: `${element.tagName} ${label.trim().slice(0, 40)}`, problem };
  });
}

async function walk(page: Page): Promise<string[]> {
  const names: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const now = await stopNow(page);
    if (now === undefined) return names;
    assert.equal(now.problem, '', now.name);
    names.push(now.name);
  }
  assert.fail(`no end after ${MOST_STOPS} stops: ${names.slice(-5).join(' | ')}`);
}

for (const [view, expected] of [
  ['exchanges', ['Skip', 'Exchanges', 'Overview', 'Tokens', 'Try it', 'Log out', 'Pause', 'Search', 'Client', 'Token', 'Wire', 'Status', 'Rule', 'With findings', '10:15:00']],
  ['overview', ['Skip', 'Exchanges', 'Overview', 'Tokens', 'Try it', 'Log out', 'As a table', 'As a table']],
  ['tokens', ['Skip', 'Exchanges', 'Overview', 'Tokens', 'Try it', 'Log out', 'Register an upstream', 'Copy base URL: Claude', 'Connect a client: Claude', 'Edit: Claude', 'Unregister: Claude', 'Copy base URL: OpenAI']],
  ['try', ['Skip', 'Exchanges', 'Overview', 'Tokens', 'Try it', 'Log out', 'Text to try', 'Check', 'Example', 'Example', 'Prompt', 'Medium']],
] as const) {
  test(`Tab walks ${view} in the order of what is seen`, async (t) => {
    const fake = await startFakeConsole(FULL());
    t.after(() => fake.close());
    const page = await openPage(`${fake.url}#${view}`);
    await page.locator('h1:visible').waitFor();
    if (view === 'exchanges') await page.locator('.counts', { hasText: '100' }).waitFor();
    if (view === 'overview') await page.locator('.tiles').waitFor();
    if (view === 'tokens') await page.locator('.token').first().waitFor();
    const names = await walk(page);
    const shown = names.map((name) => name.replace(/^\S+ /, ''));
    assert.ok(expected.every((name, index) => shown[index]?.startsWith(name)), `${shown.join(' | ')}`);
  });
}

describe('by the keyboard alone', () => {
  test('an upstream is registered, and each stop of what follows is in sight', async (t) => {
    const fake = await startFakeConsole();
    t.after(() => fake.close());
    const page = await openPage(fake.url, { viewport: { width: 1280, height: 600 } });
    await page.locator('.first-run:visible').waitFor();
    await walk(page);
    await page.getByRole('radio', { name: /Anthropic/ }).focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.getByRole('textbox', { name: 'Address of the API' }).inputValue(), 'https://api.openai.com/v1');
    await page.getByRole('textbox', { name: 'Name' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.snippets .code').first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), '2Point your agent at the gateway');
    await walk(page);
    assert.deepEqual(fake.calls.map(({ name }) => name), ['register']);
  });

  test('a dialog keeps the focus within, closes on Escape and gives it back', async (t) => {
    const fake = await startFakeConsole(FULL());
    t.after(() => fake.close());
    const page = await openPage(`${fake.url}#tokens`);
    await page.locator('.token').first().waitFor();
    for (const name of ['Register an upstream', 'Connect a client: Claude', 'Edit: Claude', 'Unregister: Claude']) {
      await page.getByRole('button', { name }).focus();
      await page.keyboard.press('Enter');
      await page.locator('dialog[open]').waitFor();
      for (let stop = 0; stop < 12; stop += 1) {
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null), true, name);
      }
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('button', { name }).evaluate((button) => button === document.activeElement), true, name);
    }
  });
});

test('without motion nothing moves', async (t) => {
  const fake = await startFakeConsole();
  t.after(() => fake.close());
  const page = await openPage(fake.url, { reducedMotion: 'reduce' });
  await page.locator('.first-run button.primary').click();
  await page.locator('.pulse').waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
