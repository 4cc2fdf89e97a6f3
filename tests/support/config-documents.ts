// Made-up configuration files in every format, with comments, odd spacing and both line endings.
import type { FileFormat } from '../../src/connect/client.ts';

export type Random = () => number;

const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'name', 'url', 'model', 'env'];

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const chance = (random: Random, share: number): boolean => random() < share;

/** Different keys each time, so that no document is invalid by chance. */
function keysOf(random: Random, most: number, least = 0): string[] {
  const keys = new Set<string>();
  const count = least + Math.floor(random() * (most - least + 1));
  while (keys.size < count) keys.add(`${pick(random, WORDS)}${chance(random, 0.3) ? `-${Math.floor(random() * 9)}` : ''}`);
  return [...keys];
}

const string = (random: Random): string => pick(random, ['plain', 'with space', 'a "quoted" one', 'ümlaut 令牌 🙂', 'back\\slash', '// no comment', '# neither', '', '{not: open', 'x: y']);

function jsonDocument(random: Random, dialect: 'json' | 'jsonc' | 'json5'): string {
  const eol = chance(random, 0.3) ? '\r\n' : '\n';
  const unit = pick(random, ['  ', '    ', '\t', '']);
  const pretty = unit !== '';
  const comments = dialect !== 'json';
  const trailing = comments && chance(random, 0.3);
  const colon = pick(random, [':', ': ', ' : ']);
  const comment = (): string => (comments && chance(random, 0.25) ? pick(random, [' // note, with { and "', ' /* note */']) : '');
  const line = (text: string): string => (text.includes('//') && !pretty ? '' : text);
  const key = (name: string): string => (dialect === 'json5' && /^\w+$/.test(name) && chance(random, 0.5) ? name : dialect === 'json5' && chance(random, 0.2) ? `'${name}'` : JSON.stringify(name));
  const scalar = (): string => pick(random, [() => JSON.stringify(string(random)), () => String(Math.floor(random() * 1e6)), () => '-1.5e3', () => 'true', () => 'null', () => '[1, "two", {"three": 3}]', () => '[]'])();

  function object(depth: number, indent: string): string {
    const names = keysOf(random, 4);
    const inline = !pretty || chance(random, 0.15);
    if (names.length === 0) return pick(random, ['{}', '{ }', inline ? '{}' : `{${eol}${indent}}`, comments && !inline ? `{ // empty${eol}${indent}}` : '{}']);
    const inner = indent + unit;
    const members = names.map((name, i) => {
      const value = depth < 3 && chance(random, 0.4) ? (inline ? '{"deep": {"er": 1}}' : object(depth + 1, inner)) : scalar();
      const comma = i < names.length - 1 || trailing ? ',' : '';
      return `${key(name)}${colon}${value}${comma}${inline ? '' : line(comment())}`;
    });
    return inline ? `{${members.join(' ')}}` : `{${eol}${members.map((member) => `${comments && chance(random, 0.1) ? `${inner}// above${eol}` : ''}${inner}${member}`).join(eol)}${eol}${indent}}`;
  }
  const head = comments && chance(random, 0.2) ? `// head${eol}` : '';
  return `${chance(random, 0.1) ? '\ufeff' : ''}${head}${object(0, '')}${chance(random, 0.7) ? eol : ''}`;
}

