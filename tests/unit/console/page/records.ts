/** Records as the page narrows them. */
import { exchangeOf, type Exchange, type Finding } from '../../../../src/console/page/records.ts';

export function exchange(id: string, changes: Readonly<Record<string, unknown>> = {}): Exchange {
  const made = exchangeOf(JSON.stringify({ id, time: '2026-11-27T10:15:00.000Z', client: 'Claude Code', token: { fingerprint: 'a1b2c3d4', name: 'Claude' }, wire: 'anthropic', status: 200, findings: [], ...changes }));
  if (made === undefined) throw new Error('not a record');
  return made;
}

export function finding(rule: string, action = 'redact', count = 1): Partial<Finding> {
  return { rule, action, count, topic: 'credential' };
}
