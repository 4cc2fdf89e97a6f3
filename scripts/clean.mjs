// Removes what the last build wrote, so that a renamed source leaves no stale file in the package.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
