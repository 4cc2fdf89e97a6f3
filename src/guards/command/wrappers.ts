/** Programs that run another: what they take for themselves, and what they run. */
import type { Setting } from './invocation.ts';
import type { Language, Word } from './syntax.ts';

/** What a wrapper runs: words of a command, or a text for a shell. */
export interface Inner {
  readonly words?: readonly Word[];
  readonly script?: { readonly text: string; readonly words: readonly Word[]; readonly language: Language };
  readonly setting: Setting;
}

interface Wrapper {
  /** Flags that take the next word. */
  readonly values?: readonly string[];
  /** Operands of its own before the command. */
  readonly own?: number;
  /** Whether `NAME=value` may stand before the command. */
  readonly assigns?: true;
  readonly privileged?: true;
  /** Flags whose value is a text for the shell. */
  readonly script?: readonly string[];
  /** Flags that only ask about a command. */
  readonly asks?: readonly string[];
  /** All words left are one text for the shell. */
  readonly joins?: true;
  /** Only quoted words are texts for the shell, each of its own. */
  readonly quotedOnly?: true;
  /** The word that must come first, for programs that do other things as well. */
  readonly verb?: RegExp;
  /** Without a flag for a text there is nothing inside. */
  readonly scriptOnly?: true;
  /** All words after that flag are the command. */
  readonly restIsCommand?: true;
  /** Flags that name the program itself. */
  readonly exec?: readonly string[];
  /** On another machine. */
  readonly remote?: true;
}

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(Object.entries<Wrapper>({
  sudo: { values: ['-u', '-g', '-p', '-C', '-h', '-r', '-t', '-T', '-U', '-D', '-R', '--user', '--group'], assigns: true, privileged: true },
  doas: { values: ['-u', '-C'], privileged: true },
  pkexec: { values: ['--user'], privileged: true },
  run0: { privileged: true },
  gosu: { own: 1 },
  'su-exec': { own: 1 },
  env: { values: ['-u', '-C', '--unset', '--chdir'], assigns: true, script: ['-S', '--split-string'] },
  nohup: {}, setsid: {}, unbuffer: {}, builtin: {}, busybox: {}, toybox: {}, firejail: {}, proxychains: {}, proxychains4: {}, torsocks: {}, torify: {}, 'dbus-run-session': {}, 'xvfb-run': {}, fakeroot: {}, disown: {},
  command: { asks: ['-v', '-V'] },
  exec: { values: ['-a'] },
  nice: { values: ['-n', '--adjustment'] },
  ionice: { values: ['-c', '-n', '-p'] },
  chrt: { own: 1 },
  taskset: { own: 1, values: ['-p'] },
  time: { values: ['-f', '-o'] },
  timeout: { values: ['-s', '-k', '--signal', '--kill-after'], own: 1 },
  gtimeout: { values: ['-s', '-k'], own: 1 },
  stdbuf: { values: ['-i', '-o', '-e'] },
  caffeinate: { values: ['-t', '-w'] },
  strace: { values: ['-e', '-o', '-p', '-s'] },
  ltrace: { values: ['-e', '-o', '-p'] },
  unshare: {}, nsenter: { values: ['-t', '--target'] },
  chroot: { own: 1 },
  'systemd-run': { values: ['-p', '--property', '--unit', '-u', '-M', '-E', '--on-active', '--on-calendar', '--on-boot'] },
  xargs: { values: ['-I', '-n', '-P', '-L', '-d', '-a', '-E', '-s', '-i'] },
  parallel: { values: ['-j', '--jobs', '-a', '--delay', '--timeout'] },
  flock: { values: ['-w', '-E'], own: 1, script: ['-c'] },
  watch: { values: ['-n', '--interval', '-d'], joins: true },
  su: { values: ['-s', '-g', '-G'], own: 9, script: ['-c', '--command'], privileged: true },
  runuser: { values: ['-u', '-g'], own: 1, script: ['-c', '--command'] },
  script: { own: 9, script: ['-c', '--command', '-qc', '-qec', '-ec'] },
  sg: { own: 1, script: ['-c'] },
  entr: {}, call: {},
  // Terminals that go on without a window, and starters of services.
  screen: { values: ['-S', '-t', '-T', '-c', '-e', '-h', '-s', '-p', '-dmS', '-mdS', '-AdmS', '-LdmS', '-dmLS'] },
  dtach: { own: 1 }, abduco: { own: 1 }, 'start-stop-daemon': { values: ['--exec', '-x', '--pidfile', '-p', '--name', '-n', '--user', '-u', '--chuid', '-c'], exec: ['--exec', '-x', '--startas', '-a'] },
  daemonize: { values: ['-o', '-e', '-p', '-l', '-c', '-u'] }, chpst: { values: ['-u', '-U', '-b', '-e'] }, setpriv: {}, prlimit: {}, numactl: {}, catchsegv: {}, eatmydata: {}, rlwrap: {}, cgexec: { values: ['-g'] }, setarch: { own: 1 }, linux32: {}, linux64: {},
  // Runners of projects and of tools for secrets: what they run is a command like any other.
  'cross-env': { assigns: true }, 'cross-env-shell': { assigns: true, joins: true }, dotenv: { values: ['-f', '-e'] }, dotenvx: { verb: /^run$/ }, direnv: { verb: /^exec$/, own: 1 }, mise: { verb: /^(?:exec|x)$/ }, asdf: { verb: /^exec$/ }, bundle: { verb: /^exec$/ }, poetry: { verb: /^run$/ }, pipenv: { verb: /^run$/ }, rye: { verb: /^run$/ }, uv: { verb: /^run$/, values: ['--with', '--python', '-p', '--project', '--env-file'] }, pdm: { verb: /^run$/ }, hatch: { verb: /^run$/ }, conda: { verb: /^run$/, values: ['-n', '-p', '--name', '--prefix'] }, mamba: { verb: /^run$/, values: ['-n', '-p'] },
  npm: { verb: /^(?:exec|x)$/, values: ['-w', '--workspace', '-p', '--package'], script: ['-c', '--call'] }, pnpm: { verb: /^exec$/, values: ['--filter', '-C'] }, yarn: { verb: /^exec$/ }, npx: { values: ['-p', '--package'], script: ['-c', '--call'] }, bunx: {}, pnpx: {}, 'nix-shell': { script: ['--run', '--command'], scriptOnly: true }, nix: { script: ['-c', '--command'], restIsCommand: true, scriptOnly: true },
  op: { verb: /^run$/, values: ['--env-file'] }, doppler: { verb: /^run$/, values: ['-p', '-c', '--project', '--config'], script: ['--command'] }, 'aws-vault': { verb: /^exec$/, own: 1 }, chamber: { verb: /^exec$/, own: 1 }, infisical: { verb: /^run$/, values: ['--env', '--path'] },
  hyperfine: { values: ['-w', '-r', '--warmup', '--runs', '-n'], joins: true, quotedOnly: true }, concurrently: { values: ['-n', '-c', '--names'], joins: true, quotedOnly: true }, nodemon: { script: ['--exec', '-x'], scriptOnly: true }, watchexec: { values: ['-e', '-w', '-i', '--exts'], joins: true }, expect: { script: ['-c'], scriptOnly: true },
  pssh: { values: ['-h', '-H', '-l', '-p', '-t', '-o', '-e'], joins: true, remote: true }, 'parallel-ssh': { values: ['-h', '-H', '-l', '-p', '-t'], joins: true, remote: true }, pdsh: { values: ['-w', '-g', '-l', '-x', '-f'], joins: true, remote: true }, clush: { values: ['-w', '-g', '-l'], joins: true, remote: true }, minikube: { verb: /^ssh$/, joins: true, remote: true }, multipass: { verb: /^exec$/, own: 1, remote: true }, limactl: { verb: /^shell$/, own: 1, remote: true }, 'flatpak-spawn': {}, distrobox: { verb: /^enter$/, own: 1 }, toolbox: { verb: /^run$/, values: ['-c'] },
  dockerize: {}, tini: {}, 'dumb-init': {},
}));

