/**
 * Elements made by hand: text goes in as text, so that nothing an exchange carries can become markup, and the page's
 * policy (Trusted Types, no inline style) holds by construction.
 */

export type Child = Node | string | number | null | undefined | false;
type Listener = (event: Event) => void;
/** Attributes by name; a function under `onclick` and the like listens to that event. True stands for an empty value, false and null for none. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | undefined | Listener>>;

const SVG = 'http://www.w3.org/2000/svg';

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly Child[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children: readonly Child[]): (Node | string)[] {
  const kept: (Node | string)[] = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    kept.push(typeof child === 'number' ? String(child) : child);
  }
  return kept;
}

/** Puts new children in place of an element's own. */
export function replace(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...nodes(children));
}

/** Sets an element's text only where it differs: a live region speaks of each change. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

let lastId = 0;
/** An id that no other element of the page has. */
export function freshId(word: string): string {
  lastId += 1;
  return `${word}-${lastId}`;
}

/** A labelled field: the label stands above what it names. */
export function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  const id = control.id === '' ? freshId('field') : control.id;
  control.id = id;
  const hintId = `${id}-hint`;
  if (hint !== undefined) control.setAttribute('aria-describedby', hintId);
  return el('div', { class: 'field' }, el('label', { for: id }, label), control, hint !== undefined && el('p', { class: 'hint', id: hintId }, hint));
}

/** A choice of one; options are value and text. */
export function choice(options: readonly (readonly [value: string, text: string])[], chosen: string, onChange?: (value: string) => void): HTMLSelectElement {
  const select = el('select', {}, ...options.map(([value, text]) => el('option', { value }, text)));
  select.value = chosen;
  if (onChange !== undefined) select.addEventListener('change', () => onChange(select.value));
  return select;
}
