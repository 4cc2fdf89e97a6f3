/** Reading parsed JSON that a person wrote: each function narrows one value, or says what is wrong with it and where. */

/** A rules file that can't be used; the message names the rule or the entry, and the field. */
export class UserRulesError extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'UserRulesError';
  }
}

/** What a rule, a topic or a field may be called. */
const NAME = /^[a-z0-9]+(?:[-_][a-z0-9]+)*$/;
const NAME_MOST_CHARS = 40;

/** A name as a message may repeat it. What looks like none may be a token or a value that went astray. */
export function shownName(name: string): string {
  return name.length <= NAME_MOST_CHARS && NAME.test(name) ? JSON.stringify(name) : 'of that name (it looks like no name and is not repeated here)';
}

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, where: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UserRulesError(where, 'must be an object');
  for (const field of Object.keys(value)) {
    if (!allowed.includes(field)) throw new UserRulesError(where, `has an unknown field ${shownName(field)}; known are ${allowed.join(', ')}`);
  }
  return value as Fields;
}

export function listOf(value: unknown, where: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UserRulesError(where, 'must be a list');
  return value;
}

export function textsOf(value: unknown, where: string): readonly string[] {
  return listOf(value, where).map((item, index) => {
    if (typeof item !== 'string' || item === '') throw new UserRulesError(`${where}[${index}]`, 'must be a text that is not empty');
    return item;
  });
}

export function textOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new UserRulesError(where, 'must be a text that is not empty');
  return value;
}

export function compile(source: string, flags: string, where: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    // V8 puts the pattern before its reason, and a pattern may well be somebody's secret.
    const reason = error instanceof Error ? error.message.replace(`Invalid regular expression: /${source}/`, '') : '';
    const said = /^[a-z]*: ([A-Za-z ]{1,80})$/.exec(reason)?.[1];
    throw new UserRulesError(where, `is not a regular expression${said === undefined ? '' : `: ${said.charAt(0).toLowerCase()}${said.slice(1)}`}`);
  }
}