const NO_VALUES: ReadonlySet<string> = new Set();
const VALUES: ReadonlyMap<string, ReadonlySet<string>> = new Map([...WRAPPERS].map(([name, wrapper]) => [name, new Set(wrapper.values ?? [])]));

const CONTAINER_PROGRAMS = new Set(['docker', 'podman', 'nerdctl', 'docker-compose', 'finch']);
const CONTAINER_VALUES = new Set(['-v', '--volume', '-p', '--publish', '-e', '--env', '--name', '-w', '--workdir', '-u', '--user', '--network', '--net', '--mount', '--entrypoint', '-h', '--hostname', '--env-file', '-l', '--label', '-m', '--memory', '--cpus', '--platform', '--device', '--cap-add', '--cap-drop', '--security-opt', '--add-host', '--ulimit', '--gpus', '--pid', '--ipc', '--restart', '-f', '--file', '--pull', '--tmpfs', '--shm-size', '--log-driver', '--dns', '--link', '--runtime', '--userns']);
const CONTAINER_GLOBALS = new Set(['-H', '--host', '-c', '--context', '-l', '--log-level', '--config', '--tlscacert', '--tlscert', '--tlskey', '--url', '--connection']);
const SSH_VALUES = new Set(['-p', '-i', '-l', '-o', '-F', '-J', '-L', '-R', '-D', '-b', '-c', '-E', '-e', '-I', '-m', '-O', '-Q', '-S', '-W', '-w', '-B']);

