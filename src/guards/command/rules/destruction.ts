/** Deleting what can't be had again: roots, homes, the system, backups, a repository's memory. */
import { hasFlag, joinedArgs, operands } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandRule } from '../rule.ts';
import { targetOf } from '../targets.ts';
import type { Target } from '../targets.ts';
import type { Word } from '../syntax.ts';

const DELETERS = ['rm', 'rmdir', 'srm', 'shred', 'remove-item', 'del', 'erase', 'rd', 'deltree', 'rimraf', 'trash', 'gio', '[system.io.directory]::delete()', '[io.directory]::delete()', 'clear-content', 'unlink', 'truncate'];

/** What a program deletes with all that is in it. */
function deleted(invocation: Invocation): readonly Word[] {
  const { name, args, texts } = invocation;
  switch (name) {
    case 'rm':
    case 'srm':
      return hasFlag(invocation, 'rR', '--recursive') || texts.some((text) => text.endsWith('/*') || text === '*') ? operands(invocation) : [];
    case 'remove-item':
      // Without -Recurse a folder that is not empty asks first, unless all in it is named.
      return texts.some((text) => /^-(?:r|recurse|rf|fr|fo|force)/i.test(text)) || invocation.feeds.length > 0 ? args.filter((word) => !word.text.startsWith('-')).concat(piped(invocation)) : [];
    case 'rd':
    case 'rmdir':
      return texts.some((text) => /^\/s/i.test(text)) ? args.filter((word) => !/^\/[a-z]$/i.test(word.text)) : [];
    case 'del':
    case 'erase':
    case 'deltree':
      return texts.some((text) => /^\/(?:s|f|q|y)/i.test(text)) ? args.filter((word) => !/^\/[a-z](?::.*)?$/i.test(word.text)) : [];
    case 'shred':
    case 'rimraf':
    case 'trash':
    case 'unlink':
    case '[system.io.directory]::delete()':
    case '[io.directory]::delete()':
      return operands(invocation);
    case 'truncate':
      return texts.some((text) => /^(?:-s0|-s=0|--size=0|0)$/.test(text)) ? operands(invocation).filter((word) => word.text !== '0') : [];
    case 'gio':
      return texts[0] === 'trash' ? operands(invocation).slice(1) : [];
    default:
      return [];
  }
}

/** `Get-ChildItem C:\ -Recurse | Remove-Item`: the folder of the stage before. */
function piped(invocation: Invocation): readonly Word[] {
  const feed = invocation.feeds.at(-1);
  if (feed?.name !== 'get-childitem' || feed.texts.some((text) => /^-(?:filter|include|name)/i.test(text))) return [];
  return feed.args.filter((word) => !word.text.startsWith('-'));
}

function deletes(invocation: Invocation, ...targets: readonly Target[]): boolean {
  return deleted(invocation).some((word) => targets.includes(targetOf(word.text, invocation)));
}

