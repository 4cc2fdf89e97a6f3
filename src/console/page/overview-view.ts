/** The last hour in figures and charts. */
import { errorText, type App, type View } from './app.ts';
import { barTable, minuteChart } from './charts.ts';
import { el, replace } from './dom.ts';
import type { Overview, Percentiles } from './overview-data.ts';

const REFRESH_MS = 5_000;

/** Where a reader is: the tables that are open, how far they are scrolled, and the focus. @returns what goes back there. */
function placeOf(content: HTMLElement): () => void {
  const tables = (): HTMLDetailsElement[] => [...content.querySelectorAll('details')];
  const stops = (): HTMLElement[] => [...content.querySelectorAll<HTMLElement>('summary, [tabindex]')];
  const scrolls = (): Element[] => [...content.querySelectorAll('.table-scroll')];
  const open = tables().map((table) => table.open);
  const tops = scrolls().map((element) => element.scrollTop);
  const focused = stops().findIndex((stop) => stop === document.activeElement);
  return () => {
    for (const [index, table] of tables().entries()) table.open = open[index] ?? false;
    for (const [index, element] of scrolls().entries()) element.scrollTop = tops[index] ?? 0;
    if (focused !== -1) stops()[focused]?.focus({ preventScroll: true });
  };
}

export function createOverviewView(app: App): View {
  const { texts } = app;
  const { t } = texts;
  const content = el('div', { class: 'overview' }, el('p', { class: 'muted' }, t('loading')));
  const problem = el('p', { class: 'problem', role: 'alert' });
  const element = el('section', { class: 'view', 'aria-labelledby': 'overview-title' },
    el('div', { class: 'view-head' }, el('h1', { id: 'overview-title', tabindex: -1 }, t('overview.title')), el('span', { class: 'muted' }, t('overview.hour'))),
    problem, content);
  let timer: ReturnType<typeof setInterval> | undefined;
  let drawn = '';

  async function refresh(): Promise<void> {
    if (document.hidden) return;
    try {
      const overview = await app.api.overview();
      problem.textContent = '';
      const told = JSON.stringify(overview);
      if (told === drawn) return;
      drawn = told;
      const place = placeOf(content);
      draw(overview);
      place();
    } catch (error) {
      problem.textContent = errorText(texts, error);
    }
  }

  function tile(name: string, value: string, more = ''): HTMLElement {
    return el('div', { class: 'tile' }, el('dt', {}, name), el('dd', {}, value, more !== '' && el('span', { class: 'tile-more' }, more)));
  }

  function draw(overview: Overview): void {
    const sum = (of: (minute: Overview['minutes'][number]) => number): number => overview.minutes.reduce((total, minute) => total + of(minute), 0);
    const requests = sum((minute) => minute.requests);
    const errors = sum((minute) => minute.errors);
    const rate = requests === 0 ? '' : t('overview.share', { share: texts.percent(errors / requests) });
    replace(content,
      el('dl', { class: 'tiles' },
        tile(t('overview.requests'), texts.number(requests)),
        tile(t('overview.open'), texts.number(overview.openStreams), t('overview.now')),
        tile(t('overview.redactions'), texts.number(sum((minute) => minute.redactions))),
        tile(t('overview.errors'), texts.number(errors), rate),
        tile(t('overview.firstByte'), texts.duration(overview.firstByte.p50), t('overview.median')),
        tile(t('overview.added'), texts.duration(overview.added.p50), t('overview.median'))),
      el('div', { class: 'panels' },
        minuteChart(texts, t('overview.perMinute'), overview.minutes, [
          { name: t('overview.requests'), tone: 'fill-quiet', of: (minute) => minute.requests },
          { name: t('overview.errors'), tone: 'fill-bad', of: (minute) => minute.errors },
        ]),
        minuteChart(texts, t('overview.redactionsPerMinute'), overview.minutes, [{ name: t('overview.redactions'), tone: 'fill-accent', of: (minute) => minute.redactions }]),
        latencyTable(overview),
        barTable(texts, t('overview.byRule'), t('column.rule'), overview.findingsByRule, 'fill-accent', t('overview.noFindings')),
        barTable(texts, t('overview.byClient'), t('column.client'), overview.redactionsByClient, 'fill-accent', t('overview.noRedactions')),
        barTable(texts, t('overview.byUpstream'), t('detail.upstream'), overview.errorsByUpstream, 'fill-bad', t('overview.noErrors'))));
  }

  function latencyTable({ firstByte, duration, added }: Overview): HTMLElement {
    const row = (name: string, hint: string, { p50, p90, p99 }: Percentiles): HTMLElement =>
      el('tr', {}, el('th', { scope: 'row' }, name, el('span', { class: 'hint' }, hint)), ...[p50, p90, p99].map((ms) => el('td', { class: 'number' }, texts.duration(ms))));
    return el('section', { class: 'panel' }, el('h2', {}, t('overview.latency')),
      el('table', { class: 'latency' },
        el('thead', {}, el('tr', {}, el('td', {}), ...['50 %', '90 %', '99 %'].map((name) => el('th', { scope: 'col', class: 'number' }, t('overview.percentile', { name }))))),
        el('tbody', {},
          row(t('column.firstByte'), t('overview.firstByte.hint'), firstByte),
          duration.p50 !== null && row(t('column.duration'), t('overview.duration.hint'), duration),
          row(t('overview.addedLong'), t('overview.added.hint'), added))));
  }

  return {
    element,
    show() {
      void refresh();
      timer = setInterval(() => void refresh(), REFRESH_MS);
    },
    hide() {
      clearInterval(timer);
    },
  };
}
