/** Lists that one program makes and another works through: `ls / | xargs rm -rf`, `find ... | while read f`. */
import { MAX_FEEDS, operands } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { inputOf } from './outputs.ts';
import type { Word } from './syntax.ts';
import { foundBy } from './wrappers.ts';

/** Filters that leave a list as long as it was. */
const WHOLE = new Set(['sort', 'cat', 'tac', 'tee', 'uniq', 'tr', 'xargs', 'nl']);
const MAX_INPUT_CHARS = 2048;

/** A text put before each entry by `awk '{print "/"$1}'` or `sed 's|^|/|'`; undefined when entries may be left out. */
function putBefore(invocation: Invocation): string | undefined {
  if (WHOLE.has(invocation.name)) return '';
  const script = invocation.args.find((word) => word.quoted)?.text.slice(0, 256) ?? '';
  if (/^[gmn]?awk$/.test(invocation.name)) {
    const found = /^\s{0,8}\{\s{0,8}print\s{0,8}(?:"([^"]{0,64})"\s{0,4})?\$(?:\d|NF)/.exec(script);
    return found ? found[1] ?? '' : undefined;
  }
  if (invocation.name === 'sed') return /^s([|,#/@!])\^\1(.{0,64})\1g?$/.exec(script)?.[2]?.replaceAll('\\', '');
  return undefined;
}

/** The entries of a folder as names without it; a pattern's as it was given. */
function listedBy(invocation: Invocation, prefix: string, place: Word): readonly Word[] {
  const folders = operands(invocation).map((word) => word.text);
  const absolute = prefix !== '' || folders.length === 0 ? [''] : folders;
  return absolute.map((folder) => ({ ...place, quoted: false, text: prefix !== '' ? `${prefix}*` : folder === '' ? '*' : folder.includes('*') ? folder : `${folder.replace(/\/+$/, '')}/*` }));
}

/**
 * What the entries of the list are that flows into a program, as far as it can be told; words get the place of `place`.
 * Names that `ls` prints of a folder are taken as paths in it, since that is what they are meant as.
 */
export function entriesFor(invocation: Invocation, place: Word): readonly Word[] {
  let stage = invocation.feeds;
  let prefix = '';
  for (let steps = 0; steps < MAX_FEEDS; steps += 1) {
    const feed = stage.at(-1);
    if (!feed) break;
    if (feed.name === 'find' || feed.name === 'fd') return foundBy([place, ...feed.args]).map((word) => (prefix === '' ? word : { ...word, text: prefix + word.text }));
    if (feed.name === 'ls' || feed.name === 'dir') return listedBy(feed, prefix, place);
    const put = putBefore(feed);
    if (put === undefined) break;
    prefix = (put + prefix).slice(0, 128);
    stage = feed.feeds;
  }
  const input = inputOf(invocation)?.text.slice(0, MAX_INPUT_CHARS) ?? '';
  return input.split(/\s+/).filter((text) => text !== '').map((text) => ({ ...place, text, quoted: false }));
}
