/** Fork bombs, filling of disks and memory, halting the machine, mining. */
import { hasFlag, joinedArgs, operands, upstream } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandRule } from '../rule.ts';
import type { Group, Pipeline, Stage } from '../syntax.ts';

function calls(stage: Stage, name: string): number {
  if (stage.kind === 'simple') return stage.words[0]?.text === name ? 1 : 0;
  return stage.body.pipelines.reduce((count, pipeline) => count + pipeline.stages.slice(0, 8).reduce((inner, next) => inner + (next.kind === 'simple' && next.words[0]?.text === name ? 1 : 0), 0), 0);
}

/** A function that calls itself twice at once, or once in the background. */
function forks(group: Group): boolean {
  return group.body.pipelines.slice(0, 16).some((pipeline: Pipeline) => {
    const count = pipeline.stages.slice(0, 8).reduce((sum, stage) => sum + calls(stage, group.name), 0);
    return count > 1 || (count === 1 && pipeline.background);
  });
}

const CODE_FORKS = /(?:while\s{0,4}\(?(?:1|True|true|!0)\)?|for\s{0,4}\(;;\)|loop\s{0,4}(?:do|\{)|loop\{)[^;\n]{0,8}[:;{\s]{1,16}(?:\w{1,16}\.)?(?:fork|spawn|exec|Process\.fork|Thread\.new)\b|\bfork\s{1,4}while\s{1,4}(?:1|fork|true)|fork\(?\)?\s{0,4}while\b|while\s{0,4}\(?1?\)?\s{0,4}\{?\s{0,4}fork|os\.fork\(\)\s{0,4}for\b/;
const CODE_FILLS = /while\s{0,4}\(?(?:1|True|true)\)?[^\n]{0,64}?(?:\.append\(|\.push\(|\*=\s{0,4}2|\+=\s{0,4}['"]\w{1,64}['"]\s{0,4}\*)[^\n]{0,64}\d{5}|["'][A-Za-z ]{1,8}["']\s{0,4}\*\s{0,4}(?:\d{11,}|10\s{0,4}\*\*\s{0,4}\d{2}|1024\s{0,4}\*\*\s{0,4}[4-9])|bytearray\(\s{0,4}(?:\d{11,}|1024\s{0,4}\*\*\s{0,4}[4-9])/;

/** Whether the loop has no end and starts programs in the background. */
function loopsForks(group: Group): boolean {
  const [head, ...rest] = group.body.pipelines.slice(0, 8);
  const first = head?.stages[0];
  const endless = first?.kind === 'simple' && /^(?:true|:|\[|1)$/.test(first.words[0]?.text ?? '') && (first.words[0]?.text !== '[' || first.words[1]?.text === '1');
  return endless === true && rest.some((pipeline) => pipeline.background && pipeline.stages.every((stage) => stage.kind === 'group' || /^(?:bash|sh|\$0|yes|\.\/\$0|cat|:|dd)$/.test(stage.words[0]?.text ?? '')));
}

const ENDLESS = /^\/dev\/(?:zero|u?random|full)$/;

function fillsDisk(invocation: Invocation): boolean {
  const output = invocation.redirects.find((redirect) => redirect.operator === '>' || redirect.operator === '>>')?.target.text;
  if (output !== undefined && /^\/dev\/(?:null|tty|stdout|stderr|fd|tcp|udp)/.test(output)) return false;
  if (invocation.name === 'yes') return output !== undefined;
  if (invocation.name === 'head') {
    const size = /(?:^|\s)(?:-c|--bytes)[\s=]?(\d{1,12})([gtp])/.exec(joinedArgs(invocation));
    const endless = invocation.texts.some((text) => ENDLESS.test(text)) || upstream(invocation).some((feed) => feed.name === 'yes' || feed.texts.some((text) => ENDLESS.test(text)));
    return output !== undefined && endless && size !== null && (size[2] !== 'g' || Number(size[1]) >= 200);
  }
  if (invocation.name === 'cat') return output !== undefined && invocation.texts.some((text) => ENDLESS.test(text));
  if (invocation.name === 'fallocate') return invocation.texts.some((text) => /^-?l?(?:[3-9]\d\d|\d{4,})g|^-?l?\d+[tp]/i.test(text));
  if (invocation.name === 'dd') {
    const to = invocation.texts.find((text) => text.startsWith('of='));
    return to !== undefined && !to.startsWith('of=/dev/') && invocation.texts.some((text) => /^if=\/dev\/(?:zero|u?random)$/.test(text)) && !invocation.texts.some((text) => text.startsWith('count='));
  }
  return false;
}

/** Addresses of mining pools. */
const POOL = /^stratum\+|(?:minexmr|nanopool|supportxmr|moneroocean|f2pool|ethermine|2miners|hashvault|nicehash|unmineable|c3pool|herominers|xmrpool)\./i;
/** Programs for which a pool's address is only text. */
const READS = new Set(['curl', 'wget', 'echo', 'printf', 'grep', 'rg', 'sed', 'awk', 'git', 'gh', 'jq', 'ping', 'dig', 'cat', 'node', 'python']);
const MINERS = new Set(['xmrig', 'minerd', 'cpuminer', 'ethminer', 'cgminer', 'bfgminer', 'nbminer', 't-rex', 'phoenixminer', 'lolminer', 'xmr-stak', 'xmr-stak-rx', 'ccminer', 'nanominer', 'gminer', 'teamredminer', 'srbminer-multi', 'randomx', 'kdevtmpfsi', 'claymore', 'xmrig-notls']);

export const RESOURCE_RULES: readonly CommandRule[] = [
  {
    id: 'fork-bomb', family: 'resource-exhaustion', certainty: 'certain', verbs: ['<function>', '<loop>'],
    test: (invocation) => invocation.group !== undefined && (invocation.name === '<function>' ? forks(invocation.group) : loopsForks(invocation.group)),
    matches: [':(){ :|:& };:', 'bomb() { bomb | bomb & }; bomb', 'f(){ f & f & }; f', 'while true; do bash & done', 'function b { b|b & }; b'],
    ignores: ['f() { echo a | cat; }; f', 'while true; do sleep 1; done', 'fib() { echo $1; fib $(( $1 - 1 )); }', 'for i in 1 2; do ./server & done'],
  },
  {
    id: 'fork-bomb-script', family: 'resource-exhaustion', certainty: 'certain', verbs: ['<code>', '%0', '$0', './$0'],
    test: (invocation) => (invocation.code === undefined ? invocation.feeds.some((feed) => feed.name === invocation.name) : CODE_FORKS.test(invocation.code)),
    matches: ["python3 -c 'import os\nwhile True: os.fork()'", "perl -e 'fork while fork'", "ruby -e 'loop { fork }'", 'C:\\> %0|%0', "perl -e 'while(1){fork}'"],
    ignores: ["python3 -c 'import os; os.fork()'", "python -c 'while True: pass'"],
  },
  {
    id: 'exhaust-memory', family: 'resource-exhaustion', certainty: 'likely', verbs: ['<code>', 'tail', 'stress', 'stress-ng'],
    test: (invocation) => {
      if (invocation.code !== undefined) return CODE_FILLS.test(invocation.code);
      if (invocation.name === 'tail') return invocation.texts.some((text) => text === '/dev/zero' || text === '/dev/urandom');
      return /--vm-bytes (?:\d{3,}g|1?\d{2}%)/.test(joinedArgs(invocation)) && !/--timeout|-t\s?\d/.test(joinedArgs(invocation));
    },
    matches: ['tail /dev/zero', "python3 -c \"x = 'a' * 10**12\"", "python3 -c \"l=[]\nwhile True: l.append('x'*10000000)\""],
    ignores: ['tail -f app.log', "python3 -c \"print('a' * 80)\""],
  },
  {
    id: 'fill-disk', family: 'resource-exhaustion', certainty: 'likely', verbs: ['yes', 'cat', 'dd', 'fallocate', 'head'],
    test: fillsDisk,
    matches: ['yes > /tmp/fill', 'cat /dev/zero > /var/tmp/x', 'dd if=/dev/zero of=/tmp/fill bs=1M', 'fallocate -l 5000G /big'],
    ignores: ['dd if=/dev/zero of=test.img bs=1M count=100', 'yes | apt-get install x', 'fallocate -l 1G swapfile', 'cat /dev/zero | head -c 10', 'yes > /dev/null'],
  },
  {
    id: 'halt-system', family: 'system-halt', certainty: 'likely', verbs: ['shutdown', 'reboot', 'halt', 'poweroff', 'init', 'telinit', 'systemctl', 'stop-computer', 'restart-computer', 'osascript', 'loginctl', 'pmset'],
    test: (invocation) => {
      const { setting, texts, name } = invocation;
      if (setting.place === 'container') return false;
      if (name === 'shutdown') return !texts.some((text) => /^(?:-c|\/a|-a|--help|--show|\/\?)$/i.test(text));
      if (name === 'init' || name === 'telinit') return texts[0] === '0' || texts[0] === '6';
      if (name === 'systemctl' || name === 'loginctl') return operands(invocation).some((word, index) => index === 0 && /^(?:poweroff|reboot|halt|kexec|emergency|rescue|suspend)$/.test(word.text));
      if (name === 'osascript') return /to (?:shut down|restart)/.test(joinedArgs(invocation));
      if (name === 'pmset') return /^sleepnow/.test(joinedArgs(invocation));
      return !texts.includes('--help');
    },
    matches: ['sudo shutdown -h now', 'reboot', 'init 0', 'systemctl poweroff', 'PS> Stop-Computer -Force', 'C:\\> shutdown /s /t 0'],
    ignores: ['shutdown -c', 'systemctl restart nginx', 'git init', 'systemctl status reboot.target', 'C:\\> shutdown /a'],
  },
  {
    id: 'cut-network', family: 'system-halt', certainty: 'likely', verbs: ['ifconfig', 'ip', 'nmcli', 'iptables', 'systemctl', 'service', 'netsh', 'route', 'disable-netadapter', 'networksetup'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.setting.place === 'container') return false;
      switch (invocation.name) {
        case 'ifconfig': return /^(?:eth|en|wlan|wlp|eno|ens)\w*\s+down/.test(args);
        case 'ip': return /^link set (?:dev )?(?:eth|en|wl)\w*\s+down|^route (?:del|flush) (?:default|table main)|^addr flush dev (?:eth|en|wl)/.test(args);
        case 'nmcli': return /^(?:networking off|radio all off)/.test(args);
        case 'iptables': return /^-p (?:input|output|forward) drop/.test(args) || /^-[ai] (?:input|output) -j drop/.test(args);
        case 'systemctl': case 'service': return /\b(?:stop|disable|mask)\b/.test(args) && /\b(?:sshd?|networking|networkmanager|systemd-networkd|network)(?:\.service)?(?:\s|$)/.test(args);
        case 'netsh': return /interface set interface.*(?:disable|admin=disabled)/.test(args);
        case 'route': return /^(?:-n )?del(?:ete)? (?:default|0\.0\.0\.0)/.test(args);
        case 'networksetup': return /-setairportpower \S+ off|-setnetworkserviceenabled .* off/.test(args);
        default: return true;
      }
    },
    matches: ['ifconfig eth0 down', 'ip link set eth0 down', 'iptables -P INPUT DROP', 'systemctl stop sshd', 'PS> Disable-NetAdapter -Name Ethernet'],
    ignores: ['ip link set docker0 down', 'ip addr', 'service ssh restart', 'ifconfig eth0', 'iptables -A INPUT -s 203.0.113.5 -j DROP'],
  },
  {
    id: 'kill-everything', family: 'system-halt', certainty: 'certain', verbs: ['kill', 'pkill', 'killall', 'skill', 'taskkill', 'killall5'],
    test: (invocation) => {
      const { name, texts } = invocation;
      if (invocation.setting.place === 'container') return false;
      if (name === 'kill') return texts.length > 1 && texts.slice(1).some((text) => text === '-1' || text === '1') && texts.some((text) => /^-(?:9|kill|sigkill|s|--)$/i.test(text));
      if (name === 'taskkill') return /\/im \*|lsass|csrss|winlogon|services\.exe|wininit/.test(joinedArgs(invocation));
      if (name === 'killall5') return true;
      return /^(?:-\w+ )*(?:-u (?:root|\$user|\$logname|0)|\.|\.\*|systemd|init|sshd|'')$/.test(joinedArgs(invocation)) && (hasFlag(invocation, '9', '-KILL', '-SIGKILL') || /-u/.test(joinedArgs(invocation)));
    },
    matches: ['kill -9 -1', 'pkill -9 -u root', 'C:\\> taskkill /f /im lsass.exe', 'pkill -9 .', 'killall -9 systemd'],
    ignores: ['kill -9 1234', 'pkill node', 'killall node', 'pkill -f "npm run dev"', 'C:\\> taskkill /f /im node.exe', 'kill %1'],
  },
  {
    id: 'remove-essential-package', family: 'destruction', certainty: 'likely', verbs: ['apt-get', 'apt', 'dpkg', 'yum', 'dnf', 'pacman', 'rpm', 'zypper', 'apk'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.setting.place === 'container') return false;
      return /--allow-remove-essential|--force-remove-essential|--force-all/.test(args)
        || (/\b(?:remove|purge|erase|autoremove|-r\w*|--purge|-e|del)\b/.test(args) && /(?:^|\s)(?:libc6|glibc|systemd|bash|sudo|coreutils|dpkg|apt|kernel(?:-core)?|linux-image\S*|openssh-server|python3|'?\*'?)(?:\s|$)/.test(args));
    },
    matches: ['apt-get purge -y libc6', 'dpkg --purge --force-all sudo', 'yum remove -y glibc', 'apt remove --allow-remove-essential bash'],
    ignores: ['apt-get remove -y nodejs', 'sudo apt-get install sudo', 'dnf remove podman', 'apt-get autoremove -y'],
  },
  {
    id: 'mine-coins', family: 'crypto-mining', certainty: 'certain', verbs: ['*'],
    test: (invocation) => {
      if (MINERS.has(invocation.name)) return !/^-(?:-version|-help|V|h)$/.test(invocation.texts[0] ?? '');
      const pool = invocation.texts.find((text) => text.length > 8 && POOL.test(text));
      if (pool === undefined || READS.has(invocation.name)) return false;
      return /^stratum\+(?:tcp|ssl|tls)/i.test(pool) || invocation.texts.some((text) => /^-(?:o|u|p|-url|-user|-pool|-donate)/.test(text));
    },
    matches: ['./xmrig -o pool.minexmr.com:4444 -u 44AFF', 'nohup /tmp/.x/kworker -o stratum+tcp://pool.example.com:3333 &', 'docker run -d img/xmrig xmrig --url pool:3333', 'C:\\> xmrig.exe --donate-level 1 -o xmr.2miners.com:2222 -u 4'],
    ignores: ['grep -r stratum docs', 'xmrig --version', 'npm install miner-ui'],
  },
];
