/** Files, programs and variables that give away credentials, and what of them flows out of a program. */
import type { Invocation } from './invocation.ts';
import { upstream } from './invocation.ts';
import type { Word } from './syntax.ts';
import type { Walk } from './walk.ts';

/**
 * `key`: private keys, password files, browser stores. `env`: an `.env` file or the whole environment. `token`: one
 * token, which has its proper use in a header.
 */
export type Secret = 'key' | 'env' | 'token';

const KEY_PATHS = [
  /(?:^|[/~@=\s\\])\.ssh(?:\/(?!known_hosts|config|[\w.-]*\.pub)[\w.*-]*)?(?:\/|$)/,
  /(?:^|[/\\@=])(?:id_(?:rsa|dsa|ecdsa|ed25519|\*)(?:_\w+)?|identity)$/,
  /\.aws(?:\/(?:credentials|sso|cli|\*))?\/?$|\.aws\/credentials/,
  /(?:^|[/@=])(?:etc\/)(?:shadow|gshadow|sudoers|krb5\.keytab|security\/passwd|master\.passwd)-?$/,
  /\/etc\/(?:ssl\/private|kubernetes\/(?:pki|admin\.conf)|ssh\/ssh_host_[\w]+key$|wireguard|openvpn)/,
  /\.gnupg(?:\/|$)|secring\.gpg|\.password-store/,
  /\.kube(?:\/(?:config|\*))?\/?$|kubeconfig$|admin\.conf$/,
  /\.(?:docker\/config\.json|netrc|npmrc|pypirc|pgpass|my\.cnf|git-credentials|boto|s3cfg|vault-token|terraformrc|htpasswd|dockercfg|cargo\/credentials(?:\.toml)?|gem\/credentials|m2\/settings\.xml|terraform\.d\/credentials\.tfrc\.json|config\/(?:gh\/hosts\.yml|gcloud(?:\/[\w./*-]*)?|op|rclone\/rclone\.conf|hub|doctl\/config\.yaml|heroku|sops\/age\/keys\.txt|ngrok\/ngrok\.yml|configstore\/[\w.-]+|github-copilot\/[\w.-]+|composer\/auth\.json)|azure(?:\/[\w.-]*)?|claude\.json|claude\/\.?credentials\.json|codex\/auth\.json|gemini\/oauth_creds\.json|bash_history|zsh_history|mysql_history|psql_history|python_history)$/,
  /(?:^|[/=@])(?:login data|cookies|cookies\.sqlite|key[34]\.db|logins\.json|web data|local state|login\.keychain(?:-db)?|[\w-]+\.keychain(?:-db)?|wallet\.dat|keystore|[\w.-]+\.kdbx|ntds\.dit)$/,
  /(?:google\/chrome|chromium|brave-browser|microsoft\/edge|mozilla\/firefox|firefox\/profiles|\.mozilla|google-chrome)(?:\/|$)/,
  /library\/(?:keychains|cookies|application support\/(?:google\/chrome|firefox|com\.apple\.tcc))/,
  /windows\/system32\/config\/(?:sam|system|security)|microsoft\/(?:credentials|protect|vault)|hklm[:\\/]+(?:sam|security|system)$/,
  /\.(?:ethereum|bitcoin|solana\/id\.json|config\/solana\/id\.json|electrum|monero|exodus|metamask|phantom)(?:\/|$)/,
  /(?:^|[/@=])[\w.-]{0,64}(?:private[_-]?key|service[_-]?account|credentials?|secrets?)[\w.-]{0,32}\.(?:json|pem|key|ya?ml|txt|csv|p12)$/,
  /(?:^|[/@=])[\w.-]{1,64}\.(?:pem|key|p12|pfx|jks|ppk)$/,
  /\/proc\/(?:self|\d+|\*|\$\w+)\/environ/,
  /terraform\.tfstate$|(?:^|[/@=])wp-config\.php$|(?:^|[/@=])master\.key$|\/run\/secrets(?:\/|$)/,
];
const TOKEN_PATH = /\/var\/run\/secrets\/kubernetes\.io\/serviceaccount|\/run\/secrets\/[\w.-]+$/;
const ENV_PATH = /(?:^|[/@=<])\.env\*?(?:\.(?!example|sample|template|dist|schema|defaults?)[\w-]{1,32}){0,3}$|(?:^|[/@=])(?:\.envrc|prod(?:uction)?\.env|secrets?\.env|\.dev\.vars|\.flaskenv)$/;

/** What a path, or an argument that ends in one, would give away. */
export function secretPath(text: string): Secret | undefined {
  if (text.length < 4 || text.length > 1024) return undefined;
  if (/^(?:https?|ftp):/i.test(text)) return undefined;
  const path = text.replaceAll('\\', '/').toLowerCase().replace(/[;,]type=.*$/, '').replace(/\/+$/, '');
  if (TOKEN_PATH.test(path)) return 'token';
  if (ENV_PATH.test(path)) return 'env';
  return /\.pub$/.test(path) ? undefined : KEY_PATHS.some((pattern) => pattern.test(path)) ? 'key' : undefined;
}

/** Paths so telling that they count wherever they stand in a text, as in code. */
const IN_TEXT = /\.ssh\/(?:id_\w+|\*)|\.ssh['"/]|id_(?:rsa|ed25519|ecdsa)\b(?!\.pub)|\.aws\/(?:credentials|config)|\/etc\/shadow|\.kube\/config|\.gnupg|\.netrc|\.npmrc|\.git-credentials|\.docker\/config\.json|login data|login\.keychain|\.config\/gcloud|wallet\.dat|\/proc\/self\/environ|logins\.json/i;
/** A whole environment, or an `.env` file, as the body of something: reading one variable of it is no business of ours. */
const ENV_IN_TEXT = /(?:data|files?|json|body|send\w{0,8}|end|write|post)\b[^;\n]{0,48}(?:open|readFileSync|readFile|file_get_contents|File\.read)\(\s?['"][^'"\n]{0,64}\.env\b|(?:json|data|params|body|dumps|urlencode|str|repr|encode|stringify|entries|send\w{0,8}|post|\?'\s?\+)\s{0,2}[=(:]\s{0,2}(?:dict\(|str\(|json\.dumps\(|\w{1,16}\()?\s{0,2}(?:os\.environ|process\.env)(?!\s{0,4}(?:\[|\.\w))|\bENV\.(?:to_h|inspect|map|to_a)\b|%ENV\b|\bgetenv\(\)|environ\.items\(\)/;

/** What code reads, by what it mentions. */
export function secretInCode(code: string): Secret | undefined {
  if (IN_TEXT.test(code)) return 'key';
  return ENV_IN_TEXT.test(code) ? 'env' : undefined;
}

/** Programs that print what is in the files they are given. */
const READERS = new Set(['cat', 'head', 'tail', 'less', 'more', 'tac', 'nl', 'base64', 'base32', 'gbase64', 'xxd', 'od', 'hexdump', 'gzip', 'gunzip', 'bzip2', 'xz', 'zstd', 'tar', 'bsdtar', 'zip', '7z', '7za', 'rar', 'openssl', 'gpg', 'grep', 'egrep', 'rg', 'sed', 'awk', 'cut', 'sort', 'uniq', 'strings', 'dd', 'jq', 'find', 'fd', 'ls', 'cp', 'rsync', 'paste', 'rev', 'tr', 'get-content', 'get-childitem', 'type', 'bat', 'xargs', 'tee', 'diff', 'uuencode', 'split', 'fold', 'sqlite3', 'security', 'compress-archive', 'select-string', 'copy-item', 'cpio', 'pv', 'install', 'mv', 'ln', 'copy', 'scp', 'command', '[system.io.file]::readalltext()', '[io.file]::readalltext()', '[convert]::tobase64string()', '[system.convert]::tobase64string()', '[io.file]::readallbytes()', '[system.io.file]::readallbytes()', 'curl', 'write-output', '.']);
/** Programs whose output tells of files, not what is in them, or that have only found out something. */
const STOPS = new Set(['wc', 'test', '[', 'sha256sum', 'shasum', 'md5sum', 'md5', 'stat', 'true', 'false']);
const NAMES_ONLY = new Set(['ls', 'find', 'fd', 'get-childitem']);

function stringArgument(word: Word): Secret | undefined {
  return secretPath(word.text);
}

/** What a program itself prints of secrets. */
function ownSecret(invocation: Invocation): Secret | undefined {
  const { name, texts, args } = invocation;
  if (invocation.code !== undefined) return undefined;
  const operandTexts = texts.filter((text) => !text.startsWith('-'));
  if ((name === 'env' || name === 'printenv' || name === 'set') && operandTexts.length === 0) return 'env';
  if ((name === 'export' || name === 'declare') && (texts[0] === '-p' || texts[0] === '-x') && texts.length === 1) return 'env';
  if (name === 'get-childitem' && /^env:/i.test(operandTexts[0] ?? '')) return 'env';
  if (/^\[(?:system\.)?environment\]::getenvironmentvariables/i.test(invocation.path)) return 'env';
  if (name === 'security' && /^(?:find|dump|export)/.test(texts[0] ?? '')) return 'key';
  if (name === 'gpg' && texts.some((text) => text.startsWith('--export-secret'))) return 'key';
  if (name === 'kubectl' && texts.includes('get') && texts.some((text) => /^secrets?(?:\/|$)/.test(text))) return 'key';
  if (name === 'secretsdump.py' || name === 'mimikatz' || name === 'lazagne') return 'key';
  if (name === 'gcloud' && /\bservice-accounts keys create\b/.test(texts.join(' ').slice(0, 256))) return 'key';
  if (name === 'pass' && texts[0] === 'show') return 'token';
  if (name === 'vault' && /^(?:read|kv)$/.test(texts[0] ?? '')) return 'token';
  if (name === 'aws' && texts.some((text) => /^(?:get-secret-value|get-session-token|export-credentials)$/.test(text))) return 'key';
  if (name === 'aws' && texts[0] === 'configure' && texts[1] === 'get') return 'token';
  if ((name === 'gh' && texts[0] === 'auth') || (name === 'gcloud' && texts.includes('print-access-token')) || (name === 'az' && texts.includes('get-access-token'))) return 'token';
  if (invocation.redirects.some((redirect) => redirect.operator === '<' && secretPath(redirect.target.text) !== undefined)) {
    return invocation.redirects.map((redirect) => secretPath(redirect.target.text)).find((secret) => secret !== undefined);
  }
  if (invocation.language === 'powershell' && /\]::|\)\./.test(invocation.path)) {
    const named = /\((.{4,512})\)/s.exec(invocation.path.slice(0, 1024))?.[1];
    return named === undefined ? undefined : secretPath(named);
  }
  if (!READERS.has(name)) return undefined;
  if (NAMES_ONLY.has(name)) return undefined;
  let strongest: Secret | undefined;
  for (const word of args) {
    if (word.text.startsWith('-')) continue;
    // The first operand of grep, sed and awk is a pattern.
    if (word.quoted && /^(?:grep|egrep|rg|sed|awk|jq|write-output)$/.test(name)) continue;
    const secret = stringArgument(word);
    if (secret === 'key') return secret;
    strongest ??= secret;
    // `for f in ~/.ssh/*; do cat "$f"` and files written from secrets are in `files`, seen by `wordSecret`.
  }
  return strongest;
}

const MAX_LOOKS = 24;

/** Answers what secrets flow out of a program, with what was answered before. */
export interface SecretFlow {
  /** What flows into the program from the pipeline, here-documents and input files. */
  input(invocation: Invocation): Secret | undefined;
  /** What the program prints: its own reading, and what came in. */
  output(invocation: Invocation): Secret | undefined;
  /** What a word's value holds: substitutions, variables set from them. */
  value(word: Word): Secret | undefined;
  /** What the file of this name holds: by its name, or by what was written to it earlier. */
  file(path: string, invocation: Invocation): Secret | undefined;
}

/** A flow that remembers its answers; one a command. */
export function createSecretFlow(walk: Walk): SecretFlow {
  const known = new Map<Invocation, Secret | undefined>();
  let depth = 0;

  function output(invocation: Invocation): Secret | undefined {
    if (known.has(invocation)) return known.get(invocation);
    known.set(invocation, undefined);
    if (depth > MAX_LOOKS) return undefined;
    depth += 1;
    let secret: Secret | undefined;
    if (!STOPS.has(invocation.name)) {
      secret = ownSecret(invocation) ?? (invocation.head ? value(invocation.head) : undefined) ?? invocation.args.slice(0, 32).map((word) => value(word)).find((found) => found !== undefined);
      secret ??= READERS.has(invocation.name) ? invocation.texts.slice(0, 32).map((text) => writtenSecret(text, invocation)).find((found) => found !== undefined) : undefined;
      // A name that is searched for narrows the environment to one value.
      const fromInput = secret ?? input(invocation);
      secret = fromInput === 'env' && invocation.name === 'grep' && secret === undefined && !/key|secret|token|pass|cred|aws|api/i.test(invocation.texts.join(' ').slice(0, 512)) ? undefined : fromInput;
    }
    depth -= 1;
    known.set(invocation, secret);
    return secret;
  }

  function input(invocation: Invocation): Secret | undefined {
    for (const redirect of invocation.redirects) {
      if (redirect.operator === '<') {
        const secret = file(redirect.target.text, invocation) ?? value(redirect.target);
        if (secret !== undefined) return secret;
      } else if (redirect.operator === '<<<' || redirect.operator === '<<') {
        const secret = value(redirect.target);
        if (secret !== undefined) return secret;
      }
    }
    for (const feed of upstream(invocation)) {
      if (STOPS.has(feed.name)) return undefined;
      const secret = output(feed);
      if (secret !== undefined) return secret;
      // `find ~/.ssh | xargs curl -F`: names that become files further on.
      if (NAMES_ONLY.has(feed.name) && (invocation.feeds.some((near) => near.name === 'xargs') || invocation.name === 'xargs' || invocation.name === 'while' || feed.name === 'find')) {
        const named = feed.texts.map((text) => secretPath(text)).find((found) => found !== undefined);
        if (named !== undefined) return named;
      }
    }
    return undefined;
  }

  function value(word: Word): Secret | undefined {
    for (const script of word.carried) {
      for (const invocation of walk.runBy(script)) {
        const secret = output(invocation);
        if (secret !== undefined) return secret;
      }
      // `$(< ~/.ssh/id_rsa)` has no program.
    }
    return undefined;
  }

  function writtenSecret(path: string, invocation: Invocation): Secret | undefined {
    const record = invocation.files.get(path.replace(/^@/, ''));
    for (const writer of record?.writers ?? []) {
      if (writer === invocation) continue;
      const secret = output(writer);
      if (secret !== undefined) return secret;
    }
    return undefined;
  }

  function file(path: string, invocation: Invocation): Secret | undefined {
    return secretPath(path) ?? writtenSecret(path, invocation);
  }

  return { input, output, value, file };
}
