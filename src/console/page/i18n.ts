/** Texts, numbers and times in the reader's language. Pure but for Intl. */
import { EN } from './texts-en.ts';
import { ZH } from './texts-zh.ts';

export type TextKey = keyof typeof EN;
export type Language = 'en' | 'zh';

const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en: EN, zh: ZH };

export interface Texts {
  readonly language: Language;
  /** The text of a key, with `{name}` filled in. */
  t(key: TextKey, values?: Readonly<Record<string, string | number>>): string;
  /** The text of a key that is put together; the fallback where there is none. */
  maybe(key: string, fallback: string): string;
  /** `one` for one, else `other`, with `{n}` filled in. */
  count(one: TextKey, other: TextKey, n: number): string;
  number(value: number): string;
  /** A share of 1 as `2.5%`. */
  percent(share: number): string;
  /** Bytes in the unit that suits: `12 B`, `3.4 kB`. */
  bytes(value: number): string;
  /** Milliseconds in the unit that suits: `0.4 ms`, `320 ms`, `4.1 s`, `2.5 min`. */
  duration(ms: number | null): string;
  /** Time of day with seconds. */
  time(ms: number): string;
  /** Hours and minutes. */
  minute(ms: number): string;
  dateTime(ms: number): string;
  /** How long ago: `5 minutes ago`. */
  ago(ms: number, nowMs: number): string;
}

/** @param languages as navigator.languages: the first that is known counts. */
export function languageOf(languages: readonly string[]): Language {
  for (const tag of languages) {
    const language = tag.toLowerCase().split('-')[0];
    if (language === 'zh' || language === 'en') return language;
  }
  return 'en';
}

const UNKNOWN = '–';
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function createTexts(language: Language): Texts {
  const texts = TEXTS[language];
  const locale = language === 'zh' ? 'zh-CN' : 'en';
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const minute = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

  function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return texts[key].replace(/\{(\w{1,20})\}/g, (whole, name: string) => String(values[name] ?? whole));
  }
  /** Three figures at most tell enough: 9.95 → `10`, 123.4 → `123`. */
  const figure = (value: number): string => (value >= 99.5 ? whole.format(value) : short.format(value));

  return {
    language,
    t,
    maybe: (key, fallback) => (Object.hasOwn(texts, key) ? t(key as TextKey) : fallback),
    count: (one, other, n) => t(n === 1 ? one : other, { n: whole.format(n) }),
    number: (value) => whole.format(value),
    percent: (share) => percent.format(share),
    bytes(value) {
      let unit = 0;
      let size = value;
      while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
        size /= 1000;
        unit += 1;
      }
      return `${unit === 0 ? whole.format(size) : figure(size)} ${BYTE_UNITS[unit] ?? 'B'}`;
    },
    duration(ms) {
      if (ms === null) return UNKNOWN;
      if (ms < 999.5) return `${figure(ms)} ms`;
      return ms < 99_500 ? `${figure(ms / 1000)} s` : `${figure(ms / 60_000)} min`;
    },
    time: (ms) => clock.format(ms),
    minute: (ms) => minute.format(ms),
    dateTime: (ms) => dateTime.format(ms),
    ago(ms, nowMs) {
      const seconds = Math.max(0, Math.round((nowMs - ms) / 1000));
      if (seconds < 60) return relative.format(-seconds, 'second');
      if (seconds < 3_600) return relative.format(-Math.floor(seconds / 60), 'minute');
      return seconds < 86_400 ? relative.format(-Math.floor(seconds / 3_600), 'hour') : relative.format(-Math.floor(seconds / 86_400), 'day');
    },
  };
}
