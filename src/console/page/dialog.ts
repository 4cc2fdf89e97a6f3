/** Dialogs: the browser's own, which keep the focus within, close on Escape and give the focus back. */
import { el, freshId, type Child } from './dom.ts';
import type { Texts } from './i18n.ts';

export interface DialogParts {
  readonly title: string;
  readonly class?: string;
  readonly body: readonly Child[];
  /** Buttons at the foot. */
  readonly foot?: readonly Child[];
  onClose?(): void;
}

/** Shows a modal dialog that is gone when it closes. */
export function openDialog(texts: Texts, { title, class: extra = '', body, foot = [], onClose }: DialogParts): HTMLDialogElement {
  const titleId = freshId('title');
  const close = el('button', { type: 'button', class: 'icon', 'aria-label': texts.t('close'), onclick: () => dialog.close() }, '✕');
  const dialog = el('dialog', { class: `dialog ${extra}`, 'aria-labelledby': titleId },
    el('div', { class: 'dialog-head' }, el('h2', { id: titleId }, title), close),
    el('div', { class: 'dialog-body' }, ...body),
    foot.length > 0 && el('div', { class: 'dialog-foot' }, ...foot));
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.();
    // The browser gives the focus back only to what it still finds where it was.
    if (before instanceof HTMLElement && before.isConnected && (document.activeElement === null || document.activeElement === document.body)) before.focus();
  });
  // A press beside the dialog closes it; one that begins within and ends outside, as in selecting text, does not.
  dialog.addEventListener('pointerdown', (event) => {
    if (event.target !== dialog) return;
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