function tomlDocument(random: Random): string {
  const eol = chance(random, 0.3) ? '\r\n' : '\n';
  const note = (): string => (chance(random, 0.2) ? ' # note = "no"' : '');
  const scalar = (): string =>
    pick(random, [() => JSON.stringify(string(random)), () => `'literal ${Math.floor(random() * 9)}'`, () => '1_000', () => 'true', () => '1979-05-27T07:32:00Z', () => `[${eol}  1, # one${eol}  2,${eol}]`, () => '{ inline = true, n = [1, 2] }', () => `"""${eol}[not.a.header]${eol}k = 1"""`])();
  const pairs = (most: number): string => keysOf(random, most).map((key) => `${chance(random, 0.1) ? '  ' : ''}${key} = ${scalar()}${note()}${eol}`).join('');
  const blank = (): string => (chance(random, 0.6) ? eol : '');
  const head = chance(random, 0.3) ? `# head${eol}${blank()}` : '';
  const tables = keysOf(random, 3).map((key) => `${blank()}${chance(random, 0.2) ? `# about ${key}${eol}` : ''}[t-${key}${chance(random, 0.4) ? '.sub' : ''}]${note()}${eol}${pairs(3)}`);
  // The same table made by dotted keys, by a header, beside a sister, or with the table above it.
  const above = pick(random, ['', '', `model_providers.aegisgate.name = "x"${note()}${eol}`, `model_providers."corp x".name = "x"${eol}`, `"model_providers".aegisgate . name = 'x'${eol}`]);
  const below =
    above !== ''
      ? ''
      : pick(random, ['', `${blank()}[model_providers]${eol}corp.name = "x"${eol}`, `${blank()}[model_providers]${eol}aegisgate.name = "x"${eol}aegisgate.q = 1${note()}${eol}`, `${blank()}[model_providers.corp]${eol}x = 1${eol}`, `${blank()}  [ model_providers . "aegisgate" ] # ours${eol}  name = "x"${eol}`, `[model_providers.aegisgate.http_headers]${eol}x = "1"${eol}`]);
  const lists = chance(random, 0.3) ? `${blank()}[[list]]${eol}x = 1${eol}[[list]]${eol}x = 2${eol}` : '';
  const text = `${chance(random, 0.1) ? '\ufeff' : ''}${head}${pairs(4)}${above}${chance(random, 0.5) ? below : ''}${tables.join('')}${lists}`;
  return chance(random, 0.3) ? text.replace(/\r?\n$/, '') : text;
}

function yamlDocument(random: Random): string {
  const eol = chance(random, 0.3) ? '\r\n' : '\n';
  const note = (): string => (chance(random, 0.2) ? ' # note: no' : '');
  const scalar = (indent: string): string =>
    pick(random, [() => ` plain text${note()}`, () => ` ${JSON.stringify(string(random))}${note()}`, () => ` 'it''s'${note()}`, () => ` [a, {b: c}]${note()}`, () => ` |${eol}${indent}  text: block${eol}${indent}  # no comment`, () => ` http://host:1/x#y${note()}`, () => ' 1', () => ''])();
  const map = (indent: string, depth: number): string =>
    keysOf(random, 3, 1)
      .map((key) => `${chance(random, 0.1) ? `${indent}# about ${key}${eol}` : ''}${indent}${key}:${depth < 2 && chance(random, 0.3) ? `${note()}${eol}${map(`${indent}  `, depth + 1)}` : `${scalar(indent)}${eol}`}${chance(random, 0.1) ? eol : ''}`)
      .join('');
  const dash = pick(random, ['', '  ', '    ']);
  const models = (): string =>
    `models:${note()}${eol}${keysOf(random, 3, 1).map((key) => `${dash}- name: ${key}${note()}${eol}${dash}  provider: ${pick(random, ['openai', 'anthropic'])}${eol}${chance(random, 0.3) ? `${dash}  roles:${eol}${dash}    - chat${eol}` : ''}`).join('')}`;
  const list = pick(random, [models, () => '', () => `models: []${note()}${eol}`, () => `models:${note()}${eol}`])();
  const head = `${chance(random, 0.1) ? '\ufeff' : ''}${chance(random, 0.2) ? `# head${eol}` : ''}${chance(random, 0.2) ? `---${eol}` : ''}`;
  const text = `${head}${chance(random, 0.8) ? map('', 0) : ''}${list}${chance(random, 0.3) ? `last: one${eol}` : ''}${chance(random, 0.15) ? `# end${eol}` : ''}`;
  return chance(random, 0.3) ? text.replace(/\r?\n$/, '') : text;
}

function dotenvDocument(random: Random): string {
  const eol = chance(random, 0.3) ? '\r\n' : '\n';
  const lines = keysOf(random, 6).map((key) => {
    const name = key.toUpperCase().replaceAll('-', '_');
    const value = pick(random, ['bare # note', '"quoted # no note"', `'single'`, `"over${eol}lines"`, '', 'a=b', '`tick`']);
    return `${chance(random, 0.15) ? `# ${name}=no${eol}` : ''}${chance(random, 0.2) ? 'export ' : ''}${name}=${value}${eol}${chance(random, 0.1) ? eol : ''}`;
  });
  const text = lines.join('');
  return chance(random, 0.3) ? text.replace(/\r?\n$/, '') : text;
}

export function configDocument(random: Random, format: FileFormat): string {
  switch (format) {
    case 'json':
    case 'jsonc':
    case 'json5':
      return jsonDocument(random, format);
    case 'toml':
      return tomlDocument(random);
    case 'yaml':
      return yamlDocument(random);
    case 'dotenv':
      return dotenvDocument(random);
  }
}
