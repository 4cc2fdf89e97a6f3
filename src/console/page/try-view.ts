/** Try it: a text, and what would be done with it at each level. */
import { LEVELS, type Level } from './api.ts';
import { errorText, type App, type View } from './app.ts';
import { actionBadge, actionText, toneOf } from './badges.ts';
import { el, freshId, replace, type Child } from './dom.ts';
import { segmentsOf, strengthOf } from './marking.ts';
import { READINGS, type Reading, type Trial, type TrialFinding } from './trial-data.ts';

const MAX_TEXT_BYTES = 262_144;
/** More marks than this tell a reader nothing more, and cost elements. */
const MOST_LISTED = 200;

export function createTryView(app: App): View {
  const { api, texts } = app;
  const { t } = texts;
  let reading: Reading = 'prompt';
  let level: Level = app.level;
  let tried: { readonly text: string; readonly trial: Trial } | undefined;

  const text = el('textarea', { name: 'text', rows: 7, spellcheck: 'false', autocomplete: 'off', 'aria-describedby': 'try-private', placeholder: t('try.placeholder') });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const result = el('div', { class: 'try-result' });
  const send = el('button', { type: 'button', class: 'primary', onclick: () => void submit() }, t('try.send'));
  text.setAttribute('aria-label', t('try.label'));
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit();
    }
  });

  const readings = radios(t('try.reading'), READINGS.map((value) => [value, t(`try.${value}`)] as const), reading, (value) => {
    reading = value;
    draw();
  });
  const levels = radios(t('token.level'), LEVELS.map((value) => [value, value === app.level ? t('try.level.own', { level: t(`level.${value}`) }) : t(`level.${value}`)] as const), level, (value) => {
    level = value;
    draw();
  });
  const element = el('section', { class: 'view try', 'aria-labelledby': 'try-title' },
    el('div', { class: 'view-head' }, el('h1', { id: 'try-title', tabindex: -1 }, t('try.title'))),
    el('p', { class: 'muted', id: 'try-private' }, t('try.private')),
    text,
    el('div', { class: 'try-bar' }, send,
      el('button', { type: 'button', onclick: () => example('prompt') }, t('try.example.prompt')),
      el('button', { type: 'button', onclick: () => example('command') }, t('try.example.command'))),
    problem,
    el('div', { class: 'try-choices' }, readings, levels), result);
  draw();

  function example(kind: Reading): void {
    text.value = kind === 'prompt' ? t('try.example.prompt.text', { secret: madeUpSecret() }) : t('try.example.command.text');
    reading = kind;
    const radio = readings.querySelector<HTMLInputElement>(`input[value="${kind}"]`);
    if (radio !== null) radio.checked = true;
    void submit();
  }

  async function submit(): Promise<void> {
    problem.textContent = '';
    const given = text.value;
    if (given.trim() === '') {
      problem.textContent = t('try.empty');
      text.focus();
      return;
    }
    if (new TextEncoder().encode(given).length > MAX_TEXT_BYTES) {
      problem.textContent = t('try.tooLong', { max: texts.bytes(MAX_TEXT_BYTES) });
      return;
    }
    try {
      tried = { text: given, trial: await api.tryText(given) };
      draw();
      app.announce(summary(tried.trial[level][reading]));
    } catch (error) {
      problem.textContent = errorText(texts, error);
    }
  }

  function summary(findings: readonly TrialFinding[]): string {
    return findings.length === 0 ? t('try.nothing') : texts.count('try.found.one', 'try.found', findings.length);
  }

  function draw(): void {
    if (tried === undefined) {
      replace(result, el('p', { class: 'muted' }, t('try.before')));
      return;
    }
    const findings = tried.trial[level][reading].filter(({ action }) => action !== 'off');
    const ordered = [...findings].sort((a, b) => strengthOf(a.action) - strengthOf(b.action) || a.start - b.start);
    replace(result,
      el('p', { class: 'try-summary' }, el('strong', {}, summary(findings)), ' ', verdict(findings)),
      atEachLevel(tried.trial),
      el('div', { class: 'marked', tabindex: 0, role: 'region', 'aria-label': t('try.marked') }, ...markedText(tried.text, findings)),
      ordered.length > 0 && el('ul', { class: 'findings' }, ...ordered.slice(0, MOST_LISTED).map(item)),
      ordered.length > MOST_LISTED && el('p', { class: 'muted' }, t('try.more', { n: texts.number(ordered.length - MOST_LISTED) })));
  }

  function verdict(findings: readonly TrialFinding[]): string {
    const strongest = [...findings].sort((a, b) => strengthOf(a.action) - strengthOf(b.action))[0];
    return strongest === undefined ? '' : texts.maybe(`try.verdict.${reading}.${strongest.action}`, '');
  }

  /** The strongest action at each level side by side, so that nobody has to switch to compare. */
  function atEachLevel(trial: Trial): HTMLElement {
    return el('dl', { class: 'try-levels' }, ...LEVELS.map((each) => {
      const actions = [...new Set(trial[each][reading].map(({ action }) => action).filter((action) => action !== 'off'))].sort((a, b) => strengthOf(a) - strengthOf(b));
      return el('div', { class: each === level ? 'chosen' : '' }, el('dt', {}, t(`level.${each}`)), el('dd', {}, ...(actions.length === 0 ? [el('span', { class: 'muted' }, t('try.passes'))] : actions.map((action) => actionBadge(texts, action)))));
    }));
  }

  function markedText(given: string, findings: readonly TrialFinding[]): Child[] {
    return segmentsOf(given, findings).map(({ text: piece, finding }) => finding === null ? piece
      : el('mark', { class: `mark tone-${toneOf(finding.action)}`, title: `${finding.rule}: ${actionText(texts, finding.action)}` }, visible(piece), el('span', { class: 'off-screen' }, ` (${actionText(texts, finding.action)}: ${finding.rule}) `)));
  }

  function item(finding: TrialFinding): HTMLElement {
    return el('li', { class: 'finding' },
      el('p', { class: 'finding-head' }, actionBadge(texts, finding.action), el('code', { class: 'rule' }, finding.rule || finding.kind)),
      el('p', { class: 'finding-done' }, texts.maybe(`topic.${finding.topic}`, finding.kind), finding.why !== '' && el('span', { class: 'why', lang: 'en' }, finding.why)));
  }

  return { element };
}

/** Characters that nobody sees are shown by their numbers. */
function visible(text: string): string {
  return text.replace(/[\p{Cf}\u{E0000}-\u{E007F}]/gu, (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** A password that nobody has: the page must not hold one that looks like somebody's. */
function madeUpSecret(): string {
  const letters = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
  return [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => letters.charAt(byte % letters.length)).join('');
}

function radios<V extends string>(legend: string, options: readonly (readonly [value: V, text: string])[], chosen: V, onChange: (value: V) => void): HTMLFieldSetElement {
  const name = freshId('radio');
  return el('fieldset', { class: 'segments' }, el('legend', {}, legend), ...options.map(([value, words]) => {
    const radio = el('input', { type: 'radio', name, value, onchange: () => onChange(value) });
    radio.checked = value === chosen;
    return el('label', {}, radio, el('span', {}, words));
  }));
}
