/** Findings as people read them. */
import { printable, type Style } from '../style.ts';
import type { Finding, Status } from './finding.ts';

const STATUS_CHARS = 9;
const CHECK_CHARS = 17;

/** @param width of the screen in characters, where there is one: lines are broken at spaces to fit it. */
export function printFinding({ check, subject, status, message, advice }: Finding, style: Style, width: number = Infinity): string {
  const paint: Readonly<Record<Status, (text: string) => string>> = { ok: style.good, warning: style.doubtful, problem: style.bad, skipped: style.faint };
  const said = subject === undefined || message.includes(subject) ? message : `${subject}: ${message}`;
  const indent = STATUS_CHARS + CHECK_CHARS;
  const head = `${paint[status](status.padEnd(STATUS_CHARS))}${check.padEnd(CHECK_CHARS)}${broken(printable(said), width, indent)}\n`;
  return advice === undefined ? head : `${head}${' '.repeat(indent)}→ ${broken(printable(advice), width, indent + 2)}\n`;
}

/** On a narrower screen than this beside the indent, lines are left to the terminal. */
const LEAST_TEXT_CHARS = 30;

/** Text broken at spaces into lines that fit a screen, all but the first of them indented. */
function broken(text: string, width: number, indent: number): string {
  const most = width - indent;
  if (most < LEAST_TEXT_CHARS) return text;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

/** The last line. */
export function printSum(findings: readonly Finding[], style: Style): string {
  const problems = count(findings, 'problem');
  const warnings = count(findings, 'warning');
  const words = [problems === 0 ? '' : plural(problems, 'problem'), warnings === 0 ? '' : plural(warnings, 'warning')].filter((word) => word !== '');
  if (words.length === 0) return `\n${style.good('No problem found.')}\n`;
  return `\n${(problems > 0 ? style.bad : style.doubtful)(`${words.join(', ')}.`)}\n`;
}

export function count(findings: readonly Finding[], status: Status): number {
  return findings.filter((finding) => finding.status === status).length;
}

function plural(many: number, word: string): string {
  return `${many} ${word}${many === 1 ? '' : 's'}`;
}
