/**
 * What a command hands to the network, and from where: a secret that stands in one of these stretches leaves the
 * machine with it.
 */
import { hostOf, hostsInText } from './hosts.ts';
import { operands, upstream } from './invocation.ts';
import type { Invocation } from './invocation.ts';
import { languagesOf } from './language.ts';
import type { Shell } from './language.ts';
import type { Script, Span, Word } from './syntax.ts';
import { walkCommand } from './walk.ts';
import type { Walk } from './walk.ts';

export interface NetworkUse {
  /** The program: `curl`, `nc`, `/dev/tcp`, `invoke-webrequest`, `python`. */
  readonly program: string;
  /** Host names and addresses in its arguments, in lower case; none when they are unknown. */
  readonly hosts: readonly string[];
  /**
   * All text of the command that flows into it: its own words, redirected input, here-documents, the stages before it,
   * variables it expands, files that the same script wrote. Ordered, not overlapping.
   */
  readonly sources: readonly Span[];
}

/** What comes after this is not taken apart. */
const MAX_PARSED_CHARS = 65_536;
/** What reaches the network in a text that is not taken apart. */
const MENTIONS_NETWORK = /\b(?:curl|wget|nc|ncat|netcat|socat|ssh|scp|rsync|git|aws|requests|urllib|fetch|Invoke-(?:WebRequest|RestMethod)|iwr|irm)\b|https?:\/\/|\/dev\/(?:tcp|udp)/i;
const MAX_USES = 64;
const MAX_SOURCES = 64;
const DEVICE = /^\/dev\/(?:tcp|udp)\/([^/\s]{1,253})(?:\/|$)/;

const PROGRAMS = new Set([
  'curl', 'wget', 'http', 'https', 'httpie', 'xh', 'curlie', 'aria2c', 'axel', 'lynx', 'w3m', 'links', 'fetch', 'nscurl', 'grpcurl', 'websocat', 'wscat', 'hurl', 'k6', 'ab', 'hey', 'wrk', 'lwp-request', 'get', 'post', 'newman', 'evans',
  'nc', 'ncat', 'netcat', 'nc.traditional', 'nc.openbsd', 'socat', 'telnet', 'nmap',
  'ssh', 'scp', 'sftp', 'rsync', 'mosh', 'autossh', 'plink', 'pscp', 'ftp', 'lftp', 'tftp', 'ncftpput', 'smbclient', 'croc', 'wormhole', 'ssh-copy-id',
  'dig', 'nslookup', 'host', 'drill', 'ping', 'ping6', 'resolve-dnsname', 'traceroute', 'whois', 'finger', 'nsupdate', 'delv', 'kdig',
  'mail', 'mailx', 'sendmail', 'mutt', 'msmtp', 'swaks', 'send-mailmessage',
  'invoke-webrequest', 'invoke-restmethod', 'start-bitstransfer', 'bitsadmin', 'certutil', 'test-netconnection', 'enter-pssession', 'invoke-command', 'new-pssession',
  'aws', 'gsutil', 'gcloud', 'az', 'azcopy', 's3cmd', 's5cmd', 'rclone', 'mc', 'b2', 'doctl', 'ossutil', 'gh', 'glab', 'hub', 'ipfs', 'heroku', 'vercel', 'netlify', 'fly', 'flyctl', 'wrangler', 'firebase', 'supabase',
  'psql', 'mysql', 'mongosh', 'mongo', 'redis-cli', 'kafkacat', 'kcat', 'mosquitto_pub', 'mqttx', 'nats', 'amqp-publish', 'kafka-console-producer', 'mysqldump', 'pg_dump', 'sqlcmd', 'influx',
  'slackcat', 'ngrok', 'cloudflared', 'tmate', 'kubectl', 'snmpset', 'ldapsearch', 'ldapmodify', 'logger', 'ntfy', 'apprise', 'telegram-send', 'transfer', 'twine', 'msg',
]);
/** Programs of other trades that use the network with these words first. */
const WITH_WORD: ReadonlyMap<string, RegExp> = new Map([
  ['git', /^(?:push|remote|clone|fetch|pull|ls-remote|send-email|submodule)$/], ['openssl', /^s_client$/], ['docker', /^(?:push|login|pull)$/], ['podman', /^(?:push|login|pull)$/], ['npm', /^(?:publish|login|adduser)$/], ['yarn', /^publish$/], ['pnpm', /^publish$/], ['cargo', /^(?:publish|login)$/], ['gem', /^push$/], ['vault', /^(?:write|kv|login)$/], ['pip', /^(?:install|download)$/],
]);
const CODE_NETWORK = /\b(?:requests?|urllib\d?|httpx|aiohttp|http\.client|socket|smtplib|ftplib|paramiko|fetch|axios|XMLHttpRequest|WebSocket|https?\.(?:get|request|post)|net\.(?:connect|createConnection|Socket)|undici|got|superagent|Net::HTTP|open-uri|TCPSocket|URI\.open|LWP|HTTP::Tiny|IO::Socket|fsockopen|curl_(?:init|exec)|file_get_contents|stream_socket_client|boto3|dns\.\w{1,16}|gethostbyname|getaddrinfo|WebClient|HttpClient|TcpClient|DownloadString|UploadString|Net\.Sockets|\/inet\/(?:tcp|udp))\b|https?:\/\//;

