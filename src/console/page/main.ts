/** The console's page: its login, its views, and what moves between them. */
import { createApi, type Session } from './api.ts';
import { openConnect } from './connect-panel.ts';
import type { App, View } from './app.ts';
import { el, replace, setText } from './dom.ts';
import { createExchangesView } from './exchanges-view.ts';
import { openFeed, type Feed, type FeedState } from './feed.ts';
import { createFirstRun } from './first-run.ts';
import { createTexts, languageOf, type TextKey } from './i18n.ts';
import { loginView } from './login-view.ts';
import { createOverviewView } from './overview-view.ts';
import { createExchangeStore } from './store.ts';
import { createTokensView } from './tokens-view.ts';
import { createTryView } from './try-view.ts';

const VIEWS = ['exchanges', 'overview', 'tokens', 'try'] as const;
type ViewName = (typeof VIEWS)[number];

const TOAST_MS = 4_000;
const RETRY_START_MS = 2_000;
/** A screen reader speaks of a text only when it comes a moment after the last one has gone. */
const ANNOUNCE_DELAY_MS = 100;

const language = languageOf(navigator.languages);
const texts = createTexts(language);
const { t } = texts;
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
document.title = t('title');

const root = document.querySelector('#app') ?? document.body;
const speaker = el('div', { class: 'off-screen', role: 'status', 'aria-live': 'polite' });
const toasts = el('div', { class: 'toasts', 'aria-hidden': 'true' });
document.body.append(speaker, toasts);

const api = createApi({ base: new URL('./', import.meta.url).href, onLoginNeeded: () => showLogin(true) });
let leave: (() => void) | undefined;

function announce(text: string): void {
  // What is beside an open dialog is not spoken of.
  (document.querySelector('dialog[open]') ?? document.body).append(speaker);
  speaker.textContent = '';
  setTimeout(() => {
    speaker.textContent = text;
  }, ANNOUNCE_DELAY_MS);
}

function toast(text: string): void {
  const note = el('div', { class: 'toast' }, text);
  // Above a dialog that is open, which covers all else.
  (document.querySelector('dialog[open]') ?? document.body).append(toasts);
  toasts.append(note);
  setTimeout(() => note.remove(), TOAST_MS);
  announce(text);
}

function showLogin(expired: boolean): void {
  leave?.();
  leave = undefined;
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
  if (root.querySelector('.login') !== null) return;
  document.body.append(toasts);
  replace(root, el('main', { class: 'login-page' }, brand(), loginView(api, texts, expired, () => void start())));
  root.querySelector('input')?.focus();
}

function brand(): HTMLElement {
  return el('span', { class: 'brand' }, el('img', { src: api.url('icon.svg'), alt: '', width: 22, height: 22 }), 'AegisGate');
}

async function start(): Promise<void> {
  let session: Session;
  try {
    session = await api.session();
  } catch {
    replace(root, el('main', { class: 'login-page' }, brand(), el('p', { role: 'alert' }, t('error.unreachable'))));
    setTimeout(() => void start(), RETRY_START_MS);
    return;
  }
  if (session.login === 'needed') showLogin(false);
  else showConsole(session);
}

function showConsole(session: Session): void {
  let started = session.started;
  const app: App = { api, texts, level: session.level, announce, toast, connect: (fingerprint) => openConnect(app, fingerprint) };
  const store = createExchangeStore();
  const exchanges = createExchangesView(app, store);
  const tokens = createTokensView(app, (list) => {
    if (list.length > 0) setFirstRun(firstRun && first.underWay);
    else if (store.size === 0) setFirstRun(true);
  });
  const views: Readonly<Record<ViewName, View>> = { exchanges, overview: createOverviewView(app), tokens, try: createTryView(app) };
  const first = createFirstRun(app, {
    onRegistered: () => void tokens.refresh(),
    onDone() {
      setFirstRun(false);
      go('exchanges');
      views.exchanges.element.querySelector('h1')?.focus();
    },
  });
  let firstRun = false;
  let shown: View | undefined;

  const links = VIEWS.map((name) => el('a', { href: `#${name}` }, t(`nav.${name}`)));
  const lost = el('div', { class: 'lost', role: 'alert' });
  const main = el('main', { id: 'main' }, first.element, ...VIEWS.map((name) => views[name].element));
  replace(root,
    el('a', { class: 'skip', href: '#main', onclick: (event) => {
      event.preventDefault();
      shown?.element.querySelector('h1')?.focus();
    } }, t('skip')),
    el('header', { class: 'top' }, brand(),
      el('nav', { 'aria-label': t('nav.label') }, ...links),
      el('div', { class: 'top-end' },
        el('span', { class: 'gateway' }, t('gateway.level', { level: t(`level.${session.level}`) }), session.version !== '' && el('span', { class: 'version' }, ` · ${session.version}`)),
        session.login === 'in' && el('button', { type: 'button', onclick: () => void logOut() }, t('logout')))),
    lost, main);

  function nameNow(): ViewName {
    return VIEWS.find((name) => `#${name}` === location.hash) ?? 'exchanges';
  }

  function show(byReader: boolean): void {
    const name = nameNow();
    const view = firstRun && name === 'exchanges' ? first : views[name];
    for (const each of [first, ...Object.values(views)]) each.element.hidden = each !== view;
    for (const [index, link] of links.entries()) {
      if (VIEWS[index] === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    document.title = `${t(`nav.${name}` satisfies TextKey)} · AegisGate`;
    if (shown !== view) {
      shown?.hide?.();
      shown = view;
      view.show?.();
    }
    if (!byReader) return;
    view.element.querySelector('h1')?.focus({ preventScroll: true });
    main.scrollTo(0, 0);
  }

  function go(name: ViewName): void {
    if (nameNow() === name) show(false);
    else location.hash = name;
  }

  function setFirstRun(value: boolean): void {
    if (firstRun === value) return;
    firstRun = value;
    show(false);
  }

  async function logOut(): Promise<void> {
    await api.logout().catch(() => undefined);
    showLogin(false);
  }

  const onHash = (): void => show(true);
  addEventListener('hashchange', onHash);
  const feed: Feed = openFeed((after) => api.url(`exchanges?after=${encodeURIComponent(after === '' ? '0' : after)}`), {
    onExchange(exchange) {
      if (!store.add(exchange)) return;
      exchanges.update();
      first.arrived(exchange);
    },
    onGap: (missed) => exchanges.addGap(missed),
    onState: setState,
    async mayRetry() {
      const now = await api.session();
      if (now.login === 'needed') {
        showLogin(true);
        return false;
      }
      const anew = now.started !== started;
      started = now.started;
      return anew ? 'anew' : 'resume';
    },
  });

  function setState(state: FeedState): void {
    exchanges.setState(state);
    lost.hidden = state !== 'lost';
    setText(lost, state === 'lost' ? t('lost') : '');
  }

  leave = () => {
    feed.close();
    shown?.hide?.();
    removeEventListener('hashchange', onHash);
  };
  show(false);
  void tokens.refresh();
}

void start();
