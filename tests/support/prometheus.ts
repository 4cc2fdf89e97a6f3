// Reads Prometheus' text format 0.0.4 strictly: what a scraper would refuse is an error here.
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
import assert from 'node:assert/strict';

export interface Metric {
  readonly type: string;
  /** By name and labels as written, e.g. `x_total{code="a"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/;

/** @throws AssertionError naming the line at fault. */
export function parsePrometheus(text: string): Map<string, Metric> {
  assert.ok(text.endsWith('\n'), 'the last line ends with a line feed');
  const metrics = new Map<string, { type: string; samples: Map<string, number> }>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [hash, keyword, name = '', word = ''] = line.split(' ');
    if (hash === '#') {
      assert.match(name, NAME, line);
      if (keyword !== 'TYPE') continue;
      assert.ok(['counter', 'gauge', 'histogram', 'summary', 'untyped'].includes(word), line);
      assert.ok(!metrics.has(name), `one TYPE a metric: ${line}`);
      metrics.set(name, { type: word, samples: new Map() });
      current = name;
      continue;
    }
    const [, sampleName = '', labels = '', value = ''] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
    const metric = metrics.get(current);
    assert.ok(metric !== undefined, `a sample before any TYPE: ${line}`);
    const own = metric.type === 'histogram' ? [`${current}_bucket`, `${current}_sum`, `${current}_count`] : [current];
    assert.ok(own.includes(sampleName), `samples stand with their metric: ${line}`);
    const key = sampleName + labels;
    assert.ok(!metric.samples.has(key), `one sample a label set: ${line}`);
    const number = value === '+Inf' ? Infinity : Number(value);
    assert.ok(value !== '' && !Number.isNaN(number), line);
    metric.samples.set(key, number);
  }
  return metrics;
}
