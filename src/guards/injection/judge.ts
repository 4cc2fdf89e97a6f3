/**
 * Injected instructions: text that speaks to the assistant where it should only be read. Judged by structure and
 * combination: signs of different kinds (see `signal-rule.ts`) close together, weighed by what is around them: less where
 * they are quoted or named as examples or where the text speaks about attacks, more where they are hidden or disguised.
 */
import { createDiscussion, createFences, isMentioned, isOrder, isQuoted } from './context.ts';
import { directedSignals } from './directed.ts';
import { decodedRuns } from './encoded.ts';
import { foldText } from './fold.ts';
import type { View } from './fold.ts';
import { hiddenStretches, liesIn, passageAround } from './passage.ts';
import { isOrdinary } from './ordinary.ts';
import { createReminders } from './reminder.ts';
import type { Stretch } from './passage.ts';
import { SIGNAL_RULES } from './rules/index.ts';
import { lookAt } from './sight.ts';
import type { Sight } from './sight.ts';
import { createSignalFinder, patternOf } from './signal.ts';
import type { Signal, SignalKind } from './signal-rule.ts';
import { isWoken } from './wakers.ts';

/** Where a text comes from: tool results, documents and retrieved text, or the user's own turn. */
export type Trust = 'untrusted' | 'user';

export interface InjectionFinding {
  /** Kebab-case, by what stands out most. */
  readonly rule: string;
  readonly certainty: 'certain' | 'likely';
  /** Character offsets of the passage at fault, as a person would fence it. */
  readonly start: number;
  readonly end: number;
}

/** Signs that stand within so many characters are taken together. */
const TOGETHER_CHARS = 600;
const ENOUGH = 3.5;
/** The least weight of a sign that is enough alone. */
const ALONE = 2.5;
const CERTAIN = 6.5;
/** What a text that speaks about attacks must have on top. */
const DISCUSSED = 3.25;
const QUOTED_SHARE = 0.2;
const SHOWN_SHARE = 0.3;
const MENTIONED_SHARE = 0.3;
const FENCED_SHARE = 0.6;
/** An order to disregard that people seldom give each other. */
const STRONG = 3;
/** What words to a machine about its answer must have on top, and what other ordinary signs must. */
const STEERED = 1.5;
const PLAIN = 3;
/** A deed that is more than a command or a message, and what makes it an order where no machine is named. */
const GRAVE = 2.25;
const ENTITLED = 2;
/** An act that is more than an edit. */
const SENSITIVE = 2;
/** The prompt of the one who is asked, and not just some prompt. */
const OWN = 2.5;
/** What a single sign must have on top where nobody is spoken to. */
const UNADDRESSED = 1.5;
const HIDDEN_WEIGHT = 1.5;
const DISGUISE_WEIGHT = 2;
const ENCODED_WEIGHT = 2;

/** Without one of these, what is said may be an ordinary instruction for people or agents. */
const CORE: ReadonlySet<SignalKind> = new Set<SignalKind>(['disregard', 'persona', 'markup', 'authority', 'reveal', 'act', 'conceal', 'image', 'reader', 'hijack']);
/** Of these one alone, with no word to the machine, is as likely an instruction for people. */
const WEAK: ReadonlySet<SignalKind> = new Set<SignalKind>(['conceal', 'authority', 'act', 'reveal', 'hijack', 'reader', 'markup']);

/** What is looked for first: without one of these nothing is found, and most of the other words are common. */
const LEADING: ReadonlySet<SignalKind> = new Set<SignalKind>(['disregard', 'persona', 'markup', 'authority', 'reveal', 'conceal', 'image', 'reader', 'hijack', 'address']);
const FINDER = createSignalFinder(SIGNAL_RULES, (rule) => LEADING.has(rule.kind));

