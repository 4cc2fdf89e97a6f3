// Installs nginx for the tests of docs/scaling.md where apt-get can, without starting it as a service. Does nothing where
// it is there already. Exits 0 when nginx is there at the end, 1 when not; says which.
import { spawnSync } from 'node:child_process';
import { nginxVersion } from '../tests/support/nginx.ts';

const APT_DEADLINE_MS = 300_000;

function apt(...args: string[]): boolean {
  // Debian's service scripts start nothing at runlevel 1: nobody asked for a web server on port 80.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, error } = spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: APT_DEADLINE_MS });
  return error === undefined && status === 0;
}

const before = nginxVersion();
if (before === undefined) {
  // The lists may be too old to fetch what they name.
  const install = ['install', '--yes', '--quiet', '--no-install-recommends', 'nginx'];
  if (!apt(...install)) apt('update', '--quiet') && apt(...install);
}
const after = nginxVersion();
console.log(after === undefined ? 'nginx is not there, and apt-get could not install it: the tests behind it are skipped' : `nginx ${after} is there`);
process.exitCode = after === undefined ? 1 : 0;
