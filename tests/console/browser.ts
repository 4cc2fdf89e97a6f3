/** A headless Chromium for a test file, pages that fail their test when something goes wrong in them, and axe's checks. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { within } from '../support/until.ts';

const LAUNCH_DEADLINE_MS = 60_000;
const STEP_DEADLINE_MS = 8_000;
const PICTURES = fileURLToPath(new URL('../../artefacts/console/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser | undefined;
/** Of the pages that the running test has opened. */
const checks: (() => Promise<void>)[] = [];

/** Called once at the top of a test file. */
export function useBrowser(): void {
  before(async () => {
    const executablePath = process.env['CHROMIUM'];
    if (executablePath === undefined) throw new Error('CHROMIUM is not set; run npm run test:console');
    browser = await within('the browser to start', chromium.launch({
      executablePath,
      // Debian's sandbox does not start for root; the pages are the test's own. Other hosts lead nowhere.
      args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost', '--no-proxy-server', '--force-color-profile=srgb'],
    }), LAUNCH_DEADLINE_MS);
  });
  // Before what a test itself clears away: a gateway that goes is an error to a page that is still open.
  afterEach(async () => {
    for (const check of checks.splice(0)) await check();
  });
  after(async () => {
    await browser?.close();
  });
}

export interface PageOptions extends Pick<BrowserContextOptions, 'colorScheme' | 'locale' | 'viewport' | 'reducedMotion' | 'hasTouch'> {
  /** Errors of the page's console that the test brings about itself, such as a refused login. */
  readonly expected?: RegExp;
}

/** A page whose script errors, console errors and violations of its policy fail the test. */
export async function openPage(url: string, { expected = /(?!)/, ...options }: PageOptions = {}): Promise<Page> {
  if (browser === undefined) throw new Error('the browser has not been started');
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', permissions: ['clipboard-read', 'clipboard-write'], ...options });
  context.setDefaultTimeout(STEP_DEADLINE_MS);
  // The compiler of the tests names functions by a helper of its own, which pages don't have.
  await context.addInitScript('globalThis.__name = (named) => named; globalThis.violations = []; addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile + ":" + event.lineNumber));');
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) errors.push(`console: ${message.text()} ${message.location().url}`);
  });
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) foreign.push(request.url());
  });
  checks.push(async () => {
    const violations = page.isClosed() ? [] : await page.evaluate('violations').catch(() => []);
    await context.close();
    assert.deepEqual(errors, [], 'errors in the page');
    assert.deepEqual(violations, [], 'violations of the page\'s policy');
    assert.deepEqual(foreign, [], 'requests to elsewhere');
  });
  await page.goto(url);
  return page;
}

/** Keeps what the page shows; for eyes, not for comparison. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}

/** axe's rules for WCAG 2.2 A and AA and its best practices find nothing. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  // By the debugger's way, which the page's policy does not bind.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(options: unknown): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe;
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.flatMap(({ id, nodes }) => nodes.slice(0, 4).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`));
  });
  assert.deepEqual(found, [], where);
}
