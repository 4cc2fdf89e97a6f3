import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { SecretFileError, isSecretValue, loadSecretFiles, parseSecretFile, watchSecretFiles } from '../../../src/detect/secret-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'secret-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('a file of secrets', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    ['a name and a value', 'KEY=abcd1234efgh', ['abcd1234efgh']],
    ['export and spaces', '  export KEY = abcd1234efgh  ', ['abcd1234efgh']],
    ['single quotes, kept as they are', "KEY='ab\\ncd 1234 # no comment'", ['ab\\ncd 1234 # no comment']],
    ['double quotes with escapes', 'KEY="line1\\nline2\\t\\"quoted\\""', ['line1\nline2\t"quoted"']],
    ['a quoted value over lines', 'A="first line 1\nsecond line 2"\nB=zyxw9876vuts', ['first line 1\nsecond line 2', 'zyxw9876vuts']],
    ['a comment behind a value', 'KEY=abcd1234efgh # mine', ['abcd1234efgh']],
    ['a hash within a value', 'KEY=abcd#1234efgh', ['abcd#1234efgh']],
    ['comment lines and empty lines', '# abcd1234efgh\n\n   \n#x\n', []],
    ['one value a line', 'abcd1234efgh\nzyxw9876vuts\n', ['abcd1234efgh', 'zyxw9876vuts']],
    ['a value with an equals sign', 'KEY=YWJjZDEyMzQ1Ng==', ['YWJjZDEyMzQ1Ng==']],
    ['a bare value with padding', 'YWJjZD+yMzQ1Ng==', ['YWJjZD+yMzQ1Ng==']],
    ['carriage returns', 'A=abcd1234efgh\r\nB=zyxw9876vuts\r\n', ['abcd1234efgh', 'zyxw9876vuts']],
    ['a byte order mark', '\ufeffA=abcd1234efgh', ['abcd1234efgh']],
    ['the same value twice', 'A=abcd1234efgh\nB=abcd1234efgh', ['abcd1234efgh']],
    ['an empty value', 'A=\nB=""\n', []],
    ['a password in a URL', 'DB=postgres://app:pass1word@db/app', ['postgres://app:pass1word@db/app']],
  ];
  for (const [name, text, expected] of cases) {
    it(`holds ${name}`, () => assert.deepEqual(parseSecretFile(text, 'f'), expected));
  }

  it('gives the line of a quote that never ends, and nothing of the value', () => {
    assert.throws(() => parseSecretFile('A=1\n\nB="abcd1234efgh\nrest\n', '/x/.env'), (error: unknown) => {
      assert.ok(error instanceof SecretFileError);
      assert.equal(error.line, 3);
      assert.equal(error.file, '/x/.env');
      assert.match(error.message, /^\/x\/\.env:3: /);
      assert.doesNotMatch(error.message, /abcd1234/);
      return true;
    });
  });

  for (const plain of ['3000', 'true', 'localhost', 'development', 'production', '/usr/local/bin', './config/app.json', 'short1', 'https://api.example.com/v1',
    'us-east-zone', 'db.internal.example.com', '${OTHER_VALUE}', '<your-key-here>', 'aaaaaaaaaaaa', 'C:\\Users\\me\\x.pem', 'application-name', '10.0.0.1:8080', '30000ms', 'myApplicationName']) {
    it(`leaves out ${plain}`, () => assert.equal(isSecretValue(plain), false));
  }
  for (const secret of ['hunter2hunter2', 'abcd1234efgh', 'correct horse 9', 'https://u:p4ssw0rd@host/x', '483920175639', 'p@ssw0rd!', 'qWeRtYaSdFgHjKlZx']) {
    it(`keeps ${secret}`, () => assert.equal(isSecretValue(secret), true));
  }
});

describe('loading files of secrets', () => {
  it('joins several files', () => {
    const one = write('one.env', 'A=abcd1234efgh\n');
    const two = write('two.txt', 'zyxw9876vuts\nabcd1234efgh\n');
    assert.deepEqual(loadSecretFiles([one, two]), ['abcd1234efgh', 'zyxw9876vuts']);
  });

  it('names a file that is missing, with the reason', () => {
    assert.throws(() => loadSecretFiles([join(folder, 'none.env')]), /none\.env: can't be read \(ENOENT\)/);
  });

  it('refuses a file that is not text', () => {
    assert.throws(() => loadSecretFiles([write('binary', Buffer.from([65, 0, 66]))]), /is not a text file/);
  });
});

describe('watching files of secrets', () => {
  it('gives the new set on a change, reports a broken one, and takes the next good one', { timeout: 10_000 }, async () => {
    const path = write('watched.env', 'A=abcd1234efgh\n');
    const events: string[] = [];
    let wake: () => void = () => {};
    const watcher = watchSecretFiles(
      [path],
      (values) => { events.push(values.join(',')); wake(); },
      (error) => { events.push(`line ${error.line}`); wake(); },
      20,
    );
    // Nothing else keeps the process alive: the watcher must not.
    const alive = setInterval(() => {}, 1000);
    try {
      for (const [text, expected] of [['A=zyxw9876vuts9\n', 'zyxw9876vuts9'], ['A="broken\n', 'line 1'], ['B=good1234good12\n', 'good1234good12']] as const) {
        const before = events.length;
        const changed = new Promise<void>((resolve) => { wake = resolve; });
        writeFileSync(path, text);
        await changed;
        assert.ok(events.length > before);
        assert.equal(events.at(-1), expected);
      }
    } finally {
      clearInterval(alive);
      watcher.close();
    }
  });
});
