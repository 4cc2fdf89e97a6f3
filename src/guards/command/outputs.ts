/** What simple programs print, as far as their arguments tell: so that `echo ... | base64 -d | sh` has no secrets. */
import { decodeBase64, decodeEscapes, decodeHex } from './decode.ts';
import { hasFlag, operands } from './invocation.ts';
import type { Invocation } from './invocation.ts';

export interface Output {
  readonly text: string;
  /** Whether an encoding had to be undone. */
  readonly decoded: boolean;
}

const MAX_STAGES = 8;
const MAX_CHARS = 65_536;

/** The text of a here-document or here-string that is a program's input. */
export function inputText(invocation: Invocation): string | undefined {
  return invocation.redirects.findLast((redirect) => redirect.operator === '<<' || redirect.operator === '<<<')?.target.text;
}

/** What flows into a program, when it can be told. */
export function inputOf(invocation: Invocation, stages = MAX_STAGES): Output | undefined {
  const own = inputText(invocation);
  if (own !== undefined) return { text: own, decoded: false };
  const file = invocation.redirects.find((redirect) => redirect.operator === '<');
  if (file) return textOutput(invocation.files.get(file.target.text)?.text);
  const last = invocation.feeds.at(-1);
  return last && stages > 0 ? outputOf(last, stages - 1) : undefined;
}

function textOutput(text: string | undefined): Output | undefined {
  return text === undefined ? undefined : { text, decoded: false };
}

function printed(invocation: Invocation): Output {
  const values = [...invocation.texts];
  while (invocation.name === 'echo' && /^-[neE]+$/.test(values[0] ?? '')) values.shift();
  const text = values.join(' ').slice(0, MAX_CHARS);
  if (invocation.name === 'printf') {
    const format = values[0] ?? '';
    const filled = format.includes('%') ? format.replace(/%[sb]/g, '') + values.slice(1).join(' ') : format;
    return { text: decodeEscapes(filled), decoded: /\\(?:x[0-9a-f]|[0-7]{3})/i.test(filled) };
  }
  const escaped = hasFlag(invocation, 'e') && text.includes('\\');
  return escaped ? { text: decodeEscapes(text), decoded: /\\(?:x[0-9a-f]|[0-7]{3})/i.test(text) } : { text, decoded: false };
}

function decodedBy(invocation: Invocation, stages: number, decode: (text: string) => string | undefined): Output | undefined {
  const file = operands(invocation).at(-1)?.text;
  const input = inputOf(invocation, stages) ?? textOutput(invocation.files.get(file ?? '')?.text);
  const text = input === undefined ? undefined : decode(input.text);
  return text === undefined ? undefined : { text, decoded: true };
}

/** What a program prints; undefined when only running it would tell. */
export function outputOf(invocation: Invocation, stages = MAX_STAGES): Output | undefined {
  switch (invocation.name) {
    case 'echo':
    case 'printf':
    case 'write-output':
      return printed(invocation);
    case 'cat':
    case 'tee':
    case 'get-content': {
      const file = operands(invocation)[0];
      const known = file ? invocation.files.get(file.text)?.text : undefined;
      return known !== undefined ? { text: known, decoded: false } : file && invocation.name !== 'tee' ? undefined : inputOf(invocation, stages);
    }
    case 'base64':
    case 'gbase64':
    case 'base64url':
      return hasFlag(invocation, 'dD', '--decode') ? decodedBy(invocation, stages, decodeBase64) : undefined;
    case 'openssl':
      return invocation.texts.some((text) => /^(?:base64|-base64|-a)$/.test(text)) && invocation.texts.includes('-d') ? decodedBy(invocation, stages, decodeBase64) : undefined;
    case 'xxd':
      return hasFlag(invocation, 'r') ? decodedBy(invocation, stages, decodeHex) : undefined;
    case 'rev':
      return decodedBy(invocation, stages, (text) => [...text.trimEnd()].reverse().join(''));
    case 'tr':
      return translated(invocation, stages);
    default:
      return undefined;
  }
}

const ROT13 = /^a-za-z$/i;

function translated(invocation: Invocation, stages: number): Output | undefined {
  const [from = '', to = ''] = invocation.texts;
  if (from === '-d') return decodedBy(invocation, stages, (text) => [...text].filter((character) => !to.includes(character)).join(''));
  if (!ROT13.test(from) || !/^n-za-mn-za-m$/i.test(to)) return undefined;
  return decodedBy(invocation, stages, (text) => text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  }));
}
