/** What was done in one exchange, and how to allow what was refused. */
import type { App } from './app.ts';
import { actionBadge, statusText, statusTone } from './badges.ts';
import { copyText } from './clipboard.ts';
import { openDialog } from './dialog.ts';
import { el, type Child } from './dom.ts';
import { strengthOf } from './marking.ts';
import type { Exchange, Finding } from './records.ts';

/** Actions that keep the reader from something: how to allow it is told at once. */
const REFUSING: ReadonlySet<string> = new Set(['block', 'replace', 'quarantine']);
/** The place of what was found in a tool call is the tool's name after this. */
const TOOL = 'tool.';

export function openExchange(app: App, exchange: Exchange, onClose: () => void): void {
  const { texts } = app;
  const { t } = texts;
  const findings = [...exchange.findings].sort((a, b) => strengthOf(a.action) - strengthOf(b.action));
  openDialog(texts, {
    title: t('detail.title', { client: exchange.client || t('unknown'), time: texts.time(exchange.timeMs) }),
    class: 'side',
    onClose,
    body: [
      el('p', { class: 'detail-lead' }, el('span', { class: `status status-${statusTone(exchange)}` }, statusText(texts, exchange)), ' ', leadText(app, exchange)),
      el('h3', {}, t('detail.findings')),
      findings.length === 0 ? el('p', { class: 'muted' }, t('detail.nothing')) : el('ol', { class: 'findings' }, ...findings.map((finding) => findingItem(app, exchange, finding))),
      exchange.unlisted > 0 && el('p', { class: 'muted' }, texts.count('detail.unlisted.one', 'detail.unlisted', exchange.unlisted)),
      el('h3', {}, t('detail.exchange')),
      el('dl', { class: 'facts' }, ...facts(app, exchange)),
    ],
  });
}

function leadText({ texts }: App, { code, outcome, findings }: Exchange): string {
  if (code !== '') return texts.maybe(`code.${code}`, code);
  if (findings.some(({ action, place }) => action === 'block' && place.startsWith(TOOL))) return texts.t('lead.call');
  return texts.maybe(`outcome.${outcome}`, outcome);
}

function facts({ texts }: App, exchange: Exchange): Child[] {
  const { t } = texts;
  const rows: readonly (readonly [string, string])[] = [
    [t('column.time'), texts.dateTime(exchange.timeMs)],
    [t('column.token'), exchange.token === exchange.fingerprint ? exchange.token : `${exchange.token} (${exchange.fingerprint})`],
    [t('detail.upstream'), exchange.upstream],
    [t('detail.request'), `${exchange.method} ${exchange.path}`.trim()],
    [t('detail.wire'), exchange.wire],
    [t('detail.model'), exchange.model],
    [t('column.firstByte'), texts.duration(exchange.firstByteMs)],
    [t('column.duration'), texts.duration(exchange.durationMs)],
    [t('detail.added'), texts.duration(exchange.addedMs)],
    [t('detail.bytesIn'), texts.bytes(exchange.bytesIn)],
    [t('detail.bytesOut'), texts.bytes(exchange.bytesOut)],
    [t('detail.id'), exchange.id],
  ];
  return rows.filter(([, value]) => value !== '' && value !== ' ').map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)));
}

function findingItem(app: App, exchange: Exchange, finding: Finding): HTMLElement {
  const { texts } = app;
  const { t } = texts;
  const refused = REFUSING.has(finding.action);
  const topic = texts.maybe(`topic.${finding.topic}`, finding.kind);
  const tool = finding.place.startsWith(TOOL) ? finding.place.slice(TOOL.length) : '';
  const rows: readonly (readonly [string, Child])[] = [
    [t('finding.what'), topic],
    [t('finding.why'), finding.why !== '' && el('span', { lang: 'en' }, finding.why)],
    [t('finding.shape'), finding.shape !== '' && el('code', { class: 'shape' }, finding.shape)],
    [t(tool === '' ? 'finding.place' : 'finding.tool'), finding.place !== '' && el('code', {}, tool || finding.place)],
    [t('finding.direction'), texts.maybe(`direction.${finding.direction}`, finding.direction)],
    [t('finding.count'), finding.count > 1 && texts.number(finding.count)],
  ];
  return el('li', { class: 'finding' },
    el('p', { class: 'finding-head' }, actionBadge(texts, finding.action), el('code', { class: 'rule' }, finding.rule || finding.kind)),
    el('p', { class: 'finding-done' }, texts.maybe(`done.${finding.action}`, '')),
    el('dl', { class: 'facts' }, ...rows.filter(([, value]) => value !== '' && value !== false).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)))),
    howToAllow(app, exchange, finding, refused));
}

/** The entries of the rules file that change what is done, ready to be copied. */
function howToAllow(app: App, exchange: Exchange, { rule, topic, action }: Finding, open: boolean): HTMLElement | false {
  const { texts } = app;
  const { t } = texts;
  const name = rule || topic;
  if (name === '' || action === 'flag' || action === 'off') return false;
  const forAll = JSON.stringify({ policy: { [name]: action === 'redact' ? 'off' : 'flag' } }, null, 2);
  const forToken = JSON.stringify({ tokens: { [exchange.fingerprint]: { policy: { [name]: action === 'redact' ? 'off' : 'flag' } } } }, null, 2);
  return el('details', { class: 'allow', open },
    el('summary', {}, t(action === 'redact' ? 'allow.redact' : 'allow.title')),
    el('p', {}, t('allow.text')),
    exchange.fingerprint !== '' && el('p', { class: 'code-title' }, t('allow.token', { token: exchange.token })),
    exchange.fingerprint !== '' && codeBlock(app, forToken, forToken, t('allow.token', { token: exchange.token })),
    el('p', { class: 'code-title' }, t('allow.all')),
    codeBlock(app, forAll, forAll, t('allow.all')),
    el('p', { class: 'hint' }, t('allow.restart')));
}

/** A block of code with a button that copies it. What is copied may be more than what is shown: a token is shown masked. */
export function codeBlock(app: App, shown: string, copied: string, name: string): HTMLElement {
  const { t } = app.texts;
  const button = el('button', {
    type: 'button', class: 'copy', 'aria-label': t('copy.named', { name }),
    onclick: () => void copyText(copied).then((done) => app.toast(t(done ? 'copied' : 'copy.failed'))),
  }, t('copy'));
  return el('div', { class: 'code' }, el('pre', {}, el('code', {}, shown.trimEnd())), button);
}
