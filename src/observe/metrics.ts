/**
 * Counters and histograms, printed in Prometheus' text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Labels are few and of our own making: no label
 * value ever comes from outside, so their number is bounded.
 */

/** What filters take is mostly below a millisecond. */
const FILTER_BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] as const;
const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600] as const;

/** How an exchange ended. */
export type Outcome = 'complete' | 'client_closed' | 'upstream_broken' | 'refused';

export interface ExchangeFigures {
  readonly wire: string;
  readonly method: string;
  /** 0 when nothing was answered. */
  readonly status: number;
  readonly outcome: Outcome;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Until the upstream's first header byte was taken in; undefined when there was none. */
  readonly firstByteMs: number | undefined;
  readonly durationMs: number;
  /** What the filters of both directions took. */
  readonly filterMs: number;
}

export interface Metrics {
  exchangeStarted(): void;
  exchangeEnded(figures: ExchangeFigures): void;
  /** An error that the gateway itself answered with, by its code. */
  refused(code: string): void;
  retried(): void;
  /** Something that a filter found, by rule and by what was done. */
  found(rule: string, action: string): void;
  /** A value read when the metrics are printed. */
  gauge(name: string, help: string, read: () => number): void;
  /** A gauge that is always 1 and tells something by its labels. @param labels of our own making. */
  info(name: string, help: string, labels: Readonly<Record<string, string>>): void;
  print(): string;
}

interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: number[];
  sum: number;
  count: number;
}

/** How often exchanges ended in one way. */
interface Ending {
  readonly labels: string;
  count: number;
}

/** What is counted by wire. An exchange finds it by one look-up and makes no string. */
interface WireFigures {
  readonly endings: Map<number, Ending>;
  requestBytes: number;
  responseBytes: number;
  readonly firstByte: Histogram;
  readonly duration: Histogram;
  readonly filter: Histogram;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const OUTCOMES: readonly Outcome[] = ['complete', 'client_closed', 'upstream_broken', 'refused'];

/** Methods that are told by name. */
export function shownMethod(method: string): string {
  return METHODS.includes(method) ? method : 'other';
}

export function createMetrics(): Metrics {
  const wires = new Map<string, WireFigures>();
  const findings = new Map<string, number>();
  const refusals = new Map<string, number>();
  /** The label is empty where there is none. */
  const gauges: { name: string; help: string; labels: string; read: () => number }[] = [];
  let open = 0;
  let retries = 0;

  return {
    exchangeStarted() {
      open++;
    },
    exchangeEnded(figures) {
      open--;
      let wire = wires.get(figures.wire);
      if (wire === undefined) wires.set(figures.wire, (wire = { endings: new Map(), requestBytes: 0, responseBytes: 0, firstByte: emptyHistogram(SECONDS_BUCKETS), duration: emptyHistogram(SECONDS_BUCKETS), filter: emptyHistogram(FILTER_BUCKETS) }));
      countEnding(wire.endings, figures);
      wire.requestBytes += figures.requestBytes;
      wire.responseBytes += figures.responseBytes;
      if (figures.firstByteMs !== undefined) observe(wire.firstByte, figures.firstByteMs / 1000);
      observe(wire.duration, figures.durationMs / 1000);
      observe(wire.filter, figures.filterMs / 1000);
    },
    refused(code) {
      add(refusals, `code="${code}"`, 1);
    },
    retried() {
      retries++;
    },
    found(rule, action) {
      add(findings, `rule="${rule}",action="${action}"`, 1);
    },
    gauge(name, help, read) {
      gauges.push({ name, help, labels: '', read });
    },
    info(name, help, labels) {
      gauges.push({ name, help, labels: `{${Object.entries(labels).map(([label, text]) => `${label}="${text}"`).join(',')}}`, read: () => 1 });
    },
    print() {
      const out: string[] = [];
      const byWire = <T>(read: (wire: WireFigures) => T): Map<string, T> => new Map([...wires].map(([name, wire]) => [`wire="${name}"`, read(wire)]));
      counter(out, 'aegis_exchanges_total', 'Exchanges with an upstream, by how they ended.', endingsOf(wires));
      counter(out, 'aegis_refusals_total', 'Errors that the gateway itself answered with, by code.', refusals);
      counter(out, 'aegis_findings_total', 'What the filters found, by rule and by what was done.', findings);
      counter(out, 'aegis_request_bytes_total', 'Body bytes received from clients.', byWire(({ requestBytes }) => requestBytes));
      counter(out, 'aegis_response_bytes_total', 'Body bytes received from upstreams.', byWire(({ responseBytes }) => responseBytes));
      counter(out, 'aegis_upstream_retries_total', 'Requests sent again because a kept-alive connection had gone stale.', new Map([['', retries]]));
      histogram(out, 'aegis_time_to_first_byte_seconds', 'From the request to the head of the upstream answer.', byWire(({ firstByte }) => firstByte));
      histogram(out, 'aegis_exchange_duration_seconds', 'From the request to the end of the answer.', byWire(({ duration }) => duration));
      histogram(out, 'aegis_filter_duration_seconds', 'What the filters of both directions took of an exchange, without any waiting.', byWire(({ filter }) => filter));
      head(out, 'aegis_exchanges_open', 'Exchanges under way.', 'gauge');
      out.push(`aegis_exchanges_open ${open}`);
      for (const { name, help, labels, read } of gauges) {
        head(out, name, help, 'gauge');
        out.push(`${name}${labels} ${read()}`);
      }
      return `${out.join('\n')}\n`;
    },
  };
}

function countEnding(endings: Map<number, Ending>, { method, status, outcome }: ExchangeFigures): void {
  // -1, of any other method, has a place of its own.
  const key = (status * (METHODS.length + 1) + METHODS.indexOf(method) + 1) * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  const ending = endings.get(key);
  if (ending !== undefined) {
    ending.count++;
    return;
  }
  endings.set(key, { labels: `method="${shownMethod(method)}",status="${status}",outcome="${outcome}"`, count: 1 });
}

function endingsOf(wires: ReadonlyMap<string, WireFigures>): Map<string, number> {
  const all = new Map<string, number>();
  for (const [name, { endings }] of wires) for (const { labels, count } of endings.values()) all.set(`wire="${name}",${labels}`, count);
  return all;
}

function add(map: Map<string, number>, key: string, amount: number): void {
  map.set(key, (map.get(key) ?? 0) + amount);
}

function emptyHistogram(bounds: readonly number[]): Histogram {
  return { bounds, counts: bounds.map(() => 0), sum: 0, count: 0 };
}

function observe(histogram: Histogram, seconds: number): void {
  histogram.sum += seconds;
  histogram.count++;
  const bucket = histogram.bounds.findIndex((bound) => seconds <= bound);
  if (bucket !== -1) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
}

function head(out: string[], name: string, help: string, type: string): void {
  out.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
}

function counter(out: string[], name: string, help: string, values: ReadonlyMap<string, number>): void {
  head(out, name, help, 'counter');
  for (const [labels, value] of values) out.push(labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`);
}

function histogram(out: string[], name: string, help: string, values: ReadonlyMap<string, Histogram>): void {
  head(out, name, help, 'histogram');
  for (const [labels, { bounds, counts, sum, count }] of values) {
    let cumulative = 0;
    bounds.forEach((bound, i) => {
      cumulative += counts[i] ?? 0;
      out.push(`${name}_bucket{${labels},le="${bound}"} ${cumulative}`);
    });
    out.push(`${name}_bucket{${labels},le="+Inf"} ${count}`, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`);
  }
}