function joinWords(words: readonly Word[]): string {
  return words.map((word) => word.text).join(' ');
}

function shellText(words: readonly Word[], language: Language = 'posix'): { text: string; words: readonly Word[]; language: Language } {
  return { text: joinWords(words), words, language };
}

/** The words after `cmd /c`: one quoted word is a whole line, several keep their quotes. */
function requoted(words: readonly Word[]): { text: string; words: readonly Word[]; language: Language } {
  const text = words.length === 1 ? joinWords(words) : words.map((word) => (word.quoted && /[\s&|<>]/.test(word.text) ? `"${word.text}"` : word.text)).join(' ');
  return { text, words, language: 'cmd' };
}

/** The first word from `at` on that is no flag; flags that take a value take it along. */
function pastFlags(words: readonly Word[], at: number, values: { has(flag: string): boolean }): number {
  let index = at;
  while (index < words.length) {
    const text = words[index]?.text ?? '';
    if (text === '--') return index + 1;
    if (text[0] !== '-' || text.length < 2) return index;
    index += values.has(text) ? 2 : 1;
  }
  return index;
}

function unwrapContainer(words: readonly Word[], setting: Setting): Inner | undefined {
  let at = pastFlags(words, 1, CONTAINER_GLOBALS);
  if (words[at]?.text === 'compose' || words[at]?.text === 'container') at = pastFlags(words, at + 1, CONTAINER_VALUES);
  at = words[0]?.text.endsWith('-compose') ? pastFlags(words, 1, CONTAINER_VALUES) : at;
  const verb = words[at]?.text;
  if (verb !== 'run' && verb !== 'exec') return undefined;
  const image = pastFlags(words, at + 1, CONTAINER_VALUES);
  const command = words.slice(image + 1);
  const elsewhere = setting.place === 'remote' || words.slice(1, at).some((word) => /^(?:-H|--host|-c|--context|--url|--connection)\b/.test(word.text));
  if (verb === 'exec') return { words: command, setting: { ...setting, place: 'remote', ...(elsewhere ? {} : { nearby: true as const }) } };
  const flags = words.slice(at + 1, image);
  const mounts: [string, string][] = [];
  let entry: readonly Word[] = [];
  flags.forEach((word, index) => {
    const next = flags[index + 1];
    const value = /^(?:-v|--volume|--mount|--entrypoint)$/.test(word.text) ? next?.text : /^(?:--volume|--mount|-v|--entrypoint)=?(.*)$/s.exec(word.text)?.[1];
    if (value === undefined || value === '') return;
    if (word.text.startsWith('--entrypoint')) {
      entry = [{ ...(next ?? word), text: value }];
      return;
    }
    const long = /(?:source|src)=([^,]*)/.exec(value)?.[1];
    const inside = /(?:target|dst|destination)=([^,]*)/.exec(value)?.[1];
    const [host, path] = long !== undefined ? [long, inside] : value.split(':');
    if (host !== undefined && path !== undefined) mounts.push([path, host]);
  });
  const devices = flags.some((word) => /^--(?:privileged|device|pid=host)/.test(word.text));
  return { words: [...entry, ...command], setting: { ...setting, place: 'container', mounts: mounts.slice(0, 16), devices } };
}

