/** The ways in which a person may name a token. */
import { TOKEN_PREFIX } from '../../router.ts';

/** How much of a token is shown at each end, when what is left hidden is at least as much. */
const SHOWN_CHARS = 4;

/** `Ab3k…9Qx7`; shorter tokens, which people write by hand, show less. */
export function maskToken(token: string): string {
  const shown = Math.min(SHOWN_CHARS, Math.floor(token.length / 6));
  return `${token.slice(0, shown)}…${token.slice(token.length - shown)}`;
}

/** What is meant by an argument: an upstream's base, or a token or fingerprint. A gateway's base URL stands for its token. */
export function readTokenName(text: string): { readonly upstreamBase: string } | { readonly token: string } {
  const at = text.indexOf(TOKEN_PREFIX);
  if (at !== -1) {
    const [token = ''] = text.slice(at + TOKEN_PREFIX.length).split(/[/?#]/);
    return { token: withoutMode(token) };
  }
  return text.includes('://') ? { upstreamBase: text } : { token: withoutMode(text) };
}

function withoutMode(segment: string): string {
  const at = segment.indexOf('__');
  return at === -1 ? segment : segment.slice(0, at);
}
