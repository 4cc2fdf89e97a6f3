/** What somebody sees who has no token yet: three steps, from an upstream's address to the first exchange. */
import type { App, View } from './app.ts';
import { statusText } from './badges.ts';
import { connectPanel } from './connect-panel.ts';
import { el, replace } from './dom.ts';
import type { Exchange } from './records.ts';
import { registerForm } from './register-form.ts';

export interface FirstRun extends View {
  /** The reader has registered an upstream in it, and goes on in it. */
  readonly underWay: boolean;
  /** An exchange has arrived. */
  arrived(exchange: Exchange): void;
}

export interface FirstRunOptions {
  /** An upstream was registered. */
  onRegistered(): void;
  /** The reader goes on to the exchanges. */
  onDone(): void;
}

export function createFirstRun(app: App, { onRegistered, onDone }: FirstRunOptions): FirstRun {
  const { t } = app.texts;
  let waits = false;
  let underWay = false;
  const wait = el('div', { class: 'wait', role: 'status' });
  const place = (name: 'upstream' | 'connect' | 'watch', index: number): { readonly item: HTMLElement; readonly body: HTMLElement } => {
    const body = el('div', { class: 'step-body' });
    return { body, item: el('li', { class: 'step' }, el('h2', {}, el('span', { class: 'step-number', 'aria-hidden': 'true' }, index), t(`first.${name}`)), body) };
  };
  const steps = { upstream: place('upstream', 1), connect: place('connect', 2), watch: place('watch', 3) };
  const element = el('section', { class: 'view first-run', 'aria-labelledby': 'first-title' },
    el('h1', { id: 'first-title', tabindex: -1 }, t('first.title')),
    el('p', { class: 'lead' }, t('first.text')),
    el('ol', { class: 'steps' }, steps.upstream.item, steps.connect.item, steps.watch.item));

  function at(name: keyof typeof steps): void {
    const names = Object.keys(steps) as (keyof typeof steps)[];
    for (const [index, other] of names.entries()) {
      const { item } = steps[other];
      item.classList.toggle('done', index < names.indexOf(name));
      item.classList.toggle('to-come', index > names.indexOf(name));
      if (other === name) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    }
  }

  replace(steps.upstream.body, registerForm(app, {
    brief: true,
    onDone(fingerprint) {
      replace(steps.upstream.body, el('p', { class: 'muted' }, t('first.upstream.done')));
      replace(steps.connect.body, el('p', {}, t('first.connect.text')), connectPanel(app, fingerprint));
      replace(steps.watch.body, wait);
      // In sight while the lines above are copied.
      steps.watch.item.classList.add('watching');
      replace(wait, el('span', { class: 'pulse', 'aria-hidden': 'true' }), t('first.wait'));
      waits = true;
      underWay = true;
      at('connect');
      onRegistered();
      const heading = steps.connect.item.querySelector('h2');
      heading?.setAttribute('tabindex', '-1');
      heading?.focus();
    },
  }));
  replace(steps.connect.body, el('p', { class: 'muted' }, t('first.connect.later')));
  replace(steps.watch.body, el('p', { class: 'muted' }, t('first.watch.later')));
  at('upstream');

  return {
    element,
    get underWay() {
      return underWay;
    },
    arrived(exchange) {
      if (!waits) return;
      waits = false;
      at('watch');
      steps.connect.item.classList.add('done');
      const found = exchange.findings.reduce((sum, { count }) => sum + count, 0);
      replace(wait,
        el('p', { class: 'first-arrived' }, t('first.arrived', { client: exchange.client || t('unknown'), status: statusText(app.texts, exchange) }), ' ',
          found === 0 ? t('first.arrived.clean') : app.texts.count('first.arrived.found.one', 'first.arrived.found', found)),
        el('button', { type: 'button', class: 'primary', onclick: onDone }, t('first.see')));
    },
  };
}
