/**
 * Single headers read from Node's raw form, a flat array of names and values. The objects that Node builds of all
 * headers when it is asked for one cost more than all that an exchange looks at.
 */

function isNamed(key: string | undefined, name: string): boolean {
  // Nearly every other header has another length: no string is made for it.
  return key !== undefined && key.length === name.length && (key === name || key.toLowerCase() === name);
}

/** Which lengths names have: a header of another length is none of them, which a look without a string tells. */
export function lengthsOf(names: Iterable<string>): readonly boolean[] {
  const lengths: boolean[] = new Array<boolean>(64).fill(false);
  for (const name of names) lengths[name.length] = true;
  return lengths;
}

/** The value of the first header of that name. @param name in lower case. */
export function firstHeader(rawHeaders: readonly string[], name: string): string | undefined {
  for (let i = 0; i < rawHeaders.length; i += 2) if (isNamed(rawHeaders[i], name)) return rawHeaders[i + 1];
  return undefined;
}

/**
 * All values of that name as one list: RFC 9110 section 5.3.
 * @param name in lower case.
 * @param separator that of cookies is `; `: RFC 9113 section 8.2.3.
 */
export function joinedHeader(rawHeaders: readonly string[], name: string, separator = ', '): string | undefined {
  let joined: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (isNamed(rawHeaders[i], name)) joined = joined === undefined ? rawHeaders[i + 1] : `${joined}${separator}${rawHeaders[i + 1] ?? ''}`;
  }
  return joined;
}

/** How many headers have that name. @param name in lower case. */
export function countHeader(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (isNamed(rawHeaders[i], name)) count++;
  return count;
}
