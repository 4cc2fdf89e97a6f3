// The two READMEs say the same, and what they say of settings, errors, clients and scripts is what there is.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../../src/cli/index.ts';
import { readConfig, SETTING_NAMES } from '../../src/config.ts';
import { CLIENTS } from '../../src/connect/clients.ts';
import { GatewayError, type ErrorCode } from '../../src/errors.ts';
import { codeSpans, readPage, withoutComments } from '../support/markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const english = readFileSync(join(root, 'README.md'), 'utf8');
const chinese = readFileSync(join(root, 'README.zh-CN.md'), 'utf8');
const [en, zh] = [readPage(english), readPage(chinese)];

test('their headings have the same levels in the same order', () => {
  assert.ok(en.headings.length > 10);
  assert.deepEqual(zh.headings.map(({ level }) => level), en.headings.map(({ level }) => level));
});

test('each section has the same blocks of code, byte for byte but for comments', () => {
  const place = (page: typeof en): [number, string, string][] =>
    page.blocks.map(({ language, text, heading }) => [page.headings.findIndex((known) => known.text === heading), language, language === 'sh' ? withoutComments(text) : text]);
  assert.deepEqual(place(zh), place(en));
});

test('comments in code are translated line by line', () => {
  const comments = (page: typeof en): number[] => page.blocks.map(({ text }) => [...text.matchAll(/(?:^|\s)# /gm)].length);
  assert.deepEqual(comments(zh), comments(en));
});

test('their tables have the same rows, by the code in each cell', () => {
  // Words come in another order in another language.
  const cells = (page: typeof en): string[][][][] => page.tables.map((rows) => rows.map((row) => row.map((cell, i) => (i === 0 ? codeSpans(cell) : codeSpans(cell).sort()))));
  assert.deepEqual(cells(zh), cells(en));
  const widths = en.tables.flatMap((rows) => rows.map((row) => row.length === rows[0]?.length));
  assert.ok(widths.every(Boolean), 'a row has a cell too many or too few');
});

test('they link to the same places, and to each other', () => {
  const others = (links: readonly string[], other: string): string[] => links.filter((link) => link !== other);
  assert.ok(en.links.includes('README.zh-CN.md') && zh.links.includes('README.md'));
  assert.deepEqual(others(zh.links, 'README.md'), others(en.links, 'README.zh-CN.md'));
  for (const link of en.links) if (!/^https?:/.test(link)) assert.ok(existsSync(join(root, link)), link);
});

test('they name the same code in their text', () => {
  const text = (markdown: string): string[] => [...new Set(codeSpans(markdown.replaceAll(/^```[^]*?^```/gm, '')))].sort();
  assert.deepEqual(text(chinese), text(english));
});

function tableBelow(page: typeof en, head: string): readonly (readonly string[])[] {
  const table = page.tables.find((rows) => rows[0]?.[0] === head);
  assert.ok(table !== undefined, `there is no table of ${head}`);
  return table.slice(1);
}

test('every setting is told with its default', () => {
  const rows = tableBelow(en, 'variable');
  assert.deepEqual(rows.flatMap(([names = '']) => codeSpans(names)).sort(), [...SETTING_NAMES].sort());
  const config = readConfig({});
  const told = new Map(rows.flatMap(([names = '', defaults = '']) => codeSpans(names).map((name, i) => [name, codeSpans(defaults)[i] ?? codeSpans(defaults)[0]] as const)));
  const actual = {
    AEGIS_HOST: config.host, AEGIS_PORT: config.port, AEGIS_GATEWAY_KEY: config.gatewayKey, AEGIS_GW_TOKENS_PATH: config.tokensPath, AEGIS_SECURITY_LEVEL: config.securityLevel,
    AEGIS_MAX_REQUEST_BODY_BYTES: config.maxRequestBodyBytes, AEGIS_REQUEST_HOLD_BYTES: config.requestHoldBytes, AEGIS_UPSTREAM_CONNECT_TIMEOUT_MS: config.upstreamConnectTimeoutMs,
    AEGIS_UPSTREAM_IDLE_TIMEOUT_MS: config.upstreamIdleTimeoutMs, AEGIS_MAX_CONNECTIONS: config.maxConnections, AEGIS_MAX_CONCURRENT_PER_TOKEN: config.maxConcurrentPerToken,
    AEGIS_AUDIT_LOG_PATH: config.auditLogPath, AEGIS_LOG_LEVEL: config.logLevel, AEGIS_WORKERS: config.workers, AEGIS_SHUTDOWN_GRACE_MS: config.shutdownGraceMs,
  };
  for (const [name, value] of Object.entries(actual)) assert.equal(told.get(name), String(value), name);
});

test('every error code is told with its status', () => {
  const source = readFileSync(join(root, 'src', 'errors.ts'), 'utf8');
  const codes = [...source.slice(source.indexOf('const KINDS'), source.indexOf('as const satisfies')).matchAll(/^ {2}([a-z_]+):/gm)].map(([, code = '']) => code as ErrorCode);
  assert.ok(codes.length > 20);
  const rows = tableBelow(en, 'code');
  assert.deepEqual(rows.flatMap(([names = '']) => codeSpans(names)).sort(), [...codes].sort());
  for (const [names = '', statuses = ''] of rows) {
    for (const code of codeSpans(names)) assert.ok(statuses.split(', ').includes(String(new GatewayError(code as ErrorCode, '').status)), code);
  }
});

test('every client that connect knows is told, and no other', () => {
  const told = tableBelow(en, 'client').map(([, command = '']) => codeSpans(command)[0]);
  assert.deepEqual([...told].sort(), CLIENTS.map(({ id }) => `aegisgate connect ${id}`).sort());
});

test('commands and scripts that are named are there', () => {
  const names = new Set(COMMANDS.map(({ name }) => name));
  for (const [, name = ''] of english.matchAll(/\baegisgate ([a-z-]+)(?=[ `\n])/g)) assert.ok(names.has(name), `aegisgate ${name}`);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = [...english.matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = '']) => name);
  assert.ok(named.length > 10);
  for (const name of named) assert.ok(Object.hasOwn(scripts, name), `npm run ${name}`);
});

test('options that are named are those of the command\'s help', () => {
  for (const [, line = '', name = ''] of english.matchAll(/\b(aegisgate ([a-z-]+)[^`\n]*)/g)) {
    const help = COMMANDS.find((command) => command.name === name)?.help ?? '';
    for (const [option] of line.matchAll(/--[a-z-]+/g)) assert.ok(help.includes(option), line);
  }
});
