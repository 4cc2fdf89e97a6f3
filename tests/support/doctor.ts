// `aegisgate doctor --json` as a process, and its report.
import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { runCli } from './cli-process.ts';

export interface ToldFinding {
  readonly check: string;
  readonly subject?: string;
  readonly status: string;
  readonly message: string;
  readonly advice?: string;
  readonly facts?: Record<string, unknown>;
}

export interface Report {
  readonly code: number | null;
  readonly healthy: boolean;
  readonly problems: number;
  readonly warnings: number;
  readonly findings: readonly ToldFinding[];
  about(check: string): readonly ToldFinding[];
}

/** What it says; its exit code and sums must agree with it, and each problem say what to do. */
export async function doctor(t: TestContext, env: Record<string, string>, cwd: string, ...args: string[]): Promise<Report> {
  const { code, out, err } = await runCli(t, ['doctor', '--json', ...args], { cwd, env });
  assert.equal(err, '');
  const report = JSON.parse(out) as Omit<Report, 'code' | 'about'>;
  assert.equal(code, report.healthy ? 0 : 1);
  assert.equal(report.problems, report.findings.filter(({ status }) => status === 'problem').length);
  assert.equal(report.warnings, report.findings.filter(({ status }) => status === 'warning').length);
  for (const { status, advice, message } of report.findings) if (status === 'problem') assert.ok(advice !== undefined || /should|must/.test(message), message);
  return { ...report, code, about: (check) => report.findings.filter((finding) => finding.check === check) };
}

/** A port that nobody listens on, as far as that can be known. */
export async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
