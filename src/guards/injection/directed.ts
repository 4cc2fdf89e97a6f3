/**
 * Acts and address by open classes of words: a verb of one class with an object of another in one sentence, in any words,
 * and a machine that is spoken to. Each is a sign like those of the rules; neither decides alone.
 */
import { WORD } from './lexicon.ts';
import type { Signal, SignalKind, SignalRule } from './signal-rule.ts';
import type { Words } from './words.ts';

/** How far an object may stand behind its verb, before it where verbs come last, and to both sides in Chinese. */
const BEHIND_CHARS = 90;
const AHEAD_CHARS = 70;
const IDEOGRAPHIC_CHARS = 28;
/** So many words of the lexicon are looked at for one verb. */
const MOST_OBJECTS = 14;
/** How far behind a machine's name it may be told to do something. */
const OBJECT_MARK_CHARS = 14;
const MODAL_CHARS = 80;
const IDEOGRAPHIC_MODAL_CHARS = 24;

const VERBS = WORD.send | WORD.read | WORD.carry | WORD.run | WORD.harm | WORD.grant | WORD.alter | WORD.steer;
const OBJECTS = WORD.secret | WORD.personal | WORD.prompt | WORD.command | WORD.guard | WORD.asset | WORD.worth | WORD.access | WORD.place | WORD.plain | WORD.verdict;

const sign = (id: string, kind: SignalKind, weight: number, order: boolean, direct = false): SignalRule => ({
  id, kind, weight, first: [], then: '', matches: [], ignores: [], ...(order ? { order: true as const } : {}), ...(direct ? { direct: true as const } : {}),
});
/** The signs of this file, by what they are. */
export const DIRECTED = {
  secretSent: sign('directed-secret-sent', 'deed', 2.5, true),
  secretRead: sign('directed-secret-read', 'deed', 2.25, true),
  command: sign('directed-command', 'deed', 2, true),
  harm: sign('directed-harm', 'deed', 2.25, true),
  grant: sign('directed-grant', 'deed', 2.25, true),
  sentAway: sign('directed-sent-away', 'deed', 2, true),
  plainHarm: sign('directed-plain-harm', 'deed', 1.5, true),
  verdict: sign('directed-verdict', 'deed', 2.25, true),
  codePlaced: sign('directed-code-placed', 'deed', 2, true),
  reveal: sign('directed-reveal', 'reveal', 1.5, true),
  address: sign('directed-address', 'address', 1.5, false),
} as const;

/** The act that a verb and an object make; undefined for none. */
function actOf(verb: number, object: number): SignalRule | undefined {
  if ((verb & WORD.send) !== 0 && (object & (WORD.secret | WORD.personal)) !== 0) return DIRECTED.secretSent;
  if ((verb & (WORD.read | WORD.carry)) !== 0 && (object & (WORD.secret | WORD.personal)) !== 0) return DIRECTED.secretRead;
  if ((verb & WORD.run) !== 0 && (object & WORD.command) !== 0) return DIRECTED.command;
  if ((verb & WORD.harm) !== 0 && (object & (WORD.guard | WORD.asset | WORD.personal)) !== 0) return DIRECTED.harm;
  if ((verb & WORD.grant) !== 0 && (object & (WORD.worth | WORD.access | WORD.guard)) !== 0) return DIRECTED.grant;
  if ((verb & WORD.alter) !== 0 && (object & (WORD.access | WORD.guard)) !== 0) return DIRECTED.grant;
  if ((verb & (WORD.read | WORD.send | WORD.carry)) !== 0 && (object & WORD.prompt) !== 0) return DIRECTED.reveal;
  if ((verb & WORD.steer) !== 0 && (object & WORD.verdict) !== 0) return DIRECTED.verdict;
  if ((verb & WORD.carry) !== 0 && (object & WORD.command) !== 0) return DIRECTED.codePlaced;
  if ((verb & WORD.harm) !== 0 && (object & WORD.plain) !== 0) return DIRECTED.plainHarm;
  return undefined;
}

