/** The ways in which a person may name a token. */
import { TOKEN_PREFIX } from '../../router.ts';

/** What is meant by an argument: an upstream's base, or a token or fingerprint. A gateway's base URL stands for its token. */
export function readTokenName(text: string): { readonly upstreamBase: string } | { readonly token: string } {
  const at = text.indexOf(TOKEN_PREFIX);
  if (at === -1) return text.includes('://') ? { upstreamBase: text } : { token: withoutMode(text) };
  const [segment = ''] = text.slice(at + TOKEN_PREFIX.length).split(/[/?#]/);
  return { token: withoutMode(segment) };
}

function withoutMode(segment: string): string {
  const at = segment.indexOf('__');
  return at === -1 ? segment : segment.slice(0, at);
}