function unwrapRemote(words: readonly Word[], name: string, setting: Setting): Inner | undefined {
  const remote: Setting = { ...setting, place: 'remote' };
  if (name === 'ssh' || name === 'mosh' || name === 'autossh') {
    const host = pastFlags(words, 1, SSH_VALUES);
    const at = pastFlags(words, host + 1, SSH_VALUES);
    return at < words.length ? { script: shellText(words.slice(at)), setting: remote } : undefined;
  }
  if (name === 'sshpass') return { words: words.slice(pastFlags(words, 1, new Set(['-p', '-f']))), setting };
  const dashes = words.findIndex((word) => word.text === '--');
  if (name === 'kubectl' || name === 'oc' || name === 'k3s' || name === 'lxc' || name === 'incus') {
    const runs = words.slice(1, 4).some((word) => word.text === 'exec' || word.text === 'run' || word.text === 'debug' || word.text === 'kubectl');
    return runs && dashes !== -1 ? { words: words.slice(dashes + 1), setting: remote } : undefined;
  }
  if (name === 'adb') return words[1]?.text === 'shell' ? { script: shellText(words.slice(2)), setting: remote } : undefined;
  if (name === 'vagrant' || name === 'fly' || name === 'flyctl' || name === 'gcloud' || name === 'az') {
    const at = words.findIndex((word) => word.text === '-c' || word.text === '-C' || word.text === '--command' || word.text === '--scripts');
    const glued = words.find((word) => word.text.startsWith('--command='));
    if (glued) return { script: { text: glued.text.slice(10), words: [glued], language: 'posix' }, setting: remote };
    const word = at === -1 ? undefined : words[at + 1];
    return word ? { script: shellText([word]), setting: remote } : undefined;
  }
  if (name === 'heroku') return words[1]?.text === 'run' ? { words: words.slice(pastFlags(words, 2, new Set(['-a', '--app']))), setting: remote } : undefined;
  return undefined;
}

/** Conditions of `find` that leave only some of the files; age and size count, type and depth do not. */
const NARROWS = /^-(?:i?name|i?path|i?regex|[amc]time|[amc]min|newer\w{0,2}|size|empty|user|group|perm|lname|samefile|inum)$/;

/** The folders that a `find` hands on: itself, or something below it when its conditions narrow. */
export function foundBy(words: readonly Word[]): readonly Word[] {
  let stop = words.findIndex((word, index) => index > 0 && (/^-[a-z]{3,}/.test(word.text) || word.text === '(' || word.text === '!'));
  if (stop === -1) stop = words.length;
  const narrow = words.some((word, index) => NARROWS.test(word.text) && words[index + 1]?.text !== '*');
  const roots = words.slice(1, stop).filter((word) => !/^-[HLP]$/.test(word.text));
  const name = words[words.findIndex((word) => /^-i?name$/.test(word.text)) + 1];
  const aged = words.some((word) => /^-(?:[amc]time|[amc]min|newer\w{0,2}|size|empty|user|group|perm)$/.test(word.text));
  const found = name && name !== words[0] && !aged ? name.text.slice(0, 128) : 'found';
  return roots.map((word) => (narrow ? { ...word, text: `${word.text.replace(/\/+$/, '')}/(some)/${found}` } : { ...word, text: `${word.text.replace(/\/+$/, '')}/*` }));
}

/** A word in which `{}`, or another sign, stands for what was found. */
export function withPlace(word: Word, found: Word | undefined, sign = '{}'): Word {
  return found && word.text.includes(sign) ? { ...word, text: word.text.replaceAll(sign, () => found.text.slice(0, 512)).slice(0, 8192) } : word;
}