/** Whose prompt it is: that of the one who is spoken to. */
const OWN_PROMPT = /\b(?:your|its|system|initial|original|hidden|secret|own|developers?'?s?|internal)\s{1,3}(?:\w{1,12}\s)?$/;
const OWN_PROMPT_CHARS = 32;
/** Where something is put, and not what. */
const IN_IT = /\b(?:in|into|to|on|at|via|by)\s{1,2}(?:the |this |your |our |a |an )?$/;
const IN_IT_CHARS = 14;

/** A literal address: one with a scheme, or of mail. */
function isLiteralPlace(text: string, words: Words, i: number): boolean {
  const code = text.charCodeAt(words.starts[i] as number);
  return (words.bits[i] as number) === WORD.place && (code === 0x3a || code === 0x40);
}

/** Whether a word is called, set or only the beginning of a longer name. */
function isPartOfCode(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  return code === 0x28 || code === 0x5f || code === 0x3d;
}

function actAt(text: string, words: Words, at: number, found: Signal[]): void {
  const verb = words.bits[at] as number;
  const start = words.starts[at] as number;
  const end = words.ends[at] as number;
  const ideographic = text.charCodeAt(start) > 0x2e7f;
  const behind = ideographic ? IDEOGRAPHIC_CHARS : BEHIND_CHARS;
  let best: SignalRule | undefined;
  let first = start;
  let last = end;
  for (let i = at + 1; i < words.count && i <= at + MOST_OBJECTS; i += 1) {
    const bits = words.bits[i] as number;
    if ((bits & WORD.boundary) !== 0 || (words.starts[i] as number) - end > behind) break;
    if ((bits & OBJECTS) === 0 || (words.starts[i] as number) < end || isPartOfCode(text, words.ends[i] as number)) continue;
    const act = (verb & (WORD.send | WORD.carry)) !== 0 && (bits & WORD.place) !== 0 && isLiteralPlace(text, words, i) ? DIRECTED.sentAway : actOf(verb, bits);
    if ((bits & (WORD.personal | WORD.foreign)) === WORD.personal && IN_IT.test(text.slice(Math.max(end, (words.starts[i] as number) - IN_IT_CHARS), words.starts[i]))) continue;
    if (act === DIRECTED.reveal && (bits & WORD.foreign) === 0 && !OWN_PROMPT.test(text.slice(Math.max(end, (words.starts[i] as number) - OWN_PROMPT_CHARS), words.starts[i]))) continue;
    if (act !== undefined && act.weight > (best?.weight ?? 0)) {
      best = act;
      last = words.ends[i] as number;
    }
  }
  if (ideographic || (verb & WORD.late) !== 0) {
    const ahead = ideographic ? IDEOGRAPHIC_CHARS : AHEAD_CHARS;
    for (let i = at - 1; i >= 0 && i >= at - MOST_OBJECTS; i -= 1) {
      const bits = words.bits[i] as number;
      if ((bits & WORD.boundary) !== 0 || start - (words.ends[i] as number) > ahead) break;
      if ((bits & OBJECTS) === 0) continue;
      // In Chinese an object stands before its verb only behind a word that says so.
      if (ideographic && (verb & WORD.late) === 0 && !/[把将]/.test(text.slice(Math.max(0, (words.starts[i] as number) - OBJECT_MARK_CHARS), words.starts[i]))) continue;
      const act = (verb & WORD.send) !== 0 && (bits & WORD.place) !== 0 ? DIRECTED.sentAway : actOf(verb, bits);
      if (act !== undefined && act.weight > (best?.weight ?? 0)) {
        best = act;
        first = words.starts[i] as number;
        last = end;
      }
    }
  }
  if (best !== undefined) found.push({ rule: best, start: first, end: last });
}

/** What stands before the name of one that is spoken to. */
const SPOKEN_TO =
  /(?:\b(?:to|for|dear|hey|hi|hello|attention|attn|you,? the|if you are|if you're|authori[sz]e|instruct|kind|whenever|when|par|para|pour|fur|an|al|all'|fuer|dla|untuk)[\s:,]{1,3}(?:the |a |an |any |all |every |our |my |your |el |la |le |l'|les |los |o |os |den |die |alle |il |gli |tout |toute |todo |todos )?(?:(?!(?:the|a|an|any|all|every|our|my|your|el|la|le|les|den|die) )[\w-]{2,14} ){0,2}|@)$/;
/** What stands behind it: a mark, with a word or two of its name between. */
const MARKED = /^(?:[ -](?:assistants?|assistent(?:en)?|agenten|agents?|models?|bots?|reviewers?|reviewer|readers?|crawlers?|summari[sz]ers?|systems?|tools?|code|ai|de|ia|search|shopping|review)){0,3}(?: (?:with|that|who|which|having|reading|processing|working|looking|using|on)\b[^.:\n]{0,40}(?=:))?\s{0,2}(?:[:,!;]|[-\u2013\u2014]\s|\)|\])/;
/** The same with whoever uses the machine, for one that is none by itself. */
const MARKED_READERS = /^ [a-z]{3,10}(?:ers?|ors?|ists?|ants?)\s{0,2}[:,!]/;
const SPOKEN_TO_CHARS = 48;
const MARKED_CHARS = 48;
/** Names as short as this are other words too. */
const SHORTEST_NAME = 2;
const SHORTEST_KIND = 3;
const TOLD_OF = /(?:(?:['\u2019]s|s['\u2019])\b|^[_./=(]|^-(?!assist|agent|bot|model)[a-z]{3,}|^ (?:users?|customers?|owners?|vendors?|developers?|subscribers?)\b)/;
/** A turn in the protocol of a dialogue. */
const TURN = /(?:^|\n|\]|>|\))\s{0,4}$/;
const FORBIDDEN = /^(?:n't|not|\s{1,2}(?:not|never|no)\b)/;
/** One that is told who it is, as prompts do. */
const TOLD_ITSELF = /(?:\byou(?: are|'re) (?:an? |the )?|你是[^,，。.]{0,8})$/;
/** A part of a longer name, or a name in code. */
const PART_OF_A_NAME = /(?:[_./=(]|\w-|[,;&|{<[](?! ))$/;
const CALLED = /\b(?:dear|hey|hi|hello|attention|note to|message to|notes? for|instructions? (?:for|to))[ :,]{1,3}(?:the |all |any |our )?(?:\w{2,12} )?$/;
/** People who are agents and assistants, and programs of old. */
const OF_PEOPLE = /\b(?:user|travel|estate|letting|insurance|secret|free|ticket|news|support|sales|transfer|mail)[\s-]{1,3}$/;
const PROFESSION = /^ (?:professors?|managers?|directors?|editors?|coach\w{0,2}|teachers?|principals?|secretar\w{1,3})\b/;
/** Before a comma: the end of a phrase, and nobody who is called. */
const IN_A_PHRASE = /\b(?:an?|the|by|of|from|with|your|our|my|its|their|and|or) (?:\w{2,12} )?$/;
/** A thing of its kind: `the ai track`. */
const KIND_OF_THING = /^ (?!assistants?|agents?|models?|bots?|systems?|tools?|readers?|reviewers?|crawlers?|that|who|which|is|are|and|or|to|reading|processing|(?:\w{3,10}(?:ers?|ors?|ists?))\b)[a-z]/;
const ARTICLE = /(?:\b(?:el|la|los|las|o|os|il|lo|le|les|der|die|das|ein|un|una|une|um|uma) |\bl')$/;
const TO = /^\s{1,2}(?:to|first|now|also)\b/;
const CHINESE_SPOKEN_TO = /(?:[致给请若凡由供]|如果你是|亲爱的|注意)[^\n,.;:。]{0,8}$/;

/** `claude, codex and others`: a list calls nobody. */
const LIST_CHARS = 18;
function isOneOfMany(words: Words, at: number, after: string): boolean {
  const next = at + 1;
  return next < words.count && ((words.bits[next] as number) & (WORD.machine | WORD.modelLike)) !== 0
    && (words.starts[next] as number) - (words.ends[at] as number) <= LIST_CHARS && /^[\w \n-]{0,14},/.test(after);
}

/** `agent: options.agent,` on a line of its own: a member in code. */
function isKeyInCode(before: string, after: string): boolean {
  return /(?:\n|^)[ \t]{2,}$/.test(before) && /^\??:\s[^\n]{1,44}(?:[,;{([]\s{0,2}(?:\n|$)|[?(])/.test(after);
}

function isSpokenTo(text: string, words: Words, at: number): boolean {
  const bits = words.bits[at] as number;
  const start = words.starts[at] as number;
  const end = words.ends[at] as number;
  const ideographic = text.charCodeAt(start) > 0x2e7f;
  const after = text.slice(end, end + MARKED_CHARS);
  const before = text.slice(Math.max(0, start - SPOKEN_TO_CHARS), start);
  if (!ideographic && (TOLD_OF.test(after.slice(0, 14)) || (after.startsWith(':') && TURN.test(before) && text.startsWith('assistant', start)))) return false;
  if (!ideographic && (PART_OF_A_NAME.test(before) || PROFESSION.test(after) || (text.startsWith('agent', start) && OF_PEOPLE.test(before)))) return false;
  if (TOLD_ITSELF.test(before) && !before.includes('if you') && !before.includes('如果你是')) return false;
  const reach = ideographic ? IDEOGRAPHIC_MODAL_CHARS : MODAL_CHARS;
  const comma = ideographic ? text.slice(end, end + reach).indexOf(',') : -1;
  for (let i = at + 1; i < words.count && (words.starts[i] as number) - end <= reach; i += 1) {
    const next = words.bits[i] as number;
    if ((next & WORD.boundary) !== 0) break;
    if ((next & WORD.modal) === 0 || ((next & WORD.foreign) !== 0 && (bits & WORD.foreign) === 0)) continue;
    if (comma > 1 && (words.starts[i] as number) > end + comma) break;
    const behind = text.slice(words.ends[i], (words.ends[i] as number) + 10);
    if (FORBIDDEN.test(behind)) return false;
    if (/^(?:ha|need|requ|ough|supp|ask|auth|obli|allo|invi|urge|expe|perm|inst)/.test(text.slice(words.starts[i], words.ends[i])) && !TO.test(behind)) continue;
    return true;
  }
  if ((bits & WORD.machine) === 0) return CALLED.test(before) && MARKED.test(after);
  if (ideographic) return /^[们\s]{0,2}(?:你好|您好)?[:,!)]/.test(after) || /^[给致]/.test(text.slice(start, end)) || CHINESE_SPOKEN_TO.test(before.slice(-14)) || text.charCodeAt(start) < 0x3400 || text.charCodeAt(start) > 0x9fff;
  if (SPOKEN_TO.test(before)) return end - start > SHORTEST_KIND || !KIND_OF_THING.test(after);
  if ((bits & WORD.foreign) !== 0 && end - start > SHORTEST_NAME && !ARTICLE.test(before)) return true;
  if (MARKED.test(after) && (isOneOfMany(words, at, after) || isKeyInCode(before, after))) return false;
  if (MARKED.test(after)) return !(IN_A_PHRASE.test(before) && /^[\w -]{0,24},/.test(after));
  return end - start <= SHORTEST_KIND && MARKED_READERS.test(after);
}

/** Acts and words to a machine, by the lexicon. */
export function directedSignals(text: string, words: Words): Signal[] {
  const found: Signal[] = [];
  const speaks = (words.classes & (WORD.machine | WORD.modelLike)) !== 0;
  const acts = (words.classes & VERBS) !== 0 && (words.classes & OBJECTS) !== 0;
  if (!acts && !speaks) return found;
  for (let i = 0; i < words.count; i += 1) {
    const bits = words.bits[i] as number;
    if (acts && (bits & VERBS) !== 0) actAt(text, words, i, found);
    if (speaks && (bits & (WORD.machine | WORD.modelLike)) !== 0 && isSpokenTo(text, words, i)) {
      found.push({ rule: DIRECTED.address, start: words.starts[i] as number, end: words.ends[i] as number });
    }
  }
  return found;
}
