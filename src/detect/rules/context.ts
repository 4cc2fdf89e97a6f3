/** Secrets that only their name gives away, whatever the syntax of the assignment. */
import { findAssigned, glanceAssigned } from '../context.ts';
import type { SecretSort } from '../context-name.ts';
import type { ScannedRule } from '../rule.ts';
import { alnum, hex, upperHex, uuid } from './samples.ts';

const PAGE = 'https://cwe.mitre.org/data/definitions/798.html';

type Draft = Pick<ScannedRule, 'id' | 'kind' | 'keywords' | 'matches' | 'ignores'>;

function byName(sort: SecretSort, draft: Draft): ScannedRule {
  return {
    ...draft,
    class: 'credential',
    caseless: true,
    left: 'none',
    window: 768,
    pattern: /[A-Za-z]{2,16}/y,
    glance: (bytes, at, length, start, end) => glanceAssigned(bytes, at, length, start, end, sort),
    find: (text, at, length) => findAssigned(text, at, length, sort),
    page: PAGE,
  };
}

export const CONTEXT_RULES: readonly ScannedRule[] = [
  byName('password', {
    id: 'named-password',
    kind: 'password',
    keywords: ['pass', 'pwd', 'pswd', 'psk', '密码', '密碼', '口令', 'パスワード', '비밀번호', 'пароль', 'contraseña', 'contrasena', 'mot de passe', 'senha'],
    matches: [
      'DB_PASSWORD=hunter2!', 'password: "tr0ub4dor&3"', "define('DB_PASSWORD', 'k7#mQ2pZ');", '<password>Zk3!vv0pQ</password>', 'mysql --password=Vb7xQ2mm -h db', 'ftp_pass => "Qw8zLp3x"',
      '数据库密码是Kx92mQzz，请保密', '密码：Zx83kQ!w', 'contraseña: Zx83kQ!w', 'mot de passe : Zx83kQ!w', '密码（初始）：Zx83kQ!w', '"passWord":"Zx83kQ!w"', 'the root password should be Zx83kQ!w', 'my password is c0rrecth0rse9', 'Server=db;User Id=sa;Password=Yk28!zQm;', "CREATE USER a PASSWORD 'hk29sKQz'", 'app.passphrase = Lk3j2h1g5f',
      '- name: DB_PASSWORD\n  value: Gh29xKq1', 'net use z: --password Kd83jjQ2', 'const password: string = "Zq81mmX2"', '| password | Zq81mm!X2 |', '| 密码 | Zq81mm!X2 |', 'psk="Zk38fjXq"', '- **Password:** `Kq82mmXz`', 'ROOT_PASS=amber-kettle-lantern48',
      'variable "db_password" {\n  default = "Zq81mmX2"\n}', '"密码": "Zq81mm!X2"',
    ],
    ignores: [
      'password: string', 'password = input("Password: ")', 'password=${DB_PASSWORD}', 'password: process.env.DB_PASSWORD', 'password: user.password2', 'PASSWORD_MIN_LENGTH=12345678', 'passed: 12345678',
      'if (password.length < 8) return', 'password: <your-password>', 'password: ********', 'password = getPassword2()', 'passport: A1234567B', 'bypass: 1234567a', 'password_hash: $2b$12$abcdefghijklmnopqrstuv', '"password": "Enter 8 digits"', '/p4ss|p@ss|passw0|r3ve|rev3a|s3cr|4ll pr/i', '/(?:password|pwd|words?|secrets?)/',
      'PASS: align2', 'then pass \'--with-customs=/usr/local1\' to it', 'psk.c:275:21: warning', 'PASS: ld-x86-64/pr22048', 'PASS: addr2line -f option', 'password: my-app-password-v2', 'passwordRef: team-alpha-store-7',
    ],
  }),
  byName('secret', {
    id: 'named-secret',
    kind: 'secret',
    keywords: ['secret'],
    matches: [
      `CLIENT_SECRET=${alnum(32)}`, `"client_secret": "${hex(32)}"`, `secret: '${alnum(24, 3)}'`, `<clientSecret>${alnum(30)}</clientSecret>`, `--client-secret ${alnum(40)}`, `app_secret => "${uuid(3)}"`, 'CLIENT_SECRET="Lisbon2019#"', '<string name="client_secret">' + alnum(28) + '</string>',
    ],
    ignores: ['secret: string', 'secretName: my-app-tls-secret', 'secret = generateSecret32()', 'SECRET=changeme', 'the secret: always write tests first', 'secretKeyRef: database-credentials', 'secret: <your-secret-here>'],
  }),
  byName('token', {
    id: 'named-token',
    kind: 'token',
    keywords: ['token', 'sessionid', 'sessid', '令牌', '凭证', '凭据', '授权码'],
    matches: [`access_token=${alnum(32)}&x=1`, `"token": "${hex(40)}"`, `X-Auth-Token: ${alnum(24)}`, `ci token := "${alnum(26)}"`, `令牌：${alnum(30)}`, `token: -${alnum(42)}`, `Cookie: sessionid=${alnum(26)}; theme=dark`, `JSESSIONID=${alnum(26, 1)}; a=b`, `授权码：${alnum(16, 4)}`, `here is the access token ${alnum(40, 2)} for staging`, `setToken("${alnum(32, 2)}")`],
    ignores: [
      'token: string', 'max_tokens: 4096000', 'nextPageToken: "CAUQAA9f8a7b6c5d4e3f2a1b"', 'token = this.scanner.nextToken2', 'tokenType: "access_token_v2_long_name"', 'const token = tokens[i + 1]', 'token: SyntaxKind.EndOfFileToken1',
      'token: aegis-token-k7q2m4xd5t2p',
    ],
  }),
  byName('key', {
    id: 'named-key',
    kind: 'key',
    keywords: ['key', '密钥', '秘钥', '私钥', '金鑰'],
    matches: [
      `API_KEY=${alnum(32)}`, `x-api-key: ${hex(32)}`, `"apiKey": "${alnum(24)}"`, `secretAccessKey: ${alnum(40)}`, `AccountKey=${alnum(86)}==;EndpointSuffix=a`, `密钥是${alnum(24)}`, `heroku_api_key="${uuid()}"`,
      `encryption_key = b"${alnum(32, 5)}"`, `api key: ${alnum(28)}`, `API key → ${alnum(28, 3)}`, `aws configure set aws_secret_access_key ${alnum(40, 2)}`,
    ],
    ignores: [
      'key: string', 'key = "primary"', `"publicKeyToken": "${hex(16)}"`, `cache_key: ${hex(32)}`, `partitionKey = "user-2024-01-01-a1b2c3"`, `key: ${uuid(1)}`, 'Object.keys(value1).map(key2 => key2)', 'keyboard: us-intl-2024-a1',
      'api_key_id: a1b2c3d4e5f6a7b8', `gpg --recv-keys ${upperHex(40)}`, 'key_path: /etc/ssl/private/server2.key', 'monkey: a1b2c3d4e5f6a7b8c9d0e1f2',
    ],
  }),
  byName('credential', {
    id: 'named-credential',
    kind: 'credential',
    keywords: ['auth', 'cred'],
    matches: [`Authorization: ${hex(40)}`, `_auth=${alnum(32)}`, `credentials: "${alnum(24)}"`],
    ignores: ['author: J. Random Hacker 1975', 'auth: true', 'credentials: "same-origin"', 'authorization: required for 2024', 'auth: { user: a, pass: b }'],
  }),
];
