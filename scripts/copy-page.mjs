// Puts what the compiler leaves aside of the console's page beside what it wrote.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';

const from = new URL('../src/console/page/', import.meta.url);
const to = new URL('../dist/console/page/', import.meta.url);
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) {
  if (/\.(?:html|css|svg)$/.test(name)) copyFileSync(new URL(name, from), new URL(name, to));
}
