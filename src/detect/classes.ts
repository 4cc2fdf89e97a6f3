/** Which classes of findings a security level redacts. */
import type { FindingClass } from './rule.ts';

export type SecurityLevel = 'low' | 'medium' | 'high';

const CLASSES: Readonly<Record<SecurityLevel, ReadonlySet<FindingClass>>> = {
  low: new Set<FindingClass>(['credential', 'exact']),
  medium: new Set<FindingClass>(['credential', 'exact', 'payment']),
  high: new Set<FindingClass>(['credential', 'exact', 'payment', 'personal']),
};

/** The classes of findings that are replaced in requests at a level. The set is shared: do not change it. */
export function classesAt(level: SecurityLevel): ReadonlySet<FindingClass> {
  return CLASSES[level];
}
