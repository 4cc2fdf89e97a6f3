/** Findings and states as small marks: word and colour, never colour alone. */
import { el } from './dom.ts';
import type { Texts } from './i18n.ts';
import { strengthOf } from './marking.ts';
import type { Exchange, Finding } from './records.ts';

const TONES: Readonly<Record<string, string>> = { block: 'bad', replace: 'bad', quarantine: 'warn', strip: 'warn', redact: 'good', flag: 'note', off: 'none' };

export function toneOf(action: string): string {
  return TONES[action] ?? 'note';
}

export function actionText(texts: Texts, action: string): string {
  return texts.maybe(`action.${action}`, action);
}

export function actionBadge(texts: Texts, action: string): HTMLElement {
  return el('span', { class: `badge tone-${toneOf(action)}` }, actionText(texts, action));
}

export function findingBadge(texts: Texts, { rule, action, count }: Finding): HTMLElement {
  const times = count > 1 && el('span', { class: 'times' }, `×${texts.number(count)}`);
  return el('span', { class: `badge tone-${toneOf(action)}`, title: `${rule}: ${actionText(texts, action)}` }, el('span', { class: 'badge-text' }, rule), times, el('span', { class: 'off-screen' }, ` ${actionText(texts, action)}`));
}

/** Findings of one rule and action as one, the strongest first. */
export function gathered(findings: readonly Finding[]): readonly Finding[] {
  const byName = new Map<string, Finding>();
  for (const finding of findings) {
    const name = `${finding.action} ${finding.rule}`;
    const before = byName.get(name);
    byName.set(name, before === undefined ? finding : { ...before, count: before.count + finding.count });
  }
  return [...byName.values()].sort((a, b) => strengthOf(a.action) - strengthOf(b.action));
}

export type StatusTone = 'ok' | 'warn' | 'bad';

export function statusTone({ status, outcome }: Pick<Exchange, 'status' | 'outcome'>): StatusTone {
  if (status === 0 || status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return BROKEN.has(outcome) ? 'warn' : 'ok';
}

/** Outcomes of answers that began well and did not end so. */
const BROKEN: ReadonlySet<string> = new Set(['upstream_broken', 'client_closed']);

export function statusText(texts: Texts, { status }: Pick<Exchange, 'status'>): string {
  return status === 0 ? texts.t('status.none') : String(status);
}
