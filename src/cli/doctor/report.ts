/** Findings as people read them. */
import { printable, type Style } from '../style.ts';
import type { Finding, Status } from './finding.ts';

const STATUS_CHARS = 9;
const CHECK_CHARS = 17;

export function printFinding({ check, subject, status, message, advice }: Finding, style: Style): string {
  const paint: Readonly<Record<Status, (text: string) => string>> = { ok: style.good, warning: style.doubtful, problem: style.bad, skipped: style.faint };
  const said = subject === undefined || message.includes(subject) ? message : `${subject}: ${message}`;
  const head = `${paint[status](status.padEnd(STATUS_CHARS))}${check.padEnd(CHECK_CHARS)}${printable(said)}\n`;
  return advice === undefined ? head : `${head}${' '.repeat(STATUS_CHARS + CHECK_CHARS)}→ ${printable(advice)}\n`;
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
