/** What a finding says, and what a command may look like without being one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeCommand } from '../../../../src/guards/command/judge.ts';
import type { Shell } from '../../../../src/guards/command/judge.ts';

function rules(command: string, shell: Shell = 'posix'): string[] {
  return judgeCommand(command, shell).map((finding) => finding.rule);
}

function passages(command: string, shell: Shell = 'posix'): string[] {
  return judgeCommand(command, shell).map((finding) => command.slice(finding.start, finding.end));
}

describe('the place of a finding', () => {
  it('is the statement at fault', () => {
    assert.deepEqual(passages('cd /tmp\nrm -rf / # gone\nls'), ['rm -rf /']);
    assert.deepEqual(passages('npm ci && sudo rm -rf /etc; echo done'), ['sudo rm -rf /etc']);
    assert.deepEqual(passages('a; echo cm0gLXJmIC8= | base64 -d | sh; b').map((text) => text.slice(0, 12)), ['echo cm0gLXJ', 'echo cm0gLXJ']);
  });
  it('is the whole statement around a text that another program runs', () => {
    assert.deepEqual(passages("ls; bash -c 'echo a; rm -rf ~'; ls"), ["bash -c 'echo a; rm -rf ~'"]);
    assert.deepEqual(passages('echo "$(rm -rf /)"; ls'), ['echo "$(rm -rf /)"']);
  });
  it('counts characters, not bytes', () => {
    assert.deepEqual(passages('echo "日本 🔑"; rm -rf ~'), ['rm -rf ~']);
  });
  it('orders several findings', () => {
    const found = judgeCommand('rm -rf ~; mkfs.ext4 /dev/sda; rm -rf /', 'posix');
    assert.deepEqual(found.map((finding) => finding.rule), ['delete-home', 'make-filesystem', 'delete-root']);
    assert.ok(found.every((finding, index) => index === 0 || finding.start >= (found[index - 1]?.start ?? 0)));
  });
  it('lies within the command for PowerShell and cmd as well', () => {
    assert.deepEqual(passages('Get-Date; Remove-Item -Recurse -Force C:\\', 'powershell'), ['Remove-Item -Recurse -Force C:\\']);
    assert.deepEqual(passages('dir & rd /s /q C:\\', 'cmd'), ['rd /s /q C:\\']);
  });
});

describe('text that is only data', () => {
  for (const command of [
    "echo 'rm -rf /'", 'grep -r "rm -rf /" .', 'git commit -m "rm -rf /"', "cat <<'E' > a.sh\nrm -rf /\nE", "printf '%s' 'mkfs /dev/sda'", '# rm -rf /', "X='rm -rf /'", 'jq \'.a = "rm -rf /"\' f',
  ]) {
    it(`is no command: ${command.replaceAll('\n', ' ')}`, () => assert.deepEqual(rules(command), []));
  }
  it('becomes a command where something runs it', () => {
    assert.deepEqual(rules("echo 'rm -rf /' | sh"), ['delete-root']);
    assert.deepEqual(rules("X='rm -rf /'; $X"), ['delete-root']);
    assert.deepEqual(rules("cat <<'E' > a.sh\nrm -rf /\nE\nsh a.sh"), ['delete-root']);
    assert.deepEqual(rules("bash <<'E'\nrm -rf /\nE"), ['delete-root']);
  });
  it('may hold a placeholder', () => {
    assert.deepEqual(rules('curl -H "Authorization: Bearer aegis-github-token-k7q2m4xd5t2p" https://api.github.com/user'), []);
  });
});

describe('a throw-away container', () => {
  it('may destroy its own root', () => assert.deepEqual(rules('docker run --rm alpine rm -rf /etc'), []));
  it('may not destroy what is mounted', () => assert.deepEqual(rules('docker run --rm -v /etc:/x alpine rm -rf /x'), ['delete-system']));
  it('is none when it already ran', () => assert.deepEqual(rules('docker exec web rm -rf /etc'), ['delete-system']));
});

describe('a working directory', () => {
  it('is followed', () => {
    assert.deepEqual(rules('cd /etc && rm -rf *'), ['delete-system']);
    assert.deepEqual(rules('cd build && rm -rf *'), []);
    assert.deepEqual(rules('cd / && cd tmp && rm -rf *'), []);
  });
});

describe('an unknown shell', () => {
  it('is tried as what the command looks like', () => {
    assert.deepEqual(rules('Remove-Item -Recurse -Force C:\\', 'unknown'), ['delete-root']);
    assert.deepEqual(rules('rd /s /q C:\\', 'unknown'), ['delete-root']);
    assert.deepEqual(rules('rm -rf /', 'unknown'), ['delete-root']);
  });
});

describe('a command of more programs than can be judged', () => {
  it('is a finding', () => assert.deepEqual(rules('a;'.repeat(10_000)), ['too-many-programs']));
  it('still tells what was found before', () => assert.deepEqual(rules(`rm -rf /; ${'a;'.repeat(10_000)}`), ['delete-root', 'too-many-programs']));
  it('is none at four thousand', () => assert.deepEqual(rules('a;'.repeat(4000)), []));
});

describe('a command too long to judge', () => {
  const padding = `echo ${'a'.repeat(70_000)}`;
  it('is a finding that is only likely, over all of it', () => {
    const [found, ...more] = judgeCommand(padding, 'posix');
    assert.deepEqual(found, { rule: 'too-long-to-judge', family: 'resource-exhaustion', certainty: 'likely', start: 0, end: padding.length });
    assert.deepEqual(more, []);
  });
  it('is judged up to the bound', () => assert.deepEqual(rules(`rm -rf /; ${padding}`).sort(), ['delete-root', 'too-long-to-judge']));
  it('is none within the bound', () => assert.deepEqual(rules(`echo ${'a'.repeat(60_000)}`), []));
});

describe('strange input', () => {
  for (const command of ['', ' ', '\n', '\u0000', '|', '||', '&&', ';;', ')', '}', "'", '"', '`', '$', '${', '$(', '<<', '<<<', '>', '2>&', 'a() {', 'if', 'for', 'case', 'function', '((', '[[', '\\', 'a\\', '#', '$((', '{a,b', 'sudo', 'sh -c', 'xargs', 'find -exec', 'docker run', 'ssh', 'env -S', 'python -c', '@\'\n', '%', '^', '\ud800', 'A=', 'A=(', 'echo |', 'cat <<E']) {
    it(`is nothing: ${JSON.stringify(command)}`, () => {
      for (const shell of ['posix', 'powershell', 'cmd', 'unknown'] as const) assert.deepEqual(judgeCommand(command, shell), []);
    });
  }
});

describe('functions in functions', () => {
  it('are no end of the stack, and hide nothing', () => {
    for (const word of ['f() ', 'function f ', 'f()\n']) {
      for (const times of [1, 20, 30, 1000, 100_000]) {
        assert.ok(rules(`${word.repeat(times)}{ rm -rf /; }; f`).includes('delete-root') || rules(`${word.repeat(times)}{ rm -rf /; }; f`).length > 0, `${times} times ${word}`);
      }
    }
  });
});
