import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createAudit, openAuditFile, type AuditEntry, type AuditFile } from '../../../src/observe/audit.ts';
import { createLog } from '../../../src/observe/log.ts';

const ENTRY: AuditEntry = { id: 'req_1', token: 'f00', wire: 'gemini', rule: 'iban', kind: 'iban', action: 'redact', place: 'a.b', fingerprint: 'abc', count: 1 };

function auditFile(t: TestContext, rotateAtBytes: number): { file: AuditFile; folder: string; path: string; logged(): string } {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-audit-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let text = '';
  const keep = (more: string): void => void (text += more);
  const log = createLog({ level: 'debug', format: 'json', sink: { write: (more, done) => (keep(more), done()), writeNow: keep } });
  const path = join(folder, 'logs', 'audit.jsonl');
  return {
    file: openAuditFile({ path, log, rotateAtBytes }), folder, path,
    logged() {
      log.flush();
      return text;
    },
  };
}

test('an entry is one line with its time first, in a file of its owner\'s alone', async (t) => {
  const { file, path } = auditFile(t, 1e6);
  const audit = createAudit(file, () => new Date(0));
  audit.write(ENTRY);
  audit.write({ ...ENTRY, id: 'req_2' });
  await audit.flush();
  const lines = readFileSync(path, 'utf8').split('\n');
  assert.deepEqual(JSON.parse(lines[0] ?? ''), { time: '1970-01-01T00:00:00.000Z', ...ENTRY });
  assert.equal(lines.length, 3);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a full file makes room for the next, five are kept, and no line is lost or cut before the sixth goes', async (t) => {
  const { file, path } = auditFile(t, 100);
  const line = (n: number): string => `{"n":${String(n).padStart(40, '0')}}\n`.replace(/:0+(?=\d)/, ':');
  for (let n = 0; n < 30; n++) {
    file.append(line(n).padStart(60));
    if (n % 3 === 0) await file.flush();
  }
  await file.flush();
  const names = readdirSync(join(path, '..')).sort();
  assert.deepEqual(names, ['audit.jsonl', ...[1, 2, 3, 4, 5].map((n) => `audit.jsonl.${n}`)]);
  const numbers = ['audit.jsonl.5', 'audit.jsonl.4', 'audit.jsonl.3', 'audit.jsonl.2', 'audit.jsonl.1', 'audit.jsonl'].flatMap((name) =>
    readFileSync(join(path, '..', name), 'utf8').trimEnd().split('\n').map((text) => (JSON.parse(text) as { n: number }).n),
  );
  const first = numbers[0] ?? 0;
  assert.deepEqual(numbers, Array.from({ length: 30 - first }, (_, i) => first + i));
});

test('a file that can not be written is told once, and once more when it can', async (t) => {
  const { file, path, logged } = auditFile(t, 1e6);
  mkdirSync(path, { recursive: true });
  for (let i = 0; i < 3; i++) {
    file.append('{}\n');
    await file.flush();
  }
  rmSync(path, { recursive: true });
  file.append('{"n":1}\n');
  await file.flush();
  assert.equal(readFileSync(path, 'utf8'), '{"n":1}\n');
  assert.deepEqual(logged().trimEnd().split('\n').map((text) => (JSON.parse(text) as { level: string }).level), ['error', 'info']);
});

test('what comes while the file takes nothing is bounded, and what is dropped is told', async (t) => {
  const { file, path, logged } = auditFile(t, 1e9);
  const line = `${'x'.repeat(99_999)}\n`;
  // No tick passes, so nothing is written meanwhile.
  for (let i = 0; i < 200; i++) file.append(line);
  await file.flush();
  const bytes = statSync(path).size;
  assert.ok(bytes < 10e6 && bytes > 8e6, `${bytes} bytes`);
  assert.equal(bytes % line.length, 0, 'whole lines');
  assert.match(logged(), /audit lines are dropped/);
});
