/** Charts drawn by hand. Each is also there as a table, so that nobody needs to see it. */
import { bars, roundMax, share, topOf } from './chart-geometry.ts';
import { el, svg } from './dom.ts';
import type { Texts } from './i18n.ts';
import type { Minute, Tally } from './overview-data.ts';

const WIDTH = 600;
const HEIGHT = 120;
const MOST_BARS = 8;
const BAR_LENGTH = 100;

export interface Series {
  readonly name: string;
  /** Class of the bars' colour. */
  readonly tone: string;
  of(minute: Minute): number;
}

/** A bar a minute; the second series, a part of the first, stands before it. */
export function minuteChart(texts: Texts, title: string, minutes: readonly Minute[], series: readonly Series[]): HTMLElement {
  const { t } = texts;
  const max = roundMax(Math.max(0, ...minutes.flatMap((minute) => series.map((one) => one.of(minute)))));
  const totals = series.map((one) => `${one.name}: ${texts.number(minutes.reduce((sum, minute) => sum + one.of(minute), 0))}`).join(', ');
  const chart = svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${title}. ${totals}.` },
    ...[0, 0.5, 1].map((part) => svg('line', { class: 'grid', x1: 0, x2: WIDTH, y1: HEIGHT * part, y2: HEIGHT * part })),
    ...series.flatMap((one) => bars(minutes.map((minute) => one.of(minute)), max, WIDTH, HEIGHT, 2)
      .map((bar, index) => svg('rect', { class: one.tone, x: bar.x, y: bar.y, width: bar.width, height: bar.height }, svg('title', {}, tipOf(texts, minutes[index], one))))));
  const first = minutes[0];
  const last = minutes.at(-1);
  return el('figure', { class: 'panel' },
    el('figcaption', {}, el('h2', {}, title), el('span', { class: 'legend' }, ...series.map((one) => el('span', { class: `key ${one.tone}` }, one.name)))),
    el('div', { class: 'plot' },
      el('div', { class: 'axis-y', 'aria-hidden': 'true' }, el('span', {}, texts.number(max)), el('span', {}, '0')),
      chart,
      el('div', { class: 'axis-x', 'aria-hidden': 'true' }, el('span', {}, first === undefined ? '' : texts.minute(first.startMs)), el('span', {}, last === undefined ? '' : texts.minute(last.startMs)))),
    el('details', { class: 'as-table' }, el('summary', {}, t('chart.table')),
      el('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': title },
        el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, t('chart.minute')), ...series.map((one) => el('th', { scope: 'col', class: 'number' }, one.name)))),
          el('tbody', {}, ...minutes.filter((minute) => series.some((one) => one.of(minute) > 0)).reverse().map((minute) =>
            el('tr', {}, el('th', { scope: 'row' }, texts.minute(minute.startMs)), ...series.map((one) => el('td', { class: 'number' }, texts.number(one.of(minute)))))))))));
}

function tipOf(texts: Texts, minute: Minute | undefined, one: Series): string {
  return minute === undefined ? '' : `${texts.minute(minute.startMs)}: ${one.name} ${texts.number(one.of(minute))}`;
}

/** A table whose rows are bars. */
export function barTable(texts: Texts, title: string, column: string, tally: Tally, tone: string, none: string): HTMLElement {
  const { t } = texts;
  const top = topOf(tally, MOST_BARS, t('chart.others'));
  const max = Math.max(0, ...top.map(([, count]) => count));
  return el('section', { class: 'panel' },
    el('h2', {}, title),
    top.length === 0 ? el('p', { class: 'muted' }, none) : el('table', { class: 'bars' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, column), el('th', { scope: 'col', class: 'number' }, t('chart.count')), el('td', { class: 'bar-cell' }))),
      el('tbody', {}, ...top.map(([name, count]) => el('tr', {}, el('th', { scope: 'row', title: name }, name), el('td', { class: 'number' }, texts.number(count)),
        el('td', { class: 'bar-cell' }, bar(share(count, max), tone)))))));
}

function bar(part: number, tone: string): SVGSVGElement {
  return svg('svg', { class: 'bar', viewBox: `0 0 ${BAR_LENGTH} 8`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, svg('rect', { class: tone, x: 0, y: 0, width: Math.max(1, part * BAR_LENGTH), height: 8 }));
}
