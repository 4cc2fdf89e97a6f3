/** The Node that runs this. */
import type { Finding } from './finding.ts';

/** As package.json's `engines` has it. */
const LEAST_MAJOR = 20;

export interface Runtime {
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  /** Whether bodies in zstd can be read: Node 22.15 and 23.8 and later (https://nodejs.org/api/zlib.html). */
  readonly zstd: boolean;
}

export function judgeRuntime({ version, platform, arch, zstd }: Runtime): Finding {
  const major = Number(/^\d+/.exec(version)?.[0] ?? 0);
  const facts = { version, platform, arch, zstd };
  if (major < LEAST_MAJOR) {
    return { check: 'node', status: 'problem', message: `Node ${version} is too old`, advice: `install Node ${LEAST_MAJOR} or later: https://nodejs.org`, facts };
  }
  const without = zstd ? '' : '; without zstd, which Codex uses with a ChatGPT login (Node 22.15 or later has it)';
  return { check: 'node', status: 'ok', message: `Node ${version} on ${platform} ${arch}${without}`, facts };
}
