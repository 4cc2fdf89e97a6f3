/**
 * The file of a service's settings: a line `NAME="value"` each, in the part of systemd's EnvironmentFile format that needs
 * no second thought. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html, "EnvironmentFile".
 */

export type Settings = Readonly<Record<string, string>>;

const HEAD = `# Settings of the AegisGate service. After a change: aegisgate service install, which checks them and starts it anew.
`;

/** Names whose values may be shown; a proxy's may hold a password, the gateway key is one. */
const SECRET = /^AEGIS_GATEWAY_KEY$|PROXY$/i;

/** The text of a file that is not there yet. @throws Error for a value that no line can hold. */
export function printSettings(settings: Settings): string {
  return changeSettings(HEAD, settings);
}

/** A file's text with some settings changed: lines of others, comments and order stay. */
export function changeSettings(text: string, changes: Settings): string {
  let changed = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  for (const [name, value] of Object.entries(changes)) {
    const line = `${name}=${quoted(name, value)}`;
    // The last one counts, for systemd as for us.
    const places = [...changed.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]*=.*$`, 'gm'))];
    const place = places.at(-1);
    changed = place === undefined ? `${changed}${line}\n` : `${changed.slice(0, place.index)}${line}${changed.slice(place.index + place[0].length)}`;
  }
  return changed;
}

/** A file's text with secret values masked, for a person's eyes. */
export function shownSettings(text: string): string {
  return text.replaceAll(/^([ \t]*)([A-Za-z_][A-Za-z0-9_]*)([ \t]*=).*$/gm, (line, before: string, name: string, sign: string) => (SECRET.test(name) ? `${before}${name}${sign}…` : line));
}

function quoted(name: string, value: string): string {
  if (/[\u0000-\u001f\u007f]/.test(value)) throw new Error(`${name}: a line break or another control character can't stand in a setting`);
  return `"${value.replaceAll(/["\\$`]/g, '\\$&')}"`;
}

/**
 * Reads what `printSettings` writes and what people write by hand: comments, `NAME=value` with or without quotes.
 * @throws Error that names the line, never its value.
 */
export function parseSettings(text: string): Settings {
  const settings: Record<string, string> = {};
  text.replace(/^\uFEFF/, '').split(/\r?\n/).forEach((line, i) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) return;
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(trimmed) ?? [];
    if (name === undefined || value === undefined) throw new Error(`line ${i + 1} is not of the form NAME=value`);
    settings[name] = unquoted(value, i + 1);
  });
  return settings;
}

function unquoted(value: string, line: number): string {
  const quote = value[0];
  // Within double quotes a backslash escapes these alone and stays before others; outside of quotes it escapes anything.
  if (quote === '"') return inner(value, /^"((?:[^"\\]|\\.)*)"$/, line).replaceAll(/\\(["\\$`])/g, '$1');
  if (quote === "'") return inner(value, /^'([^']*)'$/, line);
  return value.replaceAll(/\\(.)/g, '$1');
}

function inner(value: string, form: RegExp, line: number): string {
  const text = form.exec(value)?.[1];
  if (text === undefined) throw new Error(`line ${line} has a quote that does not end where the line does`);
  return text;
}