function unwrapFind(words: readonly Word[], setting: Setting): readonly Inner[] {
  const found: Inner[] = [];
  const roots = foundBy(words);
  for (let at = 1; at < words.length && found.length < 8; at += 1) {
    const word = words[at];
    if (!word) continue;
    if (word.text === '-delete') found.push({ words: [{ ...word, text: 'rm' }, { ...word, text: '-rf' }, ...roots], setting });
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(word.text)) continue;
    let end = at + 1;
    while (end < words.length && words[end]?.text !== ';' && !(words[end]?.text === '+' && words[end - 1]?.text === '{}')) end += 1;
    found.push({ words: words.slice(at + 1, end).flatMap((inner) => (inner.text === '{}' ? roots : [withPlace(inner, roots[0])])), setting });
    at = end;
  }
  return found;
}

function unwrapWindows(words: readonly Word[], name: string, setting: Setting): Inner | undefined {
  if (name === 'cmd') {
    const at = words.findIndex((word) => /^\/{1,2}[ckr]$/i.test(word.text));
    return at === -1 ? undefined : { script: requoted(words.slice(at + 1)), setting };
  }
  if (name === 'wsl') {
    const at = pastFlags(words, 1, new Set(['-d', '-u', '--distribution', '--user', '--cd']));
    return { words: words.slice(at), setting };
  }
  if (name === 'start-process') {
    const values = words.slice(1).filter((word) => (word.quoted && /\s/.test(word.text)) || !/^-(?!enc|e$|ec|c$|command|nop|w$|windowstyle|ep|exec)/i.test(word.text));
    return { script: shellText(values, 'powershell'), setting };
  }
  if (name === 'wmic') {
    const at = words.findIndex((word) => word.text.toLowerCase() === 'create');
    return at > 2 ? { script: shellText(words.slice(at + 1), 'cmd'), setting } : undefined;
  }
  if (name === 'start') {
    let at = words[1]?.quoted === true && words.length > 2 ? 2 : 1;
    while (/^\/[a-z]/i.test(words[at]?.text ?? '')) at += /^\/d$/i.test(words[at]?.text ?? '') ? 2 : 1;
    return { words: words.slice(at), setting };
  }
  if (name === 'forfiles') {
    const at = words.findIndex((word) => word.text.toLowerCase() === '/c');
    return at === -1 ? undefined : { script: shellText(words.slice(at + 1, at + 2), 'cmd'), setting };
  }
  return undefined;
}

/** Commands that a terminal is told to start or to type. */
function unwrapTmux(words: readonly Word[], setting: Setting): Inner | undefined {
  const values = new Set(['-s', '-n', '-c', '-t', '-x', '-y', '-L', '-S', '-f', '-F', '-e', '-l', '-p']);
  const verb = pastFlags(words, 1, values);
  const at = pastFlags(words, verb + 1, values);
  const rest = words.slice(at);
  if (rest.length === 0) return undefined;
  if (/^(?:new|new-session|neww|new-window|splitw|split-window|respawnp|respawn-pane|run|run-shell|popup|display-popup)$/.test(words[verb]?.text ?? '')) return { script: shellText(rest), setting };
  return /^send(?:-keys)?$/.test(words[verb]?.text ?? '') ? { script: shellText(rest.filter((word) => !/^(?:Enter|C-m|C-c|KPEnter)$/i.test(word.text))), setting } : undefined;
}

/** Commands that git runs for each commit, submodule or step of a search. */
function unwrapGit(words: readonly Word[], setting: Setting): Inner | undefined {
  const at = words.findIndex((word) => /^(?:foreach|--exec|-x|--tree-filter|--index-filter|--env-filter|--msg-filter|--commit-filter)$/.test(word.text));
  const verbs = words.slice(1, 8).map((word) => word.text);
  if (at !== -1 && (verbs.includes('submodule') || verbs.includes('rebase') || verbs.includes('filter-branch'))) {
    const rest = words.slice(at + 1).filter((word) => !/^--?(?:recursive|quiet|q)$/.test(word.text));
    return { script: shellText(words[at]?.text === 'foreach' ? rest : rest.slice(0, 1)), setting };
  }
  return verbs[0] === 'bisect' && verbs[1] === 'run' ? { words: words.slice(3), setting } : undefined;
}

