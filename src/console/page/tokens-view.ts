/** The tokens: what they lead to, how they are set, and how clients use them. */
import { LEVELS, levelOf, MODES, type Token } from './api.ts';
import { errorText, type App, type View } from './app.ts';
import { copyText } from './clipboard.ts';
import { openDialog } from './dialog.ts';
import { choice, el, field, freshId, replace } from './dom.ts';
import { registerForm } from './register-form.ts';

const REFRESH_MS = 10_000;

export interface TokensView extends View {
  refresh(): Promise<void>;
}

/** @param onTokens is told of the tokens whenever they were asked for. */
export function createTokensView(app: App, onTokens: (tokens: readonly Token[]) => void): TokensView {
  const { api, texts } = app;
  const { t } = texts;
  const list = el('div', { class: 'token-list' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const element = el('section', { class: 'view', 'aria-labelledby': 'tokens-title' },
    el('div', { class: 'view-head' }, el('h1', { id: 'tokens-title', tabindex: -1 }, t('tokens.title')),
      el('div', { class: 'view-actions' }, el('button', { type: 'button', class: 'primary', onclick: () => openRegister() }, t('tokens.register')))),
    problem, list);
  let timer: ReturnType<typeof setInterval> | undefined;
  let drawn = '';

  async function refresh(): Promise<void> {
    try {
      const tokens = await api.tokens();
      problem.textContent = '';
      onTokens(tokens);
      const told = JSON.stringify(tokens);
      if (told === drawn) return;
      drawn = told;
      draw(tokens);
    } catch (error) {
      problem.textContent = errorText(texts, error);
    }
  }

  /** The focus comes back to the same button of the same token. */
  function draw(tokens: readonly Token[]): void {
    const focused = document.activeElement instanceof HTMLElement && list.contains(document.activeElement) ? document.activeElement.dataset['key'] : undefined;
    replace(list, ...(tokens.length === 0 ? [el('p', { class: 'muted' }, t('tokens.none'))] : tokens.map(card)));
    if (focused === undefined) return;
    [...list.querySelectorAll<HTMLElement>('[data-key]')].find((button) => button.dataset['key'] === focused)?.focus();
  }

  function nameOf(token: Token): string {
    return token.note === '' ? hostOf(token.upstream) : token.note;
  }

  function hostOf(upstream: string): string {
    return URL.canParse(upstream) ? new URL(upstream).host : upstream;
  }

  function card(token: Token): HTMLElement {
    const id = freshId('token');
    const name = nameOf(token);
    const button = (word: string, text: string, act: () => void, tone = ''): HTMLElement =>
      el('button', { type: 'button', class: tone, 'data-key': `${token.fingerprint} ${word}`, 'aria-label': t('token.action', { action: text, name }), onclick: act }, text);
    return el('article', { class: 'token', 'aria-labelledby': id },
      el('div', { class: 'token-head' }, el('h2', { id }, name), el('code', { class: 'token-shape' }, token.masked)),
      el('p', { class: 'token-upstream' }, token.upstream),
      el('dl', { class: 'token-facts' },
        fact(t('token.mode'), texts.maybe(`mode.${token.mode}`, token.mode)),
        fact(t('token.level'), token.level === null ? t('level.gateway', { level: t(`level.${app.level}`) }) : t(`level.${token.level}`)),
        fact(t('token.requests'), texts.number(token.requests)),
        fact(t('token.findings'), texts.number(token.findings)),
        fact(t('token.lastUsed'), token.lastUsedMs === null ? t('token.never') : texts.ago(token.lastUsedMs, Date.now()))),
      el('div', { class: 'token-actions' },
        button('copy', t('token.copy'), () => void copyBase(token)),
        button('connect', t('token.connect'), () => app.connect(token.fingerprint)),
        button('edit', t('token.edit'), () => openEdit(token)),
        button('unregister', t('token.unregister'), () => openUnregister(token), 'danger')));
  }

  function fact(name: string, value: string): HTMLElement {
    return el('div', {}, el('dt', {}, name), el('dd', {}, value));
  }

  async function copyBase(token: Token): Promise<void> {
    try {
      app.toast(t(await copyText(await api.baseUrl(token.fingerprint)) ? 'copied' : 'copy.failed'));
    } catch (error) {
      app.toast(errorText(texts, error));
    }
  }

  function openRegister(): void {
    const dialog = openDialog(texts, {
      title: t('tokens.register'),
      body: [registerForm(app, {
        brief: false,
        onDone(fingerprint, already) {
          dialog.close();
          app.toast(t(already ? 'register.already' : 'register.done'));
          void refresh();
          app.connect(fingerprint);
        },
      })],
    });
  }

  function openEdit(token: Token): void {
    const note = el('input', { type: 'text', name: 'note', maxlength: 200, autocomplete: 'off' });
    note.value = token.note;
    const mode = choice(MODES.map((value) => [value, t(`mode.${value}`)] as const), token.mode);
    const level = choice([['', t('level.gateway', { level: t(`level.${app.level}`) })], ...LEVELS.map((value) => [value, t(`level.${value}`)] as const)], token.level ?? '');
    const wrong = el('p', { class: 'problem', role: 'alert' });
    const save = async (): Promise<void> => {
      try {
        await api.update(token.fingerprint, { note: note.value.trim(), mode: mode.value, level: levelOf(level.value) });
        dialog.close();
        app.toast(t('edit.done'));
        await refresh();
      } catch (error) {
        wrong.textContent = errorText(texts, error);
      }
    };
    const dialog = openDialog(texts, {
      title: t('edit.title', { name: nameOf(token) }),
      body: [el('form', { class: 'form', onsubmit: (event) => {
        event.preventDefault();
        void save();
      } },
        field(t('token.name'), note, t('token.name.hint')),
        field(t('token.mode'), mode, t('token.mode.hint')),
        field(t('token.level'), level, t('token.level.hint')),
        wrong,
        el('div', { class: 'form-foot' }, el('button', { type: 'button', onclick: () => dialog.close() }, t('cancel')), el('button', { type: 'submit', class: 'primary' }, t('save'))))],
    });
  }

  function openUnregister(token: Token): void {
    const wrong = el('p', { class: 'problem', role: 'alert' });
    const go = async (): Promise<void> => {
      try {
        await api.unregister(token.fingerprint);
        dialog.close();
        app.toast(t('unregister.done'));
        await refresh();
        element.querySelector('h1')?.focus();
      } catch (error) {
        wrong.textContent = errorText(texts, error);
      }
    };
    const cancel = el('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, t('cancel'));
    const dialog = openDialog(texts, {
      title: t('unregister.title', { name: nameOf(token) }),
      body: [
        el('p', {}, t('unregister.text')),
        el('p', {}, el('code', {}, token.masked), ' → ', token.upstream),
        el('p', {}, token.lastUsedMs === null ? t('unregister.unused') : t('unregister.used', { ago: texts.ago(token.lastUsedMs, Date.now()), n: texts.number(token.requests) })),
        wrong,
      ],
      foot: [cancel, el('button', { type: 'button', class: 'danger solid', onclick: () => void go() }, t('unregister.go'))],
    });
  }

  return {
    element,
    refresh,
    show() {
      void refresh();
      timer = setInterval(() => void refresh(), REFRESH_MS);
    },
    hide() {
      clearInterval(timer);
    },
  };
}
