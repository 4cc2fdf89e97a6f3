/** The login: the gateway's key goes up once, a cookie that no script can read comes back. */
import { ApiError, type Api } from './api.ts';
import { errorText } from './app.ts';
import { el, field } from './dom.ts';
import type { Texts } from './i18n.ts';

/** @param expired a session was there and has ended. */
export function loginView(api: Api, texts: Texts, expired: boolean, onDone: () => void): HTMLElement {
  const { t } = texts;
  const key = el('input', { type: 'password', name: 'gateway-key', required: true, autocomplete: 'current-password' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const send = el('button', { type: 'submit', class: 'primary' }, t('login.send'));
  async function submit(): Promise<void> {
    problem.textContent = '';
    send.disabled = true;
    try {
      await api.login(key.value);
      key.value = '';
      onDone();
    } catch (error) {
      problem.textContent = wordsFor(error);
      key.select();
      key.focus();
    } finally {
      send.disabled = false;
    }
  }
  function wordsFor(error: unknown): string {
    if (!(error instanceof ApiError)) return errorText(texts, error);
    if (error.status === 429) return t('login.tooMany', { seconds: Math.max(1, error.retryAfterSeconds) });
    return error.code === 'gateway_key_invalid' ? t('login.wrong') : errorText(texts, error);
  }
  return el('section', { class: 'login', 'aria-labelledby': 'login-title' },
    el('h1', { id: 'login-title', tabindex: -1 }, t('login.title')),
    el('p', { class: 'muted' }, t(expired ? 'login.expired' : 'login.text')),
    el('form', { class: 'form', onsubmit: (event) => {
      event.preventDefault();
      void submit();
    } }, field(t('login.key'), key, t('login.key.hint')), problem, el('div', { class: 'form-foot' }, send)));
}
