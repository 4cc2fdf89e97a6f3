/** How a client is connected to a token: the base URL and each client's own snippet, ready to be copied. */
import { errorText, type App } from './app.ts';
import type { ClientName } from './api.ts';
import { copyText } from './clipboard.ts';
import { openDialog } from './dialog.ts';
import { choice, el, field, replace } from './dom.ts';
import { codeBlock } from './exchange-detail.ts';
import { masked, tokenIn } from './mask.ts';

const FIRST_CLIENT = 'claude-code';

/** Base URL, choice of a client, its snippets. Tokens are shown masked and copied whole. */
export function connectPanel(app: App, fingerprint: string): HTMLElement {
  const { api, texts } = app;
  const { t } = texts;
  const base = el('div', { class: 'code-line' });
  const snippets = el('div', { class: 'snippets' });
  const clientPlace = el('div', {});
  const problem = el('p', { class: 'problem', role: 'alert' });
  let asked = 0;

  async function showClient(id: string): Promise<void> {
    asked += 1;
    const mine = asked;
    try {
      const [settings, baseUrl] = await Promise.all([api.settings(id, fingerprint), api.baseUrl(fingerprint)]);
      // Another client has been chosen meanwhile.
      if (mine !== asked) return;
      const token = tokenIn(baseUrl);
      problem.textContent = '';
      replace(snippets, settings.remote && el('p', { class: 'problem' }, t('connect.remote')), ...settings.snippets.flatMap((snippet) => {
        const name = snippet.title === '' ? id : snippet.title;
        return [
          el('p', { class: 'code-title' }, el('span', { lang: 'en' }, name), snippet.where !== '' && el('span', { class: 'where' }, snippet.where)),
          codeBlock(app, masked(snippet.text, token), snippet.text, name),
        ];
      }), settings.key !== '' && el('p', { class: 'hint' }, t('connect.key', { place: settings.key })),
      ...settings.notes.map((note) => el('p', { class: 'hint', lang: 'en' }, masked(note, token))));
    } catch (error) {
      if (mine === asked) problem.textContent = errorText(texts, error);
    }
  }

  async function start(): Promise<void> {
    try {
      const [baseUrl, clients] = await Promise.all([api.baseUrl(fingerprint), api.clients()]);
      const shown = masked(baseUrl, tokenIn(baseUrl));
      replace(base, el('code', {}, shown), el('button', {
        type: 'button', class: 'copy', 'aria-label': t('copy.named', { name: t('token.baseUrl') }),
        onclick: () => void copyText(baseUrl).then((done) => app.toast(t(done ? 'copied' : 'copy.failed'))),
      }, t('copy')));
      drawClients(clients);
    } catch (error) {
      problem.textContent = errorText(texts, error);
    }
  }

  function drawClients(clients: readonly ClientName[]): void {
    const first = clients.find(({ id }) => id === FIRST_CLIENT) ?? clients[0];
    if (first === undefined) return;
    replace(clientPlace, field(t('connect.client'), choice(clients.map(({ id, title }) => [id, title] as const), first.id, (id) => void showClient(id))));
    void showClient(first.id);
  }

  void start();
  return el('div', { class: 'connect' },
    el('p', { class: 'code-title' }, t('token.baseUrl')), base, el('p', { class: 'hint' }, t('connect.masked')),
    clientPlace, snippets, problem);
}

export function openConnect(app: App, fingerprint: string): void {
  openDialog(app.texts, { title: app.texts.t('connect.title'), class: 'wide', body: [connectPanel(app, fingerprint)] });
}
