/** Templates of service definitions, and how a text is written in each of their languages. */
import { readFileSync } from 'node:fs';

/** The package's folder of templates: the same from `src` and from `dist`. */
const FOLDER = new URL('../../scripts/service/', import.meta.url);

export type TemplateName = 'systemd-user.service' | 'systemd-system.service' | 'launchd.plist' | 'windows-task.ps1';

/**
 * Fills a template. A placeholder is a name of capitals between @ signs; one that is alone on its line and empty takes the
 * line away. Values must already be written as the template's language wants them.
 * @throws Error when a placeholder has no value, or a value no placeholder: the two must not drift apart.
 */
export function fillTemplate(name: TemplateName, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const value = (key: string): string => {
    const known = values[key];
    if (known === undefined) throw new Error(`the template ${name} has a placeholder ${key} that nothing fills`);
    used.add(key);
    return known;
  };
  // A checkout on Windows may have given the lines other ends.
  const lines = readFileSync(new URL(name, FOLDER), 'utf8').replaceAll('\r\n', '\n').split('\n').flatMap((line) => {
    const alone = /^@([A-Z_]+)@$/.exec(line)?.[1];
    if (alone !== undefined && value(alone) === '') return [];
    return [line.replaceAll(/@([A-Z_]+)@/g, (_, key: string) => value(key))];
  });
  for (const key of Object.keys(values)) if (!used.has(key)) throw new Error(`the template ${name} has no placeholder ${key}`);
  return lines.join('\n');
}

/** `%` begins a specifier in every line of a unit. */
function withoutSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

/**
 * One word of a unit's line, in double quotes with C-style escapes.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html, "Quoting".
 */
export function systemdWord(text: string): string {
  return `"${withoutSpecifiers(text).replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A path that takes a whole line of a unit, such as WorkingDirectory: nothing is unquoted there. */
export function systemdLine(path: string): string {
  return withoutSpecifiers(path);
}

/** The path of EnvironmentFile, which takes the whole line and is a pattern as of glob(7). */
export function systemdPattern(path: string): string {
  return withoutSpecifiers(path.replaceAll(/[*?[\]\\]/g, '\\$&'));
}

/**
 * The command of ExecStart. A leading colon keeps systemd from looking for variables; it is there only where a "$" is,
 * since systemd older than 244 does not know it.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html, "Command lines".
 */
export function systemdCommand(words: readonly string[]): string {
  const quoted = words.map(systemdWord).join(' ');
  return words.some((word) => word.includes('$')) ? `:${quoted}` : quoted;
}

/** Text of an XML element. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * A literal of PowerShell in which nothing is expanded. PowerShell takes four typographic quotes for the plain one, and
 * doubling any of them writes it.
 * https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
export function powershellLiteral(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/**
 * One argument of a Windows command line, as the C runtime takes it apart.
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
export function windowsArgument(text: string): string {
  return `"${text.replaceAll(/(\\*)("|$)/g, (_, slashes: string, end: string) => `${slashes}${slashes}${end === '"' ? '\\"' : ''}`)}"`;
}
