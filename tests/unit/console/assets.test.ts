import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readAssets } from '../../../src/console/assets.ts';

function folderOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-assets-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('the page\'s files are found by their names, with their types and tags of their content', (t) => {
  const folder = folderOf(t, { 'index.html': '<p>', 'app.js': 'let a;', 'look.css': 'p{}', 'app.js.map': '{}', 'notes.txt': 'x' });
  mkdirSync(join(folder, 'more.js'));
  if (process.platform !== 'win32') symlinkSync('/etc/passwd', join(folder, 'link.js'));
  const assets = readAssets([folder]);
  assert.equal(assets?.get('')?.bytes.toString(), '<p>');
  assert.deepEqual(assets?.get('index.html'), assets?.get(''));
  assert.equal(assets?.get('app.js')?.type, 'text/javascript; charset=utf-8');
  assert.equal(assets?.get('look.css')?.type, 'text/css; charset=utf-8');
  assert.match(assets?.get('app.js')?.etag ?? '', /^"[\w-]{22}"$/);
  assert.notEqual(assets?.get('app.js')?.etag, assets?.get('look.css')?.etag);
  for (const name of ['app.js.map', 'notes.txt', 'more.js', 'link.js', '../app.js', './app.js', 'constructor', '__proto__', 'APP.JS']) assert.equal(assets?.get(name), undefined, name);
});

test('what is read is read once: what comes into the folder later is not served', (t) => {
  const folder = folderOf(t, { 'index.html': '<p>', 'app.js': '1' });
  const assets = readAssets([folder]);
  writeFileSync(join(folder, 'late.js'), '2');
  writeFileSync(join(folder, 'app.js'), '3');
  assert.equal(assets?.get('late.js'), undefined);
  assert.equal(assets?.get('app.js')?.bytes.toString(), '1');
});

test('the first folder that has a page with compiled scripts; none, where it has not been built', (t) => {
  const sources = folderOf(t, { 'index.html': '<p>source', 'app.ts': '' });
  const built = folderOf(t, { 'index.html': '<p>built', 'app.js': '' });
  assert.equal(readAssets([sources, built])?.get('')?.bytes.toString(), '<p>built');
  assert.equal(readAssets([sources]), undefined);
  assert.equal(readAssets([join(sources, 'nothing')]), undefined);
});
