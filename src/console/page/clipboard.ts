/** Copying, also where the page is not a secure context and the browser withholds its clipboard. */
import { el } from './dom.ts';

/** @returns whether the text is on the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Within the dialog that is open, since the rest of the page can't be selected in then. */
function copyBySelection(text: string): boolean {
  const area = el('textarea', { class: 'off-screen', readonly: true, 'aria-hidden': 'true', tabindex: -1 });
  area.value = text;
  const before = document.activeElement;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
