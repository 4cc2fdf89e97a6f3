/** Live exchanges: the bar above the list, and when what arrives is put into it. */
import type { App, View } from './app.ts';
import { choice, el, setText } from './dom.ts';
import { openExchange } from './exchange-detail.ts';
import { createExchangeList, drawEmpty } from './exchange-list.ts';
import type { FeedState } from './feed.ts';
import { isNoFilter, NO_FILTER, type Filter } from './filter.ts';
import type { Exchange } from './records.ts';
import type { ExchangeStore } from './store.ts';

/** A screen reader hears of new exchanges at most so often. */
const ANNOUNCE_EVERY_MS = 10_000;
const TYPING_PAUSE_MS = 120;

export interface ExchangesView extends View {
  /** The store has changed. */
  update(): void;
  setState(state: FeedState): void;
  addGap(missed: number): void;
}

export function createExchangesView(app: App, store: ExchangeStore): ExchangesView {
  const { texts } = app;
  const { t } = texts;
  let paused = false;
  let missed = 0;
  let opened: Exchange | undefined;
  let arrived = 0;
  let announcedAtMs = -Infinity;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  let drawnFacets = '';

  const list = createExchangeList({
    texts, store,
    onOpen(exchange) {
      if (opened !== undefined) return;
      opened = exchange;
      openExchange(app, exchange, () => {
        opened = undefined;
        hold();
      });
      hold();
    },
    onBusy: () => hold(),
  });

  const state = el('span', { class: 'feed-state', role: 'status' });
  const pause = el('button', { type: 'button', class: 'pause', 'aria-pressed': 'false', onclick: () => setPaused(!paused) }, t('pause'));
  const counts = el('span', { class: 'counts' });
  const waiting = el('button', { type: 'button', class: 'waiting', hidden: true, onclick: () => showWaiting() });
  const gap = el('span', { class: 'gap', role: 'status' });
  const search = el('input', { type: 'search', name: 'search', placeholder: t('filter.search.hint'), 'aria-label': t('filter.search'), autocomplete: 'off', spellcheck: 'false' });
  const any = (label: string): readonly (readonly [string, string])[] => [['', label]];
  const selects = {
    client: choice(any(t('filter.client')), '', () => apply()),
    token: choice(any(t('filter.token')), '', () => apply()),
    wire: choice(any(t('filter.wire')), '', () => apply()),
    status: choice([['', t('filter.status')], ['2', '2xx'], ['3', '3xx'], ['4', '4xx'], ['5', '5xx'], ['0', t('status.none')]], '', () => apply()),
    rule: choice(any(t('filter.rule')), '', () => apply()),
  };
  for (const [name, select] of Object.entries(selects)) {
    select.setAttribute('aria-label', t(`filter.${name as keyof typeof selects}.label`));
    select.name = name;
  }
  const withFindings = el('input', { type: 'checkbox', name: 'with-findings', onchange: () => apply() });
  const clear = el('button', { type: 'button', class: 'clear', hidden: true, onclick: () => clearFilter() }, t('filter.clear'));
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(apply, TYPING_PAUSE_MS);
  });

  const empty = el('div', { class: 'empty' });
  const filters = el('details', { class: 'filters' },
    el('summary', {}, t('filter.title')),
    el('div', { class: 'filter-fields' }, selects.client, selects.token, selects.wire, selects.status, selects.rule,
      el('label', { class: 'check' }, withFindings, t('filter.withFindings')), clear));
  const element = el('section', { class: 'view exchanges', 'aria-labelledby': 'exchanges-title' },
    el('div', { class: 'view-head' },
      el('h1', { id: 'exchanges-title', tabindex: -1 }, t('exchanges.title')), state,
      el('div', { class: 'view-actions' }, pause)),
    el('div', { class: 'filter-bar', role: 'search' }, search, filters),
    el('div', { class: 'list-status' }, counts, gap, waiting),
    list.element, empty);

  // A wide page has room for the fields, and no need to fold them.
  const wide = matchMedia('(min-width: 761px)');
  const unfold = (): void => {
    filters.open = wide.matches;
  };
  wide.addEventListener('change', unfold);
  unfold();

  function hold(): void {
    const held = paused || opened !== undefined || list.busy;
    if (held !== store.held) store.hold(held);
    draw();
  }

  function setPaused(value: boolean): void {
    paused = value;
    pause.setAttribute('aria-pressed', String(paused));
    pause.classList.toggle('pressed', paused);
    hold();
    drawState();
  }

  function showWaiting(): void {
    const held = store.waiting;
    store.showWaiting();
    list.toTop();
    draw();
    app.announce(texts.count('waiting.shown.one', 'waiting.shown', held));
    // The button goes away, and with it the focus: it is given to its neighbour.
    pause.focus({ preventScroll: true });
  }

  function filterNow(): Filter {
    return {
      search: search.value, client: selects.client.value, token: selects.token.value, wire: selects.wire.value,
      status: selects.status.value, rule: selects.rule.value, withFindings: withFindings.checked,
    };
  }

  function apply(): void {
    store.setFilter(filterNow());
    list.toTop();
    draw();
    app.announce(texts.count('counts.match.one', 'counts.match', store.shown));
  }

  function clearFilter(): void {
    search.value = '';
    for (const select of Object.values(selects)) select.value = '';
    withFindings.checked = false;
    store.setFilter(NO_FILTER);
    list.toTop();
    draw();
    search.focus();
  }

  /** New options go to the end: a list that is open must not change under the reader. */
  function drawFacets(): void {
    const { clients, tokens, wires, rules } = store.facets;
    const key = `${clients.size} ${tokens.size} ${wires.size} ${rules.size}`;
    if (key === drawnFacets) return;
    drawnFacets = key;
    const add = (select: HTMLSelectElement, values: Iterable<readonly [string, string]>): void => {
      const known = new Set([...select.options].map(({ value }) => value));
      for (const [value, text] of values) if (!known.has(value)) select.append(el('option', { value }, text));
    };
    const plain = (values: Iterable<string>): (readonly [string, string])[] => [...values].sort().map((value) => [value, value] as const);
    add(selects.client, plain(clients));
    add(selects.token, tokens);
    add(selects.wire, plain(wires));
    add(selects.rule, plain(rules));
  }

  let feedState: FeedState = 'connecting';
  function drawState(): void {
    const shown = paused ? 'paused' : feedState;
    state.className = `feed-state feed-${shown}`;
    setText(state, t(`feed.${shown}`));
  }

  function drawNow(): void {
    frame = 0;
    drawFacets();
    list.draw();
    const filtered = !isNoFilter(store.filter);
    setText(counts, filtered ? t('counts.filtered', { shown: texts.number(store.shown), all: texts.number(store.size) }) : texts.count('counts.all.one', 'counts.all', store.shown));
    waiting.hidden = store.waiting === 0;
    if (store.waiting > 0) setText(waiting, texts.count('waiting.one', 'waiting', store.waiting));
    setText(gap, missed === 0 ? '' : texts.count('gap.one', 'gap', missed));
    clear.hidden = !filtered;
    const none = store.shown === 0;
    list.element.hidden = none;
    empty.hidden = !none;
    if (!none) return;
    const key = filtered ? 'none' : 'yet';
    if (empty.dataset['shows'] === key) return;
    empty.dataset['shows'] = key;
    if (filtered) drawEmpty(empty, t('empty.none'), t('empty.none.text'));
    else drawEmpty(empty, t('empty.yet'), t('empty.yet.text'), el('a', { class: 'button', href: '#tokens' }, t('empty.yet.action')));
  }

  function draw(): void {
    if (frame === 0) frame = requestAnimationFrame(drawNow);
  }

  function announceArrived(): void {
    if (arrived === 0 || element.hidden || document.hidden || performance.now() - announcedAtMs < ANNOUNCE_EVERY_MS) return;
    app.announce(texts.count('arrived.one', 'arrived', arrived));
    announcedAtMs = performance.now();
    arrived = 0;
  }

  drawState();
  draw();
  return {
    element,
    update() {
      arrived += 1;
      // Whether the list is busy is only looked at once a frame: that asks the page for its layout.
      if (frame === 0) {
        frame = requestAnimationFrame(() => {
          announceArrived();
          drawNow();
        });
      }
    },
    setState(value) {
      feedState = value;
      drawState();
    },
    addGap(count) {
      missed += count;
      draw();
    },
    show: () => hold(),
  };
}
