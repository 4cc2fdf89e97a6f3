/** What may be shown of a request's path: the words of APIs; ids, file names and whatever else somebody put there, not. */
import { isPlainName } from './client-name.ts';

/** More says nothing new. */
const MAX_SEGMENTS = 8;
const HIDDEN = '*';
const WORD = /^[a-z_]{1,32}$/;
const VERSION = /^v\d{1,2}(?:(?:alpha|beta)\d{0,2})?$/;
/** Gemini's: `gemini-2.5-pro:streamGenerateContent` (https://ai.google.dev/api/generate-content). */
const MODEL_ACTION = /^[\w.-]{1,100}:[A-Za-z]{1,40}$/;
const MODEL = /^[\w.:@-]{1,100}$/;

/** @param rest the path after the token, without its query. */
export function shownPath(rest: string): string {
  if (rest.length <= 32 && /^(?:\/(?:[a-z_]{1,32}|v1))*$/.test(rest)) return rest;
  const segments = rest.slice(1, 1024).split('/');
  const shown = segments.slice(0, MAX_SEGMENTS).map((segment, index) => {
    if (segment === '' || WORD.test(segment) || VERSION.test(segment)) return segment;
    const afterModels = segments[index - 1] === 'models' && (MODEL_ACTION.test(segment) || MODEL.test(segment));
    return afterModels && isPlainName(segment.replace(/:[A-Za-z]{1,40}$/, '')) ? segment : HIDDEN;
  });
  if (segments.length > MAX_SEGMENTS) shown.push('…');
  return `/${shown.join('/')}`;
}

/** The model in a path of Gemini's; null where there is none. */
export function modelInPath(rest: string): string | null {
  const [, model = ''] = /\/models\/([\w.-]{1,100}):[A-Za-z]{1,40}$/.exec(rest.slice(-256)) ?? [];
  return model !== '' && isPlainName(model) ? model : null;
}
