// Installs nginx and haproxy for the tests of docs/scaling.md where apt-get can, without starting them as services. Does
// nothing where they are there already. Says of each whether it is there; the tests of one that is not are skipped.
import { spawnSync } from 'node:child_process';
import { BALANCERS, balancerVersion, type BalancerName } from '../tests/support/balancer.ts';

const APT_DEADLINE_MS = 300_000;

function apt(...args: string[]): boolean {
  // Debian's service scripts start nothing at runlevel 1: nobody asked for a web server on port 80.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, error } = spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: APT_DEADLINE_MS });
  return error === undefined && status === 0;
}

function install(name: BalancerName): string | undefined {
  const there = balancerVersion(name);
  if (there !== undefined) return there;
  const args = ['install', '--yes', '--quiet', '--no-install-recommends', name];
  // The lists may be too old to fetch what they name.
  if (!apt(...args) && apt('update', '--quiet')) apt(...args);
  return balancerVersion(name);
}

for (const name of BALANCERS) {
  const version = install(name);
  console.log(version === undefined ? `${name} is not there, and apt-get could not install it: its tests are skipped` : `${name} ${version} is there`);
}
