/** What the views share. */
import type { Api, Level } from './api.ts';
import type { Texts } from './i18n.ts';

export interface App {
  readonly api: Api;
  readonly texts: Texts;
  /** The gateway's own level. */
  readonly level: Level;
  /** Tells a screen reader, politely. */
  announce(text: string): void;
  /** Shows a short message where everybody sees it, and tells it. */
  toast(text: string): void;
  /** Opens the dialog that tells how a client is connected to a token. */
  connect(fingerprint: string): void;
}

export interface View {
  readonly element: HTMLElement;
  /** The view comes into sight; or goes out of it. */
  show?(): void;
  hide?(): void;
}

/** An error's text for the reader: the gateway's own words, since they say what to do. */
export function errorText(texts: Texts, error: unknown): string {
  if (error instanceof Error && error.name === 'ApiError') return error.message === '' ? texts.t('error.unreachable') : error.message;
  return texts.t('error.unexpected');
}
