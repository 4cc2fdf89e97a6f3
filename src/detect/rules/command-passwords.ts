/** Passwords that a command, or a call that takes a user and a password, is given where no name of an option says so. */
import { credentials, varied } from './credential.ts';
import type { Rule, ScannedRule } from '../rule.ts';
import { alnum } from './samples.ts';

/** Source of a word of a command line, in quotes or not; what a shell would replace is none. */
const BARE_WORD = '[^\\s"\'`$<>|;&\\u0080-\\uffff-][^\\s"\'`$<>|;&\\u0080-\\uffff]{3,127}';
const ANY_WORD = `["']?(?<secret>${BARE_WORD})`;
/** Options and their values between a command and the option of interest. */
const BETWEEN = '[^\\n|;&]{0,160}?';

/** A word that may be a password: with a digit or a sign, and no path, number, file or word of a manual. */
function isGiven(secret: string): boolean {
  if (!/[0-9!@#%^*+=?~]/.test(secret) || !/[A-Za-z]/.test(secret) || !varied(secret)) return false;
  if (/^(?:\.{0,2}|~)\/|^\w{1,20}:\/\/|^%|\.(?:txt|pem|key|jks|p12|sh|ya?ml|json|env)$|^[A-Za-z_]\w*[=(]|[(){}[\]]/.test(secret)) return false;
  return !/^(?:my|your|the|new|old|some|test)?[-_]?(?:pass|pw|secret|token|user|changeit|changeme)[-_\w]{0,12}$/i.test(secret);
}

/** `user:password` up to the bar before chpasswd. */
const CHPASSWD_LINE = /(?:^|[\s"'`])[a-z_][\w.-]{0,31}:(?<secret>[^\s"'`$<>|;&:\u0080-\uffff]{4,128})["'`]?[ \t]?\|[ \t]?(?:sudo )?$/d;
const CHPASSWD_BACK_CHARS = 200;

/** Found from the command's name, which stands last. */
const CHPASSWD: ScannedRule = {
  id: 'chpasswd-line', kind: 'password', class: 'credential', page: 'https://man7.org/linux/man-pages/man8/chpasswd.8.html', keywords: ['chpasswd'], before: CHPASSWD_BACK_CHARS, window: 64,
  pattern: /chpasswd/y,
  find({ text }, at) {
    const from = Math.max(0, at - CHPASSWD_BACK_CHARS);
    const group = CHPASSWD_LINE.exec(text.slice(from, at))?.indices?.groups?.['secret'];
    return group === undefined ? undefined : { start: from + group[0], end: from + group[1] };
  },
  check: isGiven,
  matches: [`echo 'root:${alnum(10)}' | chpasswd`, `echo "bob:${alnum(12)}" | sudo chpasswd`],
  ignores: ['echo "root:$PW" | chpasswd', `echo 'a:${alnum(10)}' | base64`, 'echo root:password | chpasswd'],
};

/** What is echoed into a command that reads a secret from its input. */
const PIPED = /(?:echo|printf)[ \t](?:-n[ \t])?["']?(?<secret>[^\s"'`$<>|;&\u0080-\uffff]{8,512})["']?[ \t]?\|[^|\n]{0,160}$/d;
const PIPED_BACK_CHARS = 700;

const PIPED_SECRET: ScannedRule = {
  id: 'piped-secret', kind: 'password', class: 'credential', page: 'https://docs.docker.com/reference/cli/docker/login/#password-stdin', keywords: ['--password-stdin', '--with-token'], left: 'none', before: PIPED_BACK_CHARS, window: 64,
  pattern: /--(?:password-stdin|with-token)/y,
  find({ text }, at) {
    const line = text.lastIndexOf('\n', at) + 1;
    const from = Math.max(line, at - PIPED_BACK_CHARS);
    const group = PIPED.exec(text.slice(from, at))?.indices?.groups?.['secret'];
    return group === undefined ? undefined : { start: from + group[0], end: from + group[1] };
  },
  check: isGiven,
  matches: [`echo "${alnum(36)}" | docker login --password-stdin -u x`, `echo ${alnum(40)} | gh auth login --with-token`],
  ignores: ['echo "$TOKEN" | docker login --password-stdin', 'cat token.txt | gh auth login --with-token', 'echo password | docker login --password-stdin'],
};

export const COMMAND_PASSWORD_RULES: readonly Rule[] = [CHPASSWD, PIPED_SECRET, ...credentials([
  {
    id: 'sshpass-password', kind: 'password', page: 'https://man.archlinux.org/man/sshpass.1', keywords: ['sshpass -p'], window: 200,
    pattern: new RegExp(`sshpass -p ?${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`sshpass -p '${alnum(10)}' ssh root@10.0.0.8`, `sshpass -p${alnum(12)} scp a b:`],
    ignores: ['sshpass -p "$SSH_PASS" ssh a', 'sshpass -f file ssh a', 'sshpass -p password ssh a'],
  },
  {
    id: 'login-password', kind: 'password', page: 'https://docs.docker.com/reference/cli/docker/login/', window: 400,
    keywords: ['docker login ', 'podman login ', 'nerdctl login ', 'buildah login ', 'registry login ', 'az login ', 'oc login ', 'cf login ', 'skopeo login '],
    pattern: new RegExp(`(?:docker|podman|nerdctl|buildah|skopeo|registry|az|oc|cf) login${BETWEEN} -p ${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`docker login -u ci -p ${alnum(20)} registry.example.test`, `az login --service-principal -u app -p '${alnum(16)}' --tenant t`],
    ignores: ['docker login -u ci -p $TOKEN', 'docker login -u ci --password-stdin', 'docker login -u a -p password'],
  },
  {
    id: 'sql-server-command-password', kind: 'db-password', page: 'https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility', keywords: ['sqlcmd ', 'bcp ', 'osql '], window: 320,
    pattern: new RegExp(`(?:sqlcmd|bcp|osql) ${BETWEEN}(?<=\\s)-P ?${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`sqlcmd -S srv -U sa -P "${alnum(12)}" -Q "select 1"`],
    ignores: ['sqlcmd -S srv -U sa -P $PASS', 'sqlcmd -S srv -E'],
  },
  {
    id: 'keystore-command-password', kind: 'password', page: 'https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html', keywords: ['-storepass ', '-keypass ', '-srcstorepass ', '-deststorepass ', '-pass pass:', '-k pass:', '-passin pass:', '-passout pass:'], window: 200, left: 'none',
    pattern: new RegExp(`(?:-{1,2}(?:src|dest)?(?:store|key)pass |-(?:k|passin|passout|pass) pass:)${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`keytool -storepass ${alnum(12)} -list`, `openssl rsa -in a -passin pass:${alnum(16)}`, `apksigner sign --ks-pass pass:${alnum(12)}`],
    ignores: ['keytool -storepass changeit -list', 'openssl rsa -passin pass:$PW', 'bypass:a1b2c3d4'],
  },
  {
    id: 'secure-string', kind: 'password', page: 'https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring', keywords: ['converttosecurestring', 'convertto-securestring '], caseless: true, window: 240,
    pattern: /convertto-?securestring (?:-string )?["'](?<secret>[^"'$\n]{4,128})["'] /iy, check: (secret) => varied(secret) && !/^(?:your|my|<)|pass(?:word)?$/i.test(secret),
    matches: [`ConvertTo-SecureString "${alnum(12)}" -AsPlainText -Force`],
    ignores: ['ConvertTo-SecureString "$pw" -AsPlainText', 'ConvertTo-SecureString "YourPassword" -AsPlainText', 'ConvertTo-SecureString $x'],
  },
  {
    id: 'htpasswd-command-password', kind: 'password', page: 'https://httpd.apache.org/docs/2.4/programs/htpasswd.html', keywords: ['htpasswd -'], window: 300,
    pattern: new RegExp(`htpasswd (?:-[A-Za-z]{1,8} ){0,2}-[A-Za-z]{0,6}[bn][A-Za-z]{0,6} (?:-[A-Za-z]{1,8} ){0,2}(?:[^\\s-][^\\s]{0,120} )?[\\w.@]{1,64} ${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`htpasswd -bc /etc/.htpasswd admin ${alnum(12)}`, `htpasswd -nb admin ${alnum(12)}`],
    ignores: ['htpasswd -c .htpasswd admin', 'htpasswd -b .htpasswd admin $PW'],
  },
  {
    id: 'net-user-password', kind: 'password', page: 'https://learn.microsoft.com/windows-server/administration/windows-commands/net-user', keywords: ['net user '], caseless: true, window: 160,
    pattern: /net user "?[\w.-]{1,40}"? "?(?<secret>[^\s"'`$<>|;&\/*\u0080-\uffff][^\s"'`$<>|;&\u0080-\uffff]{3,127})"?(?: \/\w|\s|$)/iy, check: isGiven,
    matches: [`net user backup ${alnum(12)} /add`],
    ignores: ['net user backup /delete', 'net user backup * /add', 'net user backup password /add'],
  },
  {
    id: 'user-and-password-call', kind: 'password', page: 'https://requests.readthedocs.io/en/latest/user/authentication/', keywords: ['auth=(', 'auth = (', 'auth: (', 'basicauth(', 'basic_auth(', 'networkcredential(', 'passwordauthentication(', 'usernamepasswordcredentials('], caseless: true, left: 'none', window: 320,
    pattern: /(?:auth(?:=| = |: )\(|basic_?auth\(|networkcredential\(|passwordauthentication\(|usernamepasswordcredentials\()\s{0,12}["'][^"'\s]{1,64}["'],\s{0,12}["'](?<secret>[^"'\s{}$<>]{4,128})["']/iy, check: isGiven,
    matches: [`requests.get(u, auth=('admin', '${alnum(16)}'))`, `new NetworkCredential("svc", "${alnum(10)}!")`, `HTTPBasicAuth('bob', '${alnum(12)}')`],
    ignores: ["auth=('user', 'pass')", 'auth=(user, password)', `basicAuth("user", "password")`],
  },
  {
    id: 'archive-password', kind: 'password', page: 'https://infozip.sourceforge.net/FAQ.html', keywords: ['unzip -', 'zip -P', '7z a ', '7z x ', '7za x ', '7za a '], window: 300,
    pattern: new RegExp(`(?:unzip ${BETWEEN}-P ?|zip -P ?|7za? [ax] ${BETWEEN}(?<=\\s)-p)${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`unzip -P ${alnum(12)} a.zip`, `7z x a.7z -p${alnum(12)}`],
    ignores: ['unzip -P $PW a.zip', '7z x a.7z -p', 'unzip -o a.zip'],
  },
  {
    id: 'ldap-command-password', kind: 'password', page: 'https://www.openldap.org/software/man.cgi?query=ldapsearch', keywords: ['ldapsearch ', 'ldapadd ', 'ldapmodify ', 'ldapwhoami ', 'ldappasswd ', 'ldapdelete '], window: 400,
    pattern: new RegExp(`ldap(?:search|add|modify|whoami|passwd|delete) ${BETWEEN}(?<=\\s)-w ${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`ldapsearch -D cn=admin -w ${alnum(12)} -b dc=x`],
    ignores: ['ldapsearch -D cn=admin -W -b dc=x', 'ldapsearch -x -w $PW'],
  },
  {
    id: 'secret-set-command', kind: 'secret', page: 'https://cli.github.com/manual/gh_secret_set', keywords: ['gh secret set ', 'gh variable set ', 'nmcli '], window: 400,
    pattern: new RegExp(`(?:gh (?:secret|variable) set ${BETWEEN}(?:--body|-b)[ =]|nmcli ${BETWEEN}password )${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`gh secret set API_TOKEN --body "${alnum(24)}"`, `nmcli dev wifi connect Home password ${alnum(12)}`],
    ignores: ['gh secret set API_TOKEN --body "$TOKEN"', 'gh secret set API_TOKEN < file1'],
  },
  {
    id: 'user-and-password-option', kind: 'password', page: 'https://www.samba.org/samba/docs/current/man-html/smbclient.1.html', keywords: ['smbclient ', 'rpcclient ', 'http -a ', 'http --auth ', 'xh -a ', 'https -a ', '--auth='], window: 300,
    pattern: new RegExp(`(?:(?:smbclient|rpcclient) ${BETWEEN}-U ?["']?[\\w.\\\\@-]{1,64}%|(?:https?|xh) (?:-a|--auth)[ =]["']?[\\w.@-]{1,64}:|--auth=[\\w.@-]{1,64}:)${ANY_WORD}`, 'y'), check: isGiven,
    matches: [`smbclient //srv/share -U bob%${alnum(12)} -c ls`, `http --auth user:${alnum(12)} GET example.test`],
    ignores: ['smbclient //srv/share -U bob', 'http --auth user: GET x', 'smbclient //srv/share -U bob%$PW'],
  },
  {
    id: 'secret-argument', kind: 'secret', page: 'https://nodejs.org/api/crypto.html#cryptocreatehmacalgorithm-key-options', keywords: ['createHmac(', 'jwt.sign(', 'jwt.verify(', 'jwt.encode(', 'getConnection('], left: 'none', window: 400,
    pattern: /(?:createHmac\(\s{0,4}["'][\w-]{2,20}["']|jwt\.(?:sign|verify|encode)\([^"'`()\n]{1,120}|getConnection\((?:["'][^"'\n]{1,200}["']|\w{1,40}), ?["'][^"'\n]{1,64}["']),\s{0,8}["'`](?<secret>[^"'`\s{}$]{6,256})["'`]/y, check: isGiven,
    matches: [`crypto.createHmac("sha256", "${alnum(36)}")`, `jwt.sign(payload, "${alnum(24)}", { algorithm: "HS256" })`, `DriverManager.getConnection(url, "root", "${alnum(10)}")`],
    ignores: ['createHmac("sha256", key)', 'jwt.sign(payload, "secret")', 'getConnection(url, "root", "")'],
  },
])];
