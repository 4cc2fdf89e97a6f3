import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servicePlaces, type ServiceHost } from '../../../src/service/places.ts';

function host(changes: Partial<ServiceHost>): ServiceHost {
  return { platform: 'linux', system: false, env: {}, home: '/home/ada', uid: 1000, node: '/usr/bin/node', dist: '/opt/aegisgate/dist', ...changes };
}

test('Linux: the user\'s places follow XDG, where they are absolute', () => {
  const { definition, settings, state, tokens, placeholderKey, audit, log } = servicePlaces(host({}));
  assert.deepEqual({ definition, settings, state, log }, {
    definition: '/home/ada/.config/systemd/user/aegisgate.service', settings: '/home/ada/.config/aegisgate/settings.env', state: '/home/ada/.local/state/aegisgate', log: undefined,
  });
  assert.deepEqual([tokens, placeholderKey, audit], ['gw_tokens.json', 'placeholder.key', 'audit.jsonl'].map((name) => `/home/ada/.local/state/aegisgate/${name}`));
  const moved = servicePlaces(host({ env: { XDG_CONFIG_HOME: '/c/', XDG_STATE_HOME: '/s' } }));
  assert.deepEqual([moved.settings, moved.state], ['/c/aegisgate/settings.env', '/s/aegisgate']);
  const relative = servicePlaces(host({ env: { XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: '' } }));
  assert.deepEqual([relative.settings, relative.state], ['/home/ada/.config/aegisgate/settings.env', '/home/ada/.local/state/aegisgate']);
});

test('Linux: the machine\'s places', () => {
  const places = servicePlaces(host({ system: true, env: { XDG_STATE_HOME: '/s' } }));
  assert.deepEqual([places.definition, places.settings, places.state], ['/etc/systemd/system/aegisgate.service', '/etc/aegisgate/settings.env', '/var/lib/aegisgate']);
});

test('macOS: Library, of the user or of the machine', () => {
  const own = servicePlaces(host({ platform: 'darwin', home: '/Users/ada' }));
  assert.deepEqual([own.definition, own.state], ['/Users/ada/Library/LaunchAgents/org.aegisgate.gateway.plist', '/Users/ada/Library/Application Support/AegisGate']);
  const all = servicePlaces(host({ platform: 'darwin', home: '/Users/ada', system: true }));
  assert.deepEqual([all.definition, all.state], ['/Library/LaunchDaemons/org.aegisgate.gateway.plist', '/Library/Application Support/AegisGate']);
});

test('Windows: the user\'s own folder, and ProgramData for the machine, whatever their case', () => {
  const env = { LocalAppData: 'C:\\Users\\ada\\AppData\\Local', PROGRAMDATA: 'D:\\ProgramData' };
  const own = servicePlaces(host({ platform: 'win32', env }));
  assert.deepEqual([own.definition, own.tokens], [undefined, 'C:\\Users\\ada\\AppData\\Local\\AegisGate\\gw_tokens.json']);
  assert.equal(servicePlaces(host({ platform: 'win32', env, system: true })).log, 'D:\\ProgramData\\AegisGate\\service.log');
  assert.throws(() => servicePlaces(host({ platform: 'win32', env: { LOCALAPPDATA: 'x' } })), /LOCALAPPDATA does not name a folder/);
});

test('another platform is told what to run instead', () => {
  assert.throws(() => servicePlaces(host({ platform: 'freebsd' })), /there is no service for freebsd.*\/usr\/bin\/node \/opt\/aegisgate\/dist\/server\.js/);
});
