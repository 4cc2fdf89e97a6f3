/** Reading parsed JSON that a person wrote: each function narrows one value, or says what is wrong with it and where. */

/** A rules file that can't be used; the message names the rule or the entry, and the field. */
export class UserRulesError extends Error {
  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.name = 'UserRulesError';
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, where: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UserRulesError(where, 'must be an object');
  for (const field of Object.keys(value)) {
    if (!allowed.includes(field)) throw new UserRulesError(where, `has an unknown field ${JSON.stringify(field)}; known are ${allowed.join(', ')}`);
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
    throw new UserRulesError(where, error instanceof Error ? error.message : 'is not a regular expression');
  }
}