/** An act whose object is only named to be spared: `send the report and never share passwords`. */
/** In Chinese: somebody else makes the machine do it. */
const TOLD_OF_ANOTHER = /(?:让|使|诱使|诱导|要求|骗|你是[^,，。.]{0,8})$/;
/** A declaration in code. */
const DECLARED = /^(?:export|set|get|open|print|use|find|list|search|fetch|call|run) ?(?:const|let|var|function|class|default|type|interface|async|enum|abstract|[{*=(])/;
const DECLARED_CHARS = 24;
/** Others of its kind behind it, or the value of a member in code. */
const NO_ORDER = /(?:, ?(?:claude|codex|gemini|copilot|cursor|gpt\w{0,3}|chatgpt|llms?|agents?|assistants?|bots?)|: ?(?:string|number|boolean|true|false|null|undefined|http|https|new|this|await|const))$/;
/** The end of a phrase, and nobody who is called: `by a bot, forward`. */
const OF_A_PHRASE = /\b(?:an?|the|by|of|from|with|your|our|my|its|their|and|or) $/;
const TOLD_OF_CHARS = 12;
/** Or which is to be taken out. */
const TAKEN_OUT = /^[^.\n]{0,24}\b(?:removed|redacted|masked|stripped|blanked|excluded|left out|replaced)\b/;
const TAKEN_OUT_CHARS = 44;
const FORBIDDEN_WITHIN = /\b(?:never|do not|don't|must not|not to)\b/;

/** Kinds whose sign may begin before a quotation that holds what it is about. */
const REACHING: ReadonlySet<SignalKind> = new Set<SignalKind>(['act', 'deed', 'reveal', 'persona', 'disregard']);

function reachesIntoQuote(text: string, start: number, end: number, kind: SignalKind): boolean {
  const part = text.slice(start, end - 1);
  // What is to be done may be a command, in the marks of code.
  return (kind === 'act' || kind === 'deed' ? /(?:^|[\s:])["\u201c\u300c]/ : /["'`\u201c\u300c]/).test(part) && isQuoted(text, end - 1, end);
}

interface Weighed {
  readonly signal: Signal;
  readonly weight: number;
}

interface Verdict {
  readonly score: number;
  readonly kinds: ReadonlySet<SignalKind>;
  /** Those of them that are more than quoted. */
  readonly core: readonly SignalKind[];
  /** The weight of the order to disregard in it. */
  readonly disregard: number;
  /** One of the signs needs no other where the user speaks. */
  readonly alone: boolean;
  /** The weight of the asking for the prompt. */
  readonly reveal: number;
  readonly hidden: boolean;
  readonly disguised: boolean;
  readonly start: number;
  readonly end: number;
}

function weigh(text: string, signal: Signal, trust: Trust, isFenced: (at: number) => boolean): number {
  const { rule, start, end } = signal;
  if (rule.kind === 'markup' || rule.kind === 'image') {
    const shown = isQuoted(text, start, end) || isFenced(start);
    return shown ? rule.weight * (trust === 'user' ? 0 : SHOWN_SHARE) : rule.weight;
  }
  if (rule.order === true && !isOrder(text, start)) return 0;
  if (isOrdinary(rule.kind, text, start, end)) return 0;
  if (rule.id === 'address-must' && NO_ORDER.test(text.slice(start, end))) return 0;
  if (rule.id === 'address-must' && OF_A_PHRASE.test(text.slice(Math.max(0, start - TOLD_OF_CHARS), start)) && /^[a-z -]{2,24},/.test(text.slice(start, end))) return 0;
  if (rule.kind === 'address' && TOLD_OF_ANOTHER.test(text.slice(Math.max(0, start - TOLD_OF_CHARS), start))) return 0;
  if ((rule.kind === 'act' || rule.kind === 'deed') && DECLARED.test(text.slice(start, start + DECLARED_CHARS))) return 0;
  if ((rule.kind === 'act' || rule.kind === 'deed') && (FORBIDDEN_WITHIN.test(text.slice(start, end)) || TAKEN_OUT.test(text.slice(end, end + TAKEN_OUT_CHARS)))) return 0;
  if (isQuoted(text, start, end) || (REACHING.has(rule.kind) && reachesIntoQuote(text, start, end, rule.kind))) return trust === 'user' ? 0 : rule.weight * QUOTED_SHARE;
  if (isMentioned(text, start)) return trust === 'user' ? 0 : rule.weight * MENTIONED_SHARE;
  if (isFenced(start)) return trust === 'user' ? 0 : rule.weight * FENCED_SHARE;
  return rule.weight;
}

function judgeTogether(view: View, group: readonly Weighed[], hidden: readonly Stretch[]): Verdict {
  const best = new Map<SignalKind, number>();
  let start = Infinity;
  let end = 0;
  let isHidden = false;
  let disguised = false;
  let alone = false;
  for (const { signal, weight } of group) {
    if (weight <= 0) continue;
    best.set(signal.rule.kind, Math.max(best.get(signal.rule.kind) ?? 0, weight));
    alone ||= signal.rule.alone === true && weight >= signal.rule.weight;
    start = Math.min(start, signal.start);
    end = Math.max(end, signal.end);
    isHidden ||= weight >= 1 && liesIn(hidden, signal.start, signal.end);
    disguised ||= weight >= 1 && view.disguised(signal.start, signal.end);
  }
  const deed = best.get('deed');
  if (deed !== undefined) {
    best.delete('deed');
    if (isHidden || disguised || best.has('address') || (best.get('disregard') ?? 0) >= STRONG || (deed >= GRAVE && (best.get('markup') ?? best.get('authority') ?? 0) >= ENTITLED)) best.set('act', Math.max(best.get('act') ?? 0, deed));
  }
  let score = 0;
  for (const weight of best.values()) score += weight;
  if (isHidden) score += HIDDEN_WEIGHT;
  if (disguised) score += DISGUISE_WEIGHT;
  const core = [...best].filter(([kind, weight]) => CORE.has(kind) && weight >= (kind === 'act' ? SENSITIVE : 1)).map(([kind]) => kind);
  return {
    score, kinds: new Set(best.keys()), core, disregard: best.get('disregard') ?? 0, reveal: best.get('reveal') ?? 0, alone,
    hidden: isHidden, disguised, start, end,
  };
}

function isEnough(verdict: Verdict, needed: number, trust: Trust, encoded: boolean): boolean {
  if (trust === 'user' && verdict.alone && needed === ENOUGH) return true;
  if (verdict.score < needed) return false;
  const { kinds, core } = verdict;
  if (core.includes('image')) return true;
  if (core.length === 1 && core[0] === 'persona' && !kinds.has('machine') && !kinds.has('address') && verdict.score < needed + UNADDRESSED) return false;
  if (kinds.size < 2 && !verdict.disguised && !verdict.hidden && !encoded) return false;
  if (trust === 'user') return core.includes('disregard') || core.includes('persona') || verdict.reveal >= OWN;
  if (verdict.disguised) return true;
  if (verdict.hidden) return kinds.has('address') || core.some((kind) => kind !== 'act');
  if (core.length === 0) return kinds.size >= 3 && verdict.score - (kinds.has('machine') ? 1 : 0) >= needed + (kinds.has('address') && kinds.has('steer') ? STEERED : PLAIN);
  const single = core.length === 1 && (WEAK.has(core[0] ?? 'act') || (core[0] === 'disregard' && verdict.disregard < STRONG)) && !(core[0] === 'reveal' && verdict.reveal >= OWN);
  if (single && !kinds.has('address')) return verdict.score >= needed + UNADDRESSED;
  return core.length > 0;
}

/** Whether what is ordered does harm by itself, whoever orders it. */
function isHarmful({ core, reveal, disguised }: Verdict): boolean {
  return disguised || core.includes('act') || core.includes('image') || core.includes('persona') || reveal >= OWN;
}

function nameOf(verdict: Verdict): string {
  const { kinds } = verdict;
  if (verdict.disguised) return 'disguised-instructions';
  if (kinds.has('image')) return 'image-exfiltration';
  if (verdict.hidden) return 'hidden-instructions';
  if (kinds.has('markup')) return 'forged-turn';
  if (kinds.has('disregard')) return 'instruction-override';
  if (kinds.has('persona')) return 'persona-override';
  if (kinds.has('reveal')) return 'prompt-disclosure';
  if (kinds.has('conceal')) return 'covert-action';
  if (kinds.has('authority')) return 'false-authority';
  return 'agent-directed-action';
}

const BLANK_LINE = /\n[ \t]{0,8}\n/;

/**
 * What is left when the signs of ordinary text beside the passage go: those that people use too, in paragraphs before the
 * first and behind the last of the telling ones, as long as the rest is enough without them.
 */
function narrowed(view: View, group: readonly Weighed[], hidden: readonly Stretch[], whole: Verdict, isStillEnough: (rest: Verdict) => boolean): Verdict {
  const telling = group.filter(({ signal, weight }) => weight >= 1 && (CORE.has(signal.rule.kind) || signal.rule.kind === 'address'));
  const first = telling[0]?.signal;
  if (first === undefined) return whole;
  const behind = Math.max(...telling.map(({ signal }) => signal.end));
  const rest = group.filter(({ signal }) => {
    if (signal.end <= first.start) return !BLANK_LINE.test(view.text.slice(signal.start, first.start));
    return signal.end <= behind || !BLANK_LINE.test(view.text.slice(behind, signal.end));
  });
  if (rest.length === group.length) return whole;
  const verdict = judgeTogether(view, rest, hidden);
  return isStillEnough(verdict) ? verdict : whole;
}

/** Whether signs close together may come to `least`, whatever is around them. */
function mayBeEnough(signals: readonly Signal[], least: number): boolean {
  for (let i = 0; i < signals.length; i += 1) {
    const from = signals[i]?.start ?? 0;
    const best = new Map<SignalKind, number>();
    let sum = 0;
    for (let last = i; last < signals.length && (signals[last]?.start ?? Infinity) - from <= TOGETHER_CHARS; last += 1) {
      const rule = signals[last]?.rule;
      if (rule === undefined) break;
      const before = best.get(rule.kind) ?? 0;
      if (rule.weight > before) {
        best.set(rule.kind, rule.weight);
        sum += rule.weight - before;
      }
      if (sum >= least) return true;
    }
  }
  return false;
}

/**
 * The signs in a folded text, in order. The leading ones are looked for first, and the others only around them: where
 * none leads nothing is found, and most of the others begin with common words.
 */
function signalsOf(text: string, user: boolean): Signal[] {
  const words = FINDER.read(text);
  const found: Signal[] = [];
  FINDER.among(text, words, 0, words.headCount, true, user, found);
  const directed = user ? [] : directedSignals(text, words);
  if (found.length === 0 && !directed.some(({ rule }) => rule.kind === 'address')) return [];
  const leads = [...found.map(({ start }) => start), ...directed.map(({ start }) => start)].sort((a, b) => a - b);
  let head = 0;
  for (let i = 0; i < leads.length; ) {
    const from = (leads[i] as number) - TOGETHER_CHARS;
    let until = (leads[i] as number) + TOGETHER_CHARS;
    for (i += 1; i < leads.length && (leads[i] as number) - TOGETHER_CHARS <= until; i += 1) until = (leads[i] as number) + TOGETHER_CHARS;
    while (head < words.headCount && (words.headsAt[head] as number) < from) head += 1;
    const first = head;
    while (head < words.headCount && (words.headsAt[head] as number) <= until) head += 1;
    FINDER.among(text, words, first, head, false, user, found);
  }
  for (const signal of directed) found.push(signal);
  return found.sort((a, b) => a.start - b.start);
}

/** Findings by signs, in order, not overlapping; `surplus` is what was already learned, as of a decoded text. */
function judgeSigns(text: string, sight: Sight, trust: Trust, surplus: number): InjectionFinding[] {
  const view = foldText(text, sight);
  const user = trust === 'user';
  const signals = signalsOf(view.text, user);
  if (signals.length === 0) return [];
  const hidden = user ? [] : hiddenStretches(view.text);
  const least = (user ? ALONE : ENOUGH) - surplus - (view.plain ? 0 : DISGUISE_WEIGHT) - (hidden.length === 0 ? 0 : HIDDEN_WEIGHT);
  if (!mayBeEnough(signals, least)) return [];
  const isFenced = createFences(view.text);
  const weighed: Weighed[] = [];
  for (const signal of signals) {
    const weight = weigh(view.text, signal, trust, isFenced);
    if (weight > 0) weighed.push({ signal, weight });
  }
  const discussed = createDiscussion(view.text);
  const reminded = createReminders(view.text);
  const found: InjectionFinding[] = [];
  for (let i = 0; i < weighed.length; i += 1) {
    const first = weighed[i];
    if (first === undefined) break;
    let last = i;
    while (last + 1 < weighed.length && (weighed[last + 1]?.signal.start ?? Infinity) - first.signal.start <= TOGETHER_CHARS) last += 1;
    const whole = judgeTogether(view, weighed.slice(i, last + 1), hidden);
    const score = whole.score + surplus;
    if (score < (user ? ALONE : ENOUGH)) continue;
    const needed = ENOUGH + (discussed(whole.start, whole.end) ? DISCUSSED : 0);
    if (!isEnough({ ...whole, score }, needed, trust, surplus > 0)) continue;
    if (!isHarmful(whole) && reminded(whole.start, whole.end)) continue;
    const verdict = narrowed(view, weighed.slice(i, last + 1), hidden, whole, (rest) => isEnough({ ...rest, score: rest.score + surplus }, needed, trust, surplus > 0));
    const passage = passageAround(view.text, verdict.start, verdict.end, hidden);
    const start = Math.max(view.original(passage.start), found[found.length - 1]?.end ?? 0);
    const end = passage.end >= view.text.length ? text.length : view.original(passage.end);
    i = last;
    if (end <= start) continue;
    found.push({ rule: nameOf(verdict), certainty: score >= needed + CERTAIN - ENOUGH ? 'certain' : 'likely', start, end });
  }
  return found;
}

function judgeEncoded(text: string, sight: Sight, trust: Trust): InjectionFinding[] {
  const found: InjectionFinding[] = [];
  for (const { start, end, text: inner } of decodedRuns(text, sight)) {
    if (start < (found[found.length - 1]?.end ?? 0)) continue;
    if (judgeSigns(inner, lookAt(inner), trust, ENCODED_WEIGHT).length > 0) found.push({ rule: 'encoded-instructions', certainty: 'certain', start, end });
  }
  return found;
}

/** So often an expression runs before it is made into quick code. */
const WARM_RUNS = 2;

/**
 * Makes ready what the first texts would wait for: every expression is compiled here and not there. For the start of a
 * gateway; it takes some tenths of a second, and nothing depends on it.
 */
export function warmUp(): void {
  for (let run = 0; run < WARM_RUNS; run += 1) {
    for (const rule of SIGNAL_RULES) {
      const pattern = patternOf(rule);
      for (const text of [...rule.matches, ...rule.ignores]) {
        pattern.lastIndex = 0;
        pattern.test(text);
      }
    }
    for (const rule of SIGNAL_RULES) for (const text of rule.matches) judgeInjection(text, rule.direct === true ? 'user' : 'untrusted');
  }
}

/**
 * Injected instructions in a text; none for an ordinary one. Linear in the text, and it never throws.
 *
 * @returns findings in order, not overlapping, each with a waker (`INJECTION_WAKERS`) inside
 */
export function judgeInjection(text: string, trust: Trust): readonly InjectionFinding[] {
  const sight = lookAt(text);
  const plain = judgeSigns(text, sight, trust, 0);
  const encoded = judgeEncoded(text, sight, trust).filter((one) => !plain.some((other) => one.start < other.end && one.end > other.start));
  const all = encoded.length === 0 ? plain : [...plain, ...encoded].sort((a, b) => a.start - b.start);
  return all.filter(({ start, end }) => isWoken(text.slice(start, end)));
}
