// The faults in their long form: a thousand processes killed while they change the token file, then disks, descriptors, DNS,
// clocks and logs as `npm test` has them, and the search for secrets in every output.
//
//   npm run faults -- [--kills N]     SEED=<number> repeats the instants of an earlier run
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '1000' } } });
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) {
  console.error('usage: npm run faults -- [--kills N]');
  process.exit(2);
}
const child = spawn(
  process.execPath,
  ['--import', 'tsx', fileURLToPath(new URL('test.ts', import.meta.url)), 'token-file-', 'gateway/fault-', 'own-files', 'canary'],
  { env: { ...process.env, KILLS: String(kills) }, stdio: 'inherit' },
);
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
