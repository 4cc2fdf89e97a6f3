/** Tokens on screen. Pure. */

/** A token's shape for the eye: its first and last four characters. */
export function maskedToken(token: string): string {
  return token.length <= 8 ? '…' : `${token.slice(0, 4)}…${token.slice(-4)}`;
}

/** The token in a base URL, or empty. */
export function tokenIn(baseUrl: string): string {
  return /\/__gw__\/t\/([0-9A-Za-z_-]{1,128})/.exec(baseUrl)?.[1] ?? '';
}

/** A text with its token masked wherever it stands: the screen may be shared, what is copied is whole. */
export function masked(text: string, token: string): string {
  return token === '' ? text : text.replaceAll(token, maskedToken(token));
}
