import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { judgeWsl, type WslReadings } from '../../../src/cli/doctor/wsl.ts';

const WSL2 = 'Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f) (gcc (GCC) 11.2.0) #1 SMP Tue Nov 5 00:21:55 UTC 2024';
const WSL1 = 'Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com) (gcc version 5.4.0 (GCC) ) #488-Microsoft Mon Sep 01 13:43:00 PST 2020';
const PLAIN = 'Linux version 6.1.0-13-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0)';

const readings: WslReadings = {
  procVersion: WSL2, networkingMode: undefined, wslConfig: undefined, resolvConf: 'nameserver 10.255.255.254\n', address: '172.20.48.2',
  reachedFromWindows: undefined, host: '127.0.0.1', port: 18080,
};

function judge(parts: Partial<WslReadings>): Finding {
  const findings = judgeWsl({ ...readings, ...parts });
  assert.equal(findings.length, 1);
  // As checked above.
  return findings[0] as Finding;
}

test('elsewhere than in WSL nothing is said', () => {
  assert.deepEqual(judgeWsl({ ...readings, procVersion: PLAIN }), []);
  assert.deepEqual(judgeWsl({ ...readings, procVersion: '' }), []);
});

test('WSL 1 shares Windows\' network', () => {
  assert.match(judge({ procVersion: WSL1 }).message, /WSL 1 .*http:\/\/localhost:18080/);
});

test('the mode is what wslinfo says, else what .wslconfig says, else guessed and said so', () => {
  const mode = (parts: Partial<WslReadings>): unknown[] => [judge(parts).facts?.['mode'], judge(parts).facts?.['mode_from']];
  const mirrored = '[wsl2]\r\nnetworkingMode=mirrored\r\n';
  assert.deepEqual(mode({ networkingMode: 'mirrored' }), ['mirrored', 'wslinfo']);
  assert.deepEqual(mode({ networkingMode: 'nat', wslConfig: mirrored }), ['nat', 'wslinfo']);
  assert.deepEqual(mode({ wslConfig: mirrored }), ['mirrored', 'as .wslconfig has it']);
  assert.deepEqual(mode({ wslConfig: '[experimental]\nNetworkingMode = Mirrored # by me\n' }), ['mirrored', 'as .wslconfig has it']);
  assert.deepEqual(mode({ wslConfig: '[other]\nnetworkingMode=mirrored\n' }), ['unknown', 'NAT where nobody has changed it']);
  assert.deepEqual(mode({ resolvConf: '# made by WSL\nnameserver 172.20.48.1\n' }), ['nat', 'by its name server']);
  assert.deepEqual(mode({ networkingMode: 'something new' }), ['unknown', 'NAT where nobody has changed it']);
});

test('localhost leads to the gateway in every mode that forwards it', () => {
  for (const networkingMode of ['nat', 'mirrored', 'virtioproxy']) {
    for (const host of ['127.0.0.1', '0.0.0.0', 'localhost', '::1']) {
      const finding = judge({ networkingMode, host });
      assert.equal(finding.status, 'ok', `${networkingMode} ${host}`);
      assert.match(finding.message, /programs on Windows use http:\/\/localhost:18080/);
    }
  }
});

test('NAT without forwarding asks for this side\'s address, and for a listener that can be reached by it', () => {
  const wslConfig = '[wsl2]\nlocalhostForwarding=false\n';
  const unreachable = judge({ networkingMode: 'nat', wslConfig });
  assert.equal(unreachable.status, 'warning');
  assert.match(unreachable.advice ?? '', /http:\/\/172\.20\.48\.2:18080 set AEGIS_HOST=0\.0\.0\.0 with AEGIS_GATEWAY_KEY/);
  const open = judge({ networkingMode: 'nat', wslConfig, host: '0.0.0.0' });
  assert.equal(open.status, 'ok');
  assert.match(open.message, /http:\/\/172\.20\.48\.2:18080/);
  // Mirrored needs no forwarding.
  assert.match(judge({ networkingMode: 'mirrored', wslConfig }).message, /localhost:18080/);
});

test('bridged asks for the address, and none is a problem', () => {
  assert.equal(judge({ networkingMode: 'bridged' }).status, 'warning');
  assert.equal(judge({ networkingMode: 'none' }).status, 'problem');
});

test('a listener on one address that is not loopback is not reached by localhost', () => {
  assert.equal(judge({ networkingMode: 'nat', host: '172.20.48.2' }).status, 'warning');
});

test('what a program on Windows has seen counts', () => {
  assert.match(judge({ networkingMode: 'nat', reachedFromWindows: true }).message, /as was tried just now/);
  const nat = judge({ networkingMode: 'nat', reachedFromWindows: false });
  assert.equal(nat.status, 'problem');
  assert.match(nat.advice ?? '', /wsl --shutdown/);
  const mirrored = judge({ networkingMode: 'mirrored', reachedFromWindows: false });
  assert.match(mirrored.advice ?? '', /netstat -ano \| findstr :18080/);
});
