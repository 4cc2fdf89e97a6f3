// docs/metrics.md, the dashboard and the alert rules, held against what gateways print.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startGateway } from '../support/gateway.ts';
import { parsePrometheus } from '../support/prometheus.ts';
import { bodyOf, startUpstream } from '../support/upstream.ts';
import { untilAsync } from '../support/until.ts';
import { startFleet } from '../support/worker-fleet.ts';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PAGE = readFileSync(file('docs/metrics.md'), 'utf8');
const DASHBOARD = readFileSync(file('scripts/monitoring/grafana-dashboard.json'), 'utf8');
const ALERTS_PATH = file('scripts/monitoring/alerts.yaml');
const ALERTS = readFileSync(ALERTS_PATH, 'utf8');
const SECRET = `ghp_${'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bD1fG3hJ4'}`;
/** In no metric of ours: it is Prometheus' own. */
const FOREIGN = new Set(['up']);

interface Row {
  readonly type: string;
  readonly labels: readonly string[];
  readonly text: string;
}

const ROWS = new Map<string, Row>(
  [...PAGE.matchAll(/^\| `(\w+)` \| (\w+) \|[^|]*\|([^|]*)\| (.*) \|$/gm)].map(([, name = '', type = '', labels = '', text = '']) => [
    name,
    { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort(), text },
  ]),
);

function compare(printed: string, fleet: boolean): void {
  const metrics = parsePrometheus(printed);
  for (const [name, { type, samples }] of metrics) {
    const row = ROWS.get(name);
    assert.ok(row !== undefined, `${name} stands in docs/metrics.md`);
    assert.equal(row.type, type, name);
    for (const sample of samples.keys()) {
      const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label = '']) => label).filter((label) => label !== 'le').sort();
      assert.deepEqual(labels, row.labels, sample);
    }
  }
  const listed = [...ROWS].filter(([, { text }]) => (fleet || !text.startsWith('With `AEGIS_WORKERS` only')) && (process.platform === 'linux' || !text.startsWith('Linux only')));
  assert.deepEqual([...metrics.keys()].sort(), listed.map(([name]) => name).sort());
}

test('the page lists what a gateway prints, with types and labels, and nothing else', async (t) => {
  const upstream = await startUpstream(t, (req, res) => void bodyOf(req).then(() => res.end('{}')));
  const gateway = await startGateway(t);
  const token = await gateway.register(upstream.url);
  const body = JSON.stringify({ messages: [{ role: 'user', content: SECRET }] });
  await (await fetch(`${gateway.url}/v1/__gw__/t/${token}/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
  await (await fetch(`${gateway.url}/v1/messages`, { method: 'POST' })).text();
  const print = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();
  await untilAsync('the exchange to be counted', async () => /^aegis_exchanges_total\{/m.test(await print()));
  const printed = await print();
  for (const [name, { labels }] of ROWS) if (labels.length > 0) assert.match(printed, new RegExp(`^${name}(?:_bucket)?\\{`, 'm'), `${name} has a sample, so that its labels were looked at`);
  compare(printed, false);
});

test('and what a gateway of several workers prints', async (t) => {
  const fleet = await startFleet(t, 2);
  const { text } = await fleet.ask('/metrics');
  compare(text, true);
  const metrics = parsePrometheus(text);
  assert.deepEqual([...(metrics.get('aegis_build_info')?.samples.values() ?? [])], [1], 'the version is not added up');
  const start = metrics.get('process_start_time_seconds')?.samples.get('process_start_time_seconds') ?? 0;
  assert.ok(Math.abs(start - Date.now() / 1000) < 600, 'nor is the time of the start');
});

test('names follow the conventions: counters end in _total, units are base units, and nobody else does', () => {
  for (const [name, { type }] of ROWS) {
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.doesNotMatch(name, /_(?:ms|milliseconds|kb|mb|minutes)(?:_|$)/, name);
    if (type === 'histogram') assert.match(name, /_seconds$/);
  }
});

/** Names of metrics in expressions; a histogram's samples are its own. */
function namesIn(expressions: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const expression of expressions) {
    const bare = expression.replace(/"[^"]*"/g, '').replace(/\[[^\]]*\]/g, '');
    for (const [name] of bare.matchAll(/\b(?:aegis|process|nodejs)_\w+|\bup\b/g)) names.add(name.replace(/_(?:bucket|sum|count)$/, ''));
  }
  return names;
}

test('every metric of the dashboard and of the alert rules exists, and the dashboard shows each', () => {
  const dashboard = JSON.parse(DASHBOARD) as { panels: { title: string; targets: { expr: string }[] }[]; templating: { list: { query: unknown }[] } };
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  assert.ok(expressions.every((expr) => expr !== ''));
  const shown = namesIn(expressions);
  const alerting = namesIn([...ALERTS.matchAll(/^ {8}expr: (?:\|\n((?: {10,}.*\n)+)|(.*)\n)/gm)].map(([, block, line]) => block ?? line ?? ''));
  assert.equal(ALERTS.match(/^ {6}- alert:/gm)?.length, ALERTS.match(/^ {8}expr:/gm)?.length);
  for (const name of [...shown, ...alerting]) assert.ok(FOREIGN.has(name) || ROWS.has(name), `${name} stands in docs/metrics.md`);
  assert.deepEqual([...ROWS.keys()].filter((name) => !shown.has(name)), []);
});

const promtool = spawnSync('promtool', ['--version']).status === 0;
test('promtool finds the rules and the printed metrics valid', { skip: promtool ? false : 'promtool is not installed' }, async (t) => {
  const rules = spawnSync('promtool', ['check', 'rules', ALERTS_PATH], { encoding: 'utf8' });
  assert.equal(rules.status, 0, rules.stderr + rules.stdout);
  const gateway = await startGateway(t);
  const printed = await (await fetch(`${gateway.url}/metrics`)).text();
  const metrics = spawnSync('promtool', ['check', 'metrics'], { input: printed, encoding: 'utf8' });
  assert.equal(metrics.status, 0, metrics.stderr + metrics.stdout);
});
