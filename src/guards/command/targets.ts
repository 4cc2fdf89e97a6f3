/** What a path names: the root, a home, the system, a disk, or something ordinary. Windows and POSIX paths alike. */
import type { Invocation } from './invocation.ts';

export type Target =
  | 'root' // the whole machine or a whole drive
  | 'home' // a home, or all of them
  | 'system' // what the machine can't run without
  | 'treasure' // keys, mail, documents: what can't be had again
  | 'store' // where databases and containers keep their data
  | 'logs'
  | 'mass' // a folder of many users or services
  | 'history' // a repository's memory
  | 'here' // the working directory, wherever that is
  | 'above' // its parent
  | 'ordinary';

const HOME = /^(?:~[a-z_][\w-]{0,31}(?=\/|$)|~|\$\{?home\}?|\$env:userprofile|\$env:home|%userprofile%|%homedrive%%homepath%|%homepath%|\/home\/[^/*]{1,64}|\/users\/[^/*]{1,64}|\/root|[a-z]:\/users\/[^/*]{1,64}|\/mnt\/[a-z]\/users\/[^/*]{1,64})(?=\/|$)/;
const DRIVE = /^(?:\/\/[?.]\/)?(?:[a-z]:|\$env:systemdrive|%systemdrive%|\/mnt\/[a-z](?=\/|$)|\/[c-z](?=\/|$))/;
const SYSTEM_TOPS = new Set(['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/proc', '/sbin', '/sys', '/usr', '/var', '/system', '/library', '/applications', '/private', '/nix', '/efi',
  '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64', '/usr/share', '/usr/local', '/usr/local/bin', '/usr/local/lib', '/usr/include', '/var/lib', '/var/lib/dpkg', '/var/lib/apt', '/var/lib/rpm', '/var/spool', '/private/etc', '/private/var', '/system/library', '/library/extensions', '/lib/modules', '/usr/lib/modules', '/boot/efi', '/boot/grub', '/etc/ssl', '/etc/pam.d', '/etc/systemd', '/etc/ssh', '/etc/sudoers.d',
  '/etc/passwd', '/etc/shadow', '/etc/group', '/etc/sudoers', '/etc/fstab', '/etc/hosts', '/lib/systemd', '/usr/lib/systemd', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu']);
const WINDOWS_SYSTEM = /^(?:[a-z]:|%systemdrive%|\$env:systemdrive)\/(?:windows|winnt|program files(?: \(x86\))?|programdata|boot|recovery|efi|system volume information)(?:\/(?:system32|syswow64|system32\/(?:config|drivers)|winsxs|fonts|boot|\*|\*\.\*))*$|^(?:%(?:systemroot|windir|programfiles|programdata)%|\$env:(?:systemroot|windir|programfiles|programdata))(?:\/(?:system32|syswow64|system32\/(?:config|drivers)|\*))*$/;
const MASS = new Set(['/opt', '/srv', '/mnt', '/media', '/data', '/volumes', '/var/www', '/var/www/html', '/backup', '/backups', '/var/backups', '/var/mail', '/export', '/var/lib/backups', '/snapshots', '/.snapshots', '/mnt/backup', '/mnt/backups', '/mnt/data', '/var/spool/mail']);
const STORE = /^\/(?:var\/lib\/(?:mysql|postgresql|postgres|pgsql|mongodb|mongo|redis|docker|containerd|etcd|kubelet|elasticsearch|cassandra|clickhouse|influxdb|rabbitmq|grafana|prometheus|vault|consul|neo4j|mariadb)|data\/(?:db|mysql|postgres\w*|mongo\w*)|etc\/kubernetes|opt\/(?:mssql|oracle))(?:\/(?:\*|data|main|volumes|\d+(?:\/main)?|pki|manifests|member|snap))*$/;
const TREASURE = /^~\/(?:\.ssh|\.gnupg|\.aws|\.kube|\.azure|\.config\/gcloud|\.password-store|documents|desktop|pictures|photos|music|movies|videos|mail|\.thunderbird|\.mozilla|library|appdata(?:\/(?:roaming|local))?|onedrive|dropbox|icloud|\.config|\.local|\.local\/share|\.bitcoin|\.ethereum|projects|code|src|work|workspace|repos|dev)(?:\/(?:\*|\.\*))?$/;
const LOGS = /^(?:\/var\/log|\/private\/var\/log|\/var\/log\/journal|\/run\/log\/journal)(?:\/|$)|^(?:[a-z]:\/windows|%systemroot%|%windir%|\$env:systemroot|\$env:windir)\/system32\/winevt(?:\/|$)/;
const DISK = /^\/dev\/(?:[shvx]v?d[a-z]\d{0,3}|nvme\d+(?:n\d+)?(?:p\d+)?|mmcblk\d+(?:p\d+)?|r?disk\d+(?:s\d+)?|mapper\/[\w.-]+|md\d+|dm-\d+|disk\/by-[\w-]+\/[\w.:-]+|vg[\w-]*\/[\w-]+|[shv]d\*|sd\?|\$\w+|sdx|nvme\*|mem|kmem|port|mtd\d*|block\/\w+|\{\}|xvd[a-z]\d*)$|^\\\\\.\\physicaldrive|^\/\/\.\/physicaldrive|^\\\\\.\\[a-z]:$|^\/\/\.\/[a-z]:$/i;
const NEVER_SPELT = /^\$\{?[a-z_]\w*\}?$/;

/** Folds `//`, `/./` and `..`; bounded by the length of the path. */
function folded(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && !/^[~$%]/.test(parts.at(-1) ?? '')) parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return (absolute ? '/' : '') + parts.join('/');
}

/** A path in one spelling: lower case, forward slashes, homes as `~`. */
export function normalPath(text: string): string {
  const cut = text.slice(0, 1024);
  const slashed = cut.replaceAll('\\', '/').toLowerCase().replace(/^(?:microsoft\.powershell\.core\/filesystem::|file:\/\/)/, '');
  const unc = slashed.startsWith('//?/') ? slashed.slice(4) : slashed;
  const home = unc.replace(HOME, '~').replace(/^\$\(\)\//, '$()/');
  const path = folded(home);
  return path === '' && home !== '' ? (home.startsWith('/') ? '/' : '.') : path;
}

/** Strips what means "all of it": `/*`, `/.`, `/.*`, `/**`. */
function withoutAll(path: string): string {
  let base = path;
  for (let i = 0; i < 4; i += 1) {
    const next = base.replace(/\/(?:\*{1,2}|\.\*|\.\[!?\^?\.?\]\*|\*\.\*|\.\?\*|\{\*|\.\[\^\.\]\*)$/, '');
    if (next === base) break;
    base = next === '' ? '/' : next;
  }
  return base;
}

function classify(path: string, all: boolean): Target {
  const base = withoutAll(path);
  if (base === '/' || base === '') return 'root';
  if (DRIVE.test(base)) {
    const rest = base.replace(DRIVE, '');
    if (rest === '' || rest === '*' || rest === '*.*' || rest === '/') return /^\/[c-z]$/.test(base) && !all ? 'ordinary' : 'root';
    if (rest === '/users') return 'home';
  }
  if (base === '~' || base === '/home' || base === '/users' || base === '~/..') return 'home';
  if (STORE.test(path)) return 'store';
  if (LOGS.test(base)) return 'logs';
  if (/^(?:hklm|hkcr|hku|hkcu|registry::hkey_local_machine):?(?:\/(?:system|software|sam|security))?$/.test(base)) return 'system';
  if (SYSTEM_TOPS.has(base) || WINDOWS_SYSTEM.test(base)) return 'system';
  if (TREASURE.test(path)) return 'treasure';
  if (MASS.has(base)) return 'mass';
  if (base === '.git' || (base.endsWith('/.git') && !/(?:^|\/)(?:tmp|temp|node_modules|vendor|\(some\))\//.test(base))) return 'history';
  if (/^\.\.(?:\/\.\.)*$/.test(base)) return 'above';
  if (base === '.' || base === '*' || base === '*.*' || base === '.*' || base === '$pwd' || base === './*' || base === '.[!.]*') return 'here';
  return 'ordinary';
}

/** What the text of a word names, as a program that runs where the invocation does sees it. */
export function targetOf(text: string, invocation: Invocation): Target {
  if (text === '' || NEVER_SPELT.test(text.toLowerCase()) && !/^\$\{?(?:home|pwd)\}?$/i.test(text)) return 'ordinary';
  let path = normalPath(text);
  const { directory, setting } = invocation;
  const relative = !/^(?:[/~$%]|[a-z]:)/.test(path);
  if (relative && directory !== undefined) {
    const base = normalPath(directory);
    // A folder the command itself went to is its own business, unless that folder is a great one.
    if (/^(?:[/~]|[a-z]:)/.test(base)) path = folded(`${base}/${path}`) || base;
    else if (classify(path, true) === 'here') return /^\.?\/?\.\.(?:\/\.\.)*$/.test(base) ? 'above' : 'ordinary';
  }
  if (setting.place === 'container') {
    const mount = setting.mounts.find(([inside]) => path === normalPath(inside) || path.startsWith(`${normalPath(inside).replace(/\/$/, '')}/`));
    if (!mount) return 'ordinary';
    path = folded(`${normalPath(mount[1])}/${path.slice(normalPath(mount[0]).length)}`) || '/';
  }
  return classify(path, /\*/.test(text));
}

/** Whether the text names a disk or a partition, or the memory as a device. */
export function isDisk(text: string): boolean {
  return DISK.test(text.slice(0, 256));
}

/** Whether the invocation may harm the machine itself with such a device. */
export function reachesDisks(invocation: Invocation): boolean {
  return invocation.setting.place !== 'container' || invocation.setting.devices;
}
