/**
 * The list of exchanges: thousands of them in some dozen elements. Each row stands at its own place, so that one that has
 * the focus can stay when it is scrolled out of sight, and none moves an other.
 */
import { findingBadge, gathered, statusText, statusTone } from './badges.ts';
import { el, replace } from './dom.ts';
import type { Texts } from './i18n.ts';
import type { Exchange } from './records.ts';
import { rowWindow, scrollToRow } from './row-window.ts';
import type { ExchangeStore } from './store.ts';

const MOST_BADGES = 2;
/** After the pointer has moved over the list, nothing moves under it for so long. */
const POINTER_REST_MS = 1_500;
const COLUMNS = ['time', 'client', 'token', 'model', 'status', 'firstByte', 'duration', 'bytes', 'findings'] as const;

export interface ExchangeList {
  readonly element: HTMLElement;
  /** Draws what the store shows now, at the next frame. */
  draw(): void;
  /** Whether somebody reads or works in the list, so that nothing may be put in above. */
  readonly busy: boolean;
  toTop(): void;
}

export interface ExchangeListOptions {
  readonly texts: Texts;
  readonly store: ExchangeStore;
  onOpen(exchange: Exchange): void;
  /** The list has become busy or is so no more. */
  onBusy(): void;
}

export function createExchangeList({ texts, store, onOpen, onBusy }: ExchangeListOptions): ExchangeList {
  const { t } = texts;
  const rows = el('div', { class: 'rows', role: 'rowgroup' });
  const head = el('div', { class: 'list-head', role: 'rowgroup' },
    el('div', { class: 'row', role: 'row', 'aria-rowindex': 1 }, ...COLUMNS.map((name) => el('div', { class: `cell c-${name}`, role: 'columnheader' }, t(`column.${name}`)))));
  const scroller = el('div', { class: 'list-scroll' }, rows);
  const table = el('div', { class: 'list', role: 'table', 'aria-label': t('exchanges.title') }, head, scroller);
  const elements = new Map<Exchange, HTMLElement>();
  /** The one row that Tab leads to. */
  let current: Exchange | undefined;
  let pointerAtMs = -Infinity;
  let pointerTimer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  let rowHeight = 0;

  function measure(): void {
    const height = parseFloat(getComputedStyle(table).getPropertyValue('--row-rem')) * parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (height > 0) rowHeight = height;
  }

  function rowOf(exchange: Exchange): HTMLElement {
    const known = elements.get(exchange);
    if (known !== undefined) return known;
    const badges = gathered(exchange.findings);
    const status = statusText(texts, exchange);
    const open = el('button', { type: 'button', class: 'row-open', tabindex: -1, 'aria-haspopup': 'dialog' }, texts.time(exchange.timeMs),
      el('span', { class: 'off-screen' }, ` ${nameOf(exchange, status)}`));
    const cell = (name: (typeof COLUMNS)[number], ...children: (Node | string)[]): HTMLElement => el('div', { class: `cell c-${name}`, role: 'cell' }, ...children);
    const row = el('div', { class: 'row', role: 'row', onclick: () => openRow(exchange) },
      cell('time', open),
      cell('client', exchange.client || t('unknown')),
      cell('token', exchange.token || '–'),
      cell('model', el('span', { class: 'model' }, exchange.model || exchange.path || '–'), el('span', { class: 'wire' }, exchange.wire)),
      cell('status', el('span', { class: `status status-${statusTone(exchange)}` }, status)),
      cell('firstByte', texts.duration(exchange.firstByteMs)),
      cell('duration', texts.duration(exchange.durationMs)),
      cell('bytes', t('bytes.both', { in: texts.bytes(exchange.bytesIn), out: texts.bytes(exchange.bytesOut) })),
      cell('findings', ...badges.slice(0, MOST_BADGES).map((finding) => findingBadge(texts, finding)), ...(badges.length > MOST_BADGES ? [el('span', { class: 'more' }, `+${badges.length - MOST_BADGES}`)] : [])));
    open.addEventListener('focus', () => {
      current = exchange;
    });
    elements.set(exchange, row);
    return row;
  }

  /** What a screen reader says of the row's button after its time. */
  function nameOf(exchange: Exchange, status: string): string {
    const found = exchange.findings.length === 0 ? '' : texts.count('exchanges.found.one', 'exchanges.found', exchange.findings.length);
    return [exchange.client || t('unknown'), exchange.model, status, found, t('exchanges.open')].filter((part) => part !== '').join(', ');
  }

  function openRow(exchange: Exchange): void {
    buttonOf(exchange)?.focus({ preventScroll: true });
    onOpen(exchange);
  }

  function buttonOf(exchange: Exchange): HTMLButtonElement | null {
    return elements.get(exchange)?.querySelector('button') ?? null;
  }

  function focusedExchange(): Exchange | undefined {
    if (current === undefined || !rows.contains(document.activeElement)) return undefined;
    return current;
  }

  function drawNow(): void {
    frame = 0;
    if (rowHeight === 0) measure();
    if (table.offsetParent === null) return;
    rows.style.height = `${store.shown * rowHeight}px`;
    table.setAttribute('aria-rowcount', String(store.shown + 1));
    const { first, end } = rowWindow(scroller.scrollTop, scroller.clientHeight, rowHeight, store.shown);
    const wanted = new Map<Exchange, number>();
    for (let row = first; row < end; row += 1) {
      const exchange = store.at(row);
      if (exchange !== undefined) wanted.set(exchange, row);
    }
    const focused = focusedExchange();
    if (focused !== undefined && !wanted.has(focused)) {
      const row = store.rowOf(focused);
      if (row !== -1) wanted.set(focused, row);
    }
    for (const [exchange, element] of elements) {
      if (wanted.has(exchange)) continue;
      element.remove();
      elements.delete(exchange);
    }
    // In the order that is seen, since screen readers and Tab go by it. What is there keeps its place, and so the focus.
    let next = rows.firstElementChild;
    const ordered = [...wanted].sort(([, a], [, b]) => a - b);
    for (const [exchange, row] of ordered) {
      const element = rowOf(exchange);
      if (element === next) next = next.nextElementSibling;
      else rows.insertBefore(element, next);
      element.style.transform = `translateY(${row * rowHeight}px)`;
      element.setAttribute('aria-rowindex', String(row + 2));
      element.classList.toggle('odd', row % 2 === 1);
    }
    const stop = current !== undefined && elements.has(current) ? current : store.at(first === 0 ? 0 : Math.ceil(scroller.scrollTop / rowHeight));
    for (const exchange of elements.keys()) buttonOf(exchange)?.setAttribute('tabindex', exchange === stop ? '0' : '-1');
  }

  function draw(): void {
    if (frame === 0) frame = requestAnimationFrame(drawNow);
  }

  function goTo(row: number): void {
    const wanted = Math.max(0, Math.min(store.shown - 1, row));
    const exchange = store.at(wanted);
    if (exchange === undefined) return;
    scroller.scrollTop = scrollToRow(wanted, scroller.scrollTop, scroller.clientHeight, rowHeight);
    drawNow();
    buttonOf(exchange)?.focus({ preventScroll: true });
  }

  rows.addEventListener('keydown', (event) => {
    const from = current === undefined ? -1 : store.rowOf(current);
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 1);
    const to: Readonly<Record<string, number>> = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: store.shown - 1 };
    const row = to[event.key];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    goTo(row);
  });
  scroller.addEventListener('scroll', () => {
    draw();
    onBusy();
  }, { passive: true });
  scroller.addEventListener('focusin', onBusy);
  scroller.addEventListener('focusout', () => setTimeout(onBusy));
  scroller.addEventListener('pointermove', () => {
    pointerAtMs = performance.now();
    clearTimeout(pointerTimer);
    pointerTimer = setTimeout(onBusy, POINTER_REST_MS + 10);
    onBusy();
  }, { passive: true });
  new ResizeObserver(() => {
    measure();
    draw();
  }).observe(scroller);

  return {
    element: table,
    draw,
    get busy() {
      return scroller.scrollTop > 1 || rows.contains(document.activeElement) || performance.now() - pointerAtMs < POINTER_REST_MS;
    },
    toTop() {
      scroller.scrollTop = 0;
      draw();
    },
  };
}

/** What stands in the list's place while it is empty. */
export function drawEmpty(place: HTMLElement, title: string, text: string, action?: HTMLElement): void {
  replace(place, el('p', { class: 'empty-title' }, title), el('p', { class: 'empty-text' }, text), action);
}