/** `ansible all -m shell -a 'command'` and `salt '*' cmd.run 'command'`. */
function unwrapFleet(words: readonly Word[], name: string, setting: Setting): Inner | undefined {
  const at = name === 'salt' ? words.findIndex((word) => word.text === 'cmd.run') : words.findIndex((word) => word.text === '-a' || word.text === '--args');
  const word = at === -1 ? undefined : words[at + 1];
  const module = words[words.findIndex((found) => found.text === '-m' || found.text === '--module-name') + 1];
  if (!word || (name === 'ansible' && module !== words[0] && !/(?:^|\.)(?:shell|command|raw|script)$/.test(module?.text ?? ''))) return undefined;
  return { script: shellText([word]), setting: { ...setting, place: 'remote' } };
}

const REMOTES = new Set(['ssh', 'mosh', 'autossh', 'sshpass', 'kubectl', 'oc', 'k3s', 'lxc', 'incus', 'adb', 'vagrant', 'fly', 'flyctl', 'gcloud', 'az', 'heroku']);
const NOTHING: readonly Inner[] = [];
const WINDOWS = new Set(['start', 'cmd', 'wsl', 'start-process', 'wmic', 'forfiles']);

/** What a command runs beneath itself; nothing for an ordinary program. */
export function unwrap(name: string, words: readonly Word[], setting: Setting): readonly Inner[] {
  if (name === 'find' || name === 'fd') return unwrapFind(words, setting);
  if (CONTAINER_PROGRAMS.has(name)) return [unwrapContainer(words, setting)].filter((inner) => inner !== undefined);
  if (WINDOWS.has(name)) return [unwrapWindows(words, name, setting)].filter((inner) => inner !== undefined);
  const wrapper = WRAPPERS.get(name);
  if (!wrapper && (name === 'tmux' || name === 'git' || name === 'ansible' || name === 'salt')) {
    const within = name === 'tmux' ? unwrapTmux(words, setting) : name === 'git' ? unwrapGit(words, setting) : unwrapFleet(words, name, setting);
    return within ? [within] : NOTHING;
  }
  if (!wrapper) return REMOTES.has(name) ? [unwrapRemote(words, name, setting)].filter((inner) => inner !== undefined) : NOTHING;
  const inner: Setting = wrapper.privileged ? { ...setting, privileged: true } : name === 'xargs' || name === 'parallel' ? { ...setting, fed: true } : wrapper.remote ? { ...setting, place: 'remote' } : setting;
  const values = VALUES.get(name) ?? NO_VALUES;
  if (wrapper.asks?.includes(words[1]?.text ?? '') === true) return NOTHING;
  const verb = wrapper.verb === undefined ? 0 : pastFlags(words, 1, values);
  if (wrapper.verb && !wrapper.verb.test(words[verb]?.text ?? '')) return NOTHING;
  const flag = words.findIndex((word, index) => index > verb && (wrapper.script ?? []).includes(word.text));
  const script = flag === -1 ? undefined : words[flag + 1];
  if (script) return wrapper.restIsCommand ? [{ words: words.slice(flag + 1), setting: inner }] : [{ script: shellText([script]), setting: inner }];
  if (wrapper.scriptOnly) return NOTHING;
  const named = wrapper.exec ? words.findIndex((word) => wrapper.exec?.includes(word.text) === true) : -1;
  if (named !== -1) return [{ words: [...words.slice(named + 1, named + 2), ...words.slice(words.findIndex((word) => word.text === '--') + 1 || words.length)], setting: inner }];
  if (wrapper.quotedOnly) return words.slice(1, 17).filter((word) => word.quoted && /\s/.test(word.text)).map((word) => ({ script: shellText([word]), setting: inner }));
  let at = pastFlags(words, verb + 1, values);
  if (wrapper.assigns) while (/^[A-Za-z_]\w{0,63}=/.test(words[at]?.text ?? '')) at += 1;
  at += wrapper.own ?? 0;
  // `aws-vault exec profile -- command`
  if (wrapper.verb && words[at]?.text === '--') at += 1;
  if (at >= words.length) return NOTHING;
  const rest = words.slice(at);
  if (wrapper.joins || (name === 'parallel' && rest[0]?.quoted === true)) return [{ script: shellText(rest), setting: inner }];
  return [{ words: rest, setting: inner }];
}
