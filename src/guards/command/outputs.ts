/** What simple programs print, as far as their arguments tell: so that `echo ... | base64 -d | sh` has no secrets. */
import { filterText, printedBy } from './filters.ts';
import type { Filtered } from './filters.ts';
import { operands } from './invocation.ts';
import type { Invocation } from './invocation.ts';

export type Output = Filtered;

const MAX_STAGES = 8;

/** The text of a here-document or here-string that is a program's input. */
export function inputText(invocation: Invocation): string | undefined {
  return invocation.redirects.findLast((redirect) => redirect.operator === '<<' || redirect.operator === '<<<')?.target.text;
}

/** What flows into a program, when it can be told. */
export function inputOf(invocation: Invocation, stages = MAX_STAGES): Output | undefined {
  const own = inputText(invocation);
  if (own !== undefined) return { text: own, decoded: false };
  const file = invocation.redirects.find((redirect) => redirect.operator === '<');
  if (file) return textOutput(file.target.content ?? invocation.files.get(file.target.text)?.text);
  const last = invocation.feeds.at(-1);
  return last && stages > 0 ? outputOf(last, stages - 1) : undefined;
}

function textOutput(text: string | undefined): Output | undefined {
  return text === undefined ? undefined : { text, decoded: false };
}

/** What a program prints; undefined when only running it would tell. */
export function outputOf(invocation: Invocation, stages = MAX_STAGES): Output | undefined {
  const { name } = invocation;
  switch (name) {
    case 'echo': case 'printf': case 'write-output':
      return printedBy(name, invocation.texts);
    case 'cat': case 'tee': case 'get-content': {
      const file = operands(invocation)[0];
      const known = file ? file.content ?? invocation.files.get(file.text)?.text : undefined;
      return known !== undefined ? { text: known, decoded: false } : file && name !== 'tee' ? undefined : inputOf(invocation, stages);
    }
    case 'base64': case 'gbase64': case 'base64url': case 'openssl': case 'xxd': case 'rev': case 'tr': case 'sed': case 'cut': {
      const file = operands(invocation).at(-1)?.text;
      const input = inputOf(invocation, stages) ?? textOutput(invocation.files.get(file ?? '')?.text);
      const filtered = input && filterText(name, invocation.texts, input.text);
      return filtered && { text: filtered.text, decoded: filtered.decoded || input.decoded };
    }
    default:
      return undefined;
  }
}
