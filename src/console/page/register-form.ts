/** The form that registers an upstream: the vendors' addresses by name, or one's own. */
import { LEVELS, MODES } from './api.ts';
import { errorText, type App } from './app.ts';
import { choice, el, field, freshId } from './dom.ts';

const PRESETS = [
  ['anthropic', 'Anthropic', 'https://api.anthropic.com/v1', 'Claude'],
  ['openai', 'OpenAI', 'https://api.openai.com/v1', 'OpenAI'],
  ['gemini', 'Google Gemini', 'https://generativelanguage.googleapis.com', 'Gemini'],
  ['own', '', '', ''],
] as const;

export interface RegisterOptions {
  /** Leaves out what a beginner need not decide. */
  readonly brief: boolean;
  /** @param fingerprint of the new token, or of the one that the upstream had already. */
  onDone(fingerprint: string, already: boolean): void;
}

export function registerForm(app: App, { brief, onDone }: RegisterOptions): HTMLFormElement {
  const { api, texts } = app;
  const { t } = texts;
  const group = freshId('preset');
  const upstream = el('input', { type: 'url', name: 'upstream', required: true, placeholder: 'https://…', autocomplete: 'off', spellcheck: 'false', inputmode: 'url' });
  const note = el('input', { type: 'text', name: 'note', maxlength: 200, autocomplete: 'off' });
  const mode = choice(MODES.map((value) => [value, t(`mode.${value}`)] as const), 'full');
  const level = choice([['', t('level.gateway', { level: t(`level.${app.level}`) })], ...LEVELS.map((value) => [value, t(`level.${value}`)] as const)], '');
  const problem = el('p', { class: 'problem', role: 'alert' });
  const send = el('button', { type: 'submit', class: 'primary' }, t('register.send'));

  const presets = el('fieldset', { class: 'presets' }, el('legend', {}, t('register.upstream')),
    ...PRESETS.map(([id, title, address, name], index) => {
      const radio = el('input', { type: 'radio', name: group, value: id, onchange: () => choose(address, name) });
      radio.checked = index === 0;
      return el('label', { class: 'preset' }, radio, el('span', {}, el('span', { class: 'preset-title' }, title === '' ? t('register.own') : title), el('span', { class: 'preset-address' }, address === '' ? t('register.own.hint') : address)));
    }));

  function choose(address: string, name: string): void {
    upstream.value = address;
    note.value = name;
  }

  async function submit(): Promise<void> {
    problem.textContent = '';
    upstream.removeAttribute('aria-invalid');
    send.disabled = true;
    try {
      const settings: Record<string, string> = { mode: mode.value };
      if (level.value !== '') settings['level'] = level.value;
      if (note.value.trim() !== '') settings['note'] = note.value.trim();
      const { fingerprint, already } = await api.register(upstream.value.trim(), settings);
      onDone(fingerprint, already);
    } catch (error) {
      problem.textContent = errorText(texts, error);
      upstream.setAttribute('aria-invalid', 'true');
      upstream.focus();
    } finally {
      send.disabled = false;
    }
  }

  const form = el('form', { class: 'form', novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    if (upstream.value.trim() === '') {
      problem.textContent = t('register.missing');
      upstream.setAttribute('aria-invalid', 'true');
      upstream.focus();
      return;
    }
    void submit();
  } },
    presets,
    field(t('register.address'), upstream, t('register.address.hint')),
    field(t('token.name'), note, t('token.name.hint')),
    !brief && el('div', { class: 'fields' }, field(t('token.mode'), mode), field(t('token.level'), level)),
    problem,
    el('div', { class: 'form-foot' }, send));
  const [, , firstAddress, firstName] = PRESETS[0];
  choose(firstAddress, firstName);
  return form;
}