/** Calls in code that delete a folder with all that is in it, with the path they name. */
const CODE_DELETE = /\b(?:rmtree|removedirs|rmSync|rmdirSync|rm_rf|rm_r|remove_dir_all|remove_entry_secure|remove_tree|removeSync|emptyDirSync|rimraf(?:\.sync)?|RemoveAll|(?:fs|fsp|promises)\.(?:rm|rmdir|remove)|Directory\.Delete|Directory\]::Delete|FileUtils\.rm\w*|Deno\.remove(?:Sync)?|unlink)\s{0,4}\(?\s{0,4}(?:os\.path\.expanduser\(|Path\()?\s{0,4}(?:["'`]([^"'`\n]{1,256})["'`]|((?:pathlib\.)?Path\.home\(\)|(?:\w{1,8}|require\(['"](?:node:)?os['"]\))\.homedir\(\)|Dir\.home|process\.env\.HOME|os\.environ\[["']HOME["']\]))/g;

/** Folders that code goes through entry by entry. */
const CODE_WALKS = /\b(?:listdir|scandir|walk|glob|iglob|iterdir|readdirSync|readdir|rglob|Path|Dir\.glob|Dir\.entries|Dir\.children)\s{0,4}\(\s{0,4}["']([^"'\n]{1,256})["']/g;

function codeDeletes(invocation: Invocation): boolean {
  const code = invocation.code ?? '';
  if (/\b(?:rmtree|rmSync|unlink|os\.remove|rm_rf|unlinkSync)\b/.test(code)) {
    for (const found of code.matchAll(CODE_WALKS)) if (['root', 'home', 'system', 'treasure'].includes(targetOf(found[1] ?? '', invocation))) return true;
  }
  for (const found of code.matchAll(CODE_DELETE)) {
    if (found[2] !== undefined) return true;
    const target = targetOf(found[1] ?? '', invocation);
    if (['root', 'home', 'system', 'treasure'].includes(target)) return true;
  }
  return false;
}

export const DESTRUCTION_RULES: readonly CommandRule[] = [
  {
    id: 'delete-root', family: 'destruction', certainty: 'certain', verbs: DELETERS,
    test: (invocation) => deletes(invocation, 'root') || (invocation.name === 'rm' && invocation.texts.includes('--no-preserve-root') && hasFlag(invocation, 'rR', '--recursive') && invocation.setting.place !== 'container'),
    matches: ['rm -rf /', 'sudo rm -rf --no-preserve-root /*', 'cd / && rm -rf *', 'X=rm; $X -rf /', 'find / -delete', 'docker run -v /:/h alpine rm -rf /h', 'C:\\> del /f /s /q C:\\*', 'PS> Remove-Item -Recurse -Force C:\\', 'echo cm0gLXJmIC8= | base64 -d | sh', 'rm${IFS}-rf${IFS}/', "python3 -c \"import os; os.system('rm -rf /')\""],
    ignores: ['rm -rf /tmp/x', 'docker run alpine rm -rf /', 'echo "rm -rf /"', 'rm -rf ./dist/*', 'cd build && rm -rf *', 'find / -name core -print', 'C:\\> del /q build\\*.obj', 'PS> Remove-Item -Recurse -Force .\\bin'],
  },
  {
    id: 'delete-home', family: 'destruction', certainty: 'certain', verbs: DELETERS,
    test: (invocation) => deletes(invocation, 'home'),
    matches: ['rm -rf ~', 'rm -rf "$HOME"/*', 'rm -rf /home/alice', 'PS> rm -r -fo $env:USERPROFILE', 'C:\\> rd /s /q %USERPROFILE%', 'find ~ -type f -delete', 'cd ~; rm -rf .'],
    ignores: ['rm -rf ~/.cache/pip', 'rm -rf "$HOME/proj/node_modules"', 'find ~ -name "*.pyc" -delete', 'rm -rf /home/alice/app/dist'],
  },
  {
    id: 'delete-system', family: 'destruction', certainty: 'certain', verbs: DELETERS,
    test: (invocation) => deletes(invocation, 'system') || (invocation.name === 'rm' && operands(invocation).some((word) => (/^\/etc\/(?:passwd|shadow|sudoers|fstab|group)$/.test(word.text) || /^\/(?:usr\/)?s?bin\/(?:sudo|su|(?:ba|da|z)?sh|ls|login|passwd|sshd?|systemctl|mount|apt|dpkg|rm|cp|mv|cat|chmod|init)$/.test(word.text)) && invocation.setting.place !== 'container')),
    matches: ['rm -rf /etc', 'rm -rf /usr/bin/*', 'sudo rm -r /boot', 'ssh web1 "sudo rm -rf /var/lib"', 'C:\\> rd /s /q C:\\Windows\\System32', 'PS> ri C:\\Windows -Recurse', 'rm -f /etc/passwd', 'rm -f /usr/bin/sudo', 'PS> Remove-Item HKLM:\\SYSTEM -Recurse -Force'],
    ignores: ['rm -rf /usr/local/go', 'rm -rf /var/lib/apt/lists/*', 'rm -f /etc/nginx/sites-enabled/default', 'rm -rf /var/cache/apt'],
  },
  {
    id: 'delete-treasure', family: 'destruction', certainty: 'certain', verbs: DELETERS,
    test: (invocation) => deletes(invocation, 'treasure'),
    matches: ['rm -rf ~/.ssh', 'rm -rf ~/Documents/*', 'rm -rf $HOME/.gnupg', 'shred -u ~/.ssh/*', 'PS> Remove-Item $HOME\\Documents -Recurse -Force'],
    ignores: ['rm -rf ~/Documents/proj/dist', 'rm ~/.ssh/known_hosts.old', 'rm -rf ~/.config/app/cache'],
  },
  {
    id: 'delete-store', family: 'destruction', certainty: 'likely', verbs: DELETERS,
    test: (invocation) => deletes(invocation, 'store', 'mass'),
    matches: ['rm -rf /var/lib/mysql', 'sudo rm -rf /var/lib/postgresql/16/main', 'rm -rf /srv/*', 'rm -rf /var/lib/docker/volumes'],
    ignores: ['rm -rf /srv/app/releases/12', 'rm -rf /opt/app/tmp'],
  },
  {
    id: 'delete-registry', family: 'destruction', certainty: 'certain', verbs: ['reg'],
    test: (invocation) => /^delete\s+"?(?:hklm|hkcr|hku|hkey_local_machine|hkey_classes_root)\\?(?:system|software|sam|security)?\\?"?(?:\s|$)/.test(joinedArgs(invocation)),
    matches: ['C:\\> reg delete HKLM\\SYSTEM /f', 'C:\\> reg delete HKCR /f'],
    ignores: ['C:\\> reg delete HKCU\\Software\\MyApp /f', 'C:\\> reg delete HKLM\\Software\\MyApp /v x /f'],
  },
  {
    id: 'delete-user', family: 'destruction', certainty: 'likely', verbs: ['userdel', 'deluser', 'remove-localuser', 'remove-aduser', 'remove-adobject', 'net', 'dscl', 'sysadminctl', 'remove-vm'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.setting.place === 'container') return false;
      switch (invocation.name) {
        case 'userdel': return hasFlag(invocation, 'rf', '--remove', '--force');
        case 'deluser': return /--remove-(?:home|all-files)/.test(args);
        case 'net': return /^(?:user|group|localgroup)\s+\S+.*\/delete/.test(args);
        case 'dscl': return /-delete \/users\//.test(args);
        case 'sysadminctl': return /-deleteuser/.test(args);
        default: return true;
      }
    },
    matches: ['userdel -rf alice', 'deluser --remove-home alice', 'C:\\> net user alice /delete', 'PS> Remove-LocalUser -Name alice', 'PS> Remove-VM -Name db -Force'],
    ignores: ['userdel --help', 'id alice', 'C:\\> net user alice', 'PS> Get-LocalUser'],
  },
  {
    id: 'delete-history', family: 'destruction', certainty: 'likely', verbs: DELETERS,
    test: (invocation) => deletes(invocation, 'history'),
    matches: ['rm -rf .git', 'rm -rf ./.git && git init', 'PS> Remove-Item -Recurse -Force .git'],
    ignores: ['rm -f .git/index.lock', 'rm -rf /tmp/clone/.git', 'rm .gitignore'],
  },
  {
    id: 'delete-here', family: 'destruction', certainty: 'likely', verbs: DELETERS,
    test: (invocation) => deletes(invocation, 'here', 'above') || deleted(invocation).some((word) => /^(?:[a-z]:)?[\\/](?:etc\/|usr\/|var\/|home\/|users\\)?\(some\)[\\/]\*?\.(?:conf|so|db|sql|sqlite3?|txt|docx?|xlsx?|pptx?|jpe?g|png|pdf|service|cfg|key|pem|sh|ssh|git|gnupg|aws|kube|env|bak|dump|backup|vmdk|qcow2)$/i.test(word.text) && invocation.setting.place !== 'container'),
    matches: ['rm -rf *', 'rm -rf . ', 'rm -rf ../..', 'rm -rf ../*', 'C:\\> del /s /q *.*', 'ls | xargs rm -rf -- "$(pwd)"', 'find / -name "*.conf" -delete'],
    ignores: ['cd build && rm -rf *', 'rm -rf ../dist', 'rm -rf *.o', 'rm -rf ./*.log', 'find . -name "*.pyc" -delete'],
  },
  {
    id: 'delete-in-code', family: 'destruction', certainty: 'certain', verbs: ['<code>', '<script>'],
    test: codeDeletes,
    matches: ["python3 -c \"import shutil; shutil.rmtree('/')\"", "node -e \"require('fs').rmSync('/home', {recursive: true})\"", "ruby -rfileutils -e 'FileUtils.rm_rf(\"/\")'", "python - <<'E'\nimport shutil, os\nshutil.rmtree(os.path.expanduser('~'))\nE"],
    ignores: ["python3 -c \"import shutil; shutil.rmtree('build')\"", "node -e \"require('fs').rmSync('dist', {recursive: true, force: true})\""],
  },
  {
    id: 'move-away', family: 'destruction', certainty: 'certain', verbs: ['mv', 'move-item', 'tar'],
    test: (invocation) => {
      const words = operands(invocation);
      if (invocation.name === 'tar') return invocation.texts.includes('--remove-files') && words.some((word) => ['root', 'home', 'system', 'treasure'].includes(targetOf(word.text, invocation)));
      const valuable = words.slice(0, -1).some((word) => ['root', 'home', 'system', 'treasure'].includes(targetOf(word.text, invocation)));
      return (valuable && words.at(-1)?.text.startsWith('/dev/null') === true) || words.slice(0, -1).some((word) => ['root', 'home'].includes(targetOf(word.text, invocation)) && word.text !== '~/');
    },
    matches: ['mv ~ /dev/null', 'mv /etc /dev/null', 'mv /* /tmp/x', 'tar cf /tmp/a.tar ~ --remove-files'],
    ignores: ['mv ~/a.txt ~/b.txt', 'mv a /dev/null', 'mv dist/* public/'],
  },
  {
    id: 'sync-delete', family: 'destruction', certainty: 'certain', verbs: ['rsync', 'robocopy'],
    test: (invocation) => {
      const wipes = invocation.name === 'rsync' ? invocation.texts.some((text) => text.startsWith('--delete')) : /\/(?:mir|purge)/.test(joinedArgs(invocation));
      const to = operands(invocation).filter((word) => !/^\/[a-z]{1,6}$/i.test(word.text) || word.text.length < 2)[1];
      return wipes && to !== undefined && ['root', 'home', 'system', 'treasure'].includes(targetOf(to.text, invocation));
    },
    matches: ['rsync -a --delete /tmp/empty/ /', 'rsync -a --delete empty/ ~/', 'C:\\> robocopy C:\\empty C:\\Users /mir'],
    ignores: ['rsync -av --delete dist/ /var/www/app/', 'rsync -a src/ ~/backup/'],
  },
  {
    id: 'truncate-system-file', family: 'destruction', certainty: 'certain', verbs: ['<writes>'],
    test: (invocation) => {
      const written = invocation.redirects.filter((redirect) => redirect.operator === '>').map((redirect) => redirect.target.text);
      if (invocation.name === 'truncate' || invocation.name === 'cp' || (invocation.name === 'tee' && !hasFlag(invocation, 'a', '--append'))) written.push(operands(invocation).at(-1)?.text ?? '');
      return invocation.setting.place !== 'container' && written.some((path) => /^\/etc\/(?:passwd|shadow|group|gshadow|fstab|sudoers)$|^\/boot\/|^\/vmlinuz|^\/proc\/(?:kcore|sysrq-trigger)$/.test(path));
    },
    matches: ['> /etc/passwd', 'echo > /etc/shadow', 'cat /dev/null > /etc/fstab', 'echo b > /proc/sysrq-trigger', 'truncate -s 0 /etc/passwd', 'echo x | sudo tee /etc/sudoers'],
    ignores: ['echo x > /etc/motd', 'cat /etc/passwd > users.txt', 'cp /etc/fstab /tmp/fstab.bak'],
  },
  {
    id: 'delete-backups', family: 'destruction', certainty: 'certain', verbs: ['vssadmin', 'wbadmin', 'wmic', 'bcdedit', 'tmutil', 'zpool', 'diskshadow', 'get-wmiobject', 'get-ciminstance', 'restic', 'velero', 'gwmi', 'reagentc', 'disable-computerrestore', 'remove-vmsnapshot'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      switch (invocation.name) {
        case 'vssadmin': return /^(?:delete shadows|resize shadowstorage)/.test(args);
        case 'wbadmin': return /^delete/.test(args);
        case 'wmic': return /shadowcopy\s+(?:delete|call)/.test(args);
        case 'bcdedit': return /recoveryenabled\s+no|ignoreallfailures|\/delete/.test(args);
        case 'tmutil': return /^(?:deletelocalsnapshots|disable|delete)/.test(args);
        case 'zpool': return /^destroy/.test(args);
        case 'diskshadow': return /delete/.test(args);
        case 'restic': return /forget.*(?:keep-last 0|unsafe-allow-remove-all)/.test(args);
        case 'velero': return /backup delete.*--all/.test(args);
        case 'reagentc': return /\/disable/.test(args);
        case 'disable-computerrestore': case 'remove-vmsnapshot': return true;
        default: return /win32_shadowcopy/.test(args);
      }
    },
    matches: ['C:\\> vssadmin delete shadows /all /quiet', 'C:\\> wbadmin delete catalog -quiet', 'C:\\> bcdedit /set {default} recoveryenabled No', 'sudo tmutil disable', 'zpool destroy -f tank', 'PS> Get-WmiObject Win32_Shadowcopy | ForEach-Object { $_.Delete() }', 'C:\\> wmic shadowcopy delete'],
    ignores: ['C:\\> vssadmin list shadows', 'zpool status', 'tmutil listbackups', 'restic snapshots'],
  },
  {
    id: 'delete-snapshots', family: 'destruction', certainty: 'likely', verbs: ['zfs', 'lvremove', 'vgremove', 'btrfs', 'borg', 'virsh', 'cryptsetup', 'rclone', 'mc', 'pvremove', 'timeshift'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      switch (invocation.name) {
        case 'zfs': return /^destroy/.test(args);
        case 'lvremove': case 'vgremove': case 'pvremove': return true;
        case 'btrfs': return /^su\w* delete/.test(args);
        case 'borg': return /^delete/.test(args);
        case 'virsh': return /^undefine.*--(?:remove-all-storage|wipe)/.test(args);
        case 'cryptsetup': return /luks(?:erase|format|removekey|killslot)|\berase\b/.test(args);
        case 'rclone': return /^(?:purge|delete)\b/.test(args) && /:\/?(?:$|\s|[\w.-]+\/?$)/.test(args);
        case 'mc': return /^r[mb]\b.*--force/.test(args) && /--recursive|^rb/.test(args);
        case 'timeshift': return /--delete-all/.test(args);
        default: return false;
      }
    },
    matches: ['zfs destroy -r tank/home', 'lvremove -f /dev/vg0/data', 'borg delete /backup/repo', 'sudo cryptsetup luksErase /dev/sda2', 'rclone purge remote:backups'],
    ignores: ['zfs list', 'borg list repo', 'rclone delete remote:dir/old/file.txt', 'cryptsetup status x'],
  },
  {
    id: 'forget-history', family: 'destruction', certainty: 'likely', verbs: ['git'],
    // What the remote forgets is gone for all; the housekeeping of one clone is ordinary.
    test: (invocation) => {
      const args = joinedArgs(invocation);
      return /\bpush\b.*(?:--delete|-d|\s:)\s?(?:refs\/heads\/)?(?:main|master|production|release|trunk)\b/.test(args) || (/\bpush\b/.test(args) && /--mirror\b|--prune\b/.test(args) && /--force\b|\s-f\b/.test(args));
    },
    matches: ['git push origin --delete main', 'git push origin :master', 'git push --mirror --force git@example.com:acme/platform.git'],
    ignores: ['git reflog', 'git push --force origin main', 'git push origin --delete feature/x', 'git reset --hard', 'git clean -fdx', 'git reflog expire --expire=now --all && git gc --prune=now --aggressive', 'git push --mirror backup'],
  },
  {
    id: 'encrypt-and-delete', family: 'destruction', certainty: 'likely', verbs: ['openssl', 'gpg', '7z', 'zip', 'age', 'ccencrypt'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.name === '7z') return /-sdel/.test(args) && /(?:^|\s)-p/.test(args);
      if (invocation.name === 'ccencrypt') return hasFlag(invocation, 'r');
      const encrypts = invocation.name === 'openssl' ? /^enc\b/.test(args) && !/\s-d\b/.test(args) : invocation.name === 'zip' ? /(?:^|\s)-\w*m/.test(args) && /-p|-e/.test(args) : /(?:^|\s)(?:-c|--symmetric|-e|--encrypt|-r)\b/.test(args);
      return encrypts && /(?:^|\s)(?:-k|-kfile|-pass|--passphrase\S*|--batch|-pbkdf2|-r)\b/.test(args) && (/\/\(some\)\/|\$(?:f|file|i)\b|\$\(\)\.enc/.test(args) || operands(invocation).some((word) => ['root', 'home', 'treasure'].includes(targetOf(word.text, invocation))));
    },
    matches: ['for f in $(find /home -type f); do openssl enc -aes-256-cbc -k x -in $f -out $f.enc && rm $f; done', 'C:\\> 7z a -pSecret -sdel files.7z C:\\Users'],
    ignores: ['openssl enc -aes-256-cbc -in backup.tar -out backup.enc', 'gpg -c notes.txt', '7z a out.7z src'],
  },
];