function networkProgram(invocation: Invocation): string | undefined {
  if (invocation.code !== undefined) {
    if (!CODE_NETWORK.test(invocation.code.slice(0, 262_144))) return undefined;
    return invocation.name === '<script>' ? 'powershell' : invocation.name;
  }
  if (PROGRAMS.has(invocation.name)) return invocation.name;
  const words = WITH_WORD.get(invocation.name);
  if (words && operands(invocation).slice(0, 3).some((word) => words.test(word.text))) return invocation.name;
  return invocation.redirects.some((redirect) => DEVICE.test(redirect.target.text)) ? '/dev/tcp' : undefined;
}

function hostsUsed(invocation: Invocation, program: string): string[] {
  const hosts = new Set<string>();
  if (invocation.code !== undefined) {
    const code = invocation.code.slice(0, 65_536);
    for (const host of hostsInText(code)) hosts.add(host);
    for (const found of code.matchAll(/["'`(]([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})["'`,)]/gi)) {
      const host = hostOf(found[1] ?? '');
      // `data.json` and `requests.post` are no hosts; a bare name counts as an argument of its own beside a port.
      if (host !== undefined && (/^\d+(?:\.\d+){3}$/.test(host) || /["'`],\s{0,4}["'`]?\d{2,5}\b/.test(code.slice(found.index, found.index + 96)))) hosts.add(host);
      if (hosts.size >= 16) break;
    }
    return [...hosts];
  }
  for (const redirect of invocation.redirects) {
    const found = DEVICE.exec(redirect.target.text);
    if (found) hosts.add((found[1] ?? '').toLowerCase());
  }
  if (program === '/dev/tcp') return [...hosts];
  const named = /^(?:nc|ncat|netcat|nc\.\w+|telnet|ping6?|dig|nslookup|host|drill|traceroute|ssh|whois|smbclient|ftp|tftp|mosh|autossh)$/.test(program);
  for (const [index, text] of invocation.texts.slice(0, 256).entries()) {
    if (hosts.size >= 16) break;
    for (const host of hostsInText(text)) hosts.add(host);
    if (text.startsWith('-') || /\s/.test(text) || text.startsWith('@') || text.startsWith('/') || text.startsWith('.')) continue;
    const before = invocation.texts[index - 1] ?? '';
    // The values of most flags are data, headers or files.
    if (/^-/.test(before) && !/^-(?:h|H|-host|-url|s|L|k|sS|v|Uri|z|w\d|ComputerName|l|n|q0|N|zv|i|f|4|6|T|p)$/.test(before) && !named) continue;
    if (/^-(?:H|i|F|p|o|w|c)$/.test(before) && (program === 'curl' || program === 'ssh' || program === 'scp')) continue;
    const host = hostOf(text) ?? (named && hosts.size === 0 && index < 8 && /^[\w.-]+@?[\w.$()-]*$/.test(text) && /[a-z]/i.test(text) && !/^-/.test(before) ? text.replace(/^.*@/, '').toLowerCase() : undefined);
    if (host !== undefined && !isFileName(host, program) && !/[$()]/.test(host)) hosts.add(host);
  }
  return [...hosts];
}

/** `data.json` has the shape of a host; programs that take files next to hosts mean the file. */
function isFileName(host: string, program: string): boolean {
  return !/^(?:ping6?|dig|host|nslookup)$/.test(program) && /\.(?:json|txt|ya?ml|sh|py|js|ts|html?|csv|tar|gz|tgz|zip|pem|key|crt|md|log|sql|xml|png|jpe?g|pdf|env|conf|cfg|out|bin|exe|toml|lock|deb|rpm|iso|img|db|bak)$/.test(host);
}

function merged(spans: readonly Span[]): Span[] {
  const sorted = [...spans].filter((span) => span.end > span.start).sort((a, b) => a.start - b.start);
  const out: { start: number; end: number }[] = [];
  for (const span of sorted) {
    const last = out.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else out.push({ start: span.start, end: span.end });
  }
  return out.slice(0, MAX_SOURCES);
}

function wordSources(word: Word, walk: Walk, into: Span[], depth: number): void {
  into.push(word, ...word.sources);
  if (depth > 4) return;
  for (const script of word.carried) scriptSources(script, walk, into, depth + 1);
}

/** A substitution's own statements, and what its programs read of files written earlier. */
function scriptSources(script: Script, walk: Walk, into: Span[], depth: number): void {
  for (const pipeline of script.pipelines.slice(0, 16)) into.push(pipeline);
  for (const invocation of walk.runBy(script)) inputSources(invocation, walk, into, depth + 1);
}

function inputSources(invocation: Invocation, walk: Walk, into: Span[], depth: number): void {
  if (depth > 6 || into.length > 256) return;
  for (const word of invocation.args.slice(0, 256)) {
    wordSources(word, walk, into, depth);
    fileSources(word.text, invocation, walk, into, depth);
  }
  for (const assignment of invocation.assignments) wordSources(assignment.value, walk, into, depth);
  for (const redirect of invocation.redirects) {
    wordSources(redirect.target, walk, into, depth);
    if (redirect.operator === '<') fileSources(redirect.target.text, invocation, walk, into, depth);
  }
}

/** A file that an earlier statement wrote brings that statement along. */
function fileSources(text: string, invocation: Invocation, walk: Walk, into: Span[], depth: number): void {
  if (invocation.files.size === 0 || text.length > 512) return;
  const record = invocation.files.get(text) ?? invocation.files.get(text.replace(/^.{0,64}[@<]/, '')) ?? invocation.files.get(text.replace(/^\.\//, ''));
  if (!record) return;
  into.push(...record.sources);
  for (const writer of record.writers.slice(0, 4)) {
    if (writer === invocation) continue;
    inputSources(writer, walk, into, depth + 1);
    for (const feed of upstream(writer)) inputSources(feed, walk, into, depth + 1);
  }
}

function sourcesOf(invocation: Invocation, walk: Walk, length: number): Span[] {
  const spans: Span[] = [];
  // A descriptor that stays open takes what later statements say.
  if (invocation.name === 'exec') spans.push({ start: invocation.statement.start, end: length });
  else spans.push(invocation.statement);
  inputSources(invocation, walk, spans, 0);
  for (const feed of upstream(invocation)) inputSources(feed, walk, spans, 1);
  return merged(spans);
}

/**
 * The network programs of a command, in the order they would run; at most 64. Of a very long command only the start is
 * taken apart; when the rest mentions the network, that is one more use, of all its text and of no known host. Never
 * throws; takes linear time.
 *
 * @param shell the shell that will run it; `unknown` tries what it looks like
 */
export function networkUses(command: string, shell: Shell): readonly NetworkUse[] {
  const uses: NetworkUse[] = [];
  const seen = new Set<string>();
  const parsed = command.slice(0, MAX_PARSED_CHARS);
  for (const language of languagesOf(parsed, shell)) {
    walkCommand(parsed, language, (invocation, walk) => {
      if (uses.length >= MAX_USES) return;
      const program = networkProgram(invocation);
      if (program === undefined) return;
      const hosts = hostsUsed(invocation, program);
      const sources = sourcesOf(invocation, walk, parsed.length);
      const key = `${program} ${hosts.join(' ')} ${sources.map((span) => `${span.start}-${span.end}`).join(' ')}`;
      if (seen.has(key)) return;
      seen.add(key);
      uses.push({ program, hosts, sources });
    });
  }
  if (parsed.length < command.length && MENTIONS_NETWORK.test(command.slice(MAX_PARSED_CHARS - 64))) uses.push({ program: '', hosts: [], sources: [{ start: 0, end: command.length }] });
  return uses;
}
