/** The names of the object keys above a string, nearest last. Array levels do not count. */
export interface KeyPath {
  /** How many keys there are. */
  readonly depth: number;
  /** The key so many steps above the nearest one: `at(0)` is the nearest; undefined beyond the outermost. */
  at(fromEnd: number): string | undefined;
}

/** The same, which tells one object from another at the same place. */
export interface ObjectPath extends KeyPath {
  /** A number of the object whose member the key `level` steps from the root is, counted from 0; 0 where there is none. */
  objectAt(level: number): number;
}
