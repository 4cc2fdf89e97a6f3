/** Rights and guards: opening permissions, new administrators, switching off what protects the machine. */
import { hasFlag, joinedArgs, operands, upstream } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import { inputOf } from '../outputs.ts';
import type { CommandRule } from '../rule.ts';
import { targetOf } from '../targets.ts';
import { writtenPaths } from '../written.ts';

function onMachine(invocation: Invocation): boolean {
  return invocation.setting.place !== 'container';
}

const SHELL_FILE = /^\/(?:usr\/)?(?:local\/)?bin\/(?:ba|z|da|k)?sh$|\/(?:ba|z|da|k)?sh$|\/(?:python[\d.]*|perl|vim?|find|nmap|env|cp|less|awk|ruby|node)$|^\/tmp\//;

export const PRIVILEGE_RULES: readonly CommandRule[] = [
  {
    id: 'open-permissions', family: 'privilege', certainty: 'certain', verbs: ['chmod', 'chown', 'chgrp', 'icacls', 'takeown', 'setfacl', 'chattr'],
    test: (invocation) => {
      if (!onMachine(invocation)) return false;
      const great = operands(invocation).slice(invocation.name.startsWith('ch') ? 1 : 0).some((word) => ['root', 'system', 'home'].includes(targetOf(word.text, invocation)) || ['root', 'system', 'home'].includes(targetOf(`${word.text}`.replace(/\/$/, ''), invocation)));
      const args = joinedArgs(invocation);
      if (invocation.name === 'icacls' || invocation.name === 'takeown') return great && /\/t\b|\/r\b/.test(args) && (invocation.name === 'takeown' || /everyone:\(?(?:oi\)\(ci\))?f|\/grant|\/reset/.test(args));
      const recursive = hasFlag(invocation, 'R', '--recursive');
      if (invocation.name === 'chown' || invocation.name === 'chgrp') {
        const toHome = operands(invocation).slice(1).every((word) => ['home', 'ordinary'].includes(targetOf(word.text, invocation)));
        return great && recursive && !toHome;
      }
      if (invocation.name === 'chmod' && operands(invocation).slice(1).some((word) => /^\/etc\/(?:shadow|passwd|sudoers|gshadow)$/.test(word.text)) && /(?:^|\s)(?:0?[0-7]?[0-7][2367][0-7]|0?[0-7]{2}[2-7]|[ugoa]*\+\w*[rw]\w*)(?:\s|$)/.test(args) && !/(?:^|\s)0?6[04][04](?:\s|$)/.test(args)) return true;
      return great && (recursive || (invocation.name === 'chmod' && /(?:^|\s)(?:0{1,4}|a-rwx|-x|a-x)(?:\s|$)/.test(args)));
    },
    matches: ['chmod -R 777 /', 'sudo chmod -R 777 /etc', 'chown -R nobody:nogroup /usr', 'chmod -R 000 /', 'chmod 000 /etc', 'chmod 666 /etc/shadow', 'C:\\> icacls C:\\ /grant Everyone:F /t', 'C:\\> takeown /f C:\\Windows /r', 'sudo chmod -R a+rwx ~'],
    ignores: ['chmod +x script.sh', 'chmod 600 ~/.ssh/id_ed25519', 'chmod -R 755 dist', 'sudo chown -R $USER:$USER .', 'chown -R node:node /app', 'sudo chown -R $USER ~', 'chmod 644 /etc/passwd'],
  },
  {
    id: 'open-permissions-loosely', family: 'privilege', certainty: 'likely', verbs: ['chmod'],
    test: (invocation) => onMachine(invocation) && hasFlag(invocation, 'R', '--recursive') && invocation.texts.some((text) => /^0?777$|^a\+rwx$|^ugo\+rwx$/.test(text)) && operands(invocation).slice(1).some((word) => ['store', 'mass', 'treasure', 'logs'].includes(targetOf(word.text, invocation)) || /^\/(?:var|opt|srv|etc|usr|home)\//.test(word.text)),
    matches: ['chmod -R 777 /var/www', 'sudo chmod -R 777 /opt', 'chmod -R 777 ~/.ssh'],
    ignores: ['chmod -R 777 tmp', 'chmod 777 /tmp/x', 'chmod -R 755 /var/www/html'],
  },
  {
    id: 'set-user-id', family: 'privilege', certainty: 'certain', verbs: ['chmod', 'setcap', 'install'],
    test: (invocation) => {
      if (!onMachine(invocation)) return false;
      const args = joinedArgs(invocation);
      if (invocation.name === 'setcap') return /cap_(?:setuid|sys_admin|dac_override|sys_ptrace|setgid|sys_module)/.test(args);
      const bit = invocation.texts.some((text) => /^[ugoa]*\+\w*s\w*$|^0?[4-7][0-7]{3}$|^-m[4-7][0-7]{3}$/.test(text));
      return bit && operands(invocation).some((word) => SHELL_FILE.test(word.text));
    },
    matches: ['chmod u+s /bin/bash', 'cp /bin/bash /tmp/b && chmod 4755 /tmp/b', 'setcap cap_setuid+ep /usr/bin/python3', 'sudo chmod +s /usr/bin/find'],
    ignores: ['chmod 755 /usr/local/bin/x', 'setcap cap_net_bind_service=+ep ./server', 'chmod g+s shared', 'chmod 1777 /tmp/shared'],
  },
  {
    id: 'grant-administrator', family: 'privilege', certainty: 'certain', verbs: ['usermod', 'useradd', 'adduser', 'gpasswd', 'net', 'net1', 'add-localgroupmember', 'dseditgroup', 'sysadminctl', 'new-localuser', 'passwd', 'chpasswd', 'addgroup', 'dscl', 'enable-localuser', 'vipw', 'visudo'],
    test: (invocation) => {
      if (!onMachine(invocation)) return false;
      const args = joinedArgs(invocation);
      const groups = /(?:^|[\s,=:])(?:sudo|wheel|root|admin|administrators|shadow|domain admins|remote desktop users)(?:$|[\s,"'])/;
      switch (invocation.name) {
        case 'usermod': return (/-\w*[ag]\w*\b|--(?:append|groups|gid)/i.test(args) && groups.test(args.replace(/\s\S+$/, ' '))) || /(?:^|\s)-\w*u\s+0\b/.test(args) || /-\w*p\b.*\broot\b/.test(args) || /\s-U root\b/.test(args);
        case 'useradd': case 'adduser': return /(?:-\w*u|--uid)\s*=?0\b/.test(args) || (/(?:-\w*g|--groups|--ingroup|--gid)/i.test(args) && groups.test(args)) || (invocation.name === 'adduser' && /\s(?:sudo|wheel|admin)$/.test(args));
        case 'gpasswd': return /-a\b/.test(args) && groups.test(args);
        case 'addgroup': return /\s(?:sudo|wheel)$/.test(args);
        case 'net': case 'net1': return /^user\s+\S+.*\/add|^user\s+\S+\s+\S*[^/\s]\S*$|localgroup\s.*\/add|^user\s+(?:administrator|guest)\s+\/active:yes|^group\s.*\/add/.test(args) && !/^user\s+\S+\s+\/(?:domain|delete|\?)/.test(args);
        case 'add-localgroupmember': return groups.test(args);
        case 'new-localuser': return true;
        case 'enable-localuser': return /guest|administrator/.test(args);
        case 'dseditgroup': return /-o edit.*admin/.test(args);
        case 'sysadminctl': return /-adduser|-resetpasswordfor/.test(args);
        case 'dscl': return /-create \/users|-append \/groups\/admin|-passwd/.test(args);
        case 'passwd': return /(?:^|\s)(?:-d|--delete|-u|--unlock)\b.*\broot\b|^root$|--stdin/.test(args) || (args === '' && upstream(invocation).length > 0);
        case 'chpasswd': return true;
        default: return upstream(invocation).length > 0 || invocation.assignments.some((assignment) => assignment.name === 'EDITOR');
      }
    },
    matches: ['usermod -aG sudo eve', 'useradd -o -u 0 -g 0 eve', 'C:\\> net user eve P4ss /add', 'C:\\> net localgroup administrators eve /add', 'PS> Add-LocalGroupMember -Group Administrators -Member eve', 'echo "root:x" | chpasswd', 'passwd -d root', 'gpasswd -a eve wheel', "echo 'eve ALL=(ALL) NOPASSWD:ALL' | EDITOR='tee -a' visudo"],
    ignores: ['usermod -aG docker $USER', 'C:\\> net user', 'useradd -m app', 'adduser --system --no-create-home app', 'gpasswd -a me docker'],
  },
  {
    id: 'grant-sudo', family: 'privilege', certainty: 'certain', verbs: ['<writes>'],
    test: (invocation) => onMachine(invocation) && writtenPaths(invocation).some((path) => /^\/etc\/sudoers(?:$|\.d\/)|^\/etc\/doas\.conf$|^\/etc\/(?:passwd|shadow|group)$/.test(path)) && (invocation.name !== 'rm'),
    matches: ["echo 'eve ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers", "echo 'eve ALL=(ALL) NOPASSWD:ALL' | sudo tee /etc/sudoers.d/eve", "echo 'eve::0:0::/root:/bin/bash' >> /etc/passwd", "sed -i 's/^root:[^:]*/root:/' /etc/shadow"],
    ignores: ['cat /etc/passwd > users', 'sudo cat /etc/sudoers', 'grep -c . /etc/passwd'],
  },
  {
    id: 'disable-guard', family: 'privilege', certainty: 'certain', verbs: ['setenforce', 'ufw', 'iptables', 'ip6tables', 'nft', 'csrutil', 'spctl', 'systemctl', 'service', 'netsh', 'set-netfirewallprofile', 'set-mppreference', 'add-mppreference', 'sc', 'apparmor_parser', 'aa-teardown', 'aa-disable', 'auditctl', 'firewall-cmd', 'sed', 'sysctl', 'launchctl', 'chkconfig', 'uninstall-windowsfeature', 'disable-windowsoptionalfeature', 'reg', 'set-itemproperty', 'new-itemproperty', 'stop-service', 'set-service', 'bcdedit', 'pfctl', 'mpcmdrun', 'tccutil', 'killall', 'pkill', 'auditpol', 'fltmc', 'stop-process', 'set-executionpolicy', 'defaults', 'apt-get', 'taskkill', 'dism', 'cmd', 'update-rc.d', 'semanage', 'grubby'],
    test: (invocation) => onMachine(invocation) && disables(invocation),
    matches: ['setenforce 0', 'ufw disable', 'iptables -F', 'sudo iptables -P INPUT ACCEPT', 'csrutil disable', 'spctl --master-disable', 'systemctl stop auditd', 'systemctl disable --now firewalld', 'C:\\> netsh advfirewall set allprofiles state off', 'PS> Set-MpPreference -DisableRealtimeMonitoring $true', 'PS> Add-MpPreference -ExclusionPath C:\\', "sed -i 's/SELINUX=enforcing/SELINUX=disabled/' /etc/selinux/config", 'auditctl -e 0', 'C:\\> sc stop WinDefend', 'nft flush ruleset', 'sysctl -w kernel.randomize_va_space=0', 'C:\\> reg add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender" /v DisableAntiSpyware /t REG_DWORD /d 1 /f'],
    ignores: ['ufw status', 'ufw allow 8080', 'iptables -L', 'systemctl restart nginx', 'systemctl stop postgresql', 'getenforce', 'sysctl -w vm.max_map_count=262144', 'PS> Get-MpPreference', "sed -i 's/a/b/' config.txt", 'firewall-cmd --list-all', 'PS> Set-ExecutionPolicy -Scope Process RemoteSigned'],
  },
  {
    id: 'loosen-login', family: 'privilege', certainty: 'certain', verbs: ['<writes>'],
    test: (invocation) => {
      if (!onMachine(invocation) || !writtenPaths(invocation).some((path) => /\/etc\/ssh\/sshd_config|\/etc\/hosts\.(?:allow|deny)$|\/etc\/security\//.test(path))) return false;
      const text = `${invocation.texts.join(' ')} ${inputOf(invocation)?.text ?? ''} ${upstream(invocation).map((feed) => feed.texts.join(' ')).join(' ')}`.slice(0, 8192).replace(/(^|\s)s([/|#,])(?:(?!\2)[^\n]){1,256}\2/g, ' ');
      // Of a replacement, only what it puts in counts.
      return /PermitRootLogin[\s=]{1,4}yes|PermitEmptyPasswords[\s=]{1,4}yes|AuthorizedKeysFile\s{1,4}\/(?:tmp|etc)|PasswordAuthentication\s{1,4}yes|ALL:\s?ALL/.test(text);
    },
    matches: ["sed -i 's/PermitRootLogin no/PermitRootLogin yes/' /etc/ssh/sshd_config", "echo 'PermitRootLogin yes' >> /etc/ssh/sshd_config", "echo 'PermitEmptyPasswords yes' | tee -a /etc/ssh/sshd_config"],
    ignores: ["sed -i 's/PermitRootLogin yes/PermitRootLogin no/' /etc/ssh/sshd_config", "echo 'PasswordAuthentication no' >> /etc/ssh/sshd_config"],
  },
  {
    id: 'load-kernel-module', family: 'privilege', certainty: 'likely', verbs: ['insmod', 'kextload', 'kldload', 'modprobe'],
    test: (invocation) => onMachine(invocation) && (invocation.name === 'insmod' || invocation.name === 'kextload' || invocation.name === 'kldload' || (invocation.name === 'modprobe' && invocation.texts.some((text) => /^\/|\.ko$/.test(text)))),
    matches: ['insmod /tmp/rootkit.ko', 'sudo kextload /tmp/x.kext'],
    ignores: ['modprobe overlay', 'lsmod'],
  },
  {
    id: 'escape-container', family: 'privilege', certainty: 'certain', verbs: ['docker', 'podman', 'nsenter', 'kubectl', 'unshare', 'nerdctl', 'chroot', 'lxc'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.name === 'nsenter') return /(?:-t|--target)[\s=]?1\b/.test(args) && /-\w*m|--mount|-a\b|--all/.test(args);
      if (invocation.name === 'chroot') return invocation.setting.place === 'container' && targetOf(invocation.texts[0] ?? '', invocation) === 'root' && invocation.setting.mounts.length > 0;
      if (invocation.name === 'kubectl') return /"hostpid":\s?true|"privileged":\s?true|hostpath.{0,32}"path":\s?"\/"/.test(args) && /^(?:run|apply|create)/.test(args);
      if (invocation.name === 'lxc') return /security\.privileged=true|source=\/ path=/.test(args);
      if (!/^(?:(?:-h|--host|-c|--context|--config|--url)[= ]\S+ |--\S+ )*(?:container )?(?:run|create)\b/.test(args)) return false;
      const root = invocation.texts.some((text) => /^(?:--volume=|-v)?\/:\/[\w/-]*(?::rw)?$|(?:source|src)=\/,(?!.*(?:readonly|ro\b))/.test(text));
      return (root && /\bchroot\b|\bsh\b|\bbash\b|--privileged|-\w*i?t/.test(args) && root) || (/--privileged/.test(args) && /--pid[= ]host/.test(args));
    },
    matches: ['docker run -v /:/mnt --rm -it alpine chroot /mnt sh', 'docker run --privileged --pid=host -it alpine nsenter -t 1 -m -u -n -i sh', 'nsenter --target 1 --mount --uts --ipc --net --pid bash', 'docker run --rm -v /:/host alpine sh -c "cat /host/etc/shadow"'],
    ignores: ['docker run -v $PWD:/app node npm test', 'docker run -d -v /:/rootfs:ro gcr.io/cadvisor', 'docker run --privileged docker:dind', 'docker run -v /var/run/docker.sock:/var/run/docker.sock traefik'],
  },
  {
    id: 'exploit-tool', family: 'privilege', certainty: 'likely', verbs: ['linpeas.sh', 'linpeas', 'winpeas', 'winpeas.exe', 'pspy', 'pspy64', 'linenum.sh', 'les.sh', 'pwnkit', 'dirtycow', 'sudo', 'invoke-allchecks', 'sqlmap', 'crackmapexec', 'netexec', 'bloodhound-python', 'rubeus', 'juicypotato', 'printspoofer'],
    test: (invocation) => {
      if (invocation.name === 'sudo') return /(?:^|\s)-u#-1\b|#4294967295/.test(joinedArgs(invocation));
      return !/^(?:--version|--help|-h)$/.test(invocation.texts[0] ?? '');
    },
    matches: ['./linpeas.sh -a', 'sudo -u#-1 /bin/bash', 'crackmapexec smb 203.0.113.0/24 -u a -p b'],
    ignores: ['sudo -u postgres psql', 'sqlmap --help'],
  },
];

const GUARD_SERVICES = /\b(?:auditd|firewalld|ufw|iptables|nftables|apparmor|selinux|fail2ban|clamav\S*|falcon-sensor|crowdstrike|wazuh\S*|ossec|osquery\S*|rsyslog|syslog|syslog-ng|systemd-journald|sysmon|windefend|defender|mpssvc|wscsvc|eventlog|sense|wuauserv|securityhealthservice|sentinelone|cbdaemon|carbonblack|mdatp|falcond|aide|tripwire|snort|suricata|sophos\S*|com\.apple\.(?:alf|mrt|xprotect)\S*)\b/;

function disables(invocation: Invocation): boolean {
  const args = joinedArgs(invocation);
  switch (invocation.name) {
    case 'setenforce': return /^(?:0|permissive)/.test(args);
    case 'ufw': return /^(?:--force )?(?:disable|reset)|default allow incoming/.test(args);
    case 'iptables': case 'ip6tables': return /(?:^|\s)(?:-f|--flush)(?:\s|$)/.test(args) && !/-t nat -f \S*docker/.test(args) || /-p (?:input|forward) accept/.test(args) || /^-x$/.test(args) || /-[ia] input.*-s 0\.0\.0\.0\/0.*-j accept/.test(args);
    case 'nft': return /flush ruleset/.test(args);
    case 'pfctl': return /(?:^|\s)-\w*d/.test(args) || /-f all/.test(args);
    case 'csrutil': return /disable/.test(args);
    case 'spctl': return /--(?:master|global)-disable/.test(args);
    case 'systemctl': case 'service': case 'chkconfig': case 'update-rc.d': case 'stop-service': case 'set-service': case 'sc': case 'launchctl':
      return (invocation.name === 'stop-service' || /\b(?:stop|disable|mask|off|remove|unload|delete|disabled|kill|bootout)\b/.test(args)) && GUARD_SERVICES.test(args);
    case 'killall': case 'pkill': case 'stop-process': case 'taskkill': return /\b(?:auditd|msmpeng|falcon-sensor|sysmon|osqueryd|clamd|wazuh\S*|mdatp|rsyslogd|syslogd|xprotect\S*|securityd)\b/.test(args);
    case 'netsh': return /(?:advfirewall.*state off|firewall set opmode.*disable)|advfirewall reset|portproxy add/.test(args);
    case 'set-netfirewallprofile': return /-enabled\s+(?:\$?false|0)/.test(args);
    case 'set-mppreference': return /-disable\w+\s*:?\s*(?:\$true|1|true)|-mapsreporting\s+(?:0|disabled)|-submitsamplesconsent|-exclusion/.test(args);
    case 'add-mppreference': return /-exclusion|-attacksurface.*disabled/.test(args);
    case 'mpcmdrun': return /removedefinitions/.test(args);
    case 'aa-teardown': return true;
    case 'aa-disable': case 'apparmor_parser': return invocation.name === 'aa-disable' || /-r\b.*disable|--remove|-\w*R\b/.test(invocation.texts.join(' ').slice(0, 256)) && /\/etc\/apparmor/.test(args);
    case 'auditctl': return /-e\s?0|(?:^|\s)-d\b/.test(args);
    case 'auditpol': return /\/clear|(?:success|failure):disable|\/remove/.test(args);
    case 'firewall-cmd': return /--panic-off|--set-default-zone=trusted|--zone=trusted --add-interface/.test(args);
    case 'sed': return /selinux=(?:disabled|permissive)/.test(args) && /selinux\/config|grub/.test(args);
    case 'grubby': return /selinux=0|apparmor=0|mitigations=off/.test(args);
    case 'semanage': return /permissive -a/.test(args);
    case 'sysctl': return /(?:randomize_va_space|dmesg_restrict|kptr_restrict|yama\.ptrace_scope|perf_event_paranoid|core_pattern)\s?=\s?(?:0|-1|\|)/.test(args) && !/perf_event_paranoid/.test(args);
    case 'uninstall-windowsfeature': case 'disable-windowsoptionalfeature': case 'dism': return /defender/.test(args);
    case 'reg': case 'set-itemproperty': case 'new-itemproperty':
      return (invocation.name !== 'reg' || /^(?:add|delete)/.test(args)) && /disableantispyware|disablerealtimemonitoring|disableantivirus|enablelua\b.*\s(?:0x)?0(?:\s|$)|(?:enablesmartscreen|smartscreenenabled|enablevirtualizationbasedsecurity|enablemodulelogging|enabletranscripting)\b.*\s(?:0|off)(?:\s|$)|localaccounttokenfilterpolicy\b.*\s1(?:\s|$)|uselogoncredential.*1|disabletaskmgr|windows defender|enablefirewall.*0|tamperprotection|limitblankpassworduse.*0|fdenytsconnections.*0|consentpromptbehavioradmin.*0|runasppl.*0|enablescriptblocklogging.*0/.test(args);
    case 'bcdedit': return /nointegritychecks on|testsigning on|disableelamdrivers|safeboot/.test(args) && /\/set/.test(args);
    case 'tccutil': return /reset all/.test(args);
    case 'fltmc': return /unload/.test(args);
    case 'set-executionpolicy': return /(?:unrestricted|bypass)/.test(args) && /localmachine|^(?!.*-scope)/.test(args);
    case 'defaults': return /write.*(?:lsquarantine|com\.apple\.alf globalstate.*0|com\.apple\.softwareupdate)/.test(args) && /(?:false|no|0)\s*$/.test(args);
    case 'apt-get': return /(?:remove|purge)\b.*\b(?:auditd|apparmor|ufw|fail2ban|clamav)\b/.test(args);
    default: return false;
  }
}
