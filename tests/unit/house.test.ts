// What must hold of the tree itself.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name === 'node_modules' ? [] : filesBelow(path);
  });
}

test('no compiled file stands beside the sources', () => {
  const compiled = ['src', 'tests', 'scripts'].flatMap(filesBelow).filter((path) => /\.js(?:\.map)?$/.test(path));
  assert.deepEqual(compiled, []);
});

test('the benchmark\'s programs import nothing from outside their folder, where compiling them would leave files', () => {
  for (const path of filesBelow('scripts/bench').filter((name) => name.endsWith('.ts'))) {
    const outside = [...readFileSync(join(root, path), 'utf8').matchAll(/from '(\.\.\/[^']*)'/g)].map((match) => match[1]);
    assert.deepEqual(outside, [], path);
  }
});

test('nothing is needed at run time but Node', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  assert.equal(manifest['dependencies'], undefined);
  assert.deepEqual(Object.keys(manifest['devDependencies'] as object).sort(), ['@types/node', 'tsx', 'typescript']);
});
