/** Searching a plain text of any length: what `aegisgate scan` does. Pure. */
import { OVERLAP_BYTES, WINDOW_BYTES, type Engine } from './engine.ts';
import type { FindingClass } from './rule.ts';

export interface TextFinding {
  readonly rule: string;
  readonly kind: string;
  readonly class: FindingClass;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** First and last two characters at most; fewer of a short value. */
  readonly masked: string;
}

const ZONE_BYTES = WINDOW_BYTES - OVERLAP_BYTES;
const CONTEXT_BYTES = 1024;

/** Finds what would be redacted, in the order of the text. */
export function scanText(engine: Engine, bytes: Buffer, allowed: (rule: string, value: string) => boolean): TextFinding[] {
  const findings: TextFinding[] = [];
  let line = 1;
  let lineStart = 0;
  let counted = 0;
  let done = 0;
  for (let zone = 0; zone < bytes.length || zone === 0; zone += ZONE_BYTES) {
    const last = bytes.length - zone <= ZONE_BYTES + OVERLAP_BYTES;
    const end = last ? bytes.length : zone + ZONE_BYTES + OVERLAP_BYTES;
    engine.scan({ bytes, start: Math.max(0, zone - CONTEXT_BYTES), end, json: false, key: undefined }, (found) => {
      const { start, rule } = found;
      if (start < zone || start < done || (!last && start >= zone + ZONE_BYTES)) return;
      const value = bytes.toString('utf8', start, found.end);
      if (allowed(rule.id, value)) return;
      for (let at = bytes.indexOf(0x0a, counted); at !== -1 && at < start; at = bytes.indexOf(0x0a, at + 1)) {
        line++;
        lineStart = at + 1;
        counted = at + 1;
      }
      const column = [...bytes.toString('utf8', lineStart, start)].length + 1;
      findings.push({ rule: rule.id, kind: rule.kind, class: rule.class, line, column, masked: mask(value) });
      done = found.end;
    });
    if (last) break;
  }
  return findings;
}

/** What may be shown of a value: enough to find it in one's own file, too little to be of use. */
export function mask(value: string): string {
  const characters = [...value.replace(/\s+/g, ' ')];
  const shown = characters.length >= 16 ? 2 : characters.length >= 8 ? 1 : 0;
  return `${characters.slice(0, shown).join('')}…${shown === 0 ? '' : characters.slice(-shown).join('')} (${characters.length} characters)`;
}
